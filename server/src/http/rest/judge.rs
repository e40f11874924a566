//! `/judge`: which model judges answers.

use app::api::keys::KeysPort;
use app::model::ids::ModelId;
use app::model::judge::{JudgeChoice, JudgeView};
use app::model::provider::Provider;
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::reply::{Reply, Success, Usd, success};
use crate::services::Services;

/// The judge, and who could be it.
#[derive(Serialize, ToSchema)]
pub(super) struct Judge {
    /// Nothing: nobody judges.
    model_id: Option<ModelId>,
    choices: Vec<Choice>,
}

#[derive(Serialize, ToSchema)]
struct Choice {
    model_id: ModelId,
    llm_provider: Provider,
    model_display_name: String,
    cost_per_1000_answers: Option<Usd>,
    is_measured: bool,
    is_proposed: bool,
    is_usable: bool,
}

impl From<JudgeChoice> for Choice {
    fn from(choice: JudgeChoice) -> Self {
        Self {
            model_id: choice.model_id,
            llm_provider: choice.provider,
            model_display_name: choice.name,
            cost_per_1000_answers: choice.per_thousand.map(Usd),
            is_measured: choice.is_measured,
            is_proposed: choice.is_proposed,
            is_usable: choice.is_usable,
        }
    }
}

/// What may be changed. An absent model is as one that is null: nobody judges.
#[derive(Deserialize, ToSchema)]
pub(super) struct JudgeFields {
    model_id: Option<ModelId>,
}

/// Which model judges answers, and which could
#[utoipa::path(
    get,
    path = "/judge",
    operation_id = "show_judge",
    tag = "keys and budget",
    responses((status = 200, description = "The judge", body = Success<Judge>)),
)]
pub(super) async fn show(services: Services) -> Reply<Judge> {
    Ok(reply(services.judge().await?))
}

/// Chooses a judge, or none (owners)
#[utoipa::path(
    put,
    path = "/judge",
    operation_id = "change_judge",
    tag = "keys and budget",
    request_body = JudgeFields,
    responses((status = 200, description = "The judge as it is now", body = Success<Judge>)),
)]
pub(super) async fn change(services: Services, Body(fields): Body<JudgeFields>) -> Reply<Judge> {
    Ok(reply(services.save_judge(fields.model_id).await?))
}

fn reply(view: JudgeView) -> Json<Success<Judge>> {
    success(Judge {
        model_id: view.model_id,
        choices: view.choices.into_iter().map(Choice::from).collect(),
    })
}
