//! Answers and what was found in them.

use app::api::answers::AnswersPort;
use app::api::error::ApiError;
use app::model::answer::{AnswerFilter, AnswerPage, AnswerView, CitationView};
use app::model::ids::{AnswerId, ProjectId, WorkspaceId};
use app::validate;
use async_trait::async_trait;

use crate::services::{ServiceError, ServiceResult, Services};
pub use crate::store::answers::FullAnswer;

/// A page of answers with their texts, the newest first.
#[derive(Clone, Debug)]
pub struct FullAnswers {
    /// Answers.
    pub answers: Vec<FullAnswer>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<AnswerId>,
    /// Answers that the filter lets through, on all pages, as far as they are counted.
    pub total: i64,
    /// There are more than `total`.
    pub is_at_least: bool,
}

impl Services {
    /// A page of answers with their texts, for programs.
    pub async fn full_answers(&self, filter: AnswerFilter) -> Result<FullAnswers, ApiError> {
        let page = async {
            let workspace = self.viewer()?.workspace();
            let filter = self.answer_filter(workspace, filter).await?;
            let store = &self.host.store;
            Ok(store.answers_with_texts(workspace, &filter).await?)
        };
        let (page, answers) = self.reply(page.await)?;
        Ok(FullAnswers {
            answers,
            next: page.next,
            total: page.total,
            is_at_least: page.is_at_least,
        })
    }

    /// One answer of a project: as pages of them have it, and with what was found in it.
    pub async fn full_answer(
        &self,
        project_id: ProjectId,
        answer_id: AnswerId,
    ) -> Result<(FullAnswer, AnswerView), ApiError> {
        let answer = async {
            let workspace = self.viewer()?.workspace();
            let store = &self.host.store;
            store.has_project(workspace, project_id).await?;
            let (view, citations, project) =
                store.answer_with_citations(workspace, answer_id).await?;
            if project != project_id {
                return Err(ServiceError::NotFound);
            }
            Ok((as_in_pages(&view, citations), view))
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

fn as_in_pages(view: &AnswerView, citations: Vec<CitationView>) -> FullAnswer {
    let brand = view.findings.iter().find(|finding| finding.is_brand);
    let judgement = brand.and_then(|finding| finding.judgement.as_ref());
    FullAnswer {
        row: view.row.clone(),
        model_requested: view.model_requested.clone(),
        model_served: view.model_served.clone(),
        text: view.text.clone(),
        input_tokens: view.input_tokens,
        output_tokens: view.output_tokens,
        error_message: view.error_message.clone(),
        citations,
        judged: judgement.map(|said| said.tone),
        search_queries: view.search_queries.clone(),
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
