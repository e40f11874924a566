//! Visibility of all models together, day by day: what its interval is made of.
//!
//! Invariant: the database adds up, so that a day is one row however many prompts it has.

use app::model::ids::{ModelId, RevisionId};
use app::model::metrics::Ratio;
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, QueryResult};

use super::columns::{of_models, sum};
use crate::store::StoreResult;
use crate::store::sql::rows;
use statistics::{DayMoments, Moments};

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
    let sums = [
        "1",
        "p.mentions",
        "p.answers",
        "p.mentions * p.mentions",
        "p.mentions * p.answers",
        "p.answers * p.answers",
    ];
    let sql = format!(
        "SELECT p.day, {} FROM (SELECT r.day, r.query_id, {} AS mentions, {} AS answers \
             FROM llm_monitoring_rollups r WHERE r.revision_id = $1 AND r.day >= $2 \
             AND r.day <= $3 AND r.answers > 0{} GROUP BY r.day, r.query_id) p \
         GROUP BY p.day ORDER BY p.day",
        sums.map(sum).join(", "),
        sum("r.mentions"),
        sum("r.answers"),
        of_models("r", models)
    );
    let values = [revision.0.into(), from.into(), to.into()];
    let found = rows::all(connection, sql, values).await?;
    found.iter().map(moments).collect()
}

fn moments(row: &QueryResult) -> StoreResult<DayMoments> {
    let number = |index: usize| row.try_get_by_index::<i64>(index);
    Ok(DayMoments {
        day: row.try_get_by_index(0)?,
        visibility: Moments {
            clusters: number(1)?,
            sums: Ratio::new(number(2)?, number(3)?),
            numerator_squares: number(4)?,
            products: number(5)?,
            denominator_squares: number(6)?,
        },
    })
}
