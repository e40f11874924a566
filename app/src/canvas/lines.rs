//! Lines over time: what a chart of them shows, as plain values. How it is laid out, drawn and said
//! stands in the modules below.
//!
//! Invariant: pure, so that all of it is tested without a browser.

pub mod axis;
pub mod drawing;
pub mod frame;
pub mod labels;
pub mod said;

use chrono::{Days, NaiveDate};

use crate::model::ids::NoteId;
use crate::model::metrics::Interval;
use crate::model::overview::Bucket;
use crate::order;

/// Fewer points than this are no trend: dots with their intervals are drawn in place of lines.
pub const POINTS_OF_A_TREND: usize = 4;

/// In which unit the values are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A share of 0 to 1, shown in percent.
    #[default]
    Percent,
    /// A mean place: 1 is the best and stands on top.
    Places,
    /// A balance of -1 to 1, shown from -100 to +100.
    Score,
}

impl Kind {
    /// A value as the axis has it.
    pub const fn drawn(self, value: f64) -> f64 {
        match self {
            Self::Percent | Self::Score => value * 100.0,
            Self::Places => value,
        }
    }
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartPoint {
    /// In the unit of the chart's [`Kind`].
    pub value: f64,
    /// The 95 % interval of exactly this value, in the same unit; `None`: too little to tell.
    pub interval: Option<Interval>,
    /// Out of how many it is counted.
    pub n: i64,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartLine {
    /// What it is of, as a word: `entity-3`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its place in the stored order, which is its colour everywhere: 1 is the first one, the
    /// brand's line has a colour of its own.
    pub slot: u8,
    /// Whether it is the brand's.
    pub is_you: bool,
    /// One a bucket; `None`: no data.
    pub points: Vec<Option<ChartPoint>>,
}

impl ChartLine {
    /// The first and the last value.
    pub fn ends(&self) -> Option<(ChartPoint, ChartPoint)> {
        let mut points = self.points.iter().flatten();
        let first = points.next()?;
        Some((*first, *points.next_back().unwrap_or(first)))
    }

    /// Where its last value is.
    pub fn last_place(&self) -> Option<usize> {
        self.points.iter().rposition(Option::is_some)
    }

    /// Whether the value at a place has no neighbour to draw a line to.
    pub fn stands_alone(&self, place: usize) -> bool {
        let is_there = |place: usize| self.points.get(place).is_some_and(Option::is_some);
        let has_before = place.checked_sub(1).is_some_and(is_there);
        is_there(place) && !has_before && !is_there(place + 1)
    }
}

/// Something that happened, with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartNote {
    /// The same for the same event in every period.
    pub id: String,
    /// Its number on the chart, from 1.
    pub number: usize,
    /// The bucket that it falls into.
    pub place: usize,
    /// Its day.
    pub day: NaiveDate,
    /// What happened.
    pub text: String,
    /// The note, where somebody has written it.
    pub written: Option<NoteId>,
}

/// A chart of lines over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChartModel {
    /// In which unit the values are.
    pub kind: Kind,
    /// What a place on the axis is.
    pub bucket: Bucket,
    /// The day that each place on the axis stands for; the whole period.
    pub buckets: Vec<NaiveDate>,
    /// The last day of the period.
    pub until: NaiveDate,
    /// Answers in each bucket; 0: none.
    pub answers: Vec<i64>,
    /// The lines.
    pub lines: Vec<ChartLine>,
    /// What happened.
    pub notes: Vec<ChartNote>,
    /// Days of the period that have answers.
    pub days_with_answers: i64,
    /// Days of the period.
    pub days: i64,
}

impl ChartModel {
    /// The brand's line.
    pub fn yours(&self) -> Option<&ChartLine> {
        self.lines.iter().find(|line| line.is_you)
    }

    /// The only line that an interval is drawn around: the brand's, or the one that is alone.
    pub fn with_band(&self) -> Option<&ChartLine> {
        match self.lines.as_slice() {
            [line] => Some(line),
            _ => self.yours(),
        }
    }

    /// Whether there are too few points for lines.
    pub fn is_sparse(&self) -> bool {
        let longest = self
            .lines
            .iter()
            .map(|line| line.points.iter().flatten().count())
            .max();
        longest.unwrap_or_default() < POINTS_OF_A_TREND
    }

    /// The buckets without answers that lie side by side, each with the first and the last of
    /// them.
    pub fn gaps(&self) -> Vec<(usize, usize)> {
        let mut gaps: Vec<(usize, usize)> = Vec::new();
        for (place, answers) in self.answers.iter().enumerate() {
            if *answers > 0 {
                continue;
            }
            match gaps.last_mut() {
                Some((_, last)) if *last + 1 == place => *last = place,
                _ => gaps.push((place, place)),
            }
        }
        gaps
    }

