//! Visibility of all models together, day by day: what its interval is made of.
//!
//! Invariant: the database adds up, so that a day is one row however many prompts it has.

use app::model::ids::{ModelId, RevisionId};
use app::model::metrics::visibility;
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;

use super::columns::{of_models, sum};
use crate::store::StoreResult;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use statistics::{DayMoments, Moments};

record! {
    /// Sums over the prompts `p` of a day.
    struct PromptsOfDay {
        day: NaiveDate = "p.day",
        prompts: i64 = sum("1"),
        mentions: i64 = sum("p.mentions"),
        answers: i64 = sum("p.answers"),
        mention_squares: i64 = sum("p.mentions * p.mentions"),
        products: i64 = sum("p.mentions * p.answers"),
        answer_squares: i64 = sum("p.answers * p.answers"),
    }
}

/// The days of a period that have answers, the first first. None of a single model: its days
/// have intervals of their own.
pub(super) async fn day_moments(
    connection: &impl ConnectionTrait,
    revision: RevisionId,
    (from, to): (NaiveDate, NaiveDate),
    models: &[ModelId],
) -> StoreResult<Vec<DayMoments>> {
    if models.len() == 1 {
        return Ok(Vec::new());
    }
    let rest = format!(
        "FROM (SELECT r.day, r.query_id, {} AS mentions, {} AS answers \
             FROM llm_monitoring_rollups r WHERE r.revision_id = $1 AND r.day >= $2 \
             AND r.day <= $3 AND r.answers > 0{} GROUP BY r.day, r.query_id) p \
         GROUP BY p.day ORDER BY p.day",
        sum("r.mentions"),
        sum("r.answers"),
        of_models("r", models)
    );
    let values = [revision.0.into(), from.into(), to.into()];
    let found: Vec<PromptsOfDay> = rows::select(connection, rest, values).await?;
    Ok(found.into_iter().map(moments).collect())
}

fn moments(of: PromptsOfDay) -> DayMoments {
    DayMoments {
        day: of.day,
        visibility: Moments {
            clusters: of.prompts,
            sums: visibility(of.mentions, of.answers),
            numerator_squares: of.mention_squares,
            products: of.products,
            denominator_squares: of.answer_squares,
        },
    }
}
