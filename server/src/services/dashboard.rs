//! The numbers of a project.

use app::api::dashboard::DashboardPort;
use app::api::error::ApiError;
use app::model::dashboard::{Dashboard, DashboardQuery, PromptMap};
use app::texts::errors;
use async_trait::async_trait;

use tokio::task::spawn_blocking;

use super::{ServiceError, ServiceResult, Services};
use crate::auth::Viewer;
use crate::metrics;

/// Days that one look may span.
const MAX_DAYS: i64 = 1_830;

impl Services {
    async fn sums(&self, by: Viewer, query: &DashboardQuery) -> ServiceResult<Dashboard> {
        check_days(query)?;
        let store = &self.host.store;
        let sums = store
            .period_sums(
                by.workspace(),
                query.project_id,
                query.from,
                query.to,
                &query.model_ids,
            )
            .await?;
        let query = query.clone();
        // Thousands of draws: not on a thread that serves others.
        spawn_blocking(move || metrics::dashboard(&query, sums))
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))
    }
}

fn check_days(query: &DashboardQuery) -> ServiceResult<()> {
    let days = (query.to - query.from).num_days() + 1;
    if (1..=MAX_DAYS).contains(&days) {
        Ok(())
    } else {
        Err(ServiceError::Field("to", errors::BAD_REQUEST))
    }
}

#[async_trait]
impl DashboardPort for Services {
    async fn dashboard(&self, query: DashboardQuery) -> Result<Dashboard, ApiError> {
        self.reply(async { self.sums(self.viewer()?, &query).await }.await)
    }

    async fn prompt_map(&self, query: DashboardQuery) -> Result<PromptMap, ApiError> {
        let map = async {
            let by = self.viewer()?;
            check_days(&query)?;
            let store = &self.host.store;
            Ok(store.prompt_map(by.workspace(), &query).await?)
        };
        self.reply(map.await)
    }
}
