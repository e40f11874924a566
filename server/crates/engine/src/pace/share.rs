//! Who gets the next permit when there are not enough: every workspace its equal share.
//!
//! Invariant: pure; knows numbers only, no lanes and no time.

use std::collections::HashMap;

use contract::ids::WorkspaceId;

/// One workspace alone leaves this part of all permits free, so that another need not wait
/// for an answer before it can begin.
const KEPT_FREE: usize = 8;

/// The permits of a worker, by workspace.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    capacity: usize,
    in_flight: usize,
    by_workspace: HashMap<WorkspaceId, Share>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Share {
    in_flight: usize,
    /// It wanted more than it got.
    is_waiting: bool,
}

impl Shares {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            in_flight: 0,
            by_workspace: HashMap::new(),
        }
    }

    /// How many of `want` permits the workspace may take now. Where it gets fewer, it is noted
    /// as waiting, and others that have more than their share get none until it has its own.
    pub(super) fn grant(&mut self, workspace: WorkspaceId, want: usize) -> usize {
        if want == 0 {
            if let Some(share) = self.by_workspace.get_mut(&workspace) {
                share.is_waiting = false;
            }
            return 0;
        }
        let own = self.by_workspace.entry(workspace).or_default().in_flight;
        let others: Vec<Share> = self
            .by_workspace
            .iter()
            .filter(|(other, share)| {
                **other != workspace && (share.is_waiting || share.in_flight > 0)
            })
            .map(|(_, share)| *share)
            .collect();
        let room = self.capacity.saturating_sub(self.in_flight);
        let share = (self.capacity / (others.len() + 1)).max(1);
        let is_awaited = others
            .iter()
            .any(|other| other.is_waiting && other.in_flight < share);
        let room = if is_awaited {
            room.min(share.saturating_sub(own))
        } else if others.is_empty() {
            room.saturating_sub(self.capacity / KEPT_FREE)
        } else {
            room
        };
        let granted = want.min(room);
        if let Some(share) = self.by_workspace.get_mut(&workspace) {
            share.in_flight += granted;
            share.is_waiting = granted < want;
        }
        self.in_flight += granted;
        granted
    }

    /// A permit of the workspace is free again.
    pub(super) fn release(&mut self, workspace: WorkspaceId) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(share) = self.by_workspace.get_mut(&workspace) {
            share.in_flight = share.in_flight.saturating_sub(1);
        }
    }

    /// The workspace has no lane here any more.
    pub(super) fn forget(&mut self, workspace: WorkspaceId) {
        self.by_workspace.remove(&workspace);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIG: WorkspaceId = WorkspaceId(1);
    const SMALL: WorkspaceId = WorkspaceId(2);

    #[test]
    fn one_workspace_alone_leaves_some_room() {
        let mut shares = Shares::new(80);
        assert_eq!(shares.grant(BIG, 10_000), 70);
        assert_eq!(shares.grant(SMALL, 10), 10, "the small one begins at once");
    }

    #[test]
    fn what_is_freed_goes_to_the_one_below_its_share() {
        let mut shares = Shares::new(8);
        assert_eq!(shares.grant(BIG, 100), 7);
        assert_eq!(shares.grant(SMALL, 4), 1);
        for wanted in [9, 8, 7] {
            shares.release(BIG);
            assert_eq!(shares.grant(BIG, 100), 0, "the small one is awaited");
            assert_eq!(shares.grant(SMALL, wanted), 1);
        }
        assert_eq!(shares.grant(SMALL, 6), 0, "it has its share");
        shares.release(BIG);
        assert_eq!(shares.grant(BIG, 100), 1);
    }

    #[test]
    fn many_workspaces_get_equal_parts() {
        let mut shares = Shares::new(12);
        let mut held = [0; 4];
        shares.grant(WorkspaceId(0), 100);
        held[0] = 11;
        // Permits come back one at a time, from whoever has the most, and everybody wants all.
        for _ in 0..40 {
            let richest = (0..4).max_by_key(|&index| held[index]).expect("four");
            shares.release(WorkspaceId(i64::try_from(richest).expect("small")));
            held[richest] -= 1;
            for (index, count) in held.iter_mut().enumerate().rev() {
                *count += shares.grant(WorkspaceId(i64::try_from(index).expect("small")), 100);
            }
        }
        assert_eq!(held, [3, 3, 3, 3]);
    }

    #[test]
    fn a_workspace_that_left_is_not_awaited() {
        let mut shares = Shares::new(8);
        shares.grant(BIG, 100);
        shares.grant(SMALL, 100);
        shares.release(SMALL);
        shares.forget(SMALL);
        assert_eq!(shares.grant(BIG, 100), 0);
        shares.release(BIG);
        assert_eq!(shares.grant(BIG, 100), 1);
    }
}
