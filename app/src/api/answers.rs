//! Answers and what was found in them.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Read;
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
#[server(name = ListAnswersCall, prefix = "/api/fn", endpoint = "answers/list", protocol = Read)]
pub async fn list_answers(filter: AnswerFilter) -> Result<AnswerPage, ApiError> {
    super::ports()?.list_answers(filter).await
}

/// One answer with everything known about it.
#[server(name = AnswerCall, prefix = "/api/fn", endpoint = "answers/get", protocol = Read)]
pub async fn answer(answer_id: AnswerId) -> Result<AnswerView, ApiError> {
    super::ports()?.answer(answer_id).await
}
