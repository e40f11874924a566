//! What is measured, and how a number of it reads: with how many it is counted over, its
//! interval and what it is worth. The texts `DEFINES_…` say how each is counted.
//!
//! Invariant: nothing to divide by is "no data", never nothing.

use super::amount::Amount;
use super::{accuracy, numbers};
use crate::model::dashboard::Figures;
use crate::model::language::Language;
use crate::model::metrics::{Grade, Interval, Metric};
use crate::texts::{Text, dashboard as texts};

/// What is measured, in the order of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Answers that name the brand.
    #[default]
    Visibility,
    /// The brand's part of all mentions.
    ShareOfVoice,
    /// Mean place in real lists.
    AveragePosition,
    /// Answers that place the brand among the first three.
    TopThree,
    /// The brand's part of all mentions, each weighted by its rank.
    WeightedShareOfVoice,
    /// Answers that name any entity.
    InformativeRate,
    /// Praise less blame.
    Tone,
    /// Answers that advise choosing the brand.
    Recommended,
    /// How early the brand is named.
    Prominence,
}

/// One number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The number; `None`: no data.
    pub amount: Option<Amount>,
    /// What it is counted over: answers, mentions or places.
    pub n: i64,
    /// Its 95 % interval, in the unit of the amount; `None`: too little to tell one.
    pub interval: Option<Interval>,
    /// What it is worth; `None`: no data, or it was not graded.
    pub grade: Option<Grade>,
}

impl Measure {
    /// The cards of the first screen.
    pub const MAIN: [Self; 4] = [
        Self::Visibility,
        Self::ShareOfVoice,
        Self::AveragePosition,
        Self::Tone,
    ];
    /// Those that are folded below them.
    pub const MORE: [Self; 5] = [
        Self::TopThree,
        Self::Recommended,
        Self::WeightedShareOfVoice,
        Self::Prominence,
        Self::InformativeRate,
    ];
    /// What providers are compared by.
    pub const COMPARED: [Self; 4] = [
        Self::Visibility,
        Self::ShareOfVoice,
        Self::AveragePosition,
        Self::Tone,
    ];

    /// What it is called.
    pub const fn name(self) -> Text {
        match self {
            Self::Visibility => texts::VISIBILITY,
            Self::ShareOfVoice => texts::SHARE_OF_VOICE,
            Self::AveragePosition => texts::AVERAGE_POSITION,
            Self::TopThree => texts::TOP_THREE,
            Self::WeightedShareOfVoice => texts::WEIGHTED_SHARE_OF_VOICE,
            Self::InformativeRate => texts::INFORMATIVE_RATE,
            Self::Tone => texts::TONE,
            Self::Recommended => texts::RECOMMENDED,
            Self::Prominence => texts::PROMINENCE,
        }
    }

    /// A word for tests and styles.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Visibility => "visibility",
            Self::ShareOfVoice => "share-of-voice",
            Self::AveragePosition => "average-position",
            Self::TopThree => "top-three",
            Self::WeightedShareOfVoice => "weighted-share-of-voice",
            Self::InformativeRate => "informative-rate",
            Self::Tone => "tone",
            Self::Recommended => "recommended",
            Self::Prominence => "prominence",
        }
    }

    /// How it is counted.
    pub const fn definition(self) -> Text {
        match self {
            Self::Visibility => texts::DEFINES_VISIBILITY,
            Self::ShareOfVoice => texts::DEFINES_SHARE_OF_VOICE,
            Self::AveragePosition => texts::DEFINES_AVERAGE_POSITION,
            Self::TopThree => texts::DEFINES_TOP_THREE,
            Self::WeightedShareOfVoice => texts::DEFINES_WEIGHTED_SHARE_OF_VOICE,
            Self::InformativeRate => texts::DEFINES_INFORMATIVE_RATE,
            Self::Tone => texts::DEFINES_TONE,
            Self::Recommended => texts::DEFINES_RECOMMENDED,
            Self::Prominence => texts::DEFINES_PROMINENCE,
        }
    }

    /// Whether only answers that name the brand are counted.
    pub const fn names_brand(self) -> bool {
        matches!(
            self,
            Self::AveragePosition | Self::Tone | Self::Recommended | Self::Prominence
        )
    }

    /// What it is counted over: `7,828 answers`.
    pub fn counted_over(self, language: Language, n: i64) -> String {
        let (one, many) = match self {
            Self::ShareOfVoice | Self::WeightedShareOfVoice => {
                (texts::OVER_MENTION_ONE, texts::OVER_MENTIONS)
            }
            Self::AveragePosition => (texts::OVER_PLACE_ONE, texts::OVER_PLACES),
            _ => (texts::OVER_ANSWER_ONE, texts::OVER_ANSWERS),
        };
        if n == 1 {
            one.get(language).to_owned()
        } else {
            many.fill(language, &[("n", &numbers::whole(language, n))])
        }
    }

    /// The number behind it: the tone as a judge has it where there was one, else as the rules
    /// have it. The two are never added up.
    pub const fn metric(self, figures: &Figures) -> Metric {
        let is_judged = is_judged(figures);
        match self {
            Self::Tone if is_judged => Metric::JudgedTone,
            Self::Tone => Metric::Tone,
            Self::Recommended if is_judged => Metric::JudgedRecommended,
            Self::Recommended => Metric::Recommended,
            Self::Prominence => Metric::Prominence,
            Self::Visibility => Metric::Visibility,
            Self::ShareOfVoice => Metric::ShareOfVoice,
            Self::AveragePosition => Metric::AveragePosition,
            Self::TopThree => Metric::TopThree,
            Self::WeightedShareOfVoice => Metric::WeightedShareOfVoice,
            Self::InformativeRate => Metric::InformativeRate,
        }
    }

    /// The number over some answers.
    pub fn figure(self, figures: &Figures) -> Figure {
        let metric = self.metric(figures);
        Figure {
            amount: figures.ratio(metric).value().map(self.amount()),
            n: figures.n(metric),
            interval: figures.intervals.get(metric),
            grade: figures.grade(metric),
        }
    }

    /// A value in the unit of the number.
    pub const fn amount(self) -> fn(f64) -> Amount {
        match self {
            Self::AveragePosition => Amount::Place,
            Self::Tone => Amount::Balance,
            _ => Amount::Share,
        }
    }
}

