//! Intervals against values computed independently, and what holds of all of them.
//!
//! The expected figures are numpy's and scipy's (2026), from scripts whose essence stands with
//! each test.

use contract::dashboard::{ComparedWith, DashboardQuery};
use contract::ids::{ModelId, PromptId};
use contract::metrics::{Interval, Metric, Ratio, SnapshotSums, Verdict};
use contract::served::Seam;
use proptest::prelude::*;

use super::bootstrap::{mention_wilson, quotient};
use super::resample::{corrected, expanded_z, jackknife, total};
use super::*;

/// Successes out of answers of 24 prompts.
#[rustfmt::skip]
const SHARES: [[i64; 2]; 24] = [
    [0, 4], [1, 4], [4, 4], [2, 4], [0, 4], [3, 4], [4, 4], [1, 4], [0, 3], [2, 4], [4, 4], [0, 4],
    [1, 2], [4, 4], [3, 4], [0, 4], [0, 4], [2, 4], [1, 4], [4, 4], [0, 4], [3, 3], [1, 4], [0, 4],
];

/// Sums of ranks and ranked answers of 22 prompts.
#[rustfmt::skip]
const RANKS: [[i64; 2]; 22] = [
    [3, 2], [12, 4], [7, 3], [2, 1], [30, 4], [9, 3], [4, 4], [5, 1], [16, 4], [3, 3], [8, 2],
    [11, 3], [21, 3], [2, 2], [6, 4], [1, 1], [18, 4], [10, 2], [7, 7], [13, 4], [4, 2], [9, 4],
];

/// Successes and answers of [`SHARES`]' prompts, more or less, and of a second period.
#[rustfmt::skip]
const PERIODS: [[i64; 4]; 24] = [
    [0, 4, 1, 4], [1, 4, 2, 4], [4, 4, 4, 4], [2, 4, 3, 4], [0, 4, 0, 4], [3, 4, 4, 4],
    [4, 4, 3, 4], [1, 4, 3, 4], [0, 3, 1, 3], [2, 4, 2, 4], [4, 4, 4, 4], [0, 4, 2, 4],
    [1, 2, 1, 4], [4, 4, 4, 4], [3, 4, 4, 4], [0, 4, 1, 4], [0, 4, 0, 4], [2, 4, 2, 4],
    [1, 4, 0, 4], [4, 4, 4, 4], [0, 4, 1, 4], [3, 3, 3, 4], [1, 4, 2, 4], [0, 4, 1, 4],
];

fn ratios(clusters: &[[i64; 2]]) -> Vec<Ratio> {
    clusters.iter().map(|[k, n]| Ratio::new(*k, *n)).collect()
}

fn assert_near(found: Interval, low: f64, high: f64, tolerance: f64) {
    assert!(
        (found.low - low).abs() < tolerance && (found.high - high).abs() < tolerance,
        "{found:?}, not {low} to {high}"
    );
}

/// `scipy.stats.bootstrap((k, n), lambda k, n, axis=-1: k.sum(axis) / n.sum(axis), paired=True,
/// method='BCa', n_resamples=200_000)`.
#[test]
fn the_corrected_interval_is_that_of_scipy() {
    for (clusters, low, high, tolerance) in [
        (SHARES.as_slice(), 0.282_609, 0.602_273, 0.004),
        (RANKS.as_slice(), 2.229_730, 4.015_625, 0.02),
    ] {
        let estimate = quotient(&total(clusters)).expect("data");
        let mut drawn = Draws::default().replicates(clusters, 200_000, quotient);
        let without = jackknife(clusters, quotient);
        let found = corrected(estimate, &mut drawn, &without, 1.959_964).expect("an interval");
        assert_near(found, low, high, tolerance);
    }
}

/// 4,000,000 resamples drawn by `numpy.random.default_rng(7)`; ends at
/// `norm.cdf(z0 + (z0 ± z) / (1 - a * (z0 ± z)))` with `z = t.ppf(.975, k-1) * sqrt(k / (k-1))`.
/// The tolerance is about a sixth of the standard error: what 10,000 resamples leave.
#[test]
fn pooled_intervals_as_numpy_has_them() {
    let shares = cluster_interval(&mut Draws::default(), &ratios(&SHARES), Scale::Share)
        .expect("an interval");
    assert_near(shares, 0.269_663, 0.615_385, 0.012);
    // The wider of both at either end: Student's in Python, with the jackknife's deviations and
    // 11.158 degrees of freedom, is 1.931582 to 4.068418.
    let ranks =
        cluster_interval(&mut Draws::default(), &ratios(&RANKS), Scale::Mean).expect("an interval");
    assert_near(ranks, 1.931_582, 4.114_754, 0.08);
    let estimate = quotient(&total(&RANKS)).expect("data");
    let mut drawn = Draws::default().replicates(&RANKS, 200_000, quotient);
    let without = jackknife(&RANKS, quotient);
    let many = corrected(estimate, &mut drawn, &without, expanded_z(22)).expect("an interval");
    assert_near(many, 2.171_053, 4.114_754, 0.02);
}

