//! Answers and what was found in them.

use app::api::answers::AnswersPort;
use app::api::error::ApiError;
use app::model::answer::{AnswerFilter, AnswerPage, AnswerRow, AnswerView, CitationView, ToneView};
use app::model::ids::{AnswerId, ProjectId};
use app::model::validate;
use async_trait::async_trait;

use super::{ServiceError, ServiceResult, Services};
use crate::store::answers::citations;
use crate::store::entity::answer;

/// An answer with everything that programs read in bulk.
#[derive(Clone, Debug)]
pub struct FullAnswer {
    /// As in the table.
    pub row: AnswerRow,
    /// As stored.
    pub body: answer::Model,
    /// Sources.
    pub citations: Vec<CitationView>,
    /// How it speaks of the brand, by a judge.
    pub judged: Option<ToneView>,
    /// What the model looked up before it answered.
    pub search_queries: Vec<String>,
}

/// A page of them, the newest first.
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
        let AnswerPage {
            rows,
            next,
            total,
            is_at_least,
        } = self.list_answers(filter).await?;
        let ids: Vec<AnswerId> = rows.iter().map(|row| row.id).collect();
        let answers = async {
            let mut bodies = self
                .host
                .store
                .answer_bodies(self.viewer()?.workspace(), &ids)
                .await?;
            let judged = self
                .host
                .store
                .brand_judgements(self.viewer()?.workspace(), &ids)
                .await?;
            let mut queries = self
                .host
                .store
                .search_queries(self.viewer()?.workspace(), &ids)
                .await?;
            let whole = |row: AnswerRow| {
                let body = bodies.remove(&row.id).ok_or(ServiceError::NotFound)?;
                Ok(FullAnswer {
                    judged: judged.get(&row.id).copied(),
                    search_queries: queries.remove(&row.id).unwrap_or_default(),
                    citations: citations(&body.citations)?,
                    row,
                    body,
                })
            };
            rows.into_iter().map(whole).collect::<ServiceResult<_>>()
        };
        Ok(FullAnswers {
            answers: self.reply(answers.await)?,
            next,
            total,
            is_at_least,
        })
    }
}

impl Services {
    /// One answer of a project, as pages of them have it.
    pub async fn full_answer(
        &self,
        project_id: ProjectId,
        answer_id: AnswerId,
    ) -> Result<FullAnswer, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                let store = &self.host.store;
                store.project(workspace, project_id).await?;
                let view = store.answer(workspace, answer_id).await?;
                let mut bodies = store.answer_bodies(workspace, &[answer_id]).await?;
                let body = bodies
                    .remove(&answer_id)
                    .filter(|body| body.project_id == project_id.0)
                    .ok_or(ServiceError::NotFound)?;
                let judged = store.brand_judgements(workspace, &[answer_id]).await?;
                Ok(FullAnswer {
                    judged: judged.get(&answer_id).copied(),
                    citations: citations(&body.citations)?,
                    search_queries: view.search_queries,
                    row: view.row,
                    body,
                })
            }
            .await,
        )
    }
}

#[async_trait]
impl AnswersPort for Services {
    async fn list_answers(&self, filter: AnswerFilter) -> Result<AnswerPage, ApiError> {
        self.reply(
            async {
                let workspace = self.viewer()?.workspace();
                self.host
                    .store
                    .project(workspace, filter.project_id)
                    .await?;
                let filter = validate::answer_filter(self.language(), filter)?;
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
