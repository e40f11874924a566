//! The numbers of a project.

use std::collections::{BTreeMap, HashMap, HashSet};

use app::api::dashboard::DashboardPort;
use app::api::error::ApiError;
use app::model::comparison::{Comparison, ComparisonQuery, ProviderDay};
use app::model::dashboard::{Dashboard, DashboardQuery, Ends, PromptMap};
use app::model::ids::{ModelId, ProjectId, PromptId};
use app::model::metrics::{Metric, SnapshotSums};
use app::model::provider::Provider;
use app::texts::errors;
use async_trait::async_trait;
use chrono::NaiveDate;

use tokio::task::spawn_blocking;

use super::pooled::MadeOf;
use crate::auth::Viewer;
use crate::services::stamped_cache::StampedCache;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::sums::{Picked, Pooled};
use statistics::{self, Candidate, CellSums, PeriodSums};

/// Pages of numbers with what they were made of. Project ids are the instance's, so that no
/// page is another workspace's.
pub type Dashboards = StampedCache<DashboardQuery, MadeOf, Dashboard>;

/// What providers are compared by.
const COMPARED: [Metric; 4] = [
    Metric::Visibility,
    Metric::ShareOfVoice,
    Metric::AveragePosition,
    Metric::JudgedTone,
];

/// Days that one look may span.
const MAX_DAYS: i64 = 1_830;

impl Services {
    /// The numbers of a project over models that the host chose, or over all.
    pub async fn figures(&self, query: &DashboardQuery) -> Result<Dashboard, ApiError> {
        let shown = async {
            let by = self.viewer()?;
            let prompts = self.prompts_of(by, query).await?;
            self.sums(by, query, prompts.as_deref()).await
        };
        self.reply(shown.await)
    }

    /// The numbers of a project over models that were checked, and over the prompts of its tags.
    pub(super) async fn sums(
        &self,
        by: Viewer,
        query: &DashboardQuery,
        prompts: Option<&[PromptId]>,
    ) -> ServiceResult<Dashboard> {
        check_days(query.from, query.to)?;
        let store = &self.host.store;
        let stamp = store.sums_stamp(by.workspace(), query.project_id).await?;
        let made_of: MadeOf = (stamp, prompts.map(<[PromptId]>::to_vec));
        if let Some(shown) = self.host.dashboards.get(query, &made_of) {
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
                Picked {
                    models: &pooled.models,
                    prompts,
                },
                query.earlier(),
            )
            .await?;
        self.page_of(query, made_of, pooled.left_out, sums).await
    }

    /// The numbers that these sums make, which are kept.
    pub(super) async fn page_of(
        &self,
        query: &DashboardQuery,
        made_of: MadeOf,
        left_out: Vec<ModelId>,
        sums: PeriodSums,
    ) -> ServiceResult<Dashboard> {
        let asked = query.clone();
        // Thousands of draws: not on a thread that serves others.
        let shown = spawn_blocking(move || statistics::dashboard(&asked, sums))
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        let shown = Dashboard { left_out, ..shown };
        let kept = &self.host.dashboards;
        kept.put(query.clone(), made_of, shown.clone());
        Ok(shown)
    }
}

/// Whether one look may span these days.
pub(super) fn check_days(from: NaiveDate, to: NaiveDate) -> ServiceResult<()> {
    let days = (to - from).num_days() + 1;
    if (1..=MAX_DAYS).contains(&days) {
        Ok(())
    } else {
        Err(ServiceError::Field("to", errors::BAD_REQUEST))
    }
}

/// The best and the worst provider by each number that providers are compared by.
fn provider_ends(
    cells: &[CellSums],
    providers: &HashMap<ModelId, Provider>,
) -> Vec<(Metric, Ends<Provider>)> {
    let ends = |metric: Metric| {
        let mut sums: BTreeMap<Provider, BTreeMap<PromptId, SnapshotSums>> = BTreeMap::new();
        let counted = cells
            .iter()
            .filter(|cell| !(metric.is_plain() && cell.is_branded));
        for cell in counted {
            if let Some(provider) = providers.get(&cell.model) {
                let prompts = sums.entry(*provider).or_default();
                *prompts.entry(cell.prompt).or_default() += cell.sums;
            }
        }
        let contender = |(who, prompts)| Candidate { who, prompts };
        let contenders: Vec<Candidate<Provider>> = sums.into_iter().map(contender).collect();
        (metric, statistics::ends(&contenders, metric))
    };
    COMPARED.into_iter().map(ends).collect()
}

#[async_trait]
impl DashboardPort for Services {
    async fn dashboard(&self, query: DashboardQuery) -> Result<Dashboard, ApiError> {
        let shown = async {
            let by = self.viewer()?;
            let query = self.chosen(by, query, ("model_ids", "tags")).await?;
            let prompts = self.prompts_of(by, &query).await?;
            self.sums(by, &query, prompts.as_deref()).await
        };
        self.reply(shown.await)
    }

    async fn prompt_map(&self, query: DashboardQuery) -> Result<PromptMap, ApiError> {
        let map = async {
            let by = self.viewer()?;
            check_days(query.from, query.to)?;
            let query = self.chosen(by, query, ("model_ids", "tags")).await?;
            let prompts = self.prompts_of(by, &query).await?;
            let store = &self.host.store;
            let pooled = store
                .pooled(by.workspace(), query.project_id, &query.model_ids)
                .await?;
            let query = DashboardQuery {
                model_ids: pooled.models,
                ..query
            };
            let map = store.prompt_map(by.workspace(), &query, prompts.as_deref());
            Ok(map.await?)
        };
        self.reply(map.await)
    }

    async fn answer_days(&self, project_id: ProjectId) -> Result<Vec<NaiveDate>, ApiError> {
        let days = async {
            let workspace = self.viewer()?.workspace();
            Ok(self.host.store.answer_days(workspace, project_id).await?)
        };
        self.reply(days.await)
    }

    async fn compared(&self, query: ComparisonQuery) -> Result<Comparison, ApiError> {
        let days = async {
            let by = self.viewer()?;
            check_days(query.from, query.to)?;
            let (store, period) = (&self.host.store, (query.from, query.to));
            let rows = store
                .comparison(by.workspace(), query.project_id, period, query.simulated)
                .await?;
            let pooled = self.pooled(by, query.project_id, &[], query.simulated);
            let Pooled { models, left_out } = pooled.await?;
            let cells = store
                .prompt_cells(by.workspace(), query.project_id, period, &models)
                .await?;
            let days: Vec<ProviderDay> = rows.into_iter().map(|row| row.compared).collect();
            // Who has no column is neither the best nor in anybody's way.
            let shown: HashSet<Provider> = days.iter().map(|day| day.provider).collect();
            let registry = store.models().await?;
            let providers: HashMap<ModelId, Provider> = registry
                .iter()
                .filter(|model| shown.contains(&model.provider))
                .map(|model| (model.id, model.provider))
                .collect();
            let ends = provider_ends(&cells, &providers);
            Ok(Comparison {
                days,
                ends,
                left_out,
            })
        };
        self.reply(days.await)
    }
}
