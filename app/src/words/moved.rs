//! The lines of what changed.
//!
//! Invariant: pure. A line tells what the verdicts of the host claim, and no more.

use super::amount::{Amount, ends_in_points, points};
use super::dates::short_day;
use super::sentence::{Piece, PieceKind, filled};
use crate::model::language::Language;
use crate::model::metrics::{Change, Verdict};
use crate::model::overview::{Headline, Move, MoveSubject, Span};
use crate::texts::{Text, moved as texts};

/// A line of what changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedLine {
    /// What happened to whom.
    pub pieces: Vec<Piece>,
    /// How far the share moved; `None`: it is another kind of event.
    pub size: Option<MovedSize>,
}

/// How far a share moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedSize {
    /// `9 points`.
    pub points: String,
    /// Whether the share rose.
    pub is_up: bool,
    /// Whether that is better, worse or neither for the brand.
    pub kind: PieceKind,
    /// Both values and the interval of the difference.
    pub explanation: String,
}

/// What of a share rose or fell, and whether more of it is good for the brand.
struct Told<'a> {
    more: Text,
    less: Text,
    name: &'a str,
    more_is_good: Option<bool>,
}

impl<'a> Told<'a> {
    const fn new(texts: (Text, Text), name: &'a str, more_is_good: Option<bool>) -> Self {
        Self {
            more: texts.0,
            less: texts.1,
            name,
            more_is_good,
        }
    }
}

/// A line of what changed, in words.
pub fn line(language: Language, moved: &Move) -> MovedLine {
    let change = moved.change.as_ref();
    let is_up = change.is_some_and(|change| change.verdict == Verdict::Up);
    let told = match &moved.subject {
        MoveSubject::Model { name, .. } => {
            Told::new((texts::MODEL_MORE, texts::MODEL_LESS), name, Some(true))
        }
        MoveSubject::Question { text, .. } => Told::new(
            (texts::QUESTION_MORE, texts::QUESTION_LESS),
            text,
            Some(true),
        ),
        MoveSubject::Brand { name, .. } => {
            Told::new((texts::BRAND_MORE, texts::BRAND_LESS), name, Some(false))
        }
        MoveSubject::Source {
            domain,
            is_own: true,
        } => Told::new((texts::OWN_MORE, texts::OWN_LESS), domain, Some(true)),
        MoveSubject::Source { domain, .. } => {
            Told::new((texts::SOURCE_MORE, texts::SOURCE_LESS), domain, None)
        }
        MoveSubject::NewSource {
            domain,
            is_own: true,
            ..
        } => Told::new((texts::NEW_OWN, texts::NEW_OWN), domain, Some(true)),
        MoveSubject::NewSource { domain, .. } => {
            Told::new((texts::NEW_SOURCE, texts::NEW_SOURCE), domain, None)
        }
        MoveSubject::ModelChanged {
            name, served, day, ..
        } => {
            let values = [
                ("name", strong(name)),
                ("served", strong(served)),
                ("day", Piece::plain(short_day(language, *day))),
            ];
            return MovedLine {
                pieces: filled(texts::MODEL_CHANGED.get(language), &values),
                size: None,
            };
        }
    };
    let text = if is_up { told.more } else { told.less };
    MovedLine {
        pieces: filled(text.get(language), &[("name", strong(told.name))]),
        size: change.map(|change| size(language, change, told.more_is_good)),
    }
}

/// What stands in place of the lines where nothing moved beyond noise; `None`: nothing is compared,
/// so nothing is said, or it is too early.
pub fn nothing(language: Language, headline: &Headline, period: Span) -> Option<String> {
    headline.earlier.filter(|_| !headline.is_too_early())?;
    Some(match period.days() {
        1 => texts::NOTHING_ONE.get(language).to_owned(),
        days => texts::NOTHING.fill(language, &[("days", &days)]),
    })
}

fn strong(text: &str) -> Piece {
    Piece::new(text, PieceKind::Strong)
}

fn size(language: Language, change: &Change, more_is_good: Option<bool>) -> MovedSize {
    let is_up = change.verdict == Verdict::Up;
    let difference = change.difference.unwrap_or_default();
    let (words, is_one) = points(language, difference, change.interval);
    let text = if is_one {
        texts::POINT_ONE
    } else {
        texts::POINTS
    };
    MovedSize {
        points: text.fill(language, &[("points", &words)]),
        is_up,
        kind: match more_is_good {
            None => PieceKind::Plain,
            Some(is_good) if is_good == is_up => PieceKind::Better,
            Some(_) => PieceKind::Worse,
        },
        explanation: explanation(language, change),
    }
}

