//! Who shows a token or a cookie is looked up once for all requests that wait to know it: of
//! hundreds with the same token, two ask the database, and others are not behind them.
//!
//! Invariant: nothing is remembered. A request goes by a look-up that began after it came, so
//! whatever was revoked before it is revoked for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Keys that nobody waits for are forgotten when there are more than this.
const FORGET_ABOVE: usize = 1_000;

/// What is looked up under one key.
struct Slot<T> {
    /// Requests that have come.
    came: AtomicU64,
    /// How many of them had come when the last look-up began, and what it found.
    last: tokio::sync::Mutex<Option<(u64, T)>>,
}

/// Look-ups under way, by what they look for.
pub(super) struct LookUps<T> {
    slots: Mutex<HashMap<String, Weak<Slot<T>>>>,
}

impl<T> Default for LookUps<T> {
    fn default() -> Self {
        Self {
            slots: Mutex::default(),
        }
    }
}

impl<T: Clone> LookUps<T> {
    /// What `look_up` finds, or what one found that began since this was called. A failure is a
    /// finding, too: those who wait together fail together, and not one after the other.
    pub(super) async fn find(&self, key: &str, look_up: impl Future<Output = T>) -> T {
        let slot = self.slot(key);
        let mine = slot.came.fetch_add(1, Ordering::SeqCst) + 1;
        let mut last = slot.last.lock().await;
        if let Some((known_to, found)) = &*last
            && *known_to >= mine
        {
            return found.clone();
        }
        let known_to = slot.came.load(Ordering::SeqCst);
        let found = look_up.await;
        *last = Some((known_to, found.clone()));
        found
    }

    fn slot(&self, key: &str) -> Arc<Slot<T>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key).and_then(Weak::upgrade) {
            return slot;
        }
        if slots.len() >= FORGET_ABOVE {
            slots.retain(|_, slot| slot.strong_count() > 0);
        }
        let slot = Arc::new(Slot {
            came: AtomicU64::new(0),
            last: tokio::sync::Mutex::default(),
        });
        slots.insert(key.to_owned(), Arc::downgrade(&slot));
        slot
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::time::{Duration, sleep};

    use super::*;

    /// What the database says; it takes a while to look at it.
    struct SlowSource {
        value: AtomicU64,
        looks: AtomicU64,
    }

    impl SlowSource {
        fn new() -> Self {
            Self {
                value: AtomicU64::new(0),
                looks: AtomicU64::new(0),
            }
        }

        async fn look(&self) -> u64 {
            self.looks.fetch_add(1, Ordering::SeqCst);
            let seen = self.value.load(Ordering::SeqCst);
            sleep(Duration::from_millis(10)).await;
            seen
        }
    }

    #[tokio::test(start_paused = true)]
    async fn hundreds_with_the_same_token_ask_twice() {
        let (look_ups, source) = (LookUps::default(), SlowSource::new());
        let requests = (0..300_u64).map(|wait| {
            let (look_ups, source) = (&look_ups, &source);
            async move {
                sleep(Duration::from_millis(wait % 7)).await;
                look_ups.find("one", source.look()).await
            }
        });
        join_all(requests).await;
        assert_eq!(source.looks.load(Ordering::SeqCst), 2);
        // Nothing is remembered.
        look_ups.find("one", source.look()).await;
        assert_eq!(source.looks.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_goes_by_what_was_seen_before_they_came() {
        let (look_ups, source) = (LookUps::default(), SlowSource::new());
        let requests = (0..200_u64).map(|step| {
            let (look_ups, source) = (&look_ups, &source);
            async move {
                sleep(Duration::from_millis(step * 3)).await;
                let changed = source.value.fetch_add(1, Ordering::SeqCst) + 1;
                let seen = look_ups.find("one", source.look()).await;
                assert!(seen >= changed, "{seen} of {changed}");
            }
        });
        join_all(requests).await;
        assert!(source.looks.load(Ordering::SeqCst) < 100);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_leaves_keeps_nobody_waiting_and_others_look_for_themselves() {
        let (look_ups, source) = (LookUps::default(), SlowSource::new());
        let gone = tokio::time::timeout(
            Duration::from_millis(5),
            look_ups.find("one", source.look()),
        );
        let (gone, stays, other) = tokio::join!(
            gone,
            look_ups.find("one", source.look()),
            look_ups.find("another", source.look())
        );
        assert!(gone.is_err());
        assert_eq!((stays, other), (0, 0));
        assert_eq!(source.looks.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn keys_without_a_request_are_forgotten() {
        let (look_ups, source) = (LookUps::default(), SlowSource::new());
        for number in 0..FORGET_ABOVE * 3 {
            look_ups
                .find(&number.to_string(), async {
                    source.value.load(Ordering::SeqCst)
                })
                .await;
        }
        let slots = look_ups.slots.lock().expect("free");
        assert!(slots.len() <= FORGET_ABOVE, "{}", slots.len());
    }
}
