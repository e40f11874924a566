//! How many requests of one workspace are at work at once: whoever sends hundreds waits behind
//! their own, and not everybody behind them.
//!
//! Invariant: knows no route. What waits by itself (streams, calls that wait for a run) is counted
//! in [`super::streams`] and holds no place here for longer than its head takes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use app::model::ids::WorkspaceId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests of a workspace at once. Some wait for a provider, so more than there are processors.
const PLACES: usize = 8;
/// How long a request waits for a place.
const PATIENCE: Duration = Duration::from_secs(20);
/// Workspaces without a request are forgotten when there are more than this.
const FORGET_ABOVE: usize = 1_000;

/// The places of all workspaces.
#[derive(Default)]
pub(super) struct AtWork {
    places: Mutex<HashMap<WorkspaceId, Weak<Semaphore>>>,
}

impl AtWork {
    /// A place for one request; `None`: none came free in time.
    pub(super) async fn place(&self, workspace: WorkspaceId) -> Option<OwnedSemaphorePermit> {
        let places = self.of(workspace);
        let place = tokio::time::timeout(PATIENCE, places.acquire_owned());
        place.await.ok()?.ok()
    }

    fn of(&self, workspace: WorkspaceId) -> Arc<Semaphore> {
        let mut all = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = all.get(&workspace).and_then(Weak::upgrade) {
            return places;
        }
        if all.len() >= FORGET_ABOVE {
            all.retain(|_, places| places.strong_count() > 0);
        }
        let places = Arc::new(Semaphore::new(PLACES));
        all.insert(workspace, Arc::downgrade(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_workspace_waits_behind_its_own_and_nobody_elses() {
        let at_work = AtWork::default();
        let mut held = Vec::new();
        for _ in 0..PLACES {
            held.push(at_work.place(1.into()).await.expect("a place"));
        }
        assert!(at_work.place(1.into()).await.is_none());
        assert!(at_work.place(2.into()).await.is_some());
        held.pop();
        assert!(at_work.place(1.into()).await.is_some());
        held.clear();
        assert_eq!(at_work.of(1.into()).available_permits(), PLACES);
    }

    #[tokio::test]
    async fn who_has_no_request_is_forgotten() {
        let at_work = AtWork::default();
        for id in 0..3_000 {
            drop(at_work.place(id.into()).await);
        }
        let known = at_work.places.lock().expect("a map").len();
        assert!(known <= FORGET_ABOVE, "{known}");
    }
}
