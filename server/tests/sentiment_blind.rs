//! Measures the local classifier on sentences by people who had not seen its rules.
//!
//! Three sets a language, fixed before the rules were touched for them: other trades and
//! constructions, events, comparisons, faint praise, two names in one clause. Of the first,
//! `sentiment_blind_*.json`, sentences at an even place were there to tune on; all others are held
//! out. Of these only totals are printed, so that nobody tunes on one by accident.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use analysis::sentiment::attitudes;
use app::model::answer::Sentiment;
use app::model::metrics::Ratio;
use app::model::rules_accuracy;
use serde::Deserialize;

/// The sets of one language.
struct Sets {
    language: &'static str,
    /// What the screen says.
    shown: Ratio,
    /// Tuned on at its even places.
    mixed: &'static str,
    /// As they stand in answers of assistants, and everyday sentences in the manner of an auditor.
    held_out: [&'static str; 2],
    /// Per cent of what is held out below which the test fails, of the first set and of all three.
    /// Wanted are 80; docs/ANALYSIS.md says how far that has been reached. They go up with the
    /// rules, never down.
    floors: [usize; 2],
}

const SETS: [Sets; 2] = [
    Sets {
        language: "English",
        shown: rules_accuracy::ENGLISH,
        mixed: include_str!("sentiment_blind_en.json"),
        held_out: [
            include_str!("sentiment/blind_answers_en.json"),
            include_str!("sentiment/blind_everyday_en.json"),
        ],
        floors: [77, 70],
    },
    Sets {
        language: "Spanish",
        shown: rules_accuracy::SPANISH,
        mixed: include_str!("sentiment_blind_es.json"),
        held_out: [
            include_str!("sentiment/blind_answers_es.json"),
            include_str!("sentiment/blind_everyday_es.json"),
        ],
        floors: [75, 75],
    },
];
const CLASSES: [Sentiment; 3] = [Sentiment::Positive, Sentiment::Neutral, Sentiment::Negative];

/// What the sets were made to hold, with the fewest sentences of each.
const KINDS: [(&str, usize); 9] = [
    ("plain", 50),
    ("event", 30),
    ("comparison", 30),
    ("two_names", 30),
    ("faint", 30),
    ("concession", 30),
    ("negation", 20),
    ("list", 20),
    ("fact", 30),
];

#[derive(Deserialize)]
struct Passage {
    text: String,
    /// Whom the label is about, the only one that is watched.
    entity: String,
    label: String,
    kind: String,
}

fn passages(file: &str) -> Vec<Passage> {
    serde_json::from_str(file).expect("the labelled set")
}

fn said(passage: &Passage) -> Sentiment {
    let spans: Vec<_> = passage
        .text
        .match_indices(&passage.entity)
        .map(|(at, name)| (at, at + name.len()))
        .collect();
    // No hint: telling the language is part of the work.
    let said = attitudes(&passage.text, None, &[spans]);
    said.first()
        .copied()
        .flatten()
        .map_or(Sentiment::Neutral, |attitude| attitude.sentiment)
}

/// What was found in one half of a set.
#[derive(Default)]
struct Half {
    /// Rows are the labels, columns what was said, in the order of [`CLASSES`].
    matrix: [[usize; 3]; 3],
    /// Right and all, by kind.
    kinds: BTreeMap<String, (usize, usize)>,
}

impl Half {
    fn of<'a>(passages: impl Iterator<Item = &'a Passage>) -> Self {
        let mut half = Self::default();
        for passage in passages {
            let said = said(passage);
            let row = CLASSES
                .iter()
                .position(|class| class.word() == passage.label)
                .unwrap_or_else(|| panic!("no such label: {}", passage.label));
            let column = CLASSES.iter().position(|class| *class == said);
            half.matrix[row][column.expect("a class")] += 1;
            let kind = half.kinds.entry(passage.kind.clone()).or_default();
            kind.0 += usize::from(said.word() == passage.label);
            kind.1 += 1;
        }
        half
    }

    fn right(&self) -> usize {
        (0..CLASSES.len())
            .map(|class| self.matrix[class][class])
            .sum()
    }

    fn all(&self) -> usize {
        self.matrix.iter().flatten().sum()
    }

    fn shown(&self, title: &str) -> String {
        let mut shown = format!("{title}: {} of {} right\n", self.right(), self.all());
        for (class, row) in CLASSES.iter().zip(self.matrix) {
            let _ = writeln!(shown, "{:10}{row:>4?}", class.word());
        }
        for (kind, (right, all)) in &self.kinds {
            let _ = writeln!(shown, "{kind:12}{right:>4} of {all}");
        }
        shown
    }
}

#[test]
fn unseen_sentences_are_judged_right_as_often_as_the_figure_shown_says() {
    for sets in SETS {
        let language = sets.language;
        let mixed = passages(sets.mixed);
        let others = sets.held_out.map(passages);
        let tuned = Half::of(mixed.iter().step_by(2));
        println!("{}", tuned.shown(&format!("{language}, tuned on")));
        let mixed = || mixed.iter().skip(1).step_by(2);
        let all = mixed().chain(others.iter().flatten());
        let held_out = [Half::of(mixed()), Half::of(all)];
        for (half, (title, floor)) in held_out.iter().zip(
            ["held out of the first set", "held out"]
                .into_iter()
                .zip(sets.floors),
        ) {
            println!("{}", half.shown(&format!("{language}, {title}")));
            assert!(half.right() * 100 >= half.all() * floor, "{language}");
        }
        let counted = (held_out[1].right(), held_out[1].all());
        let shown = (sets.shown.numerator, sets.shown.denominator);
        assert_eq!(
            (i64::try_from(counted.0), i64::try_from(counted.1)),
            (Ok(shown.0), Ok(shown.1)),
            "{language}: `rules_accuracy` is off"
        );
    }
}

#[test]
fn the_sets_have_enough_of_every_kind_and_name_whom_they_are_about() {
    for sets in SETS {
        let language = sets.language;
        let mixed = passages(sets.mixed);
        assert!(mixed.len() >= 300, "{language}");
        for (kind, fewest) in KINDS {
            for first in [0, 1] {
                let half = mixed.iter().skip(first).step_by(2);
                let count = half.filter(|passage| passage.kind == kind).count();
                assert!(count * 2 >= fewest, "{language}: {count} {kind}");
            }
        }
        let [answers, everyday] = sets.held_out.map(passages);
        for set in [&answers, &everyday] {
            assert!(set.len() >= 150, "{language}");
            for kind in ["plain", "event", "comparison", "two_names", "faint", "fact"] {
                let count = set.iter().filter(|passage| passage.kind == kind).count();
                assert!(count >= 15, "{language}: {count} {kind}");
            }
        }
        for set in [&mixed, &answers, &everyday] {
            for class in CLASSES {
                let of_class = set.iter().filter(|p| p.label == class.word());
                assert!(of_class.count() * 4 >= set.len(), "{language}");
            }
            for passage in set {
                assert!(passage.text.contains(&passage.entity), "{}", passage.text);
                assert!(KINDS.iter().any(|(kind, _)| *kind == passage.kind));
            }
        }
    }
}
