//! All that the first page shows, for one reply.

use std::collections::{BTreeMap, HashMap};

use app::api::error::ApiError;
use app::api::home::HomePort;
use app::model::home::{
    HOME_DAYS, HomeMonth, HomeProject, HomeView, LastRun, NEXT_RUNS, Need, NextRun,
};
use app::model::ids::{ProjectId, WorkspaceId};
use app::model::metrics::Ratio;
use app::model::overview::{HomeRow, MOST_HOME_ROWS};
use app::model::registry::{ModelView, Review};
use app::model::run::RunView;
use app::model::served::Seam;
use app::model::spend::{Account, SpendQuery};
use async_trait::async_trait;
use chrono::{Days, NaiveDate};
use statistics::Draws;
use tokio::task::spawn_blocking;

use super::rows::{self, RowSums};
use crate::auth::Viewer;
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::projects::ProjectOverview;

/// What is shown, and what it is compared with.
#[derive(Clone, Copy)]
struct Periods {
    before: NaiveDate,
    from: NaiveDate,
    to: NaiveDate,
}

impl Periods {
    fn up_to(today: NaiveDate) -> Self {
        let days = u64::from(HOME_DAYS);
        let back = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
        Self {
            before: back(2 * days - 1),
            from: back(days - 1),
            to: today,
        }
    }

    fn last_before(self) -> NaiveDate {
        self.from.pred_opt().unwrap_or(self.from)
    }
}

impl Services {
    async fn home_page(&self, by: Viewer) -> ServiceResult<HomeView> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let models = store.models().await?;
        let (needs, more_needs) = self.needs_somebody().await?;
        let overviews = store.project_overviews(workspace).await?;
        let to_review = if self.caller()?.user.is_admin {
            let is_new = |model: &&ModelView| model.review == Review::New;
            count(models.iter().filter(is_new).count())
        } else {
            0
        };
        Ok(HomeView {
            today: self.today(),
            needs,
            more_needs,
            month: self.month_so_far(by).await?,
            next: next_runs(&overviews),
            to_review,
            projects: self.home_projects(by, overviews, models).await?,
        })
    }

    /// The newest of what does not work any more, and how much more of it there is.
    async fn needs_somebody(&self) -> ServiceResult<(Option<Need>, i64)> {
        let mut grave = self.needs_in_words(self.caller()?).await?.into_iter();
        let newest = grave.next().map(|words| {
            let (href, label) = words.link;
            Need {
                message: words.message,
                href,
                label: label.to_owned(),
            }
        });
        Ok((newest, count(grave.count())))
    }

    async fn month_so_far(&self, by: Viewer) -> ServiceResult<HomeMonth> {
        let budget = self.host.store.workspace_budget(by.workspace()).await?;
        let spend = self.spend_of(by, SpendQuery { month: None }).await?;
        Ok(HomeMonth {
            account: Account::from(&budget),
            threshold_percent: budget.threshold_percent,
            forecast: spend.forecast,
        })
    }

    async fn home_projects(
        &self,
        by: Viewer,
        overviews: Vec<ProjectOverview>,
        models: Vec<ModelView>,
    ) -> ServiceResult<Vec<HomeProject>> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let ids: Vec<ProjectId> = overviews.iter().map(|of| of.record.id).collect();
        let pinned = store.pinned_projects(workspace, by.user()).await?;
        let mut runs = store.latest_runs(workspace, &ids).await?;
        let mut numbers = self.numbers_of(workspace, &ids, models).await?;
        let project = |of: ProjectOverview| {
            let record = of.record;
            let id = record.id;
            let (row, is_simulated) = numbers
                .remove(&id)
                .unwrap_or_else(|| (rows::empty(id), false));
            let domain = record.brand().and_then(|brand| brand.domains.first());
            HomeProject {
                id,
                domain: domain.unwrap_or(&record.brand_name).clone(),
                is_pinned: pinned.contains(&id),
                is_active: record.is_active,
                is_demo: record.is_demo,
                is_simulated: is_simulated && !record.is_demo,
                last_run: runs.remove(&id).as_ref().map(last_run),
                numbers: row,
                name: record.name,
            }
        };
        Ok(overviews.into_iter().map(project).collect())
    }

    /// The numbers of each project, and whether they are made up; of so many projects at most.
    async fn numbers_of(
        &self,
        workspace: WorkspaceId,
        ids: &[ProjectId],
        models: Vec<ModelView>,
    ) -> ServiceResult<HashMap<ProjectId, (HomeRow, bool)>> {
        let store = &self.host.store;
        let ids = &ids[..ids.len().min(MOST_HOME_ROWS)];
        let periods = Periods::up_to(self.today());
        let shown = (periods.from, periods.to);
        let mut days = store.daily_visibility(workspace, ids, shown).await?;
        let mut sums = Vec::with_capacity(ids.len());
        for &id in ids {
            let of_days = days.remove(&id).unwrap_or_default();
            sums.push(self.sums_of_row(workspace, id, periods, of_days).await?);
        }
        // Draws of dozens of projects: not on a thread that serves others.
        let found = spawn_blocking(move || {
            let mut draws = Draws::default();
            let of = |sums: &RowSums| {
                let row = rows::row(&mut draws, sums, shown, &models);
                (sums.project, (row, rows::is_simulated(sums)))
            };
            sums.iter().map(of).collect()
        });
        found
            .await
            .map_err(|error| ServiceError::Internal(error.to_string()))
    }

    async fn sums_of_row(
        &self,
        workspace: WorkspaceId,
        project: ProjectId,
        periods: Periods,
        days: BTreeMap<NaiveDate, Ratio>,
    ) -> ServiceResult<RowSums> {
        let store = &self.host.store;
        let pooled = store.pooled(workspace, project, &[]).await?;
        let earlier = (periods.before, periods.last_before());
        let (cells, before, seams) = tokio::try_join!(
            store.prompt_cells(
                workspace,
                project,
                (periods.from, periods.to),
                &pooled.models
            ),
            store.prompt_cells(workspace, project, earlier, &pooled.models),
            store.seams(workspace, project),
        )?;
        let is_within = |seam: &Seam| {
            let begins_before =
                periods.before < seam.day || periods.before == seam.day && seam.is_within_day;
            begins_before && seam.day <= periods.to
        };
        Ok(RowSums {
            project,
            cells,
            before,
            seams: seams.into_iter().filter(is_within).collect(),
            days,
        })
    }
}