/// Whether a judge has read any of the answers.
pub const fn is_judged(figures: &Figures) -> bool {
    figures.all.judged.judged() > 0
}

/// Who says how answers speak, and how often the rules are right.
pub fn judged_by(is_judged: bool, language: Language) -> String {
    if is_judged {
        texts::BY_JUDGE.get(language).to_owned()
    } else {
        accuracy::fill(texts::BY_RULES, language)
    }
}

/// What a grade is called, and what it means.
pub const fn grade_name(grade: Grade) -> (Text, Text) {
    match grade {
        Grade::None => (texts::GRADE_TOO_FEW, texts::GRADE_TOO_FEW_MEANS),
        Grade::Directional => (texts::GRADE_DIRECTIONAL, texts::GRADE_DIRECTIONAL_MEANS),
        Grade::Plain => (texts::GRADE_PLAIN, texts::GRADE_PLAIN_MEANS),
        Grade::Decision => (texts::GRADE_DECISION, texts::GRADE_DECISION_MEANS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::metrics::SnapshotSums;

    fn sums(mentions: i64, answers: i64) -> SnapshotSums {
        SnapshotSums {
            answers,
            mentions,
            ..SnapshotSums::default()
        }
    }

    fn figures(sums: &SnapshotSums, interval: Option<Interval>) -> Figures {
        Figures {
            all: *sums,
            plain: *sums,
            intervals: interval
                .map(|interval| (Metric::Visibility, interval))
                .into_iter()
                .collect(),
            grades: [(Metric::Visibility, Grade::Directional)]
                .into_iter()
                .collect(),
        }
    }

    #[test]
    fn nothing_to_divide_by_is_no_data() {
        for measure in Measure::MAIN.into_iter().chain(Measure::MORE) {
            let figure = measure.figure(&Figures::default());
            assert_eq!(
                figure,
                Figure {
                    amount: None,
                    n: 0,
                    interval: None,
                    grade: None
                },
                "{measure:?}"
            );
        }
    }

    #[test]
    fn figures_carry_n_interval_and_grade() {
        let interval = Interval {
            low: 0.2366,
            high: 0.7634,
        };
        let visibility = Measure::Visibility.figure(&figures(&sums(5, 10), Some(interval)));
        assert_eq!(visibility.amount, Some(Amount::Share(0.5)));
        assert_eq!(visibility.n, 10);
        assert_eq!(visibility.grade, Some(Grade::Directional));
        assert_eq!(visibility.interval, Some(interval));
    }

    #[test]
    fn places_are_counted_over_ranked_answers() {
        let ranked = SnapshotSums {
            rank_sum: 10,
            rank_count: 4,
            top3: 3,
            ..sums(8, 20)
        };
        let ranked = figures(&ranked, None);
        let position = Measure::AveragePosition.figure(&ranked);
        assert_eq!(
            position
                .amount
                .map(|amount| amount.words(Language::English)),
            Some("2.5".to_owned())
        );
        assert_eq!(position.n, 4);
        assert_eq!(position.grade, None);
        assert_eq!(
            Measure::TopThree.figure(&ranked).amount,
            Some(Amount::Share(0.15))
        );
    }
}
