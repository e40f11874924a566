//! The intervals of a day, kept with its snapshots.
//!
//! Invariant: they are a function of the day's rollups, and made whenever these are.

use app::model::metrics::Metric;
use app::model::project::PromptPart;
use sea_orm::{DatabaseTransaction, Value};
use tokio::task;

use super::series::Series;
use crate::store::sql::rows;
use crate::store::{StoreError, StoreResult};
use statistics::{CellSums, Draws, intervals};

/// Makes the intervals of one model and day anew, whose sums by prompt are `cells`.
pub(super) async fn refresh(
    tx: &DatabaseTransaction,
    series: Series,
    cells: Vec<CellSums>,
) -> StoreResult<()> {
    // Some tens of milliseconds of computing, in which others go on.
    let drawn = task::spawn_blocking(move || draw(&cells)).await;
    let drawn = drawn.map_err(|error| StoreError::Corrupt(error.to_string()))??;
    for (prompts, json) in drawn {
        let sql = "UPDATE llm_monitoring_snapshots SET intervals = $5 WHERE revision_id = $1 \
            AND model_id = $2 AND snapshot_date = $3 AND prompts = $4";
        let values: [Value; 2] = [prompts.word().into(), json.into()];
        rows::execute(tx, sql, series.key().into_iter().chain(values)).await?;
    }
    Ok(())
}

/// The intervals of all numbers, for a file has all of them: over all prompts, over those that do
/// not name the brand, and over those that do, as JSON.
fn draw(cells: &[CellSums]) -> StoreResult<[(PromptPart, String); 3]> {
    let mut draws = Draws::default();
    let mut as_json = |cells: &[CellSums]| {
        serde_json::to_string(&intervals(&mut draws, cells, &Metric::ALL))
            .map_err(|error| StoreError::Corrupt(error.to_string()))
    };
    let of_all = as_json(cells)?;
    let (branded, plain): (Vec<CellSums>, Vec<CellSums>) =
        cells.iter().partition(|cell| cell.is_branded);
    // Most projects have no prompt that names the brand.
    let of_plain = if plain.len() == cells.len() {
        of_all.clone()
    } else {
        as_json(&plain)?
    };
    Ok([
        (PromptPart::All, of_all),
        (PromptPart::Plain, of_plain),
        (PromptPart::Branded, as_json(&branded)?),
    ])
}
