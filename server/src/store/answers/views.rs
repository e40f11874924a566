//! One answer with everything known about it: what was found in it, and how it was got.

use std::collections::HashMap;

use app::model::answer::{
    AnswerView, AttemptView, FindingView, JudgementView, MentionSource, ToneBy, ToneView,
};
use app::model::ids::{AnswerId, EntityId, ProjectId, WorkspaceId};
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::answer_columns::{CitingAnswer, StoredTone};
use super::sources::answer_sources;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreError, StoreResult};

/// An answer with everything that is stored of it.
#[derive(Clone, Debug)]
pub struct WholeAnswer {
    /// Its project.
    pub project: ProjectId,
    /// As pages of answers have it.
    pub answer: CitingAnswer,
    /// What was found, the brand first.
    pub findings: Vec<FindingView>,
    /// Exchanges, the first first.
    pub attempts: Vec<AttemptView>,
}

impl Store {
    /// One answer as its page shows it.
    pub async fn answer(
        &self,
        workspace_id: WorkspaceId,
        answer_id: AnswerId,
    ) -> StoreResult<AnswerView> {
        let whole = self.whole_answer(workspace_id, answer_id).await?;
        let CitingAnswer {
            record, citations, ..
        } = whole.answer;
        let sources = answer_sources(self.reader(), whole.project, &record.text, &citations);
        Ok(AnswerView {
            sources: sources.await?,
            brand: brand_of(self.reader(), whole.project).await?,
            layout: analysis::layout(&record.text),
            record,
            findings: whole.findings,
            attempts: whole.attempts,
        })
    }

    /// One answer with everything that is stored of it.
    pub async fn whole_answer(
        &self,
        workspace_id: WorkspaceId,
        answer_id: AnswerId,
    ) -> StoreResult<WholeAnswer> {
        let project = self.project_of_answer(workspace_id, answer_id).await?;
        let revision = self.shown_revision(workspace_id, project).await?;
        let answer = self
            .citing_answers(workspace_id, project, &[answer_id.0])
            .await?
            .pop()
            .ok_or(StoreError::NotFound)?;
        Ok(WholeAnswer {
            project,
            answer,
            findings: findings_of(self.reader(), revision, answer_id).await?,
            attempts: attempts_of(self.reader(), answer_id).await?,
        })
    }

    /// The project of an answer, which is not deleted.
    async fn project_of_answer(
        &self,
        workspace_id: WorkspaceId,
        answer_id: AnswerId,
    ) -> StoreResult<ProjectId> {
        let sql = "SELECT project_id FROM llm_monitoring_results \
            WHERE workspace_id = $1 AND id = $2";
        let values = [workspace_id.0.into(), answer_id.0.into()];
        let found = rows::value(self.reader(), sql, values).await?;
        let project: ProjectId = found.ok_or(StoreError::NotFound)?;
        project_exists(self.reader(), workspace_id, project).await?;
        Ok(project)
    }
}

/// The name of a project's brand; empty where it has none any more.
async fn brand_of(connection: &impl ConnectionTrait, project: ProjectId) -> StoreResult<String> {
    let sql = "SELECT name FROM llm_monitoring_entities \
        WHERE project_id = $1 AND removed_at IS NULL AND is_brand";
    let name = rows::value(connection, sql, [project.0.into()]).await?;
    Ok(name.unwrap_or_default())
}

record! {
    for FindingView {
        entity_id: EntityId = "f.entity_id",
        entity_name: String = "e.name",
        is_brand: bool = "f.is_brand",
        source: MentionSource = "f.source",
        text_count: i64 = "f.text_count",
        spans: Vec<(usize, usize)> = "f.spans",
        rank: Option<i64> = "f.rank",
        list_total: Option<i64> = "f.list_total",
        bullet_order: Option<i64> = "f.bullet_order",
    } later {
        tone: Option<ToneView>,
        judgement: Option<JudgementView>,
    }
}

record! {
    /// A finding, and how the rules say that the answer speaks of its entity.
    struct StoredFinding {
        finding: FindingView as "",
        tone: StoredTone as "f.",
    }
}

/// The findings of an answer under a revision, with what a judge says of each; the brand first.
async fn findings_of(
    connection: &impl ConnectionTrait,
    revision: i64,
    answer: AnswerId,
) -> StoreResult<Vec<FindingView>> {
    let rest = "FROM llm_monitoring_findings f \
        JOIN llm_monitoring_entities e ON e.id = f.entity_id \
        WHERE f.result_id = $1 AND f.revision_id = $2 \
        ORDER BY f.is_brand DESC, e.position, e.id";
    let values = [answer.0.into(), revision.into()];
    let found: Vec<StoredFinding> = rows::select(connection, rest, values).await?;
    let mut judgements = judgements_of(connection, answer).await?;
    let view = |found: StoredFinding| FindingView {
        tone: found.tone.said_by(ToneBy::Rules),
        judgement: judgements.remove(&found.finding.entity_id),
        ..found.finding
    };
    Ok(found.into_iter().map(view).collect())
}

record! {
    /// What a judge said of an entity.
    struct Judgement {
        entity: EntityId = "j.entity_id",
        tone: StoredTone as "j.",
        reason: String = "j.reason",
        praised: Vec<String> = "j.praised",
        blamed: Vec<String> = "j.blamed",
        model_name: String = "m.model_display_name",
        model_served: Option<String> = "j.model_served",
        provider: Provider = "m.provider",
        version: i64 = "j.judge_version",
    }
}

/// What a judge said of each entity in an answer.
async fn judgements_of(
    connection: &impl ConnectionTrait,
    answer: AnswerId,
) -> StoreResult<HashMap<EntityId, JudgementView>> {
    let rest = "FROM llm_monitoring_judgements j JOIN llm_model_registry m ON m.id = j.model_id \
        WHERE j.result_id = $1";
    let found: Vec<Judgement> = rows::select(connection, rest, [answer.0.into()]).await?;
    let views = found.into_iter().filter_map(|said| {
        let view = JudgementView {
            tone: said.tone.said_by(ToneBy::Judge)?,
            reason: said.reason,
            praised: said.praised,
            blamed: said.blamed,
            model_name: said.model_name,
            model_served: said.model_served,
            simulated: said.provider == Provider::Simulator,
            version: said.version,
        };
        Some((said.entity, view))
    });
    Ok(views.collect())
}

record! {
    for AttemptView {
        number: i64 = "t.number",
        at: DateTime<Utc> = "t.sent_at",
        status: Option<i64> = "t.http_status",
        error_class: Option<ErrorClass> = "t.error_class",
        latency_ms: i64 = "t.latency_ms",
        request_id: Option<String> = "t.request_id",
    }
}

/// The exchanges that an answer took, the first first.
async fn attempts_of(
    connection: &impl ConnectionTrait,
    answer: AnswerId,
) -> StoreResult<Vec<AttemptView>> {
    let rest = "FROM llm_monitoring_attempts t \
        JOIN llm_monitoring_results a ON a.ask_id = t.ask_id WHERE a.id = $1 ORDER BY t.id";
    rows::select(connection, rest, [answer.0.into()]).await
}