/// By another way than the code's: the mean of `k2/n2 - k1/n1` with the weights
/// `n1 n2 / (n1 + n2)`, its variance from the weighted residuals, and the quantile of Student's
/// distribution at 22.82 degrees of freedom by Simpson's rule and bisection (Python).
#[test]
fn a_change_as_its_definition_has_it() {
    let moved = of_periods(&PERIODS);
    assert!((moved.difference.expect("data") - 0.112_531_969).abs() < 1e-9);
    assert!((moved.before.expect("data") - 0.437_851_662).abs() < 1e-9);
    let after = moved.before.expect("data") + moved.difference.expect("data");
    assert!((moved.after.expect("data") - after).abs() < 1e-12);
    assert_near(
        moved.interval.expect("an interval"),
        0.020_932_279,
        0.204_131_659,
        2e-4,
    );
    assert_eq!(
        (moved.verdict, moved.pairs, moved.unpaired),
        (Verdict::Up, 24, 0)
    );
    let weighed = weigh(&pairs(&PERIODS), Scale::Share);
    assert!(
        (weighed.chance - 0.018_261_600).abs() < 1e-6,
        "{}",
        weighed.chance
    );
    let turned: Vec<[i64; 4]> = PERIODS
        .iter()
        .map(|[a, b, c, d]| [*c, *d, *a, *b])
        .collect();
    let back = of_periods(&turned);
    assert_near(
        back.interval.expect("an interval"),
        -0.204_131_659,
        -0.020_932_279,
        2e-4,
    );
    assert_eq!(back.verdict, Verdict::Down);
}

/// Over all ways to deal eleven answers out to periods of 2 and 9, the mean of what a pair adds
/// is 0, though the ratio of a few answers is not the ratio of many.
#[test]
fn unequal_periods_lean_to_no_side() {
    // Mentions of the brand and of all, of eleven answers.
    let answers: [[i64; 2]; 11] = [
        [1, 1],
        [0, 3],
        [1, 7],
        [0, 1],
        [1, 2],
        [0, 0],
        [1, 5],
        [1, 1],
        [0, 2],
        [0, 6],
        [1, 3],
    ];
    let (mut gains, mut ratios) = (0.0, 0.0);
    for first in 0..answers.len() {
        for second in first + 1..answers.len() {
            let early = total(&[answers[first], answers[second]]);
            let all = total(&answers);
            let late = [all[0] - early[0], all[1] - early[1]];
            let weighed = weigh(
                &pairs(&[[early[0], early[1], late[0], late[1]]]),
                Scale::Share,
            );
            if let Some(moved) = weighed.change.difference {
                let as_float = |count: i64| i32::try_from(count).map(f64::from).expect("small");
                let (n1, n2) = (as_float(early[1]), as_float(late[1]));
                gains += moved * n1 * n2 / (n1 + n2);
                ratios += moved;
            }
        }
    }
    assert!(gains.abs() < 1e-9, "{gains}");
    assert!(ratios.abs() > 1.0, "equal weights would lean: {ratios}");
}

/// `n_eff = r * (1 - r) / v * (1.96 / t.ppf(.975, 23))**2 = 31.4518` with Cochran's `v`, and
/// Wilson's formula.
#[test]
fn wilson_over_what_the_answers_are_worth() {
    let found = cluster_wilson(&ratios(&SHARES)).expect("an interval");
    assert_near(found, 0.278_179, 0.605_583, 1e-4);
    let alike = cluster_wilson(&[Ratio::new(0, 20); 30]).expect("an interval");
    assert_near(alike, 0.0, 0.113_513, 1e-6);
    assert_eq!(cluster_wilson(&[]), None);
    assert_eq!(
        cluster_wilson(&[Ratio::new(1, 4)]),
        Ratio::new(1, 4).wilson()
    );
}

/// `binomtest(0, 30).proportion_ci(method='wilson')`: 30 prompts, however many answers each.
#[test]
fn all_the_same_is_no_point() {
    let all = |k, n| vec![Ratio::new(k, n); 30];
    let share = |clusters: &[Ratio]| {
        cluster_interval(&mut Draws::default(), clusters, Scale::Share).expect("an interval")
    };
    assert_near(share(&all(0, 8)), 0.0, 0.113_513, 1e-6);
    assert_near(share(&all(8, 8)), 0.886_487, 1.0, 1e-6);
    assert_near(share(&all(4, 8)), 0.331_541, 0.668_459, 1e-6);
    let net =
        cluster_interval(&mut Draws::default(), &all(0, 8), Scale::Balance).expect("an interval");
    assert_near(net, 2.0 * 0.331_541 - 1.0, 2.0 * 0.668_459 - 1.0, 1e-6);
    let weighted = cluster_interval(&mut Draws::default(), &all(80, 80), Scale::Weighted)
        .expect("an interval");
    assert_near(weighted, 0.886_487, 1.0, 1e-6);
    assert_eq!(
        cluster_interval(&mut Draws::default(), &all(16, 8), Scale::Mean),
        None
    );
}

