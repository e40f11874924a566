//! Providers and brands side by side, for programs.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use chrono::NaiveDate;

use crate::services::Services;
pub use crate::store::sums::{ComparisonRow, EntityDay, VoicesOf};

impl Services {
    /// The providers of a project side by side, the first day first.
    pub async fn comparison(
        &self,
        project_id: ProjectId,
        days: (NaiveDate, NaiveDate),
        simulated: bool,
    ) -> Result<Vec<ComparisonRow>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                Ok(store
                    .comparison(workspace, project_id, days, simulated)
                    .await?)
            }
            .await,
        )
    }

    /// Mentions of the brand and its competitors, the first day and the brand first.
    pub async fn voices_by_day(
        &self,
        project_id: ProjectId,
        days: (NaiveDate, NaiveDate),
        of: VoicesOf,
    ) -> Result<Vec<EntityDay>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                Ok(store.voices_by_day(workspace, project_id, days, of).await?)
            }
            .await,
        )
    }
}
