//! What a run will cost, and what a month has cost.

use app::api::error::ApiError;
use app::api::spend::SpendPort;
use app::model::ids::{ModelId, ProjectId};
use app::model::money::Money;
use app::model::project::ProjectView;
use app::model::provider::Provider;
use app::model::registry::ModelView;
use app::model::spend::{
    Account, AskCost, Basis, ModelForecast, Readiness, RunForecast, SpendPart, SpendQuery,
    SpendView,
};
use app::texts::{errors, keys};
use async_trait::async_trait;
use chrono::{Datelike, Days, Months, NaiveDate};
use engine::allowance::LargestUsage;
use engine::cost::{AskSize, Price, of_answer};

use crate::auth::Viewer;
use crate::forecast::{self, Forecast, MIN_ANSWERS, ModelRun, OBSERVED_DAYS, Sample};
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::money::{PastAnswer, ProjectSpend};
use crate::store::registry::answer_tokens;

/// Past answers of a model that a forecast looks at: more hardly narrow its range.
const ANSWERS_OF_PROJECT: i64 = 200;
/// If the project has no answers, it looks at so many other projects, and at so many answers of
/// each.
const OTHER_PROJECTS: i64 = 4;
const ANSWERS_OF_OTHERS: i64 = 50;
/// Bytes of a question that nobody has typed yet.
const TYPICAL_QUESTION: usize = 80;
/// No project has this id: only others' answers count.
const NO_PROJECT: ProjectId = ProjectId(0);

impl Services {
    async fn forecast(&self, by: Viewer, project_id: ProjectId) -> ServiceResult<RunForecast> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let project = store.project(workspace, project_id).await?;
        let budget = store.workspace_budget(workspace).await?;
        let project_budget = store.project_account(workspace, project_id).await?;
        let registry = store.models().await?;
        let mut models = Vec::new();
        let mut forecasts = Vec::new();
        for id in &project.record.model_ids {
            let Some(model) = registry.iter().find(|model| model.id == *id) else {
                continue;
            };
            let readiness = self.readiness(by, model, budget.allow_unpriced).await?;
            let past = self.past(by, project_id, *id).await?;
            let seen = store.seen(workspace, *id).await?;
            let asks = ask_sizes(&project, model, readiness);
            let (of_model, answers) = forecast_asks(&asks, model, seen, &past);
            models.push(ModelForecast {
                id: *id,
                provider: model.provider,
                name: model.display_name.clone(),
                ended_at: model.retires_at.filter(|_| model.has_ended),
                readiness,
                asks: count(asks.len()),
                cost: of_model.cost,
                basis: of_model.basis,
                answers,
            });
            // Nobody pays the simulator.
            if model.provider != Provider::Simulator {
                forecasts.push(of_model);
            }
        }
        let of_thousand = self.cost_of_judging(by).await?;
        let asks: i64 = models.iter().map(|model| model.asks).sum();
        Ok(RunForecast {
            prompts: count(active_prompts(&project).count()),
            judge: of_thousand.map(|cost| Money::from_nanos(cost.times(asks).nanos() / 1_000)),
            models,
            cost: forecast::total(&forecasts),
            worst_case: forecasts
                .iter()
                .filter_map(|forecast| forecast.worst_case)
                .sum(),
            budget: Account::from(&budget),
            project_budget,
        })
    }

    async fn costs_of_an_ask(
        &self,
        by: Viewer,
        project: Option<ProjectId>,
    ) -> ServiceResult<Vec<AskCost>> {
        let store = &self.host.store;
        if let Some(project) = project {
            // A project that is not theirs is not found.
            store.project(by.workspace(), project).await?;
        }
        let mut costs = Vec::new();
        for model in store
            .models()
            .await?
            .iter()
            .filter(|model| model.is_offered())
        {
            let past = self
                .past(by, project.unwrap_or(NO_PROJECT), model.id)
                .await?;
            let ask = [ask_size(model, TYPICAL_QUESTION)];
            let seen = store.seen(by.workspace(), model.id).await?;
            let (forecast, _) = forecast_asks(&ask, model, seen, &past);
            costs.push(AskCost {
                model_id: model.id,
                cost: forecast.cost.map(|cost| cost.expected),
            });
        }
        Ok(costs)
    }

    async fn readiness(
        &self,
        by: Viewer,
        model: &ModelView,
        allow_unpriced: bool,
    ) -> ServiceResult<Readiness> {
        let keys = &self.host.keys;
        Ok(if !model.is_available {
            Readiness::Unavailable
        } else if model.has_ended {
            Readiness::Ended
        } else if !keys.has_access(by.workspace(), model.provider).await? {
            Readiness::NoKey
        } else if model.price.is_some() || model.provider == Provider::Simulator {
            Readiness::Ready
        } else if allow_unpriced {
            Readiness::ReadyUnpriced
        } else {
            Readiness::Unpriced
        })
    }

    /// Past answers of a model: of this project, else of others of the workspace.
    async fn past(
        &self,
        by: Viewer,
        project: ProjectId,
        model: ModelId,
    ) -> ServiceResult<(Basis, Vec<PastAnswer>)> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let own = store
            .past_answers(workspace, project, model, ANSWERS_OF_PROJECT)
            .await?;
        if own.len() >= MIN_ANSWERS {
            return Ok((Basis::Project, own));
        }
        let mut answers = own;
        for other in store
            .projects_that_asked(workspace, model, project, OTHER_PROJECTS)
            .await?
        {
            answers.extend(
                store
                    .past_answers(workspace, other, model, ANSWERS_OF_OTHERS)
                    .await?,
            );
        }
        Ok((Basis::Workspace, answers))
    }

    /// What was spent for projects that were not saved, or are erased, has no project's name: it
    /// says so instead.
    fn named(&self, projects: Vec<ProjectSpend>) -> Vec<SpendPart> {
        let named = |project: ProjectSpend| {
            let mut part = project.part;
            if project.is_erased {
                keys::ERASED_PROJECTS
                    .get(self.language)
                    .clone_into(&mut part.name);
            } else if part.name.is_empty() {
                keys::UNSAVED_PROJECT
                    .get(self.language)
                    .clone_into(&mut part.name);
            }
            part
        };
        projects.into_iter().map(named).collect()
    }

    /// What a month has cost.
    pub(in crate::services) async fn spend_of(
        &self,
        by: Viewer,
        query: SpendQuery,
    ) -> ServiceResult<SpendView> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let now = store.clock().now();
        let today = now.with_timezone(&self.caller()?.time_zone()).date_naive();
        let this_month = first_of(today);
        let month = query.month.map_or(this_month, first_of);
        let end = month
            .checked_add_months(Months::new(1))
            .ok_or(ServiceError::Field("month", errors::DATE))?;
        let range = (month, end);
        let days = store.spend_by_day(workspace, range).await?;
        let forecast = if month == this_month {
            // One day more than is looked at tells whether there was spend before.
            let since = month.min(today - Days::new(OBSERVED_DAYS + 1));
            let seen = store.spend_by_day(workspace, (since, end)).await?;
            let seen: Vec<_> = seen
                .iter()
                .map(|(day, spend)| (*day, spend.amount))
                .collect();
            forecast::of_month(today, &seen)
        } else {
            None
        };
        Ok(SpendView {
            month,
            today,
            first_month: store.first_spend(workspace).await?.map(first_of),
            total: days.iter().map(|(_, spend)| *spend).sum(),
            kinds: store.spend_by_kind(workspace, range).await?,
            days,
            models: store.spend_by_model(workspace, range).await?,
            projects: self.named(store.spend_by_project(workspace, range).await?),
            forecast,
        })
    }
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn active_prompts(project: &ProjectView) -> impl Iterator<Item = &str> {
    project
        .prompts
        .iter()
        .filter(|prompt| prompt.is_active)
        .map(|prompt| prompt.text.as_str())
}