#[test]
fn one_prompt_has_wilson_and_none_nothing() {
    let one = [Ratio::new(3, 10), Ratio::new(0, 0)];
    assert_eq!(
        cluster_interval(&mut Draws::default(), &one, Scale::Share),
        Ratio::new(3, 10).wilson()
    );
    for scale in [Scale::Weighted, Scale::Balance, Scale::Mean] {
        assert_eq!(cluster_interval(&mut Draws::default(), &one, scale), None);
    }
    assert_eq!(
        cluster_interval(&mut Draws::default(), &[], Scale::Share),
        None
    );
    assert_eq!(
        cluster_interval(&mut Draws::default(), &[Ratio::new(0, 0)], Scale::Share),
        None
    );
}

/// Answers to one prompt that are all alike carry no more than one: Wilson over answers would
/// be half as wide.
#[test]
fn alike_answers_carry_less() {
    let clusters: Vec<Ratio> = (0..40)
        .map(|prompt| Ratio::new(4 * (prompt % 2), 4))
        .collect();
    let pooled =
        cluster_interval(&mut Draws::default(), &clusters, Scale::Share).expect("an interval");
    let naive = Ratio::new(80, 160).wilson().expect("an interval");
    assert!(
        pooled.half_width() > 1.9 * naive.half_width(),
        "{pooled:?} {naive:?}"
    );
}

fn pairs(prompts: &[[i64; 4]]) -> Vec<Pair> {
    (0..)
        .zip(prompts)
        .map(|(id, [k1, n1, k2, n2])| Pair {
            prompt: PromptId(id),
            before: Ratio::new(*k1, *n1),
            after: Ratio::new(*k2, *n2),
        })
        .collect()
}

fn of_periods(prompts: &[[i64; 4]]) -> contract::metrics::Change {
    change(&pairs(prompts), Scale::Share)
}

/// `mentions` of the brand in `answers`, and as many mentions of a competitor as answers.
fn cell(prompt: i64, model: i64, mentions: i64, answers: i64) -> CellSums {
    CellSums {
        prompt: PromptId(prompt),
        model: ModelId(model),
        is_branded: false,
        sums: SnapshotSums {
            answers,
            mentions,
            competitor_mentions: answers,
            informative: answers,
            ..SnapshotSums::default()
        },
    }
}

fn visibility(
    before: &[CellSums],
    after: &[CellSums],
    seams: &[Seam],
) -> contract::metrics::Change {
    let changes = changes(before, after, seams);
    changes
        .get(Metric::Visibility, None)
        .expect("compared")
        .clone()
}

#[test]
fn what_only_one_period_has_is_left_out() {
    let before: Vec<CellSums> = (0..30).map(|id| cell(id, 1, id % 2, 1)).collect();
    let mut after = before.clone();
    // A model and prompts that are new, all successes: no change of what was there.
    after.extend((0..30).map(|id| cell(id, 2, 5, 5)));
    after.extend((30..60).map(|id| cell(id, 1, 5, 5)));
    after.push(cell(99, 1, 0, 0));
    let moved = visibility(&before, &after, &[]);
    assert_eq!((moved.pairs, moved.unpaired), (30, 60));
    assert_eq!((moved.before, moved.after), (Some(0.5), Some(0.5)));
    assert_eq!(
        (moved.difference, moved.verdict),
        (Some(0.0), Verdict::WithinNoise)
    );
    let nothing = visibility(&before, &[], &[]);
    assert_eq!(
        (nothing.verdict, nothing.difference, nothing.unpaired),
        (Verdict::NoData, None, 30)
    );
}

/// Seven days of a model that names the brand in about 70 % against seven of the same, with
/// another one of 30 % that came on the last of the first seven days, or is out for six of the
/// second; or with fifteen questions of 30 % that came then. The headlines fall and rise by 15
/// points; nothing changed.
#[test]
fn the_mix_of_models_and_questions_is_no_change() {
    let often = |shift: i64| (0..30).map(move |id| cell(id, 1, 4 + (id + shift) % 3, 7));
    let seldom = |model: i64, shift: i64| {
        move |days: i64| {
            (0..30).map(move |id| {
                let mentions = if days == 1 {
                    i64::from((id + shift) % 10 < 3)
                } else {
                    1 + (id + shift) % 3
                };
                cell(id, model, mentions, days)
            })
        }
    };
    let questions = |days: i64, shift: i64| {
        seldom(1, shift)(days).take(15).map(|cell| CellSums {
            prompt: PromptId(cell.prompt.0 + 100),
            ..cell
        })
    };
    let cases: [(Vec<CellSums>, Vec<CellSums>); 3] = [
        (
            often(0).chain(seldom(2, 0)(1)).collect(),
            often(1).chain(seldom(2, 1)(7)).collect(),
        ),
        (
            often(0).chain(seldom(2, 0)(7)).collect(),
            often(1).chain(seldom(2, 1)(1)).collect(),
        ),
        (
            often(0).chain(questions(1, 0)).collect(),
            often(1).chain(questions(7, 1)).collect(),
        ),
    ];
    for (before, after) in cases {
        let headline = |cells: &[CellSums]| {
            let sums: SnapshotSums = cells.iter().map(|cell| cell.sums).sum();
            sums.visibility().value().expect("answers")
        };
        let (was, is) = (headline(&before), headline(&after));
        assert!((is - was).abs() > 0.1, "{was} to {is}");
        let moved = visibility(&before, &after, &[]);
        let difference = moved.difference.expect("pairs");
        assert!(difference.abs() < 0.03, "{difference}");
        assert_eq!((moved.verdict, moved.unpaired), (Verdict::WithinNoise, 0));
        assert!(moved.is_mix(was, is));
        // The same prompts and models alike often: the headline says what the pairs say.
        let half: Vec<CellSums> = after
            .iter()
            .filter(|cell| cell.model == ModelId(1))
            .copied()
            .collect();
        let again = visibility(&half, &half, &[]);
        assert!(!again.is_mix(headline(&half), headline(&half)));
    }
}