    /// The first and the last day that the buckets between two places stand for.
    pub fn days_between(&self, one: usize, other: usize) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = (one.min(other), one.max(other));
        let from = *self.buckets.get(first)?;
        let day_before = |day: &NaiveDate| day.checked_sub_days(Days::new(1));
        let to = match self.buckets.get(last + 1) {
            Some(next) => day_before(next)?,
            None => self.until,
        };
        Some((from, to.max(from)))
    }

    /// The place of the bucket that holds a day.
    pub fn place_of(&self, day: NaiveDate) -> Option<usize> {
        if day > self.until {
            return None;
        }
        self.buckets
            .partition_point(|bucket| *bucket <= day)
            .checked_sub(1)
    }

    /// The lines that have a value at a place, the best first, each with that value.
    pub fn at(&self, place: usize) -> Vec<(&ChartLine, ChartPoint)> {
        let mut found: Vec<(&ChartLine, ChartPoint)> = self
            .lines
            .iter()
            .filter_map(|line| Some((line, (*line.points.get(place)?)?)))
            .collect();
        order::sort(&mut found, |(_, one), (_, other)| match self.kind {
            Kind::Places => one.value.total_cmp(&other.value),
            Kind::Percent | Kind::Score => other.value.total_cmp(&one.value),
        });
        found
    }
}

/// A count as a number to reckon with. No axis has more places than fit into 32 bits.
pub(crate) fn counted(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
    }

    pub(crate) fn point(value: f64, low: f64, high: f64) -> ChartPoint {
        ChartPoint {
            value,
            interval: Some(Interval { low, high }),
            n: 280,
        }
    }

    pub(crate) fn line(id: &str, slot: u8, points: Vec<Option<ChartPoint>>) -> ChartLine {
        ChartLine {
            id: id.to_owned(),
            name: format!("Name {id}"),
            slot,
            is_you: slot == 0,
            points,
        }
    }

    /// Six days from 1 November on, of which the fourth has no answers.
    pub(crate) fn model() -> ChartModel {
        let yours = vec![
            Some(point(0.60, 0.55, 0.66)),
            Some(point(0.61, 0.55, 0.66)),
            Some(point(0.64, 0.58, 0.69)),
            None,
            Some(point(0.62, 0.57, 0.68)),
            Some(point(0.68, 0.62, 0.73)),
        ];
        let theirs = vec![
            Some(point(0.58, 0.52, 0.63)),
            Some(point(0.57, 0.52, 0.63)),
            Some(point(0.70, 0.64, 0.75)),
            None,
            Some(point(0.55, 0.50, 0.61)),
            None,
        ];
        ChartModel {
            kind: Kind::Percent,
            bucket: Bucket::Day,
            buckets: (1..=6).map(|number| day(11, number)).collect(),
            until: day(11, 6),
            answers: vec![280, 280, 280, 0, 280, 140],
            lines: vec![line("entity-1", 0, yours), line("entity-2", 1, theirs)],
            notes: vec![ChartNote {
                id: "seam".to_owned(),
                number: 1,
                place: 2,
                day: day(11, 3),
                text: "3 Nov: another model answers".to_owned(),
                written: None,
            }],
            days_with_answers: 5,
            days: 6,
        }
    }

    #[test]
    fn buckets_without_answers_are_ranges() {
        let mut model = model();
        assert_eq!(model.gaps(), [(3, 3)]);
        model.answers = vec![0, 0, 5, 0, 0, 0];
        assert_eq!(model.gaps(), [(0, 1), (3, 5)]);
        model.answers = vec![1; 6];
        assert!(model.gaps().is_empty());
    }

    #[test]
    fn few_points_are_no_trend() {
        let mut model = model();
        assert!(!model.is_sparse());
        for line in &mut model.lines {
            line.points.truncate(3);
        }
        assert!(model.is_sparse());
        assert!(ChartModel::default().is_sparse());
    }

    #[test]
    fn a_range_of_buckets_is_whole_days() {
        let mut model = model();
        assert_eq!(model.days_between(4, 1), Some((day(11, 2), day(11, 5))));
        assert_eq!(model.days_between(5, 5), Some((day(11, 6), day(11, 6))));
        model.bucket = Bucket::Week;
        model.buckets = vec![day(11, 4), day(11, 9), day(11, 16)];
        model.until = day(11, 18);
        assert_eq!(model.days_between(1, 2), Some((day(11, 9), day(11, 18))));
        assert_eq!(model.days_between(0, 0), Some((day(11, 4), day(11, 8))));
        assert_eq!(model.place_of(day(11, 15)), Some(1));
        assert_eq!(model.place_of(day(11, 18)), Some(2));
        assert_eq!(model.place_of(day(11, 19)), None);
        assert_eq!(model.place_of(day(11, 1)), None);
    }

    #[test]
    fn all_lines_of_a_place_come_by_value() {
        let mut model = model();
        let names = |model: &ChartModel, place| -> Vec<String> {
            let found = model.at(place);
            found.iter().map(|(line, _)| line.id.clone()).collect()
        };
        assert_eq!(names(&model, 2), ["entity-2", "entity-1"]);
        assert_eq!(names(&model, 5), ["entity-1"]);
        assert_eq!(names(&model, 3), Vec::<String>::new());
        // The first place is the best.
        model.kind = Kind::Places;
        assert_eq!(names(&model, 2), ["entity-1", "entity-2"]);
    }

    #[test]
    fn ends_and_points_without_neighbours() {
        let model = model();
        let theirs = &model.lines[1];
        let ends = theirs.ends().map(|(first, last)| (first.value, last.value));
        assert_eq!(ends, Some((0.58, 0.55)));
        assert_eq!(theirs.last_place(), Some(4));
        assert!(theirs.stands_alone(4));
        assert!(!theirs.stands_alone(0));
        assert!(!theirs.stands_alone(3));
    }
}
