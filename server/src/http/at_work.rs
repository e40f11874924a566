//! How many requests of one workspace are at work at once: whoever sends hundreds waits behind
//! their own, and not everybody behind them.
//!
//! Invariant: knows no route, and nothing that a caller writes frees from it. A call that goes on
//! to wait, which [`super::streams`] counts, leaves its [`Place`] by itself.

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

/// A place that a request has; free again when it is left, or when nobody holds it any more.
#[derive(Clone, Debug)]
pub(super) struct Place(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl Place {
    /// Lets the next one in: what follows is waiting.
    pub(super) fn leave(&self) {
        let permit = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(permit);
    }
}

/// The places of all workspaces.
#[derive(Default)]
pub(super) struct AtWork {
    places: Mutex<HashMap<WorkspaceId, Weak<Semaphore>>>,
}

impl AtWork {
    /// A place for one request; `None`: none came free in time.
    pub(super) async fn place(&self, workspace: WorkspaceId) -> Option<Place> {
        let places = self.of(workspace);
        let waiting = tokio::time::timeout(PATIENCE, places.acquire_owned());
        let permit = waiting.await.ok()?.ok()?;
        Some(Place(Arc::new(Mutex::new(Some(permit)))))
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
        let last = at_work.place(1.into()).await.expect("one went");
        // Who goes on to wait makes room, although the request goes on.
        last.leave();
        assert!(at_work.place(1.into()).await.is_some());
        last.leave();
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