/// Model 2 rises for certain while model 1 stays; then another model answers in its place.
#[test]
fn nothing_is_compared_across_a_seam() {
    let before: Vec<CellSums> = (0..40)
        .flat_map(|id| [cell(id, 1, 4 + id % 3, 10), cell(id, 2, 2 + id % 3, 10)])
        .collect();
    let after: Vec<CellSums> = (0..40)
        .flat_map(|id| {
            [
                cell(id, 1, 4 + (id + 1) % 3, 10),
                cell(id, 2, 7 + id % 2, 10),
            ]
        })
        .collect();
    let seam = |model: i64, day: &str| Seam {
        model_id: ModelId(model),
        day: day.parse().expect("a day"),
        asked: "a".to_owned(),
        served: "b".to_owned(),
        is_within_day: false,
    };
    let of = |model: Option<i64>, seams: &[Seam]| {
        let changes = changes(&before, &after, seams);
        let change = changes.get(Metric::Visibility, model.map(ModelId)).cloned();
        change.expect("compared")
    };
    assert_eq!(of(Some(2), &[]).verdict, Verdict::Up);
    assert_eq!(of(None, &[]).verdict, Verdict::Up);
    let one = [seam(2, "2026-11-08")];
    let own = of(Some(2), &one);
    assert_eq!(
        (own.verdict, own.difference, own.interval),
        (Verdict::NoData, None, None)
    );
    assert_eq!(
        (own.pairs, own.unpaired, own.seam),
        (0, 40, Some(one[0].clone()))
    );
    // Over all models the others are left, and nothing is said of a seam.
    let rest = of(None, &one);
    assert_eq!(
        (rest.verdict, rest.pairs, rest.unpaired),
        (Verdict::WithinNoise, 40, 40)
    );
    assert_eq!(rest.seam, None);
    let both = [seam(1, "2026-11-05"), seam(2, "2026-11-08")];
    let none = of(None, &both);
    assert_eq!(
        (none.verdict, none.pairs, none.unpaired),
        (Verdict::NoData, 0, 80)
    );
    assert_eq!(none.seam, Some(both[1].clone()));
}

/// Model 2 is asked in the place of model 1, which has ended: no pair, and the seam is said.
#[test]
fn a_successor_is_not_compared_with_the_model_before_it() {
    let before: Vec<CellSums> = (0..40).map(|id| cell(id, 1, 2, 10)).collect();
    let after: Vec<CellSums> = (0..40).map(|id| cell(id, 2, 8, 10)).collect();
    let seam = Seam {
        model_id: ModelId(2),
        day: "2026-11-08".parse().expect("a day"),
        asked: "a".to_owned(),
        served: "b".to_owned(),
        is_within_day: false,
    };
    let changes = changes(&before, &after, std::slice::from_ref(&seam));
    for model in [None, Some(ModelId(2))] {
        let change = changes.get(Metric::Visibility, model).expect("compared");
        assert_eq!((change.verdict, change.pairs), (Verdict::NoData, 0));
        assert_eq!(change.seam.as_ref(), Some(&seam), "{model:?}");
    }
}

