//! Snapshots one by one, for programs.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use app::model::money::Spend;

use crate::services::Services;
pub use crate::store::sums::{SnapshotFilter, SnapshotPage, SnapshotRow, Snapshots, Surfaces};

impl Services {
    /// Snapshots of a project and period.
    pub async fn snapshots(
        &self,
        filter: &SnapshotFilter,
        page: SnapshotPage,
    ) -> Result<Snapshots, ApiError> {
        self.reply(
            async {
                Ok(self
                    .host
                    .store
                    .snapshots(self.viewer()?.workspace(), filter, page)
                    .await?)
            }
            .await,
        )
    }

    /// What was paid in a period for a project beside what these snapshots of it cost.
    pub async fn spend_beside_snapshots(&self, filter: &SnapshotFilter) -> Result<Spend, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                Ok(store.spend_beside_snapshots(workspace, filter).await?)
            }
            .await,
        )
    }

    /// The snapshots of the newest day on which each provider answered.
    pub async fn latest_snapshots(
        &self,
        project_id: ProjectId,
    ) -> Result<Vec<SnapshotRow>, ApiError> {
        self.reply(
            async {
                Ok(self
                    .host
                    .store
                    .latest_snapshots(self.viewer()?.workspace(), project_id)
                    .await?)
            }
            .await,
        )
    }
}
