//! How long it takes to read one answer.

use std::time::{Duration, Instant};

use analysis::Detector;

use super::answer;

const ROUNDS: u32 = 2_000;

/// The median of many readings of one answer.
pub(crate) fn median() -> Duration {
    let text = answer::text();
    let detector = Detector::new(&answer::entities());
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            std::hint::black_box(detector.analyze(std::hint::black_box(&text), &[], Some("en")));
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