/// The earlier period begins on 1 November, the later one ends on the 14th. A stretch that begins
/// with the first day is all there is, unless it begins within that day.
#[test]
fn seams_count_from_the_day_after_the_first_to_the_last() {
    let cells: Vec<CellSums> = (0..20).map(|id| cell(id, 1, 1 + id % 3, 7)).collect();
    let page_of = |day: &str, is_within_day: bool, model_ids: &[i64]| {
        let query = DashboardQuery {
            project_id: 1.into(),
            from: "2026-11-08".parse().expect("a day"),
            to: "2026-11-14".parse().expect("a day"),
            model_ids: model_ids.iter().map(|id| ModelId(*id)).collect(),
            compare: ComparedWith::default(),
            tags: Vec::new(),
        };
        let seam = Seam {
            model_id: ModelId(1),
            day: day.parse().expect("a day"),
            asked: "a".to_owned(),
            served: "b".to_owned(),
            is_within_day,
        };
        let sums = PeriodSums {
            cells: cells.clone(),
            before: cells.clone(),
            seams: vec![seam],
            ..PeriodSums::default()
        };
        dashboard(&query, sums)
    };
    let page = |day: &str, model_ids: &[i64]| page_of(day, false, model_ids);
    for (day, is_within) in [
        ("2026-11-01", false),
        ("2026-11-02", true),
        ("2026-11-08", true),
        ("2026-11-14", true),
        ("2026-11-15", false),
    ] {
        let shown = page(day, &[]);
        assert_eq!(shown.seams.len(), usize::from(is_within), "{day}");
        let change = shown
            .changes
            .get(Metric::Visibility, None)
            .expect("compared");
        assert_eq!(change.seam.is_some(), is_within, "{day}");
        let verdict = if is_within {
            Verdict::NoData
        } else {
            Verdict::WithinNoise
        };
        assert_eq!(change.verdict, verdict, "{day}");
    }
    assert_eq!(page_of("2026-11-01", true, &[]).seams.len(), 1);
    assert_eq!(page_of("2026-10-31", true, &[]).seams, []);
    // Of a page of another model it is no matter.
    assert_eq!(page("2026-11-08", &[2]).seams, []);
    assert_eq!(page("2026-11-08", &[1]).seams.len(), 1);
}

/// Without an earlier period nothing moved and nothing is new; seams are those of the period.
#[test]
fn without_an_earlier_period_there_are_no_changes() {
    let query = DashboardQuery {
        project_id: 1.into(),
        from: "2026-11-08".parse().expect("a day"),
        to: "2026-11-14".parse().expect("a day"),
        model_ids: Vec::new(),
        compare: ComparedWith::Nothing,
        tags: Vec::new(),
    };
    let seam = |day: &str| Seam {
        model_id: ModelId(1),
        day: day.parse().expect("a day"),
        asked: "a".to_owned(),
        served: "b".to_owned(),
        is_within_day: false,
    };
    let sums = PeriodSums {
        cells: (0..20).map(|id| cell(id, 1, 1 + id % 3, 7)).collect(),
        seams: vec![seam("2026-11-07"), seam("2026-11-09")],
        ..PeriodSums::default()
    };
    let page = dashboard(&query, sums);
    assert_eq!((page.earlier, page.seams.len()), (None, 1));
    assert_eq!(page.changes.looked_at(), 0);
    assert!(page.changes.get(Metric::Visibility, None).is_none());
    assert!(page.total.n(Metric::Visibility) > 0);
}

/// Few prompts prove nothing, however clear they look; many do. One prompt: Newcombe's method
/// 10 from `binomtest(...).proportion_ci(method='wilson')` for 2 of 10 and 9 of 12.
#[test]
fn few_prompts_are_noise() {
    assert_eq!(of_periods(&[[0, 1, 1, 1]]).verdict, Verdict::WithinNoise);
    assert_eq!(
        of_periods(&[[0, 4, 2, 4], [1, 4, 2, 4], [2, 4, 3, 4]]).verdict,
        Verdict::WithinNoise
    );
    assert_eq!(of_periods(&[[0, 4, 4, 4]; 12]).verdict, Verdict::Up);
    let one = of_periods(&[[2, 10, 9, 12]]);
    assert_near(
        one.interval.expect("an interval"),
        0.130_839,
        0.765_592,
        1e-5,
    );
    assert_eq!(one.verdict, Verdict::Up);
    let chance = |periods: &[[i64; 4]]| weigh(&pairs(periods), Scale::Share).chance;
    // `chi2_contingency([[2, 8], [9, 3]], correction=True)`; the chance of noise is 1.
    assert!(
        (chance(&[[2, 10, 9, 12]]) - 0.032_284).abs() < 1e-5,
        "{}",
        chance(&[[2, 10, 9, 12]])
    );
    assert!((chance(&[[2, 4, 2, 4]]) - 1.0).abs() < 1e-9);
    let positions = change(&pairs(&[[8, 4, 4, 4]]), Scale::Mean);
    assert_eq!(
        (positions.verdict, positions.interval),
        (Verdict::WithinNoise, None)
    );
}

/// A number that its own interval calls changed is one of many on a page.
#[test]
fn one_of_many_numbers_must_be_clearer() {
    let before: Vec<CellSums> = (0..)
        .zip(&PERIODS)
        .map(|(id, [k, n, ..])| cell(id, 1, *k, *n))
        .collect();
    let after: Vec<CellSums> = (0..)
        .zip(&PERIODS)
        .map(|(id, [_, _, k, n])| cell(id, 1, *k, *n))
        .collect();
    let changes = changes(&before, &after, &[]);
    let of_all = changes.get(Metric::Visibility, None).expect("compared");
    assert!(!of_all.interval.expect("an interval").holds(0.0));
    assert_eq!(of_all.verdict, Verdict::WithinNoise);
    // Four numbers over all models have data, and three of the one model.
    assert_eq!(changes.looked_at(), 4 + 3);
    let own = changes
        .get(Metric::Visibility, Some(ModelId(1)))
        .expect("compared");
    assert_eq!(own, of_all);
}

