//! Lines of what changed where the truth is known: simulated periods, from a fixed seed.

use contract::metrics::{Metric, SnapshotSums, Verdict};
use proptest::prelude::*;

use super::*;
use crate::{CellSums, changes};

const MODELS: i64 = 4;
const PROMPTS: i64 = 30;
/// Answers of one prompt and model in a period.
const ANSWERS: i64 = 20;
const RIVALS: i64 = 4;
const DOMAINS: i64 = 20;

/// Random numbers, the same each time.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits")) / 2_f64.powi(32)
    }

    fn successes(&mut self, trials: i64, share: f64) -> i64 {
        (0..trials).map(|_| i64::from(self.uniform() < share)).sum()
    }
}

/// What does not change between two periods: how often each prompt is answered with the brand, with
/// each competitor and with each domain, and how often each model names the brand.
struct World {
    brand: Vec<f64>,
    rivals: Vec<Vec<f64>>,
    domains: Vec<Vec<f64>>,
}

/// How much more often the brand is named by a model or in a question, or a domain is cited.
type Shift<'a> = &'a dyn Fn(&Mover) -> f64;

impl World {
    fn new(chance: &mut Chance) -> Self {
        let mut shares = |from: f64, width: f64| -> Vec<f64> {
            (0..PROMPTS)
                .map(|_| from + width * chance.uniform())
                .collect()
        };
        Self {
            brand: shares(0.2, 0.4),
            rivals: (0..RIVALS).map(|_| shares(0.1, 0.6)).collect(),
            domains: (0..DOMAINS).map(|_| shares(0.0, 0.3)).collect(),
        }
    }

    fn period(&self, chance: &mut Chance, shift: Shift<'_>) -> PeriodCells {
        let mut cells = PeriodCells::default();
        for (id, own) in (0..PROMPTS).zip(&self.brand) {
            let prompt = PromptId(id);
            let index = usize::try_from(id).expect("small");
            for model in (1..=MODELS).map(ModelId) {
                // Models are asked unequally often.
                let answers = ANSWERS - model.0;
                let more = shift(&Mover::Question(prompt)) + shift(&Mover::Model(model));
                cells.answers.push(AnswerCell {
                    prompt,
                    model,
                    is_branded: false,
                    mentions: chance.successes(answers, own + more),
                    answers,
                });
                for (of, shares) in (1..=RIVALS).map(EntityId).zip(&self.rivals) {
                    let share = shares[index] + shift(&Mover::Rival(of));
                    let named = chance.successes(answers, share);
                    cells.rivals.push(counted(of, prompt, model, named));
                }
                for (id, shares) in (0..DOMAINS).zip(&self.domains) {
                    let of = format!("site{id}.example");
                    let share = shares[index] + shift(&Mover::Source(of.clone()));
                    let cited = chance.successes(answers, share);
                    cells.sources.push(counted(of, prompt, model, cited));
                }
            }
        }
        cells
    }
}

fn counted<T>(of: T, prompt: PromptId, model: ModelId, answers: i64) -> CountedCell<T> {
    CountedCell {
        of,
        prompt,
        model,
        answers,
    }
}

/// The lines of a page: those of models are judged with the page's numbers.
fn lines(before: &PeriodCells, after: &PeriodCells) -> Vec<(Mover, Change)> {
    let sums = |cells: &PeriodCells| -> Vec<CellSums> {
        let cell = |cell: &AnswerCell| CellSums {
            prompt: cell.prompt,
            model: cell.model,
            is_branded: cell.is_branded,
            sums: SnapshotSums {
                answers: cell.answers,
                mentions: cell.mentions,
                ..SnapshotSums::default()
            },
        };
        cells.answers.iter().map(cell).collect()
    };
    let judged = changes(&sums(before), &sums(after), &[]);
    let models: Vec<(ModelId, Change)> = judged
        .iter()
        .filter(|compared| compared.metric == Metric::Visibility)
        .filter_map(|compared| Some((compared.model_id?, compared.change.clone())))
        .collect();
    largest(&models, &moves(before, after, &[]))
}

/// How many of `times` pages show a line, and how many show the line that is looked for.
fn shown(times: u32, shift: Shift<'_>, wanted: &Mover) -> (u32, u32) {
    let mut chance = Chance(20_261_202);
    let (mut any, mut right) = (0, 0);
    for _ in 0..times {
        let world = World::new(&mut chance);
        let before = world.period(&mut chance, &|_| 0.0);
        let after = world.period(&mut chance, shift);
        let found = lines(&before, &after);
        any += u32::from(!found.is_empty());
        right += u32::from(found.iter().any(|(mover, _)| mover == wanted));
    }
    (any, right)
}

