//! Runs: start, watch, cancel, ask again what failed.

use std::time::Duration;

use app::api::error::ApiError;
use app::api::runs::RunsPort;
use app::model::ids::{ModelId, ProjectId, RunId};
use app::model::provider::Provider;
use app::model::registry::ModelView;
use app::model::run::{Lately, RunView, RunsPage, Trigger};
use app::texts::{Text, errors};
use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::readiness::{is_any_paid, providers_without_key};
use crate::auth::Editor;
use crate::services::{Host, ServiceError, ServiceResult, Services};
use crate::store::projects::QuotaPassed;
use crate::store::runs::{PlanError, RetryPlan};

const RUNS_A_LIST: u64 = 50;

/// How long a run that has ended is still told of: longer than any window goes without a look.
const LATE: Duration = Duration::from_secs(30);

/// A model of a project that a run leaves out.
#[derive(Clone, Debug)]
pub struct EndedModel {
    /// The model.
    pub id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// Its name for people.
    pub name: String,
    /// When its provider took it away.
    pub ended_at: DateTime<Utc>,
}

/// A page of runs.
#[derive(Clone, Debug)]
pub struct RunPage {
    /// The newest first.
    pub runs: Vec<RunView>,
    /// On all pages.
    pub total: i64,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<RunId>,
}

impl Services {
    /// Plans a run; workers take it up at once.
    pub async fn plan_run(
        &self,
        by: Editor,
        project_id: ProjectId,
        trigger: Trigger,
    ) -> ServiceResult<RunView> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let project = store.project(workspace, project_id).await?.record;
        if !project.is_active {
            return Err(ServiceError::Conflict(errors::NOTHING_TO_ASK));
        }
        self.check_can_ask(by, &project.model_ids).await?;
        let run_id = store
            .plan_run(workspace, project_id, trigger, Some(by.user()))
            .await
            .map_err(|error| not_planned(error, errors::NOTHING_TO_ASK))?;
        self.host.waker.wake_workers(run_id).await;
        Ok(store.run(workspace, run_id).await?)
    }

    /// Has the asks of a run that failed asked again, by a run of their own: the same budgets,
    /// keys and quotas hold as for any. Asked twice, it gives the same run.
    async fn plan_retry(
        &self,
        by: Editor,
        run_id: RunId,
        trigger: Trigger,
    ) -> ServiceResult<RunView> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let failed = store.run(workspace, run_id).await?;
        if let Some(known) = failed.retried_by {
            return Ok(store.run(workspace, known).await?);
        }
        if !failed.status.is_over() {
            return Err(ServiceError::Conflict(errors::ALREADY_RUNNING));
        }
        let project = store.project(workspace, failed.project_id).await?.record;
        let models = store.models_to_retry(workspace, run_id).await?;
        if !project.is_active || models.is_empty() {
            return Err(ServiceError::Conflict(errors::NOTHING_TO_RETRY));
        }
        self.check_can_ask(by, &models).await?;
        let plan = RetryPlan {
            project: failed.project_id,
            run: run_id,
            trigger,
            requested_by: by.user(),
        };
        let planned = store.plan_retry(workspace, plan).await;
        let retry_id = planned.map_err(|error| not_planned(error, errors::NOTHING_TO_RETRY))?;
        self.host.waker.wake_workers(retry_id).await;
        Ok(store.run(workspace, retry_id).await?)
    }

    /// Refuses a run to these models that could not ask anything.
    async fn check_can_ask(&self, by: Editor, model_ids: &[ModelId]) -> ServiceResult<()> {
        let store = &self.host.store;
        let workspace = by.workspace();
        self.check_ends(model_ids).await?;
        self.check_keys(by, model_ids).await?;
        let is_paid = is_any_paid(store, model_ids).await?;
        if is_paid && store.workspace_budget(workspace).await?.is_over() {
            return Err(ServiceError::Conflict(errors::OVER_BUDGET));
        }
        if let Some(most) = store.storage_is_full(workspace).await? {
            return Err(ServiceError::Quota(QuotaPassed::StoredBytes(most)));
        }
        Ok(())
    }

    /// The models of a project that runs leave out because their providers have taken them away.
    pub async fn ended_models(&self, project_id: ProjectId) -> Result<Vec<EndedModel>, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let project = self.host.store.project(workspace, project_id).await?;
                self.ended_among(&project.record.model_ids).await
            }
            .await,
        )
    }

    async fn ended_among(&self, model_ids: &[ModelId]) -> ServiceResult<Vec<EndedModel>> {
        let models = self.host.store.models().await?;
        let ended = |model: ModelView| {
            let is_meant = model.has_ended && model_ids.contains(&model.id);
            Some(EndedModel {
                ended_at: model.retires_at.filter(|_| is_meant)?,
                id: model.id,
                provider: model.provider,
                name: model.display_name,
            })
        };
        Ok(models.into_iter().filter_map(ended).collect())
    }

    /// Refuses a run of which nothing would be asked because all its models have ended.
    async fn check_ends(&self, model_ids: &[ModelId]) -> ServiceResult<()> {
        let ended = self.ended_among(model_ids).await?;
        if ended.is_empty() || ended.len() < model_ids.len() {
            return Ok(());
        }
        let names: Vec<&str> = ended.iter().map(|model| model.name.as_str()).collect();
        Err(ServiceError::ConflictMessage(
            errors::MODELS_ENDED.fill(self.language, &[("models", &names.join(", "))]),
        ))
    }

    /// Refuses a run with no key at all.
    async fn check_keys(&self, by: Editor, model_ids: &[ModelId]) -> ServiceResult<()> {
        let Host { store, keys, .. } = &self.host;
        let missing = providers_without_key(store, keys, by.workspace(), model_ids).await?;
        let Some(missing) = missing else {
            return Ok(());
        };
        let mut held_back = Vec::new();
        for provider in &missing {
            if keys.is_held_back(by.workspace(), *provider).await? {
                held_back.push(*provider);
            }
        }
        // An admin can help at once, so that is what is said.
        let (text, providers) = if held_back.is_empty() {
            (errors::NO_KEY, missing)
        } else {
            (errors::SHARED_KEYS_HELD_BACK, held_back)
        };
        let labels: Vec<&str> = providers.iter().map(|provider| provider.label()).collect();
        let listed = labels.join(", ");
        Err(ServiceError::ConflictMessage(
            text.fill(self.language, &[("providers", &listed)]),
        ))
    }

    /// Runs of a project that are older than `before`, the newest first.
    pub async fn runs_page(
        &self,
        project_id: ProjectId,
        before: Option<RunId>,
        limit: u64,
    ) -> Result<RunPage, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let (mut runs, total) = self
                    .host
                    .store
                    .runs_page(workspace, project_id, before, limit + 1)
                    .await?;
                let part = usize::try_from(limit).unwrap_or(usize::MAX);
                let has_more = runs.len() > part;
                runs.truncate(part);
                Ok(RunPage {
                    next: runs.last().map(|run| run.id).filter(|_| has_more),
                    runs,
                    total,
                })
            }
            .await,
        )
    }

    /// Starts a run for a program.
    pub async fn start_run_by_api(&self, project_id: ProjectId) -> Result<RunView, ApiError> {
        self.reply(
            async {
                self.plan_run(self.editor()?, project_id, Trigger::Api)
                    .await
            }
            .await,
        )
    }

    /// Has what failed in a run asked again for a program.
    pub async fn retry_run_by_api(&self, run_id: RunId) -> Result<RunView, ApiError> {
        self.reply(async { self.plan_retry(self.editor()?, run_id, Trigger::Api).await }.await)
    }
}