/// Where the questions are alike, mentions are worth more than as many trials: the interval
/// without resampling is the bootstrap's, not Wilson's over mentions.
#[test]
fn one_entity_s_share_of_mentions_is_no_share_of_trials() {
    let clusters: Vec<Ratio> = (0..40)
        .map(|id| Ratio::new(9 + id % 3, 30 + id % 4))
        .collect();
    let drawn =
        cluster_interval(&mut Draws::default(), &clusters, Scale::Share).expect("an interval");
    let counted = mention_wilson(&clusters).expect("an interval");
    let over_mentions = clusters
        .iter()
        .copied()
        .sum::<Ratio>()
        .wilson()
        .expect("an interval");
    assert!(
        (counted.half_width() / drawn.half_width() - 1.0).abs() < 0.1,
        "{counted:?} {drawn:?}"
    );
    assert!(counted.half_width() < 0.5 * over_mentions.half_width());
    // A few questions may be alike by chance.
    assert_eq!(
        mention_wilson(&clusters[..6]),
        cluster_wilson(&clusters[..6])
    );
}

#[test]
fn sums_of_squares_tell_what_clusters_tell() {
    let clusters = ratios(&SHARES);
    assert_eq!(Moments::of(&clusters).interval(), cluster_wilson(&clusters));
    let (a, b) = clusters.split_at(9);
    let (a, b) = (Moments::of(a), Moments::of(b));
    let both = Moments {
        clusters: a.clusters + b.clusters,
        sums: a.sums + b.sums,
        numerator_squares: a.numerator_squares + b.numerator_squares,
        products: a.products + b.products,
        denominator_squares: a.denominator_squares + b.denominator_squares,
    };
    assert_eq!(both, Moments::of(&clusters));
}

/// One model answers nine times before and once after, another the other way round. In one pot they
/// would be 9 of 10 and 1 of 10. By hand: `Σw` is 1.8 of 5, so they are worth 3.6 answers each;
/// Wilson's interval of 0.5 over 3.6 reaches 0.35924 to either side, Newcombe's `√2` times as far.
#[test]
fn one_question_of_models_in_unequal_parts_is_less_certain() {
    let pair = |before: [i64; 2], after: [i64; 2]| Pair {
        prompt: PromptId(1),
        before: Ratio::new(before[0], before[1]),
        after: Ratio::new(after[0], after[1]),
    };
    let both = [pair([9, 9], [1, 1]), pair([0, 1], [0, 9])];
    let weighed = weigh(&both, Scale::Share);
    let difference = weighed.change.difference.expect("data");
    assert!(difference.abs() < 1e-12, "{difference}");
    let interval = weighed.change.interval.expect("an interval");
    assert_near(interval, -0.508_04, 0.508_04, 1e-4);
}

/// `r ± t.ppf(.975, k-1) · sqrt(k/(k-1) · Σ(y - r x)²) / Σx` in Python; where nothing differs, Wilson
/// over prompts, or over the answers of the only one.
#[test]
fn sums_of_squares_tell_intervals_of_means_and_balances() {
    let on = |clusters: &[[i64; 2]], scale| Moments::of(&ratios(clusters)).interval_on(scale);
    let ranks = on(&RANKS, Scale::Mean).expect("an interval");
    assert_near(ranks, 2.032_205, 3.967_795, 1e-4);
    let tones = [[2, 4], [-1, 4], [4, 4], [0, 3], [1, 4], [-3, 4]];
    let net = on(&tones, Scale::Balance).expect("an interval");
    assert_near(net, -0.533_228, 0.794_098, 1e-4);
    let alike = on(&[[0, 8]; 30], Scale::Balance).expect("an interval");
    assert_near(alike, 2.0 * 0.331_541 - 1.0, 2.0 * 0.668_459 - 1.0, 1e-6);
    assert_eq!(on(&[[16, 8]; 30], Scale::Mean), None);
    assert_eq!(on(&[[16, 8]], Scale::Mean), None);
    assert_eq!(
        on(&[[2, 4]], Scale::Balance),
        Scale::Balance.wilson_over(0.5, 4)
    );
    assert_eq!(on(&SHARES, Scale::Share), cluster_wilson(&ratios(&SHARES)));
}

