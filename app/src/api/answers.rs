//! Answers and what was found in them.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::error::ApiError;
use crate::model::answer::{AnswerFilter, AnswerPage, AnswerView};
use crate::model::ids::AnswerId;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait AnswersPort {
    /// A page of answers.
    async fn list_answers(&self, filter: AnswerFilter) -> Result<AnswerPage, ApiError>;
    /// One answer with everything known about it.
    async fn answer(&self, answer_id: AnswerId) -> Result<AnswerView, ApiError>;
}

/// A page of answers.
#[server(name = ListAnswersCall, prefix = "/api/fn", endpoint = "answers/list", input = Json, output = Json)]
pub async fn list_answers(filter: AnswerFilter) -> Result<AnswerPage, ApiError> {
    super::ports()?.list_answers(filter).await
}

/// One answer with everything known about it.
#[server(name = AnswerCall, prefix = "/api/fn", endpoint = "answers/get", input = Json, output = Json)]
pub async fn answer(answer_id: AnswerId) -> Result<AnswerView, ApiError> {
    super::ports()?.answer(answer_id).await
}