/// Where nothing changed, at most 5 % of the pages say that something did; of 200, 10.
#[test]
fn nothing_is_told_where_nothing_changed() {
    let (any, _) = shown(200, &|_| 0.0, &Mover::Model(ModelId(1)));
    assert!(any <= 10, "{any} of 200");
}

/// A change of 20 points is told in most of the pages, whatever it is of.
#[test]
fn a_change_of_twenty_points_is_told() {
    for changed in [
        Mover::Model(ModelId(2)),
        Mover::Rival(EntityId(3)),
        Mover::Source("site7.example".to_owned()),
    ] {
        let shift = |mover: &Mover| if *mover == changed { 0.2 } else { 0.0 };
        let (_, right) = shown(40, &shift, &changed);
        assert!(right >= 36, "{changed:?}: {right} of 40");
    }
}

/// One question has few answers: 70 in each period here. A change of 40 points is told in most.
#[test]
fn a_change_of_one_question_needs_to_be_larger() {
    let changed = Mover::Question(PromptId(11));
    let shift = |mover: &Mover| if *mover == changed { 0.4 } else { 0.0 };
    let (_, right) = shown(40, &shift, &changed);
    assert!(right > 20, "{right} of 40");
}

fn change(difference: f64, verdict: Verdict) -> Change {
    Change {
        difference: Some(difference),
        verdict,
        ..Change::default()
    }
}

#[test]
fn the_largest_come_first_and_not_all_of_a_kind() {
    let up = |difference: f64| change(difference, Verdict::Up);
    let moves = Moves {
        questions: vec![
            (PromptId(1), up(0.5)),
            (PromptId(2), up(0.4)),
            (PromptId(3), up(0.3)),
            (PromptId(4), change(0.9, Verdict::WithinNoise)),
        ],
        rivals: Vec::new(),
        sources: vec![("a.example".to_owned(), change(-0.1, Verdict::Down))],
    };
    let named = |models: &[(ModelId, Change)], moves: &Moves| -> Vec<Mover> {
        let found = largest(models, moves);
        found.into_iter().map(|(mover, _)| mover).collect()
    };
    assert_eq!(
        named(&[], &moves),
        [
            Mover::Question(PromptId(1)),
            Mover::Question(PromptId(2)),
            Mover::Source("a.example".to_owned()),
        ]
    );
    assert_eq!(
        named(&[(ModelId(7), change(-0.45, Verdict::Down))], &moves),
        [
            Mover::Question(PromptId(1)),
            Mover::Model(ModelId(7)),
            Mover::Question(PromptId(2)),
        ]
    );
    let alone = Moves {
        sources: Vec::new(),
        ..moves
    };
    assert_eq!(named(&[], &alone).len(), 3);
}

#[test]
fn models_with_a_seam_are_compared_with_nothing() {
    let mut chance = Chance(7);
    let world = World::new(&mut chance);
    let before = world.period(&mut chance, &|_| 0.0);
    let after = world.period(&mut chance, &|_| 0.4);
    let seams: Vec<Seam> = (1..=MODELS)
        .map(|model| Seam {
            model_id: ModelId(model),
            day: chrono::NaiveDate::from_ymd_opt(2026, 11, 2).expect("a day"),
            asked: "old".to_owned(),
            served: "new".to_owned(),
            is_within_day: false,
        })
        .collect();
    assert!(!lines(&before, &after).is_empty());
    assert_eq!(moves(&before, &after, &seams), Moves::default());
}

/// What is new in the later period is a change from nothing, if its answers are many.
#[test]
fn a_source_that_nobody_cited_before_is_told() {
    let mut chance = Chance(11);
    let world = World::new(&mut chance);
    let mut before = world.period(&mut chance, &|_| 0.0);
    let after = world.period(&mut chance, &|mover| match mover {
        Mover::Source(domain) if domain == "site3.example" => 0.2,
        _ => 0.0,
    });
    before.sources.retain(|cell| cell.of != "site3.example");
    let found = lines(&before, &after);
    assert_eq!(
        found.first().map(|(mover, _)| mover.clone()),
        Some(Mover::Source("site3.example".to_owned()))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_order_of_cells_moves_nothing(seed in any::<u64>(), turn in 0_usize..120) {
        let mut chance = Chance(seed);
        let world = World::new(&mut chance);
        let before = world.period(&mut chance, &|_| 0.0);
        let after = world.period(&mut chance, &|_| 0.1);
        let mut turned = after.clone();
        turned.answers.rotate_left(turn);
        turned.rivals.reverse();
        turned.sources.rotate_left(turn);
        prop_assert_eq!(moves(&before, &after, &[]), moves(&before, &turned, &[]));
    }
}