/// One of three prompts names the brand: its four answers are all that the numbers rest on. Wilson
/// by hand over 4 trials: net tone of 0.5 is a share of 0.75, `2 * 0.300_642 - 1` to
/// `2 * 0.954_413 - 1`; a prominence of 0.75 has the share's own ends; all recommended, `4 / (4 +
/// z^2)` to 1.
#[test]
fn numbers_that_one_prompt_alone_carries_have_intervals_over_its_answers() {
    let mut cells = vec![cell(1, 1, 4, 4), cell(2, 1, 0, 4), cell(3, 1, 0, 4)];
    let sums = &mut cells[0].sums;
    (sums.text_mentions, sums.prominence_parts) = (4, 30_000);
    (sums.tone.positive, sums.tone.neutral) = (2, 2);
    (sums.judged.positive, sums.judged.recommended) = (4, 4);
    (sums.rank_sum, sums.rank_count, sums.rank_square_sum) = (10, 4, 30);
    let found = intervals(&mut Draws::default(), &cells, &Metric::ALL);
    let of = |metric| found.get(metric).expect("an interval");
    assert_near(of(Metric::Prominence), 0.300_642, 0.954_413, 1e-5);
    assert_near(of(Metric::Tone), -0.398_716, 0.908_826, 1e-5);
    assert_near(of(Metric::JudgedTone), 2.0 * 0.510_109 - 1.0, 1.0, 1e-5);
    assert_near(of(Metric::JudgedRecommended), 0.510_109, 1.0, 1e-5);
    // Student's: 2.5 and 3.182446 * sqrt((30 - 4 * 6.25) / 3 / 4), cut at the first place.
    assert_near(of(Metric::AveragePosition), 1.0, 4.554_260, 1e-5);
    for metric in Metric::ALL {
        let value = metric
            .ratio(&cells.iter().map(|cell| cell.sums).sum())
            .value();
        let holds = |number: f64| found.get(metric).is_some_and(|found| found.holds(number));
        assert!(value.is_none_or(holds), "{metric:?}");
    }
}

/// Grades count answers, not mentions, and need a narrow interval.
#[test]
fn grades_are_of_answers_and_widths() {
    let draws = &mut Draws::default();
    let grade = |cells: &[CellSums], metric: Metric, draws: &mut Draws| {
        figures(draws, cells, &[metric]).grade(metric)
    };
    // 50 answers with 150 mentions over 50 prompts.
    let once: Vec<CellSums> = (0..50)
        .map(|id| {
            let mut one = cell(id, 1, id % 2, 1);
            one.sums.competitor_mentions = 3;
            one
        })
        .collect();
    let plain = Some(contract::metrics::Grade::Plain);
    assert_eq!(grade(&once, Metric::ShareOfVoice, draws), plain);
    // 200 answers over 50 prompts that are all or nothing: ±14 points.
    let wide: Vec<CellSums> = (0..50).map(|id| cell(id, 1, 4 * (id % 2), 4)).collect();
    assert_eq!(grade(&wide, Metric::Visibility, draws), plain);
    let narrow: Vec<CellSums> = (0..50).map(|id| cell(id, 1, 1 + id % 2, 4)).collect();
    let decision = Some(contract::metrics::Grade::Decision);
    assert_eq!(grade(&narrow, Metric::Visibility, draws), decision);
    assert_eq!(grade(&narrow, Metric::AveragePosition, draws), None);
    assert_eq!(grade(&narrow[..49], Metric::Visibility, draws), plain);
}

