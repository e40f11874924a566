//! What a run would ask, and what that will cost.

use app::api::spend::SpendPort;
use app::model::ids::{ModelId, ProjectId};
use app::model::provider::Provider;
use app::model::spend::{Account, Basis, Estimate, ModelForecast, Readiness, RunForecast};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, Usd, success};
use crate::services::Services;

/// A cost that has not happened yet, with 95 % certainty.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
struct Cost {
    expected_usd: Usd,
    low_usd: Usd,
    high_usd: Usd,
}

impl From<Estimate> for Cost {
    fn from(estimate: Estimate) -> Self {
        Self {
            expected_usd: Usd(estimate.expected),
            low_usd: Usd(estimate.low),
            high_usd: Usd(estimate.high),
        }
    }
}

/// What one model would be asked.
#[derive(Serialize, ToSchema)]
struct ForModel {
    model_id: ModelId,
    llm_provider: Provider,
    model_display_name: String,
    readiness: Readiness,
    /// When its provider took it away; nothing: it has not.
    ended_at: Option<DateTime<Utc>>,
    /// None where it is not asked.
    asks: i64,
    /// Nothing: unknown, which is not free.
    cost: Option<Cost>,
    basis: Basis,
    /// Past answers that the estimate rests on.
    past_answers: i64,
}

impl From<ModelForecast> for ForModel {
    fn from(model: ModelForecast) -> Self {
        Self {
            model_id: model.id,
            llm_provider: model.provider,
            model_display_name: model.name,
            readiness: model.readiness,
            ended_at: model.ended_at,
            asks: model.asks,
            cost: model.cost.map(Cost::from),
            basis: model.basis,
            past_answers: model.answers,
        }
    }
}

/// What is left of a budget this month.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
struct Left {
    monthly_budget_usd: Usd,
    spent_usd: Usd,
    /// For asks that are under way.
    reserved_usd: Usd,
    free_usd: Usd,
}

impl From<Account> for Left {
    fn from(account: Account) -> Self {
        Self {
            monthly_budget_usd: Usd(account.monthly),
            spent_usd: Usd(account.spent),
            reserved_usd: Usd(account.reserved),
            free_usd: Usd(account.free()),
        }
    }
}

/// What a run would ask and cost.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Forecast {
    project_id: ProjectId,
    /// Questions that are asked.
    queries: i64,
    asks: i64,
    models: Vec<ForModel>,
    /// Of the asks with a known price.
    cost: Cost,
    /// The most that they can cost.
    worst_case_usd: Usd,
    budget: Left,
    /// The project's own, where it has one.
    project_budget: Option<Left>,
    /// About what a judge will cost afterwards.
    judge_usd: Option<Usd>,
}

/// What a run would ask of whom, and what that will cost
#[utoipa::path(
    get,
    path = "/projects/{id}/forecast",
    operation_id = "forecast_run",
    tag = "runs",
    params(("id" = ProjectId, Path, description = "Project")),
    responses((status = 200, description = "The forecast; nothing is started", body = Success<Forecast>)),
)]
pub(in crate::http::rest) async fn forecast(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
) -> Reply<Forecast> {
    let forecast: RunForecast = services.run_forecast(project_id).await?;
    Ok(success(Forecast {
        project_id,
        queries: forecast.prompts,
        asks: forecast.asks(),
        models: forecast.models.into_iter().map(ForModel::from).collect(),
        cost: forecast.cost.into(),
        worst_case_usd: Usd(forecast.worst_case),
        budget: forecast.budget.into(),
        project_budget: forecast.project_budget.map(Left::from),
        judge_usd: forecast.judge.map(Usd),
    }))
}
