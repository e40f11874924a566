//! Asks that fail without being sent.

use analysis::DETECTOR_VERSION;
use app::model::provider::Provider;
use app::model::run::{AskState, CostKind};
use chrono::{DateTime, Utc};
use engine::LaneScope;
use providers::{ErrorClass, Outcome};
use sea_orm::{DatabaseTransaction, Value};

use crate::calendar;
use crate::store::StoreResult;
use crate::store::sql::encode::without_nul;
use crate::store::sql::rows;

/// Fails asks of the lane without sending them; each gets a row that says why, like every
/// failure. `condition` tells which. How many there were.
pub(super) async fn fail_asks(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    condition: &str,
    class: ErrorClass,
    message: &str,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    let sql = format!(
        "INSERT INTO llm_monitoring_results (workspace_id, project_id, run_id, lane_id, ask_id, \
         query_id, model_id, llm_provider, model_requested, analysis_date, analysis_day, outcome, \
         error_class, error_message, full_response, citations, search_requested, cost_nano_usd, \
         cost_kind, response_time_ms, simulated, detector_version) \
         SELECT a.workspace_id, $2, a.run_id, a.lane_id, a.id, a.query_id, $3, $4, $5, $6, $7, \
         '{failed}', $8, $9, '', '[]', $10, 0, $11, 0, $12, $13 FROM llm_monitoring_asks a \
         WHERE a.lane_id = $1 AND a.{condition} ORDER BY a.id",
        failed = Outcome::Failed,
    );
    let values: [Value; 13] = [
        scope.hold.lane.0.into(),
        scope.project.0.into(),
        scope.model.id.0.into(),
        scope.model.provider.slug().into(),
        scope.model.model_id.clone().into(),
        now.into(),
        calendar::day(scope.time_zone, now).into(),
        class.word().into(),
        without_nul(message).into(),
        scope.model.web_search.into(),
        CostKind::Computed.word().into(),
        (scope.model.provider == Provider::Simulator).into(),
        DETECTOR_VERSION.to_string().into(),
    ];
    rows::execute(tx, sql, values).await?;
    let sql = format!(
        "UPDATE llm_monitoring_asks SET state = '{}' WHERE lane_id = $1 AND {condition}",
        AskState::Failed
    );
    let failed = rows::execute(tx, sql, [scope.hold.lane.0.into()]).await?;
    Ok(count_u64(failed.rows_affected()))
}

/// How many rows a statement changed, as a column has it.
pub(super) fn count_u64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