fn clusters() -> impl Strategy<Value = Vec<[i64; 2]>> {
    let cluster = (0_i64..8, 0_i64..8).prop_map(|(k, n)| [k.min(n), n]);
    prop::collection::vec(cluster, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_interval_holds_its_estimate_in_any_order(clusters in clusters(), turn in 0_usize..30) {
        let mut turned = clusters.clone();
        if !turned.is_empty() {
            let middle = turn % turned.len();
            turned.rotate_left(middle);
        }
        for scale in [Scale::Share, Scale::Weighted, Scale::Balance, Scale::Mean] {
            let found = cluster_interval(&mut Draws::default(), &ratios(&clusters), scale);
            prop_assert_eq!(found, cluster_interval(&mut Draws::default(), &ratios(&turned), scale));
            let Some(found) = found else { continue };
            let estimate = quotient(&total(&clusters)).expect("data");
            prop_assert!(found.low <= estimate && estimate <= found.high, "{:?} {}", found, estimate);
            if scale != Scale::Mean {
                prop_assert!(found.low >= -1.0 && found.high <= 1.0);
            }
        }
        if let Some(found) = cluster_wilson(&ratios(&clusters)) {
            prop_assert!(found.low >= 0.0 && found.low <= found.high && found.high <= 1.0);
        }
    }

    #[test]
    fn a_change_is_the_same_in_any_order(
        periods in prop::collection::vec((0_i64..5, 0_i64..5, 0_i64..5, 0_i64..5), 0..25),
        turn in 0_usize..25,
    ) {
        let periods: Vec<[i64; 4]> = periods.iter().map(|(a, b, c, d)| [*a.min(b), *b, *c.min(d), *d]).collect();
        let mut turned = periods.clone();
        if !turned.is_empty() {
            let middle = turn % turned.len();
            turned.rotate_left(middle);
        }
        let moved = of_periods(&periods);
        prop_assert_eq!(&moved, &of_periods(&turned));
        if let (Some(difference), Some(interval)) = (moved.difference, moved.interval) {
            prop_assert!(interval.holds(difference));
            prop_assert_eq!(moved.verdict.is_change(), !interval.holds(0.0));
            prop_assert_eq!(moved.verdict == Verdict::Up, interval.low > 0.0);
            prop_assert!(interval.low >= -1.0 && interval.high <= 1.0);
        }
        prop_assert_eq!(moved.difference.is_none(), moved.pairs == 0);
    }
}

/// 40 prompts said four times over are 160 prompts: about half the interval.
#[test]
fn intervals_shrink_with_prompts() {
    let some: Vec<Ratio> = ratios(&SHARES).into_iter().cycle().take(40).collect();
    let many: Vec<Ratio> = some.iter().copied().cycle().take(160).collect();
    let width = |clusters: &[Ratio]| {
        cluster_interval(&mut Draws::default(), clusters, Scale::Share)
            .expect("an interval")
            .half_width()
    };
    let ratio = width(&some) / width(&many);
    assert!((1.8..2.2).contains(&ratio), "{ratio}");
}

/// Where nothing is drawn any more, the intervals are those that were.
#[test]
fn many_prompts_need_no_resampling() {
    let of = |prompts: usize, clusters: &[[i64; 2]], scale: Scale| {
        let clusters: Vec<Ratio> = ratios(clusters).into_iter().cycle().take(prompts).collect();
        cluster_interval(&mut Draws::default(), &clusters, scale).expect("an interval")
    };
    for (clusters, scale) in [
        (SHARES.as_slice(), Scale::Share),
        (SHARES.as_slice(), Scale::Weighted),
        (SHARES.as_slice(), Scale::Balance),
        (RANKS.as_slice(), Scale::Mean),
    ] {
        let (drawn, counted) = (of(999, clusters, scale), of(1_000, clusters, scale));
        // Two thousand resamples leave a tenth.
        let near = drawn.half_width() * 0.12;
        assert_near(counted, drawn.low, drawn.high, near);
    }
}

/// Of 95 % intervals about 95 in 100 hold the truth: answers of a true share of 0.3 whose
/// prompts differ (a beta distribution, correlation 0.25), 200 times, for few prompts and many.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let mut state = 20_261_121_u64;
    let mut uniform = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).expect("32 bits")) / 2_f64.powi(32)
    };
    for prompts in [6, 40] {
        let mut held = 0;
        for _ in 0..200 {
            // A beta(0.9, 2.1) by Jöhnk's way: x/(x+y) where x+y is at most 1 has beta(a, b).
            let mut own = || loop {
                let (x, y) = (uniform().powf(1.0 / 0.9), uniform().powf(1.0 / 2.1));
                if x + y <= 1.0 {
                    let share = x / (x + y);
                    return (0..4).filter(|_| uniform() < share).count();
                }
            };
            let clusters: Vec<Ratio> = (0..prompts)
                .map(|_| Ratio::new(i64::try_from(own()).expect("small"), 4))
                .collect();
            let found = cluster_interval(&mut Draws::default(), &clusters, Scale::Share)
                .expect("an interval");
            held += i32::from(found.holds(0.3));
        }
        assert!(
            (180..=200).contains(&held),
            "{held} of 200 with {prompts} prompts"
        );
    }
}

/// The correlation is that from `scipy.stats.f_oneway(*groups)` on the single zeros and ones:
/// `(F - 1) / (F + m0 - 1)`; half-widths by Kish's effect and Wilson's formula.
#[test]
fn what_repeats_are_worth() {
    let found = likeness(&ratios(&SHARES)).expect("data");
    let rho = found.rho.expect("repeats");
    assert!((rho - 0.534_512_461_238).abs() < 1e-9, "{rho}");
    for (prompts, repeats, half) in [
        (24, 4, 0.152_395_586_8),
        (50, 1, 0.132_495_614_4),
        (50, 5, 0.106_364_988_8),
        (50, 20, 0.100_527_209_7),
    ] {
        let expected = found.half_width(prompts, repeats).expect("prompts");
        assert!(
            (expected.low - half).abs() < 1e-9,
            "{expected:?}, not {half}"
        );
        assert_eq!(expected.low.to_bits(), expected.high.to_bits());
    }
    assert_eq!(
        (found.half_width(0, 3), found.half_width(3, 0)),
        (None, None)
    );
}

#[test]
fn without_repeats_their_worth_is_a_range() {
    let once: Vec<Ratio> = (0..20).map(|prompt| Ratio::new(prompt % 2, 1)).collect();
    let found = likeness(&once).expect("data");
    assert_eq!(found.rho, None);
    let range = found.half_width(20, 5).expect("prompts");
    assert!(range.low < range.high);
    // At worst repeats say nothing new.
    let once = found.half_width(20, 1).expect("prompts");
    assert!((range.high - once.high).abs() < 1e-12);
    assert_eq!(likeness(&[]), None);
    let opposite = likeness(&[Ratio::new(1, 2); 9]).expect("data");
    assert_eq!(opposite.rho, Some(0.0));
    let alike = likeness(&[Ratio::new(0, 3), Ratio::new(3, 3)]).expect("data");
    assert_eq!(alike.rho, Some(1.0));
    assert_eq!(likeness(&[Ratio::new(3, 3); 4]).expect("data").rho, None);
}
