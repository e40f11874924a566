//! The parts that are computed for every answer and every page of numbers, each by itself.
//!
//! Says how long they take and how that differs from the last time; the budgets are held by the
//! other benchmark, `ratios`.

#[path = "../support/answer.rs"]
mod answer;

use std::hint::black_box;
use std::time::Duration;

use analysis::sentiment::{Language, attitudes};
use analysis::{Detector, fold};
use app::model::ids::{ModelId, PromptId};
use app::model::metrics::{Metric, Ratio, SnapshotSums};
use criterion::{Criterion, criterion_group, criterion_main};
use statistics::{CellSums, Draws, Scale, changes, cluster_interval, intervals};

/// Prompts of the period, and the models that each is put to.
const PROMPTS: i64 = 100;
const MODELS: i64 = 2;
/// Answers to a prompt by a model.
const ANSWERS: i64 = 420;

fn reading(criterion: &mut Criterion) {
    let text = answer::text();
    let detector = Detector::new(&answer::entities());
    criterion.bench_function("analysis of 4 kB, 21 entities", |bencher| {
        bencher.iter(|| detector.analyze(black_box(&text), &[], Some("en")));
    });
    let spans: Vec<Vec<(usize, usize)>> = detector
        .analyze(&text, &[], Some("en"))
        .into_iter()
        .map(|finding| finding.spans)
        .collect();
    criterion.bench_function("tone of 21 entities in 4 kB", |bencher| {
        bencher.iter(|| attitudes(black_box(&text), Some(Language::English), &spans));
    });
    criterion.bench_function("folding of 4 kB", |bencher| {
        bencher.iter(|| fold(black_box(&text)));
    });
}

/// Sums as a period has them: prompts differ, and no two have quite the same.
fn cells(shift: i64) -> Vec<CellSums> {
    let cell = |at: i64| CellSums {
        prompt: PromptId(at / MODELS),
        model: ModelId(at % MODELS),
        is_branded: false,
        sums: SnapshotSums {
            answers: ANSWERS,
            mentions: (at * 37 + shift) % ANSWERS,
            competitor_mentions: (at * 53 + shift) % (2 * ANSWERS),
            rank_sum: (at * 91 + shift) % (3 * ANSWERS) + ANSWERS,
            rank_count: ANSWERS - at % 7,
            ..SnapshotSums::default()
        },
    };
    (0..PROMPTS * MODELS).map(cell).collect()
}

fn period(criterion: &mut Criterion) {
    let (before, now) = (cells(11), cells(0));
    let clusters: Vec<Ratio> = now
        .iter()
        .map(|cell| Metric::Visibility.ratio(&cell.sums))
        .collect();
    criterion.bench_function("BCa interval over 200 clusters", |bencher| {
        bencher
            .iter(|| cluster_interval(&mut Draws::default(), black_box(&clusters), Scale::Share));
    });
    criterion.bench_function("BCa intervals of a period, 100 prompts", |bencher| {
        bencher.iter(|| intervals(&mut Draws::default(), black_box(&now), &Metric::ALL));
    });
    criterion.bench_function("changes between two periods, 100 prompts", |bencher| {
        bencher.iter(|| changes(black_box(&before), black_box(&now), &[]));
    });
}

fn short() -> Criterion {
    Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! {
    name = parts;
    config = short();
    targets = reading, period
}
criterion_main!(parts);