fn ask_size(model: &ModelView, question_bytes: usize) -> AskSize {
    AskSize {
        question_bytes,
        max_output_tokens: answer_tokens(model.max_tokens),
        web_search: model.web_search,
    }
}

/// One an ask that will be sent.
fn ask_sizes(project: &ProjectView, model: &ModelView, readiness: Readiness) -> Vec<AskSize> {
    if !readiness.is_asked() {
        return Vec::new();
    }
    let repeats = usize::try_from(project.record.repeats).unwrap_or(1);
    active_prompts(project)
        .flat_map(|text| std::iter::repeat_n(ask_size(model, text.len()), repeats))
        .collect()
}

/// The forecast for asks to one model, and how many past answers it rests on.
fn forecast_asks(
    asks: &[AskSize],
    model: &ModelView,
    seen: LargestUsage,
    (basis, answers): &(Basis, Vec<PastAnswer>),
) -> (Forecast, i64) {
    let price = model.price.as_ref().map(Price::from);
    let costs: Vec<Money> = answers
        .iter()
        .filter(|answer| price.is_some() || answer.reported.is_some())
        .map(|answer| {
            let size = ask_size(model, answer.question_bytes);
            of_answer(answer.reported, &answer.usage, price, size).amount
        })
        .collect();
    let sample = Sample::of(&costs).filter(|sample| sample.count >= MIN_ANSWERS);
    let run = ModelRun {
        price,
        asks,
        seen,
        past: sample.map(|sample| (*basis, sample)),
    };
    let used = sample.map_or(0, |sample| count(sample.count));
    (forecast::of_model(run), used)
}

#[async_trait]
impl SpendPort for Services {
    async fn run_forecast(&self, project_id: ProjectId) -> Result<RunForecast, ApiError> {
        self.reply(async { self.forecast(self.viewer()?, project_id).await }.await)
    }

    async fn ask_costs(&self, project_id: Option<ProjectId>) -> Result<Vec<AskCost>, ApiError> {
        self.reply(async { self.costs_of_an_ask(self.viewer()?, project_id).await }.await)
    }

    async fn spend(&self, query: SpendQuery) -> Result<SpendView, ApiError> {
        self.reply(async { self.spend_of(self.viewer()?, query).await }.await)
    }
}
