//! How many requests of one workspace run at the same time. A workspace that sends hundreds waits
//! for its own; the others do not wait for it.
//!
//! Invariant: knows no route, and no request is exempt by what its caller writes. A place is taken
//! once the body is there, so that a slow sender keeps none; a call that goes on to wait, which
//! [`super::streams`] counts, leaves it by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use app::model::ids::WorkspaceId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::too_often;
use super::problem::Problem;
use super::room::HeldRoom;
use crate::services::Services;

/// Requests of a workspace at once. Some wait for a provider, so more than there are processors.
const PLACES: usize = 8;
/// Requests of a workspace that wait for a place; each holds a connection.
const WAITING: usize = 100;
/// How long a request waits for a place.
const TIMEOUT: Duration = Duration::from_secs(20);
/// After how many seconds whoever found none tries again.
const AGAIN_SECONDS: u64 = 1;
/// Workspaces without a request are forgotten when there are more than this.
const FORGET_ABOVE: usize = 1_000;

/// The places of one workspace.
struct Places {
    /// Whoever is at work or waits for it.
    all: Arc<Semaphore>,
    at_work: Arc<Semaphore>,
}

/// A place that is taken, until this is dropped.
pub(super) struct Taken {
    _at_work: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
    /// Known to others for as long as somebody is at work.
    _places: Arc<Places>,
}

/// What a request has while it is worked on: a place, if it has a caller, and the room of its
/// body. All of it is free again when nobody holds it any more.
#[derive(Clone)]
pub(super) struct Underway {
    place: Arc<Mutex<Option<Taken>>>,
    _body: Arc<HeldRoom>,
}

impl Underway {
    /// Lets the next one in: what follows is waiting.
    pub(super) fn only_waits(&self) {
        let place = self
            .place
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(place);
    }
}

/// The places of all workspaces.
#[derive(Default)]
pub(super) struct AtWork {
    places: Mutex<HashMap<WorkspaceId, Weak<Places>>>,
}

impl AtWork {
    /// Begins to work on a request whose body has been read. Nobody's needs no place.
    ///
    /// # Errors
    /// No place came free in time, or too many wait for one.
    pub(super) async fn begin(
        &self,
        services: &Services,
        body: HeldRoom,
    ) -> Result<Underway, Problem> {
        let place = match services.caller() {
            Ok(caller) => {
                let place = self.place(caller.workspace.id).await;
                Some(place.ok_or_else(|| too_often(services.language(), AGAIN_SECONDS))?)
            }
            Err(_) => None,
        };
        Ok(Underway {
            place: Arc::new(Mutex::new(place)),
            _body: Arc::new(body),
        })
    }

    /// A place for work that no body has come for; `None` where none came free in time.
    pub(super) async fn place(&self, workspace: WorkspaceId) -> Option<Taken> {
        let places = self.of(workspace);
        let all = Arc::clone(&places.all).try_acquire_owned().ok()?;
        let waiting = Arc::clone(&places.at_work).acquire_owned();
        let at_work = tokio::time::timeout(TIMEOUT, waiting).await.ok()?.ok()?;
        Some(Taken {
            _at_work: at_work,
            _all: all,
            _places: places,
        })
    }

    fn of(&self, workspace: WorkspaceId) -> Arc<Places> {
        let mut all = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = all.get(&workspace).and_then(Weak::upgrade) {
            return places;
        }
        if all.len() >= FORGET_ABOVE {
            all.retain(|_, places| places.strong_count() > 0);
        }
        let places = Arc::new(Places {
            all: Arc::new(Semaphore::new(PLACES + WAITING)),
            at_work: Arc::new(Semaphore::new(PLACES)),
        });
        all.insert(workspace, Arc::downgrade(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::time::Instant;

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
        let places = at_work.of(1.into());
        held.clear();
        assert_eq!(places.at_work.available_permits(), PLACES);
        assert_eq!(places.all.available_permits(), PLACES + WAITING);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_have_an_end_too() {
        let at_work = AtWork::default();
        let begun = Instant::now();
        let asked = join_all((0..PLACES + WAITING + 50).map(|_| async {
            let place = at_work.place(1.into()).await;
            let is_in = place.is_some();
            // Whoever is in stays longer than anybody waits.
            tokio::time::sleep(TIMEOUT * u32::from(is_in) * 2).await;
            (is_in, begun.elapsed())
        }))
        .await;
        let at_once = asked
            .iter()
            .filter(|(is_in, after)| !is_in && after.is_zero());
        assert_eq!(at_once.count(), 50);
        assert_eq!(asked.iter().filter(|(is_in, _)| *is_in).count(), PLACES);
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