/// Why no run was planned, in words; `nothing` says that there was nothing to ask.
fn not_planned(error: PlanError, nothing: Text) -> ServiceError {
    match error {
        PlanError::AlreadyRunning | PlanError::SlotTaken => {
            ServiceError::Conflict(errors::ALREADY_RUNNING)
        }
        PlanError::NothingToAsk => ServiceError::Conflict(nothing),
        PlanError::Store(error) => error.into(),
    }
}

#[async_trait]
impl RunsPort for Services {
    async fn start_run(&self, project_id: ProjectId) -> Result<RunView, ApiError> {
        self.reply(
            async {
                self.plan_run(self.editor()?, project_id, Trigger::Manual)
                    .await
            }
            .await,
        )
    }

    async fn run(&self, run_id: RunId) -> Result<RunView, ApiError> {
        self.reply(
            async {
                Ok(self
                    .host
                    .store
                    .run(self.viewer()?.workspace(), run_id)
                    .await?)
            }
            .await,
        )
    }

    async fn list_runs(&self, project_id: ProjectId, after: u32) -> Result<RunsPage, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                Ok(self
                    .host
                    .store
                    .runs_after(workspace, project_id, after, RUNS_A_LIST)
                    .await?)
            }
            .await,
        )
    }

    async fn lately(&self) -> Result<Lately, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                Ok(Lately {
                    runs: self.host.store.runs_of_late(workspace, LATE).await?,
                    needs: self.needs(self.caller()?).await?,
                })
            }
            .await,
        )
    }

    async fn retry_run(&self, run_id: RunId) -> Result<RunView, ApiError> {
        self.reply(
            async {
                self.plan_retry(self.editor()?, run_id, Trigger::Manual)
                    .await
            }
            .await,
        )
    }

    async fn judge_run(&self, run_id: RunId) -> Result<RunView, ApiError> {
        self.reply(
            async {
                let (store, workspace) = (&self.host.store, self.editor()?.workspace());
                if !store.judge_run(workspace, run_id).await? {
                    return Err(ServiceError::Conflict(errors::NOTHING_TO_JUDGE));
                }
                self.host.waker.wake_workers(run_id).await;
                Ok(store.run(workspace, run_id).await?)
            }
            .await,
        )
    }

    async fn cancel_run(&self, run_id: RunId) -> Result<RunView, ApiError> {
        self.reply(
            async {
                let workspace = self.editor()?.workspace();
                self.host.store.request_cancel(workspace, run_id).await?;
                self.host.waker.wake_workers(run_id).await;
                Ok(self.host.store.run(workspace, run_id).await?)
            }
            .await,
        )
    }
}
