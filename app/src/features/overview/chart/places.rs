//! Where days and series stand on the axis of a chart over time.

use chrono::NaiveDate;

use crate::model::language::Language;
use crate::order;
use crate::words::dates;

/// Fewer points than this are no trend and get no line.
pub const POINTS_OF_A_TREND: usize = 4;

/// Where a day and a series stand on the axis: one place a day for lines; where points alone
/// are drawn, one place a series and day, so that their intervals do not cover each other.
pub(super) struct Places {
    days: Vec<NaiveDate>,
    step: usize,
    /// Whether there are days enough for lines.
    pub(super) is_trend: bool,
}

impl Places {
    /// The places of so many series with points on these days; `None` where there is no point
    /// at all.
    pub(super) fn new(mut days: Vec<NaiveDate>, series: usize) -> Option<Self> {
        order::sort(&mut days, Ord::cmp);
        days.dedup();
        let (first, last) = (*days.first()?, *days.last()?);
        let is_trend = days.len() >= POINTS_OF_A_TREND;
        if is_trend {
            // A line needs the true distances, so days without answers have a place as well.
            days = first.iter_days().take_while(|day| *day <= last).collect();
        }
        let step = if is_trend { 1 } else { series + 2 };
        Some(Self {
            days,
            step,
            is_trend,
        })
    }

    /// Where a series has its point of a day.
    pub(super) fn of(&self, day: NaiveDate, series: usize) -> Option<i64> {
        let day = self.days.binary_search(&day).ok()?;
        let offset = if self.is_trend { 0 } else { series + 1 };
        i64::try_from(day * self.step + offset).ok()
    }

    /// Where a day begins.
    pub(super) fn begin(&self, day: NaiveDate) -> Option<i64> {
        let place = self.of(day, 0)?;
        Some(if self.is_trend { place } else { place - 1 })
    }

    /// What is written below the axis, at the middle of each day.
    pub(super) fn axis_names(&self, language: Language) -> Vec<String> {
        let mut names = vec![String::new(); self.days.len() * self.step];
        for (index, day) in self.days.iter().enumerate() {
            names[index * self.step + self.step / 2] = dates::short_day(language, *day);
        }
        names
    }
}