fn explanation(language: Language, change: &Change) -> String {
    let value = |value: Option<f64>| Amount::Share(value.unwrap_or_default()).shown(language, None);
    let difference = change.difference.unwrap_or_default();
    let ends = |interval| ends_in_points(language, difference, interval);
    let (low, high) = change.interval.map(ends).unwrap_or_default();
    texts::BEFORE_AND_AFTER.fill(
        language,
        &[
            ("before", &value(change.before)),
            ("after", &value(change.after)),
            ("low", &low),
            ("high", &high),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{EntityId, ModelId, PromptId};
    use crate::model::metrics::{Interval, Ratio};
    use crate::model::overview::{Evidence, RankClaim, Trend};
    use crate::model::provider::Provider;
    use crate::words::sentence::read_out;

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    fn day(text: &str) -> chrono::NaiveDate {
        text.parse().expect("a day")
    }

    fn moved(subject: MoveSubject, difference: f64) -> Move {
        Move {
            subject,
            change: Some(Change {
                before: Some(0.5),
                after: Some(0.5 + difference),
                difference: Some(difference),
                interval: Some(Interval {
                    low: difference - 0.04,
                    high: difference + 0.04,
                }),
                verdict: if difference > 0.0 {
                    Verdict::Up
                } else {
                    Verdict::Down
                },
                ..Change::default()
            }),
            evidence: Evidence::default(),
        }
    }

    fn model() -> MoveSubject {
        MoveSubject::Model {
            model_id: ModelId(1),
            name: "GPT-6".to_owned(),
            provider: Provider::Simulator,
        }
    }

    fn source(is_own: bool) -> MoveSubject {
        MoveSubject::Source {
            domain: "kornfeld.example".to_owned(),
            is_own,
        }
    }

    fn words(language: Language, moved: &Move) -> String {
        read_out(&line(language, moved).pieces)
    }

    #[test]
    fn gains_and_losses_in_both_languages() {
        let question = MoveSubject::Question {
            prompt_id: PromptId(7),
            text: "Which beans are best?".to_owned(),
        };
        let brand = MoveSubject::Brand {
            entity_id: EntityId(3),
            name: "Halden Roasters".to_owned(),
        };
        for (subject, difference, english, spanish) in [
            (
                model(),
                0.09,
                "GPT-6 names you more often",
                "GPT-6 te nombra más",
            ),
            (
                model(),
                -0.09,
                "GPT-6 names you less often",
                "GPT-6 te nombra menos",
            ),
            (
                question,
                -0.3,
                "You are named less often in “Which beans are best?”",
                "Te nombran menos en «Which beans are best?»",
            ),
            (
                brand,
                0.2,
                "Halden Roasters is named more often",
                "A Halden Roasters la nombran más",
            ),
            (
                source(false),
                0.1,
                "kornfeld.example is cited more often",
                "Citan más kornfeld.example",
            ),
            (
                source(true),
                -0.1,
                "Your site kornfeld.example is cited less often",
                "Citan menos tu sitio kornfeld.example",
            ),
        ] {
            let moved = moved(subject, difference);
            assert_eq!(words(EN, &moved), english);
            assert_eq!(words(ES, &moved), spanish);
        }
    }

    #[test]
    fn what_is_good_for_a_competitor_is_not_good() {
        let kind = |subject: MoveSubject, difference: f64| {
            let size = line(EN, &moved(subject, difference)).size;
            size.map(|size| size.kind)
        };
        let brand = || MoveSubject::Brand {
            entity_id: EntityId(3),
            name: "Acme".to_owned(),
        };
        assert_eq!(kind(model(), 0.1), Some(PieceKind::Better));
        assert_eq!(kind(brand(), 0.1), Some(PieceKind::Worse));
        assert_eq!(kind(brand(), -0.1), Some(PieceKind::Better));
        assert_eq!(kind(source(false), 0.1), Some(PieceKind::Plain));
        assert_eq!(kind(source(true), -0.1), Some(PieceKind::Worse));
    }

    #[test]
    fn a_size_has_its_values_and_its_interval() {
        let size = line(EN, &moved(model(), 0.09)).size.expect("a size");
        assert_eq!((size.points.as_str(), size.is_up), ("9 points", true));
        assert_eq!(
            size.explanation,
            "50% before, 59% now. 95% interval of the change: +5 to +13 points."
        );
        let one = line(ES, &moved(model(), -0.01)).size.expect("a size");
        assert_eq!((one.points.as_str(), one.is_up), ("1 punto", false));
    }

    #[test]
    fn events_without_a_size() {
        let swapped = Move {
            subject: MoveSubject::ModelChanged {
                model_id: ModelId(1),
                name: "Sonar".to_owned(),
                served: "sonar-2".to_owned(),
                day: day("2026-11-09"),
            },
            change: None,
            evidence: Evidence::default(),
        };
        assert_eq!(
            words(EN, &swapped),
            "sonar-2 has answered for Sonar since 9 Nov"
        );
        assert_eq!(
            words(ES, &swapped),
            "sonar-2 responde por Sonar desde el 9 nov"
        );
        assert_eq!(line(EN, &swapped).size, None);
        let new = MoveSubject::NewSource {
            domain: "beans.example".to_owned(),
            is_own: false,
            first_seen: day("2026-11-09"),
        };
        assert_eq!(words(EN, &moved(new, 0.1)), "New source: beans.example");
    }

    #[test]
    fn nothing_beyond_noise_is_said_as_such() {
        let period = Span {
            from: day("2026-11-01"),
            to: day("2026-11-30"),
        };
        let mut headline = Headline {
            brand: "Kornfeld".to_owned(),
            visibility: Ratio::new(20, 40),
            interval: None,
            trend: Trend::Unclear,
            rank: RankClaim::Nothing,
            answers: 40,
            questions: 2,
            next_run: None,
            last_day: None,
            earlier: Some(Span {
                from: day("2026-10-02"),
                to: day("2026-10-31"),
            }),
        };
        let said = |headline: &Headline| nothing(EN, headline, period);
        assert_eq!(
            said(&headline).as_deref(),
            Some("No clear change in these 30 days.")
        );
        assert_eq!(
            nothing(ES, &headline, period).as_deref(),
            Some("Sin cambio claro en estos 30 días.")
        );
        headline.answers = 29;
        assert_eq!(said(&headline), None);
        headline.answers = 40;
        headline.earlier = None;
        assert_eq!(said(&headline), None);
    }
}
