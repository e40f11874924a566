//! Tells time that follows the length from time that follows its square.

use std::hint::black_box;
use std::panic::catch_unwind;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// What reads a text, and how long a text shows whether that is linear.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) name: &'static str,
    /// Bytes of a long text: some milliseconds without optimisation.
    pub(crate) bytes: usize,
    pub(crate) read: fn(&str),
}

impl Reader {
    pub(crate) fn with_longer_texts(self) -> Self {
        Self {
            bytes: self.bytes * 8,
            ..self
        }
    }
}

/// How many short texts make a long one.
const PARTS: usize = 16;
/// As much more than all short ones may the long one take: caches and tables grow too. What
/// follows the square takes up to [`PARTS`] times as much.
const SLACK: f64 = 3.0;
/// From here on it is measured again, with longer texts.
const SUSPICIOUS: f64 = 1.8;
/// Less is no time.
const LEAST: Duration = Duration::from_millis(3);
const ATTEMPTS: usize = 4;

/// Panics where `reader` takes a time for `text_of(bytes)` that grows faster than `bytes`.
pub(crate) fn assert_linear(reader: &Reader, what: &str, text_of: impl Fn(usize) -> String) {
    if growth(reader, &text_of, reader.bytes) < SUSPICIOUS {
        return;
    }
    let bytes = reader.bytes * 4;
    let mut growths = (0..ATTEMPTS).map(|_| growth(reader, &text_of, bytes));
    assert!(
        growths.any(|growth| growth < SLACK),
        "{}: {bytes} bytes take the square of their length: {what}",
        reader.name
    );
}

/// How many times as long a long text takes as short ones of the same length together.
fn growth(reader: &Reader, text_of: &impl Fn(usize) -> String, bytes: usize) -> f64 {
    let (short, long) = (text_of(bytes / PARTS), text_of(bytes));
    let parts = (long.len() / short.len().max(1)).max(1);
    let of_parts = taken(|| (0..parts).for_each(|_| (reader.read)(&short)));
    let of_whole = taken(|| (reader.read)(&long));
    of_whole.as_secs_f64() / of_parts.max(LEAST).as_secs_f64()
}

/// What this thread worked meanwhile.
fn taken(work: impl FnOnce()) -> Duration {
    let before = processor_time();
    work();
    processor_time().saturating_sub(before)
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).expect("time goes forward");
    let nanos = u32::try_from(time.tv_nsec).expect("less than a second");
    Duration::new(seconds, nanos)
}

#[test]
fn the_square_is_told_from_the_line() {
    let reader = |read| Reader {
        name: "a test's",
        bytes: 2_000,
        read,
    };
    let text_of = |bytes| "a".repeat(bytes);
    let line = reader(|text| {
        for _ in 0..100 {
            black_box(text.chars().rev().count());
        }
    });
    assert_linear(&line, "a line", text_of);
    let square = reader(|text| {
        for at in 0..text.len() {
            black_box(text[at..].chars().rev().count());
        }
    });
    let told = catch_unwind(|| assert_linear(&square, "a square", text_of));
    assert!(told.is_err());
}
