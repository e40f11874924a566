//! Answers and what was found in them.

use app::api::answers::AnswersPort;
use app::api::error::ApiError;
use app::model::answer::{AnswerFilter, AnswerPage, AnswerView};
use app::model::ids::{AnswerId, ProjectId, WorkspaceId};
use app::validate;
use async_trait::async_trait;

use crate::services::{ServiceError, ServiceResult, Services};
pub use crate::store::answers::{CitingAnswer, CitingPage, WholeAnswer};

impl Services {
    /// A page of answers with their texts, for programs.
    pub async fn citing_answers(&self, filter: AnswerFilter) -> Result<CitingPage, ApiError> {
        let page = async {
            let workspace = self.viewer()?.workspace();
            let filter = self.answer_filter(workspace, filter).await?;
            let store = &self.host.store;
            Ok(store.answers_with_texts(workspace, &filter).await?)
        };
        self.reply(page.await)
    }

    /// One answer of a project with everything that is stored of it, for programs.
    pub async fn whole_answer(
        &self,
        project_id: ProjectId,
        answer_id: AnswerId,
    ) -> Result<WholeAnswer, ApiError> {
        let answer = async {
            let workspace = self.viewer()?.workspace();
            let store = &self.host.store;
            store.has_project(workspace, project_id).await?;
            let whole = store.whole_answer(workspace, answer_id).await?;
            if whole.project != project_id {
                return Err(ServiceError::NotFound);
            }
            Ok(whole)
        };
        self.reply(answer.await)
    }

    /// The filter, if the project is there and its words can be looked for.
    async fn answer_filter(
        &self,
        workspace: WorkspaceId,
        filter: AnswerFilter,
    ) -> ServiceResult<AnswerFilter> {
        let store = &self.host.store;
        store.has_project(workspace, filter.project_id).await?;
        Ok(validate::answer_filter(self.language(), filter)?)
    }
}

#[async_trait]
impl AnswersPort for Services {
    async fn list_answers(&self, filter: AnswerFilter) -> Result<AnswerPage, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let filter = self.answer_filter(workspace, filter).await?;
                Ok(self.host.store.answers(workspace, &filter).await?)
            }
            .await,
        )
    }

    async fn answer(&self, answer_id: AnswerId) -> Result<AnswerView, ApiError> {
        self.reply(
            async {
                Ok(self
                    .host
                    .store
                    .answer(self.viewer()?.workspace(), answer_id)
                    .await?)
            }
            .await,
        )
    }
}
