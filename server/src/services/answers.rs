//! Answers and what was found in them.

use std::collections::HashMap;

use app::api::answers::AnswersPort;
use app::api::error::ApiError;
use app::model::answer::{AnswerFilter, AnswerPage, AnswerView};
use app::model::ids::AnswerId;
use async_trait::async_trait;

use super::Services;
use crate::store::entity::answer;

impl Services {
    /// The texts of a page of answers, for programs that read them in bulk.
    pub async fn answer_bodies(&self, ids: &[AnswerId]) -> Result<HashMap<AnswerId, answer::Model>, ApiError> {
        self.reply(async { Ok(self.host.store.answer_bodies(self.viewer()?.workspace(), ids).await?) }.await)
    }
}

#[async_trait]
impl AnswersPort for Services {
    async fn list_answers(&self, filter: AnswerFilter) -> Result<AnswerPage, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                self.host.store.project(workspace, filter.project_id).await?;
                Ok(self.host.store.answers(workspace, &filter).await?)
            }
            .await,
        )
    }

    async fn answer(&self, answer_id: AnswerId) -> Result<AnswerView, ApiError> {
        self.reply(async { Ok(self.host.store.answer(self.viewer()?.workspace(), answer_id).await?) }.await)
    }
}
