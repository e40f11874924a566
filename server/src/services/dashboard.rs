//! The numbers of a project.

use app::api::dashboard::DashboardPort;
use app::api::error::ApiError;
use app::model::comparison::{ComparisonQuery, ProviderDay};
use app::model::dashboard::{Dashboard, DashboardQuery, PromptMap};
use app::texts::errors;
use async_trait::async_trait;
use chrono::NaiveDate;

use tokio::task::spawn_blocking;

use super::kept::Kept;
use super::{ServiceError, ServiceResult, Services};
use crate::auth::Viewer;
use crate::metrics;
use crate::store::dashboard::SumsStamp;

/// Pages of numbers with what they were made of. Project ids are the instance's, so that no
/// page is another workspace's.
pub type Dashboards = Kept<DashboardQuery, SumsStamp, Dashboard>;

/// Days that one look may span.
const MAX_DAYS: i64 = 1_830;

impl Services {
    async fn sums(&self, by: Viewer, query: &DashboardQuery) -> ServiceResult<Dashboard> {
        check_days(query.from, query.to)?;
        let store = &self.host.store;
        let stamp = store.sums_stamp(by.workspace(), query.project_id).await?;
        let kept = &self.host.dashboards;
        if let Some(shown) = kept.get(query, &stamp) {
            return Ok(shown);
        }
        let pooled = store
            .pooled(by.workspace(), query.project_id, &query.model_ids)
            .await?;
        let sums = store
            .period_sums(
                by.workspace(),
                query.project_id,
                query.from,
                query.to,
                &pooled.models,
            )
            .await?;
        let asked = query.clone();
        // Thousands of draws: not on a thread that serves others.
        let shown = spawn_blocking(move || metrics::dashboard(&asked, sums))
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        let shown = Dashboard {
            left_out: pooled.left_out,
            ..shown
        };
        kept.put(query.clone(), stamp, shown.clone());
        Ok(shown)
    }
}

fn check_days(from: NaiveDate, to: NaiveDate) -> ServiceResult<()> {
    let days = (to - from).num_days() + 1;
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
            check_days(query.from, query.to)?;
            let store = &self.host.store;
            let pooled = store
                .pooled(by.workspace(), query.project_id, &query.model_ids)
                .await?;
            let query = DashboardQuery {
                model_ids: pooled.models,
                ..query
            };
            Ok(store.prompt_map(by.workspace(), &query).await?)
        };
        self.reply(map.await)
    }

    async fn compared(&self, query: ComparisonQuery) -> Result<Vec<ProviderDay>, ApiError> {
        let days = async {
            let by = self.viewer()?;
            check_days(query.from, query.to)?;
            let (store, period) = (&self.host.store, (query.from, query.to));
            let rows = store
                .comparison(by.workspace(), query.project_id, period, false)
                .await?;
            Ok(rows.into_iter().map(|row| row.compared).collect())
        };
        self.reply(days.await)
    }
}
