//! Snapshots one by one, as programs read them.
//!
//! Invariant: reads only.

use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use app::model::metrics::SnapshotSums;
use app::model::provider::Provider;
use chrono::NaiveDate;
use sea_orm::Value;

use super::columns::or_none;
use super::pooled::Surface;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

/// Which snapshots of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotFilter {
    /// The project.
    pub project_id: ProjectId,
    /// First day, in the workspace's time zone.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Only those of this provider's models.
    pub provider: Option<Provider>,
    /// Which of real and made-up answers.
    pub surfaces: Surfaces,
}

/// Which of real and made-up answers a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Surfaces {
    /// The real ones, once there are some.
    #[default]
    RealFirst,
    /// Only what the simulator made up.
    MadeUp,
    /// Both, each in rows of its own.
    Both,
}

/// Which part of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotPage {
    /// Rows at most; `None`: all.
    pub limit: Option<i64>,
    /// Rows to leave out at the beginning.
    pub offset: i64,
}

impl SnapshotPage {
    /// Every row.
    pub const ALL: Self = Self {
        limit: None,
        offset: 0,
    };
}

record! {
    /// The sums of one project, model and day.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SnapshotRow {
        /// Id.
        pub id: i64 = "s.id",
        /// The model.
        pub model_id: ModelId = "s.model_id",
        /// Its provider.
        pub provider: Provider = "s.llm_provider",
        /// Its name for people.
        pub model_name: String = "m.model_display_name",
        /// Day, in the workspace's time zone.
        pub day: NaiveDate = "s.snapshot_date",
        /// Sums.
        pub sums: SnapshotSums as "s.",
        /// Those over prompts that do not name the brand.
        pub plain: SnapshotSums as "n." in or_none,
    } later {
        /// The names that it answered under, by name.
        pub served: Vec<String>,
    }
}

/// Rows and how many there are on all pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshots {
    /// The newest day first, by provider and model.
    pub rows: Vec<SnapshotRow>,
    /// On all pages.
    pub total: i64,
}

impl Store {
    /// Snapshots of a project and period.
    pub async fn snapshots(
        &self,
        workspace_id: WorkspaceId,
        filter: &SnapshotFilter,
        page: SnapshotPage,
    ) -> StoreResult<Snapshots> {
        let surface = match filter.surfaces {
            Surfaces::Both => None,
            of => {
                let made_up = of == Surfaces::MadeUp;
                self.surface(workspace_id, filter.project_id, made_up)
                    .await?
            }
        };
        project_exists(self.reader(), workspace_id, filter.project_id).await?;
        let mut condition =
            "r.project_id = $1 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3".to_owned();
        let mut values: Vec<Value> = vec![
            filter.project_id.0.into(),
            filter.from.into(),
            filter.to.into(),
        ];
        condition.push_str(&Surface::condition(surface, "s"));
        if let Some(provider) = filter.provider {
            condition.push_str(" AND s.llm_provider = $4");
            values.push(provider.slug().into());
        }
        let sql = format!("SELECT COUNT(*) FROM {FROM} AND {condition}");
        let total = rows::value(self.reader(), sql, values.clone())
            .await?
            .unwrap_or(0);
        // Numbers of our own, so they may stand in the text.
        let part = page.limit.map_or_else(String::new, |limit| {
            format!(" LIMIT {limit} OFFSET {}", page.offset)
        });
        let rest = format!(
            "FROM {FROM} AND {condition} \
             ORDER BY s.snapshot_date DESC, s.llm_provider, s.model_id{part}"
        );
        let mut rows: Vec<SnapshotRow> = rows::select(self.reader(), rest, values).await?;
        self.add_served(workspace_id, filter.project_id, &mut rows)
            .await?;
        Ok(Snapshots { rows, total })
    }

    /// The snapshots of the newest day on which each provider answered.
    pub async fn latest_snapshots(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<SnapshotRow>> {
        let surface = self.surface(workspace_id, project, false).await?;
        let rest = format!(
            "FROM {FROM} AND r.project_id = $1{} AND s.answers > 0 AND s.snapshot_date = (SELECT MAX(t.snapshot_date) \
             FROM llm_monitoring_snapshots t WHERE t.revision_id = s.revision_id \
             AND t.prompts = 'all' AND t.llm_provider = s.llm_provider AND t.answers > 0) \
             ORDER BY s.llm_provider, s.model_id",
            Surface::condition(surface, "s")
        );
        rows::select(self.reader(), rest, [project.0.into()]).await
    }

    /// Tells under which names each model answered on its day.
    async fn add_served(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        snapshots: &mut [SnapshotRow],
    ) -> StoreResult<()> {
        let mut names = self.served_names(workspace_id, project).await?;
        for row in snapshots {
            let of_day = names.remove(&(row.model_id, row.day)).unwrap_or_default();
            row.served = of_day.into_iter().map(|(_, served)| served).collect();
        }
        Ok(())
    }
}

/// The snapshots that are shown: the active revision's over all prompts, beside those over
/// prompts that do not name the brand (`n`).
const FROM: &str = "llm_monitoring_snapshots s \
    JOIN llm_model_registry m ON m.id = s.model_id \
    JOIN llm_monitoring_revisions r ON r.id = s.revision_id AND r.status = 'active' \
    LEFT JOIN llm_monitoring_snapshots n ON n.revision_id = s.revision_id \
        AND n.model_id = s.model_id AND n.snapshot_date = s.snapshot_date AND n.prompts = 'plain' \
    WHERE s.prompts = 'all'";
