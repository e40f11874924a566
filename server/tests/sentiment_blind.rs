//! Measures the local classifier on sentences by somebody who had not seen its rules.
//!
//! `sentiment_blind_en.json` and `sentiment_blind_es.json` were written and fixed before the rules were
//! touched for them: other trades and constructions, events, comparisons, faint praise, two
//! names in one clause. Sentences at an even place were there to tune on; those at an odd place
//! are held out. Of these only totals are printed, so that nobody tunes on one by accident.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use app::model::metrics::Ratio;
use app::model::rules_accuracy;
use parallax::analysis::sentiment::{Sentiment, attitudes};
use serde::Deserialize;

const SETS: [(&str, Ratio, &str); 2] = [
    (
        "English",
        rules_accuracy::ENGLISH,
        include_str!("sentiment_blind_en.json"),
    ),
    (
        "Spanish",
        rules_accuracy::SPANISH,
        include_str!("sentiment_blind_es.json"),
    ),
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
                .position(|class| class.as_str() == passage.label)
                .unwrap_or_else(|| panic!("no such label: {}", passage.label));
            let column = CLASSES.iter().position(|class| *class == said);
            half.matrix[row][column.expect("a class")] += 1;
            let kind = half.kinds.entry(passage.kind.clone()).or_default();
            kind.0 += usize::from(said.as_str() == passage.label);
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
            let _ = writeln!(shown, "{:10}{row:>4?}", class.as_str());
        }
        for (kind, (right, all)) in &self.kinds {
            let _ = writeln!(shown, "{kind:12}{right:>4} of {all}");
        }
        shown
    }
}

/// Per cent of the held-out half below which the test fails. Wanted are 80 in both languages;
/// docs/ANALYSIS.md says how far that has been reached. They go up with the rules, never down.
const FLOORS: [(&str, usize); 2] = [("English", 76), ("Spanish", 68)];

#[test]
fn unseen_sentences_are_judged_right_as_often_as_the_figure_shown_says() {
    for (language, shown, file) in SETS {
        let passages = passages(file);
        let tuned = Half::of(passages.iter().step_by(2));
        let held_out = Half::of(passages.iter().skip(1).step_by(2));
        println!("{}", tuned.shown(&format!("{language}, tuned on")));
        println!("{}", held_out.shown(&format!("{language}, held out")));
        let floor = FLOORS.iter().find(|(named, _)| *named == language);
        let (_, floor) = floor.expect("a floor");
        assert!(
            held_out.right() * 100 >= held_out.all() * floor,
            "{language}"
        );
        let counted = (held_out.right(), held_out.all());
        let shown = (shown.numerator, shown.denominator);
        assert_eq!(
            (i64::try_from(counted.0), i64::try_from(counted.1)),
            (Ok(shown.0), Ok(shown.1)),
            "{language}: `rules_accuracy` is off"
        );
    }
}

#[test]
fn the_sets_have_enough_of_every_kind_and_name_whom_they_are_about() {
    for (language, _, file) in SETS {
        let passages = passages(file);
        assert!(passages.len() >= 300, "{language}");
        for (kind, fewest) in KINDS {
            for first in [0, 1] {
                let half = passages.iter().skip(first).step_by(2);
                let count = half.filter(|passage| passage.kind == kind).count();
                assert!(count * 2 >= fewest, "{language}: {count} {kind}");
            }
        }
        for class in CLASSES {
            let of_class = passages.iter().filter(|p| p.label == class.as_str());
            assert!(of_class.count() * 4 >= passages.len(), "{language}");
        }
        for passage in &passages {
            assert!(passage.text.contains(&passage.entity), "{}", passage.text);
            assert!(KINDS.iter().any(|(kind, _)| *kind == passage.kind));
        }
    }
}
