//! What `docs/METRICS.md` promises of intervals and verdicts, held against simulated projects
//! whose truth is known. It is the product's own code that is asked.
//!
//! Prints the tables of that document and exits with 1 where a promise is broken. Words choose
//! among the parts, a number says how many pairs of periods a cell has (10,000):
//! `cargo bench -p parallax --bench promises -- changes pages 2000`.

#![expect(clippy::print_stdout, reason = "a benchmark talks to people")]

#[path = "../../tests/support/answer_tally.rs"]
mod answer_tally;
mod best;
mod changes;
mod coverage;
mod pages;
mod random;

use std::panic::resume_unwind;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What is counted over a cell of a table.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rate {
    /// Of these.
    pub(crate) of: u32,
    /// So many did.
    pub(crate) did: u32,
}

impl Rate {
    pub(crate) fn count(&mut self, does: bool) {
        self.of += 1;
        self.did += u32::from(does);
    }

    pub(crate) fn percent(self) -> f64 {
        100.0 * f64::from(self.did) / f64::from(self.of.max(1))
    }
}

/// Prompts of a project.
pub(crate) const PROMPTS: [usize; 4] = [10, 25, 50, 100];
/// True shares.
pub(crate) const SHARES: [f64; 4] = [0.02, 0.1, 0.5, 0.9];
/// How alike two answers to one prompt are.
pub(crate) const LIKENESS: [f64; 3] = [0.0, 0.3, 0.7];

/// A promise, and whether it was kept.
pub(crate) fn promise(kept: bool, what: &str) -> usize {
    println!("{}{what}", if kept { "  " } else { "! " });
    usize::from(!kept)
}

/// What `work` gives for each item, on all cores, in the order of the items.
pub(crate) fn on_all_cores<I: Sync, R: Send>(items: &[I], work: impl Fn(&I) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let take = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            match items.get(place) {
                Some(item) => done.push((place, work(item))),
                None => return done,
            }
        }
    };
    let mut all: Vec<(usize, R)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(take)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, result)| result).collect()
}

/// A table by its word: takes how many pairs a cell has, gives how many promises are broken.
type Part = (&'static str, fn(u32) -> usize);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let pairs = words.iter().find_map(|word| word.parse().ok());
    let pairs = pairs.unwrap_or(10_000);
    let parts: [Part; 4] = [
        ("changes", changes::table),
        ("coverage", coverage::table),
        ("pages", pages::table),
        ("best", best::table),
    ];
    let is_named = |name: &str| words.iter().any(|word| word == name);
    let all = !parts.iter().any(|(name, _)| is_named(name));
    let wanted = parts.iter().filter(|(name, _)| all || is_named(name));
    let broken: usize = wanted.map(|(_, table)| table(pairs)).sum();
    ExitCode::from(u8::from(broken > 0))
}
