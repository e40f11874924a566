//! Reads long texts away from the threads that serve everybody.
//!
//! What a provider answers may have two megabytes and any content. Reading it takes a time that
//! grows with its length only, but up to a second, and on a thread of the runtime everybody behind
//! it waits as long. So a long text is read on a thread of its own, a few at a time. However many
//! there are, a processor is left for all other work.
//!
//! Invariant: knows nobody's text and no rule of reading. A panic costs what was to be read, never
//! its caller.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Texts of fewer bytes are read where they are: to hand over takes longer, and the worst of them
/// some milliseconds.
const LONG: usize = 16 * 1024;

/// All of this process share one processor less than there are.
static READERS: LazyLock<Readers> = LazyLock::new(|| {
    let processors = available_parallelism().map_or(1, NonZero::get);
    Readers::new(processors.saturating_sub(1).max(1))
});

/// Nothing was read: the reading panicked, or the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text could not be read")]
pub struct ReadingFailed;

/// Whether a text of so many bytes is one for [`read`].
pub const fn is_long(bytes: usize) -> bool {
    bytes >= LONG
}

/// What `reading` makes of a text of so many bytes: at once if it is short, else
/// [`on_reader_thread`].
pub async fn read<T: Send + 'static>(
    bytes: usize,
    reading: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ReadingFailed> {
    if is_long(bytes) {
        READERS.on_reader_thread(reading).await
    } else {
        catch_panic(reading)
    }
}

/// Runs `reading` on another thread as soon as one is free. A caller that stops waiting does not
/// stop a reading that has begun.
pub async fn on_reader_thread<T: Send + 'static>(
    reading: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ReadingFailed> {
    READERS.on_reader_thread(reading).await
}

struct Readers {
    permits: Arc<Semaphore>,
}

impl Readers {
    fn new(permits: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(permits)),
        }
    }

    async fn on_reader_thread<T: Send + 'static>(
        &self,
        reading: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ReadingFailed> {
        // Nobody closes it.
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| ReadingFailed)?;
        let reading = spawn_blocking(move || {
            let _permit = permit;
            catch_panic(reading)
        });
        reading.await.map_err(|_| ReadingFailed)?
    }
}

/// Runs `reading` on this thread. This is the one place that catches its panics: readings on other
/// threads go through it too.
pub fn catch_panic<T>(reading: impl FnOnce() -> T) -> Result<T, ReadingFailed> {
    catch_unwind(AssertUnwindSafe(reading)).map_err(|_| {
        tracing::error!("reading a text panicked");
        ReadingFailed
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn only_long_texts_are_read_elsewhere() {
        let here = thread::current().id();
        let short = read(LONG - 1, || thread::current().id()).await;
        let long = read(LONG, || thread::current().id()).await;
        assert_eq!(short, Ok(here));
        assert!(long.is_ok_and(|thread| thread != here));
    }

    #[tokio::test]
    async fn a_panic_costs_what_was_to_be_read_and_no_permit() {
        let readers = Readers::new(1);
        for _ in 0..2 {
            let panicking = readers.on_reader_thread(|| panic!("by a test")).await;
            assert_eq!(panicking, Err::<(), _>(ReadingFailed));
        }
        assert_eq!(readers.on_reader_thread(|| 1).await, Ok(1));
        assert_eq!(
            read(1, || panic!("by a test")).await,
            Err::<(), _>(ReadingFailed)
        );
    }

    #[tokio::test]
    async fn few_are_read_at_a_time_and_the_runtime_goes_on() {
        let readers = Readers::new(2);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let reading = || {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            readers.on_reader_thread(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(20));
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let reads = futures_util::future::join_all((0..8).map(|_| reading()));
        // One thread has this test: were one of them read on it, no tick would come before all.
        let mut ticks = 0;
        tokio::pin!(reads);
        loop {
            tokio::select! {
                biased;
                done = &mut reads => {
                    assert!(done.iter().all(Result::is_ok));
                    break;
                }
                () = tokio::time::sleep(Duration::from_millis(1)) => ticks += 1,
            }
        }
        assert!(ticks >= 8, "{ticks} ticks");
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn who_stops_waiting_gives_back_the_permit_when_it_is_read() {
        let readers = Readers::new(1);
        let slow = readers.on_reader_thread(|| thread::sleep(Duration::from_millis(50)));
        assert!(
            tokio::time::timeout(Duration::from_millis(5), slow)
                .await
                .is_err()
        );
        assert_eq!(readers.on_reader_thread(|| 1).await, Ok(1));
    }
}
