//! Any bytes as pieces of a long text: to read one 16 times as long must not take much more than
//! 16 times as long. Only what is slow several times in a row is told: a machine may be busy.
#![no_main]

use std::time::{Duration, Instant};

use analysis::citations::{Marked, marks};
use analysis::{Detector, EntitySpec};
use libfuzzer_sys::fuzz_target;

/// Bytes of the shorter text.
const SHORT: usize = 4 * 1024;
/// How much longer the longer one is, and how much more than that it may take.
const TIMES: usize = 16;
const SLACK: u32 = 4;
/// Less is noise.
const LEAST: Duration = Duration::from_millis(20);
const ATTEMPTS: usize = 4;

/// A text of about so many bytes: each of `pieces`, which zeros part, as often as fills its share;
/// what stands in it before a byte of 1 stands there once.
fn text_of(pieces: &str, bytes: usize) -> String {
    let lines: Vec<&str> = pieces
        .split('\0')
        .filter(|line| !line.is_empty())
        .take(4)
        .collect();
    let share = bytes / lines.len().max(1);
    let mut text = String::from("Kipu ");
    for line in lines {
        let (once, unit) = line.split_once('\u{1}').unwrap_or(("", line));
        text.push_str(once);
        text.push_str(&unit.repeat(share / unit.len().max(1)));
    }
    text
}

fn read(detector: &Detector<usize>, text: &str) {
    detector.analyze(text, &[], Some("en"));
    detector.analyze(text, &[], Some("es"));
    detector.names_beside(&0, "Which tool?", text);
    marks(
        text,
        &[Marked {
            url: "https://kipu.example/",
            title: None,
            range: None,
        }],
    );
}

fn taken(detector: &Detector<usize>, text: &str) -> Duration {
    let begun = Instant::now();
    read(detector, text);
    begun.elapsed()
}

fuzz_target!(|data: &[u8]| {
    let entities: Vec<EntitySpec<usize>> = ["Kipu", "Acme Cloud", "카카오", "小米"]
        .iter()
        .enumerate()
        .map(|(key, name)| EntitySpec {
            key,
            name: (*name).to_owned(),
            aliases: Vec::new(),
            domains: vec![format!("kipu{key}.example")],
        })
        .collect();
    let detector = Detector::new(&entities);
    let pieces = String::from_utf8_lossy(data);
    let (short, long) = (text_of(&pieces, SHORT), text_of(&pieces, SHORT * TIMES));
    let times = u32::try_from(long.len() / short.len().max(1))
        .unwrap_or(u32::MAX)
        .max(1);
    let is_slow = || {
        let (short, long) = (taken(&detector, &short), taken(&detector, &long));
        long > LEAST && long > short.max(Duration::from_micros(200)) * times * SLACK
    };
    assert!(
        !(0..ATTEMPTS).all(|_| is_slow()),
        "{} bytes are read slowly",
        long.len()
    );
});
