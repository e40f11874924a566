//! How a number of a page moved since the earlier period, in words.
//!
//! Invariant: pure. What chance may have moved has neither a size nor a direction.

use super::amount::{Amount, points};
use super::dates::long_day;
use super::figure::Measure;
use super::numbers::{decimal, whole};
use crate::model::language::Language;
use crate::model::metrics::{Change, Interval, Verdict};
use crate::model::served::Seam;
use crate::texts::{dashboard, moved, overview as texts};

/// Whether a change is for the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Better, beyond noise.
    Better,
    /// Worse, beyond noise.
    Worse,
    /// Noise may have made it.
    Unclear,
}

/// A change in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Without an arrow: `9 points`, `no clear change`.
    pub words: String,
    /// Whether it is for the better.
    pub course: Course,
    /// What it is made of.
    pub explanation: String,
}

/// A change in words; `None`: there is nothing to compare.
pub fn said(language: Language, measure: Measure, change: &Change) -> Option<Said> {
    let is_up = change.verdict == Verdict::Up;
    let (words, course, means) = match (change.verdict, &change.seam) {
        (Verdict::NoData, None) => return None,
        (Verdict::NoData, Some(seam)) => {
            return Some(Said {
                words: dashboard::ANOTHER_MODEL.get(language).to_owned(),
                course: Course::Unclear,
                explanation: seam_words(language, seam),
            });
        }
        (Verdict::WithinNoise, _) => (
            texts::NO_CLEAR_CHANGE.get(language).to_owned(),
            Course::Unclear,
            dashboard::WITHIN_NOISE_MEANS,
        ),
        (Verdict::Up | Verdict::Down, _) => {
            // A greater number is a worse place.
            let is_better = is_up != (measure == Measure::AveragePosition);
            let course = if is_better {
                Course::Better
            } else {
                Course::Worse
            };
            let difference = change.difference.unwrap_or_default();
            let words = size(language, measure, difference, is_better);
            (words, course, dashboard::MOVED_MEANS)
        }
    };
    let amount = measure.amount()(0.0);
    let of = |difference| amount.difference_words(language, difference);
    let interval = change.interval.map_or_else(
        || dashboard::NO_INTERVAL.get(language).to_owned(),
        |Interval { low, high }| format!("{} … {}", of(low), of(high)),
    );
    let explanation = means.fill(
        language,
        &[
            ("difference", &of(change.difference.unwrap_or_default())),
            ("pairs", &whole(language, change.pairs)),
            ("interval", &interval),
        ],
    );
    Some(Said {
        words,
        course,
        explanation,
    })
}

/// How far a number moved, without a sign.
fn size(language: Language, measure: Measure, difference: f64, is_better: bool) -> String {
    if !matches!(measure.amount()(0.0), Amount::Place(_)) {
        let (points, is_one) = points(language, difference, None);
        let text = if is_one {
            moved::POINT_ONE
        } else {
            moved::POINTS
        };
        return text.fill(language, &[("points", &points)]);
    }
    let places = decimal(language, difference.abs(), 1);
    let is_one = places == decimal(language, 1.0, 1);
    let text = match (is_better, is_one) {
        (true, true) => texts::PLACE_BETTER_ONE,
        (true, false) => texts::PLACE_BETTER,
        (false, true) => texts::PLACE_WORSE_ONE,
        (false, false) => texts::PLACE_WORSE,
    };
    text.fill(language, &[("places", &places)])
}

fn seam_words(language: Language, seam: &Seam) -> String {
    dashboard::SEAM.fill(
        language,
        &[
            ("day", &long_day(language, seam.day)),
            ("served", &seam.served),
            ("asked", &seam.asked),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::English;
    const ES: Language = Language::Spanish;

    fn change(difference: f64, verdict: Verdict) -> Change {
        Change {
            difference: Some(difference),
            interval: Some(Interval {
                low: difference - 0.04,
                high: difference + 0.04,
            }),
            verdict,
            pairs: 20,
            ..Change::default()
        }
    }

    fn words(language: Language, measure: Measure, change: &Change) -> Option<(String, Course)> {
        said(language, measure, change).map(|said| (said.words, said.course))
    }

    #[test]
    fn shares_move_by_points() {
        let up = change(0.09, Verdict::Up);
        let down = change(-0.01, Verdict::Down);
        let share = Measure::Visibility;
        let expect = |words: &str, course| Some((words.to_owned(), course));
        assert_eq!(words(EN, share, &up), expect("9 points", Course::Better));
        assert_eq!(words(ES, share, &down), expect("1 punto", Course::Worse));
        let explanation = said(EN, share, &up).expect("a change").explanation;
        assert!(explanation.contains("20 pairs"), "{explanation}");
    }

    #[test]
    fn a_smaller_place_is_a_better_one() {
        let position = Measure::AveragePosition;
        let expect = |words: &str, course| Some((words.to_owned(), course));
        let down = change(-0.3, Verdict::Down);
        assert_eq!(
            words(EN, position, &down),
            expect("0.3 places better", Course::Better)
        );
        let up = change(1.0, Verdict::Up);
        assert_eq!(
            words(ES, position, &up),
            expect("1 puesto peor", Course::Worse)
        );
    }

    #[test]
    fn noise_has_no_size() {
        let noise = change(0.3, Verdict::WithinNoise);
        assert_eq!(
            words(EN, Measure::Tone, &noise),
            Some(("no clear change".to_owned(), Course::Unclear))
        );
        assert_eq!(words(EN, Measure::Tone, &Change::default()), None);
    }
}
