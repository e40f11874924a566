//! The judge, and who could be it.

use app::model::ids::ModelId;
use app::model::judge::{JudgeChoice, JudgeView};
use app::model::provider::Provider;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::{Success, Usd, success};

/// The judge, and who could be it.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Judge {
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

pub(super) fn reply(view: JudgeView) -> Json<Success<Judge>> {
    success(Judge {
        model_id: view.model_id,
        choices: view.choices.into_iter().map(Choice::from).collect(),
    })
}
