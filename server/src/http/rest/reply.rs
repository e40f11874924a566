//! What all answers have in common: `success`, dollars, percentages, periods.

use app::api::error::ApiError;
use app::model::metrics::Ratio;
use axum::Json;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::params::Period;
use crate::http::problem::Problem;
pub(super) use crate::usd::Usd;

/// An answer: `"success": true` and the fields of `T`.
#[derive(Serialize, ToSchema)]
pub(super) struct Success<T> {
    /// True.
    success: bool,
    #[serde(flatten)]
    data: T,
}

/// What a handler gives.
pub(super) type Reply<T> = Result<Json<Success<T>>, Problem>;

/// Wraps the fields of an answer.
pub(super) const fn success<T>(data: T) -> Json<Success<T>> {
    Json(Success {
        success: true,
        data,
    })
}

/// A share as a percentage with two decimals; nothing where there is nothing to divide by.
pub(super) fn percentage(share: Ratio) -> Option<f64> {
    share.percent().map(two_decimals)
}

/// A mean with two decimals; nothing where there is nothing to divide by.
pub(super) fn mean(sum: Ratio) -> Option<f64> {
    sum.value().map(two_decimals)
}

/// Rounded to four decimals: as exact as a percentage with two.
pub(super) fn four_decimals(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Rounded to two decimals.
pub(super) fn two_decimals(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Field errors under the names that REST has for the fields.
pub(super) fn with_fields(mut error: ApiError, name: impl Fn(&str) -> String) -> Problem {
    for field in &mut error.fields {
        field.field = name(&field.field);
    }
    Problem(error)
}

/// Days, both of which count.
#[derive(Serialize, ToSchema)]
#[schema(as = Period)]
pub(super) struct PeriodView {
    pub(super) start_date: NaiveDate,
    pub(super) end_date: NaiveDate,
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> Self {
        Self {
            start_date: period.from,
            end_date: period.to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_divide_by_is_no_number() {
        assert_eq!(percentage(Ratio::new(0, 0)), None);
        assert_eq!(percentage(Ratio::new(1, 3)), Some(33.33));
        assert_eq!(mean(Ratio::new(7, 2)), Some(3.5));
    }
}
