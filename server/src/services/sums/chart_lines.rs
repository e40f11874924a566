//! From the sums of lines to the points of a chart.
//!
//! Invariant: pure; the same sums give the same lines.

use app::model::metrics::Interval;
use app::model::overview::{
    Bucket, ChartMetric, FIRST_LINES, LineKey, LineName, MOST_LINES, SeriesLine, SeriesPoint, Span,
};
use chrono::{Datelike, Days, NaiveDate};
use statistics::{Moments, Scale};

/// The places on the axis.
pub(super) struct Axis {
    places: Vec<Place>,
}

/// One place.
struct Place {
    /// The day that it is called by.
    day: NaiveDate,
    /// The day that its sums are found by.
    of_sums: NaiveDate,
    /// Answers in it.
    answers: i64,
}

impl Axis {
    /// The axis of a period with its answers by day, the first first.
    pub(super) fn new(
        bucket: Bucket,
        (from, to): (NaiveDate, NaiveDate),
        answers: &[(NaiveDate, i64)],
    ) -> Self {
        let within = |span: Span| -> i64 {
            let first = answers.partition_point(|(day, _)| *day < span.from);
            let behind = answers.partition_point(|(day, _)| *day <= span.to);
            answers[first..behind].iter().map(|(_, count)| *count).sum()
        };
        let place = |span: Span| {
            let is_mean = bucket == Bucket::SevenDays;
            let own = Span {
                from: span.to,
                to: span.to,
            };
            // A day without answers is a gap, whatever came before it.
            let is_gap = is_mean && within(own) == 0;
            Place {
                day: if is_mean { span.to } else { span.from },
                of_sums: day_of_sums(bucket, span),
                answers: if is_gap { 0 } else { within(span) },
            }
        };
        let spans = bucket.spans(from, to);
        Self {
            places: spans.into_iter().map(place).collect(),
        }
    }

    /// The days that places are called by.
    pub(super) fn days(&self) -> Vec<NaiveDate> {
        self.places.iter().map(|place| place.day).collect()
    }

    /// Answers in each.
    pub(super) fn answers(&self) -> Vec<i64> {
        self.places.iter().map(|place| place.answers).collect()
    }

    /// The points of a line, of which `moments` gives the sums.
    pub(super) fn points(
        &self,
        metric: ChartMetric,
        moments: impl Fn(NaiveDate) -> Option<Moments>,
    ) -> Vec<Option<SeriesPoint>> {
        let point = |place: &Place| {
            let found = moments(place.of_sums).filter(|_| place.answers > 0)?;
            point(metric, &found)
        };
        self.places.iter().map(point).collect()
    }
}

/// The day that the database gives a place.
fn day_of_sums(bucket: Bucket, span: Span) -> NaiveDate {
    let found = match bucket {
        Bucket::Day | Bucket::SevenDays => Some(span.to),
        Bucket::Week => {
            let since = Days::new(u64::from(span.from.weekday().num_days_from_monday()));
            span.from.checked_sub_days(since)
        }
        Bucket::Month => span.from.with_day(1),
    };
    found.unwrap_or(span.from)
}

/// What kind of ratio a chart shows.
const fn scale(metric: ChartMetric) -> Scale {
    match metric {
        ChartMetric::Visibility | ChartMetric::ShareOfVoice | ChartMetric::Citations => {
            Scale::Share
        }
        ChartMetric::Position => Scale::Mean,
        ChartMetric::Sentiment => Scale::Balance,
    }
}

fn point(metric: ChartMetric, moments: &Moments) -> Option<SeriesPoint> {
    let value = moments.sums.value()?;
    let interval = moments
        .interval_on(scale(metric))
        .map(|found| match metric {
            // Of few ranks it may reach below the first place.
            ChartMetric::Position => Interval {
                low: found.low.max(1.0).min(value),
                high: found.high,
            },
            _ => found,
        });
    Some(SeriesPoint {
        numerator: moments.sums.numerator,
        denominator: moments.sums.denominator,
        interval,
    })
}

/// A line that can be drawn.
pub(super) struct Candidate {
    /// What it is of.
    pub(super) key: LineKey,
    /// Its name.
    pub(super) name: String,
    /// Whether it is the brand's.
    pub(super) is_you: bool,
    /// Its place in the stored order.
    pub(super) place: usize,
    /// Its points.
    pub(super) points: Vec<Option<SeriesPoint>>,
}

impl Candidate {
    fn slot(&self) -> u8 {
        u8::try_from(self.place).unwrap_or(u8::MAX)
    }

    /// By what lines are chosen: what is counted most.
    fn weight(&self) -> (i64, i64) {
        let points = || self.points.iter().flatten();
        let counted = points().map(|point| point.numerator).sum();
        (counted, points().map(|point| point.denominator).sum())
    }

    fn last(&self) -> Option<f64> {
        let last = self.points.iter().flatten().next_back();
        last.and_then(|point| point.ratio().value())
    }
}

