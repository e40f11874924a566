//! The days that a request is about.

use app::texts::errors;
use chrono::{Days as DayCount, NaiveDate};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::{Parameters, Reader, parameters};

/// Days of a period where the caller gives none.
const DEFAULT_DAYS: u64 = 30;
/// Days that one look may span.
const MAX_DAYS: i64 = 1_830;

parameters! {
    /// First and last day, each of which may be missing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::http::rest) struct Days {
        /// First day, in the workspace's time zone
        pub(in crate::http::rest) start_date: Option<NaiveDate>,
        /// Last day
        pub(in crate::http::rest) end_date: Option<NaiveDate>,
    } then check_order(start_date, end_date)
}

/// Notes days of which the last comes before the first.
pub(in crate::http::rest) fn check_order(
    reader: &mut Reader,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
) {
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        reader.note("end_date", errors::DATE_ORDER, &[]);
    }
}

/// [`Days`], both of which count; where one is missing, thirty days that end today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http::rest) struct Period {
    /// First day.
    pub(in crate::http::rest) from: NaiveDate,
    /// Last day.
    pub(in crate::http::rest) to: NaiveDate,
}

impl Period {
    /// First and last day.
    pub(in crate::http::rest) const fn days(self) -> (NaiveDate, NaiveDate) {
        (self.from, self.to)
    }
}

impl IntoParams for Period {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        Days::into_params(place)
    }
}

impl Parameters for Period {
    fn read(reader: &mut Reader) -> Option<Self> {
        let Days {
            start_date,
            end_date,
        } = Days::read(reader)?;
        let today = reader.today();
        let to = end_date.unwrap_or_else(|| start_date.map_or(today, |start| today.max(start)));
        let from = start_date.unwrap_or_else(|| {
            to.checked_sub_days(DayCount::new(DEFAULT_DAYS - 1))
                .unwrap_or(to)
        });
        if (to - from).num_days() >= MAX_DAYS {
            reader.note("start_date", errors::DATE_SPAN, &[("max", &MAX_DAYS)]);
        }
        Some(Self { from, to })
    }
}
