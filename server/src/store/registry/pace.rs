//! How many asks a workspace's key and a model take at the same time, as far as it is known.

use app::model::ids::{ModelId, WorkspaceId};
use engine::{LaneScope, RouteLimits};
use sea_orm::ConnectionTrait;

use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

impl Store {
    /// Keeps how many asks the key and model of a lane take at the same time.
    pub async fn keep_window(&self, scope: &LaneScope, window: usize) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let sql = "INSERT INTO llm_monitoring_paces \
            (workspace_id, model_id, window_size, updated_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (workspace_id, model_id) DO UPDATE SET \
            window_size = excluded.window_size, updated_at = excluded.updated_at";
        let values = [
            scope.workspace.0.into(),
            scope.model.id.0.into(),
            i64::try_from(window).unwrap_or(i64::MAX).into(),
            self.clock().now().into(),
        ];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }
}

record! {
    /// Of workspace `$1`: the window learnt of model `$2`, and the limit of the key to `$3`.
    struct Limits {
        window: Option<i64> = "(SELECT p.window_size FROM llm_monitoring_paces p \
            WHERE p.workspace_id = $1 AND p.model_id = $2)",
        most: Option<i64> = "(SELECT k.max_in_flight FROM user_llm_api_keys k \
            WHERE k.workspace_id = $1 AND k.provider = $3)",
    }
}

/// What is known of the pace of a key and model.
pub(in crate::store) async fn learnt_limits(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    model: ModelId,
    provider: &str,
) -> StoreResult<RouteLimits> {
    let values = [workspace_id.0.into(), model.0.into(), provider.into()];
    let limits: Limits = rows::select_one(connection, "", values)
        .await?
        .ok_or(StoreError::NotFound)?;
    let number = |found: Option<i64>| found.and_then(|number| usize::try_from(number).ok());
    Ok(RouteLimits {
        learnt_window: number(limits.window),
        credential: number(limits.most),
    })
}