/// The lines that are drawn, and the names of the others: those of `keys`, or where there are none
/// the brand and those that are counted most.
pub(super) fn drawn(
    metric: ChartMetric,
    candidates: Vec<Candidate>,
    keys: &[LineKey],
) -> (Vec<SeriesLine>, Vec<LineName>) {
    let chosen: Vec<LineKey> = if keys.is_empty() {
        let mut by_weight: Vec<&Candidate> = candidates.iter().collect();
        by_weight.sort_by_key(|candidate| {
            let (counted, of) = candidate.weight();
            (!candidate.is_you, -counted, -of, candidate.place)
        });
        let first = by_weight.into_iter().take(FIRST_LINES);
        first.map(|candidate| candidate.key.clone()).collect()
    } else {
        keys.iter().take(MOST_LINES).cloned().collect()
    };
    let (mut taken, others): (Vec<Candidate>, Vec<Candidate>) = candidates
        .into_iter()
        .partition(|candidate| chosen.contains(&candidate.key));
    // The first place is the least number.
    let sign = match metric {
        ChartMetric::Position => 1.0,
        _ => -1.0,
    };
    let place = |candidate: &Candidate| candidate.last().map_or(f64::INFINITY, |last| sign * last);
    taken.sort_by(|one, other| {
        let by_brand = other.is_you.cmp(&one.is_you);
        by_brand.then_with(|| place(one).total_cmp(&place(other)))
    });
    let line = |candidate: Candidate| SeriesLine {
        slot: candidate.slot(),
        key: candidate.key,
        name: candidate.name,
        is_you: candidate.is_you,
        points: candidate.points,
    };
    let name = |candidate: Candidate| LineName {
        slot: candidate.slot(),
        key: candidate.key,
        name: candidate.name,
        is_you: candidate.is_you,
    };
    (
        taken.into_iter().map(line).collect(),
        others.into_iter().map(name).collect(),
    )
}

#[cfg(test)]
mod tests {
    use app::model::ids::EntityId;
    use app::model::metrics::Ratio;

    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).expect("a day")
    }

    /// 9 November 2026 is a Monday.
    #[test]
    fn the_axis_is_the_whole_period() {
        let answers = [(day(3), 4), (day(5), 2), (day(9), 1)];
        let days = Axis::new(Bucket::Day, (day(4), day(6)), &answers);
        assert_eq!(days.days(), [day(4), day(5), day(6)]);
        assert_eq!(days.answers(), [0, 2, 0]);
        let weeks = Axis::new(Bucket::Week, (day(4), day(10)), &answers);
        assert_eq!(weeks.days(), [day(4), day(9)]);
        assert_eq!(weeks.answers(), [2, 1]);
        let sums: Vec<NaiveDate> = weeks.places.iter().map(|place| place.of_sums).collect();
        assert_eq!(sums, [day(2), day(9)]);
        let means = Axis::new(Bucket::SevenDays, (day(8), day(9)), &answers);
        assert_eq!(means.days(), [day(8), day(9)]);
        assert_eq!(means.answers(), [0, 7]);
    }

    #[test]
    fn an_interval_surrounds_its_own_value() {
        let clusters = [[3, 3], [2, 2], [4, 3], [1, 1]].map(|[k, n]| Ratio::new(k, n));
        for metric in ChartMetric::ALL {
            let found = point(*metric, &Moments::of(&clusters)).expect("a point");
            let value = found.ratio().value().expect("a value");
            if *metric == ChartMetric::Position {
                let interval = found.interval.expect("an interval");
                assert!(interval.holds(value) && interval.low >= 1.0);
            }
        }
        for counts in [[[0, 4], [0, 3]], [[4, 4], [3, 3]], [[1, 4], [3, 3]]] {
            let clusters = counts.map(|[k, n]| Ratio::new(k, n));
            let found = point(ChartMetric::Visibility, &Moments::of(&clusters)).expect("a point");
            let value = found.ratio().value().expect("a value");
            assert!(found.interval.expect("an interval").holds(value));
        }
    }

    fn candidate(id: i64, place: usize, counted: i64) -> Candidate {
        Candidate {
            key: LineKey::Entity(EntityId(id)),
            name: format!("entity {id}"),
            is_you: place == 0,
            place,
            points: vec![
                Some(SeriesPoint {
                    numerator: counted,
                    denominator: 100,
                    interval: None,
                }),
                None,
            ],
        }
    }

    #[test]
    fn the_brand_and_the_most_named_are_drawn_first() {
        let all = || {
            let counts = [1, 50, 20, 70, 0, 30, 60, 10];
            let places = counts.into_iter().enumerate();
            places
                .map(|(place, counted)| {
                    candidate(i64::try_from(place).expect("small") + 1, place, counted)
                })
                .collect::<Vec<_>>()
        };
        let slots =
            |lines: &[SeriesLine]| -> Vec<u8> { lines.iter().map(|line| line.slot).collect() };
        let (lines, others) = drawn(ChartMetric::Visibility, all(), &[]);
        assert_eq!(slots(&lines), [0, 3, 6, 1, 5, 2]);
        let left: Vec<u8> = others.iter().map(|other| other.slot).collect();
        assert_eq!(left, [4, 7]);
        let keys = [EntityId(5), EntityId(3), EntityId(99)].map(LineKey::Entity);
        let (lines, _) = drawn(ChartMetric::Position, all(), &keys);
        assert_eq!(slots(&lines), [4, 2]);
    }
}
