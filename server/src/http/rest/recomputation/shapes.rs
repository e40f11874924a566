//! What past answers cost, and would cost at the prices of the book.

use app::model::ids::ModelId;
use app::model::prices::Recomputed;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::Usd;

/// What past answers of a model cost, and what they would cost at the prices of their time as
/// they stand in the book now.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Recomputation {
    model_id: ModelId,
    /// Answers that were computed from their tokens.
    answers: i64,
    /// Answers that stay as they are.
    kept: i64,
    booked_usd: Usd,
    computed_usd: Usd,
    difference_usd: Usd,
}

impl Recomputation {
    pub(super) fn of(model_id: ModelId, found: Recomputed) -> Self {
        Self {
            model_id,
            answers: found.answers,
            kept: found.kept,
            booked_usd: Usd(found.booked),
            computed_usd: Usd(found.computed),
            difference_usd: Usd(found.difference()),
        }
    }
}

pub(super) fn period_field(field: &str) -> String {
    match field {
        "from" => "start_date",
        "to" => "end_date",
        other => other,
    }
    .to_owned()
}
