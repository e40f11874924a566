//! The number that goes with a sentiment.

use serde::{Deserialize, Serialize};

/// How far an answer praises (to 1) or blames (to -1) an entity, in thousandths. It travels as
/// a number from -1 to 1.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "f64", into = "f64")]
pub struct Score(i32);

impl Score {
    /// From thousandths; what is beyond -1000 and 1000 is cut off.
    pub fn from_thousandths(thousandths: i32) -> Self {
        Self(thousandths.clamp(-1000, 1000))
    }

    /// In thousandths, from -1000 to 1000.
    pub const fn thousandths(self) -> i32 {
        self.0
    }
}

impl From<f64> for Score {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the number is within -1000 and 1000; what is no number becomes 0"
    )]
    fn from(score: f64) -> Self {
        Self((score.clamp(-1.0, 1.0) * 1000.0).round() as i32)
    }
}

impl From<Score> for f64 {
    fn from(score: Score) -> Self {
        Self::from(score.0) / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_keeps_three_digits_and_its_range() {
        for (given, kept) in [
            (0.2604, 260),
            (-1.0, -1000),
            (7.5, 1000),
            (f64::NAN, 0),
            (-0.0004, 0),
        ] {
            assert_eq!(Score::from(given).thousandths(), kept, "{given}");
        }
        assert_eq!(Score::from_thousandths(-4000).thousandths(), -1000);
        let json = serde_json::to_string(&Score::from(0.26)).expect("a number");
        assert_eq!(json, "0.26");
        let back: Score = serde_json::from_str(&json).expect("a score");
        assert_eq!(back.thousandths(), 260);
    }
}
