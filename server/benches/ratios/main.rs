//! The budgets of the design as ratios: what was measured, divided by what is allowed.
//!
//! Prints one line a budget and exits with 1 where a ratio is above its limit. Nothing here is
//! a test: a busy machine gives worse ratios, not a broken build. With words as arguments only
//! the figures are taken whose name has one of them: `cargo bench -- ceiling sqlite`. What takes
//! minutes is taken only by its name: `growth`, `growth-postgres`, `growth-sqlite-10M`.
//!
//! The providers are `parallax simulate` in a process of its own, asked over HTTP by the real
//! adapters; PostgreSQL is the one that `DATABASE_URL_TEST` names.

#![expect(clippy::print_stdout, reason = "a benchmark talks to people")]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up may stop"
)]

mod analysis;
#[path = "../support/answer.rs"]
mod answer;
mod fan_out;
mod growth;
mod process;
#[path = "../../tests/support/scratch.rs"]
mod scratch;
mod world;

use std::process::ExitCode;
use std::time::Duration;

use fan_out::{Load, measure};
use world::Kind;

const ANALYSIS_BUDGET: Duration = Duration::from_micros(100);
const ANSWERS_A_SECOND: f64 = 5_000.0;
const RESIDENT_BUDGET_MB: f64 = 200.0;
const COST_BUDGET: Duration = Duration::from_micros(200);

/// Ratios of what was measured to what is allowed.
struct Report {
    wanted: Vec<String>,
    missed: usize,
}

impl Report {
    fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|word| name.contains(word.as_str()))
    }

    /// Whether a word asks for what has this name, or a name that begins so.
    fn is_named(&self, name: &str) -> bool {
        self.wanted
            .iter()
            .any(|word| name.starts_with(word.as_str()))
    }

    /// One line; `ratio` above `limit` is a miss.
    fn line(&mut self, name: &str, ratio: f64, limit: f64, what: &str) {
        let verdict = if ratio <= limit { "  " } else { "! " };
        println!("{verdict}{name:<34} {ratio:>6.3} of {limit:<5} {what}");
        self.missed += usize::from(ratio > limit);
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let wanted = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"));
    let mut report = Report {
        wanted: wanted.collect(),
        missed: 0,
    };
    if report.wants("analysis") {
        let median = analysis::median();
        let ratio = median.as_secs_f64() / ANALYSIS_BUDGET.as_secs_f64();
        let what = format!("a 4 kB answer, 1 brand and 20 competitors: {median:?}");
        report.line("analysis", ratio, 1.0, &what);
    }
    for (name, kind, load, limit) in LOADS {
        if report.wants(name) {
            let taken = measure(*kind, load).await;
            let ratio = taken.elapsed.as_secs_f64() / load.ideal().as_secs_f64();
            let what = format!("{} asks in {:.2?}", load.asks(), taken.elapsed);
            report.line(name, ratio, *limit, &what);
            if load.asks() >= 10_000 {
                let ratio = taken.resident_mb / RESIDENT_BUDGET_MB;
                let what = format!("{:.0} MB resident at most", taken.resident_mb);
                report.line(&format!("{name}, memory"), ratio, 1.0, &what);
            }
        }
    }
    for (name, kind) in [
        ("ceiling sqlite", Kind::Sqlite),
        ("ceiling postgres", Kind::Postgres),
    ] {
        if report.wants(name) {
            let taken = measure(kind, &CEILING).await;
            let rate = f64::from(CEILING.asks()) / taken.elapsed.as_secs_f64();
            let what = format!("{rate:.0} answers a second");
            let asks = CEILING.asks();
            let own = taken.processor / asks;
            if kind == Kind::Sqlite {
                report.line(name, ANSWERS_A_SECOND / rate, 1.0, &what);
                let ratio = own.as_secs_f64() / COST_BUDGET.as_secs_f64();
                report.line(
                    "own cost of an ask",
                    ratio,
                    1.0,
                    &format!("{own:?} of one core"),
                );
            } else {
                // Reported beside it: there is no budget for PostgreSQL.
                println!("  {name:<34}               {what}, {own:?} of one core an ask");
            }
        }
    }
    growth::measure(&mut report).await;
    if report.missed == 0 {
        ExitCode::SUCCESS
    } else {
        println!("{} missed", report.missed);
        ExitCode::FAILURE
    }
}

/// Name, database, load, and how many times its ideal it may take.
const LOADS: &[(&str, Kind, Load, f64)] = &[
    ("80 x 5 s, 4 lanes", Kind::Sqlite, SLOW, 1.1),
    ("500 x 200 ms, 50 in flight", Kind::Sqlite, STEADY, 1.05),
    (
        "10000 x 1 s, 500 in flight, sqlite",
        Kind::Sqlite,
        WIDE,
        1.1,
    ),
    (
        "10000 x 1 s, 500 in flight, postgres",
        Kind::Postgres,
        WIDE,
        1.1,
    ),
];

const SLOW: Load = Load {
    lanes: 4,
    asks_a_lane: 20,
    latency: Duration::from_secs(5),
    in_flight: 80,
    window: 32,
    look: Duration::from_millis(20),
};

const STEADY: Load = Load {
    lanes: 1,
    asks_a_lane: 500,
    latency: Duration::from_millis(200),
    in_flight: 50,
    window: 50,
    look: Duration::from_millis(5),
};

const WIDE: Load = Load {
    lanes: 2,
    asks_a_lane: 5_000,
    latency: Duration::from_secs(1),
    in_flight: 500,
    window: 500,
    look: Duration::from_millis(20),
};

const CEILING: Load = Load {
    lanes: 4,
    asks_a_lane: 5_000,
    latency: Duration::from_millis(20),
    in_flight: 400,
    window: 400,
    look: Duration::from_millis(20),
};
