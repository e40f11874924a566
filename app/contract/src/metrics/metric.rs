//! The numbers that are shown, by name, and the grades that go with them.
//!
//! Invariant: a number is a ratio of the same sums wherever it is shown.

use serde::{Deserialize, Serialize};

use super::{Grade, Ratio, SnapshotSums};

/// A number that is a ratio of sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Answers that mention the brand / answers.
    Visibility,
    /// The brand's part of all mentions.
    ShareOfVoice,
    /// The same, each mention weighted by its rank.
    WeightedShareOfVoice,
    /// Mean rank where there is a real list.
    AveragePosition,
    /// Answers that rank the brand 1 to 3 / answers.
    TopThree,
    /// Answers that mention any entity / answers.
    InformativeRate,
    /// How early the text names the brand.
    Prominence,
    /// Net sentiment by the local rules.
    Tone,
    /// Recommendation rate by the local rules.
    Recommended,
    /// Net sentiment by a judge.
    JudgedTone,
    /// Recommendation rate by a judge.
    JudgedRecommended,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Visibility,
        Self::ShareOfVoice,
        Self::WeightedShareOfVoice,
        Self::AveragePosition,
        Self::TopThree,
        Self::InformativeRate,
        Self::Prominence,
        Self::Tone,
        Self::Recommended,
        Self::JudgedTone,
        Self::JudgedRecommended,
    ];

    /// Whether the number is counted over prompts that do not name the brand.
    pub const fn is_plain(self) -> bool {
        matches!(self, Self::ShareOfVoice | Self::WeightedShareOfVoice)
    }

    /// The number over these sums.
    pub const fn ratio(self, sums: &SnapshotSums) -> Ratio {
        match self {
            Self::Visibility => sums.visibility(),
            Self::ShareOfVoice => sums.share_of_voice(),
            Self::WeightedShareOfVoice => sums.weighted_share_of_voice(),
            Self::AveragePosition => sums.average_position(),
            Self::TopThree => sums.top3_rate(),
            Self::InformativeRate => sums.informative_rate(),
            Self::Prominence => sums.prominence(),
            Self::Tone => sums.tone.net(),
            Self::Recommended => sums.tone.recommendation_rate(),
            Self::JudgedTone => sums.judged.net(),
            Self::JudgedRecommended => sums.judged.recommendation_rate(),
        }
    }

    /// Over how many answers, mentions or ranks the number is.
    pub const fn n(self, sums: &SnapshotSums) -> i64 {
        match self {
            Self::WeightedShareOfVoice => sums.share_of_voice().denominator,
            Self::Prominence => sums.text_mentions,
            _ => self.ratio(sums).denominator,
        }
    }

    /// How many answers the number rests on: those that could have moved it. A brand is one
    /// mention an answer, so mentions are no answers.
    pub const fn answers(self, sums: &SnapshotSums) -> i64 {
        match self {
            Self::ShareOfVoice | Self::WeightedShareOfVoice => sums.informative,
            _ => self.n(sums),
        }
    }

    /// The half-width of an interval up to which the number is good enough to decide on: five
    /// points; of an average position half a place.
    pub const fn decisive_half_width(self) -> f64 {
        match self {
            Self::AveragePosition => 0.5,
            _ => 0.05,
        }
    }
}

/// What some numbers are worth; those without data are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grades(Vec<(Metric, Grade)>);

impl Grades {
    /// What a number is worth; `None`: no data, or it was not graded.
    pub fn get(&self, metric: Metric) -> Option<Grade> {
        let found = self.0.iter().find(|(known, _)| *known == metric);
        found.map(|(_, grade)| *grade)
    }
}

impl FromIterator<(Metric, Grade)> for Grades {
    fn from_iter<I: IntoIterator<Item = (Metric, Grade)>>(grades: I) -> Self {
        Self(grades.into_iter().collect())
    }
}
