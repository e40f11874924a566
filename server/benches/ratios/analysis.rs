//! How long it takes to read one answer.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use parallax::analysis::{Detector, EntitySpec};

const ROUNDS: u32 = 2_000;
const ANSWER_BYTES: usize = 4_096;
const COMPETITORS: i64 = 20;

/// The median of many readings of one answer.
pub(crate) fn median() -> Duration {
    let name = |number: i64| format!("Nombre{number} Cloud");
    let entities: Vec<EntitySpec> = (0..=COMPETITORS)
        .map(|number| EntitySpec {
            key: number,
            name: name(number),
            aliases: vec![format!("N{number}C").into()],
            domains: vec![format!("nombre{number}.example")],
        })
        .collect();
    let mut text = String::new();
    for number in 0.. {
        let named = number % (COMPETITORS + 1);
        let _ = writeln!(
            text,
            "{}. **{}** is a sound choice for teams that want [a quick start](https://nombre{named}.example/tour).",
            number % 10 + 1,
            name(named),
        );
        if text.len() >= ANSWER_BYTES {
            break;
        }
    }
    let detector = Detector::new(&entities);
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