fn last_run(run: &RunView) -> LastRun {
    LastRun {
        status: run.status,
        at: run.finished_at.unwrap_or(run.created_at),
        settled: run.settled(),
        total: run.total(),
        failed: run.failed(),
    }
}

/// The runs that begin next by themselves.
fn next_runs(overviews: &[ProjectOverview]) -> Vec<NextRun> {
    let mut next: Vec<NextRun> = overviews
        .iter()
        .filter(|of| of.record.is_active)
        .filter_map(|of| {
            Some(NextRun {
                project_id: of.record.id,
                name: of.record.name.clone(),
                at: of.record.next_run_at?,
            })
        })
        .collect();
    next.sort_by_key(|run| run.at);
    next.truncate(NEXT_RUNS);
    next
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[async_trait]
impl HomePort for Services {
    async fn home(&self) -> Result<HomeView, ApiError> {
        self.reply(async { self.home_page(self.viewer()?).await }.await)
    }

    async fn pin_project(&self, project_id: ProjectId, is_pinned: bool) -> Result<(), ApiError> {
        self.reply(
            async {
                let by = self.keeper()?;
                let store = &self.host.store;
                Ok(store
                    .pin_project(by.workspace(), by.user(), project_id, is_pinned)
                    .await?)
            }
            .await,
        )
    }

    async fn make_demo(&self) -> Result<ProjectId, ApiError> {
        self.reply(async { self.demo(self.editor()?).await }.await)
    }

    async fn remove_demo(&self) -> Result<(), ApiError> {
        self.reply(async { self.without_demo(self.editor()?).await }.await)
    }
}
