//! Answers as people read them: rows of a table, or one with everything known about it.

use std::collections::{HashMap, HashSet};

use app::model::answer::{
    AnswerRow, AnswerView, AttemptView, CitationView, FindingView, JudgementView, MentionSource,
    Sentiment, ToneBy, ToneView,
};
use app::model::ids::{AnswerId, ProjectId, WorkspaceId};
use app::model::money::Money;
use app::model::provider::Provider;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect,
};

use super::answer_columns::{TableColumns, TextColumns, read_whole};
use super::sources::answer_sources;
use crate::store::entity::{attempt, entity, finding, model, prompt};
use crate::store::sql::decode::word;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::sums::unread::unread_of;
use crate::store::{Store, StoreError, StoreResult};

/// An answer with everything that programs read in bulk.
#[derive(Clone, Debug)]
pub struct FullAnswer {
    /// As in the table.
    pub row: AnswerRow,
    /// The model asked for, as the provider names it.
    pub model_requested: String,
    /// The model that answered.
    pub model_served: Option<String>,
    /// The text.
    pub text: String,
    /// Tokens read.
    pub input_tokens: Option<i64>,
    /// Tokens written.
    pub output_tokens: Option<i64>,
    /// What the provider said of a failure.
    pub error_message: Option<String>,
    /// Sources.
    pub citations: Vec<CitationView>,
    /// How it speaks of the brand, by a judge.
    pub judged: Option<ToneView>,
    /// What the model looked up before it answered.
    pub search_queries: Vec<String>,
}

impl Store {
    /// One answer with everything known about it.
    pub async fn answer(
        &self,
        workspace_id: WorkspaceId,
        answer_id: AnswerId,
    ) -> StoreResult<AnswerView> {
        Ok(self.answer_with_citations(workspace_id, answer_id).await?.0)
    }

    /// The same, with what it cites as it was stored, and its project.
    pub async fn answer_with_citations(
        &self,
        workspace_id: WorkspaceId,
        answer_id: AnswerId,
    ) -> StoreResult<(AnswerView, Vec<CitationView>, ProjectId)> {
        let (stored, texts) = read_whole(self.reader(), workspace_id, &[answer_id])
            .await?
            .pop()
            .ok_or(StoreError::NotFound)?;
        project_exists(self.reader(), workspace_id, stored.project_id.into()).await?;
        let cited = texts.citations;
        let found = named_findings(self.reader(), std::slice::from_ref(&stored), true).await?;
        let prompts = prompt_texts(self.reader(), std::slice::from_ref(&stored)).await?;
        let models = model_names(self.reader(), std::slice::from_ref(&stored)).await?;
        let unread = unread_of(self.reader(), &[stored.id]).await?;
        let known = Known {
            prompts,
            models,
            unread,
        };
        let row = answer_row(&stored, &known, &found)?;
        let mut queries = self.search_queries(workspace_id, &[answer_id]).await?;
        let attempts = attempt::Entity::find()
            .filter(attempt::Column::AskId.eq(texts.ask_id))
            .order_by_asc(attempt::Column::Id)
            .all(self.reader())
            .await?;
        let attempts: StoreResult<Vec<AttemptView>> =
            attempts.into_iter().map(attempt_view).collect();
        let project = ProjectId(stored.project_id);
        let sources = answer_sources(self.reader(), project, &texts.full_response, &cited).await?;
        let view = AnswerView {
            findings: self.finding_views(answer_id, found).await?,
            sources,
            search_queries: queries.remove(&answer_id).unwrap_or_default(),
            attempts: attempts?,
            text: texts.full_response,
            model_requested: stored.model_requested,
            model_served: texts.model_served,
            finish: texts.finish,
            input_tokens: texts.input_tokens,
            output_tokens: texts.output_tokens,
            searches: texts.searches,
            search_requested: texts.search_requested,
            error_message: texts.error_message,
            detector_version: texts.detector_version,
            row,
        };
        Ok((view, cited, project))
    }

    /// Answers with their texts, for programs that read them in bulk, in the order of their ids.
    pub async fn full_answers(
        &self,
        workspace_id: WorkspaceId,
        ids: &[AnswerId],
    ) -> StoreResult<Vec<FullAnswer>> {
        let whole = read_whole(self.reader(), workspace_id, ids).await?;
        let (stored, texts): (Vec<TableColumns>, Vec<TextColumns>) = whole.into_iter().unzip();
        let rows = self.answer_rows(&stored).await?;
        let judged = self.brand_judgements(workspace_id, ids).await?;
        let mut queries = self.search_queries(workspace_id, ids).await?;
        let parts = rows.into_iter().zip(stored).zip(texts);
        let answer =
            |((row, stored), texts): ((AnswerRow, TableColumns), TextColumns)| FullAnswer {
                model_requested: stored.model_requested,
                model_served: texts.model_served,
                text: texts.full_response,
                input_tokens: texts.input_tokens,
                output_tokens: texts.output_tokens,
                error_message: texts.error_message,
                citations: texts.citations,
                judged: judged.get(&row.id).copied(),
                search_queries: queries.remove(&row.id).unwrap_or_default(),
                row,
            };
        Ok(parts.map(answer).collect())
    }

    /// What a judge said of the brand in these answers.
    async fn brand_judgements(
        &self,
        workspace_id: WorkspaceId,
        ids: &[AnswerId],
    ) -> StoreResult<HashMap<AnswerId, ToneView>> {
        let rest = format!(
            "FROM llm_monitoring_judgements j JOIN llm_monitoring_findings f \
             ON f.result_id = j.result_id AND f.entity_id = j.entity_id AND f.is_brand \
             JOIN llm_monitoring_revisions v ON v.id = f.revision_id AND v.status = 'active' \
             WHERE j.workspace_id = $1 AND j.result_id IN ({})",
            rows::id_list(ids.iter().map(|id| id.0))
        );
        let found: Vec<JudgedAnswer> =
            rows::select(self.reader(), rest, [workspace_id.0.into()]).await?;
        Ok(found
            .into_iter()
            .map(|of| (of.answer, of.tone.into()))
            .collect())
    }

    /// Stored answers as rows of the table, in the same order.
    pub(super) async fn answer_rows(&self, stored: &[TableColumns]) -> StoreResult<Vec<AnswerRow>> {
        let ids: Vec<i64> = stored.iter().map(|row| row.id).collect();
        let known = Known {
            prompts: prompt_texts(self.reader(), stored).await?,
            models: model_names(self.reader(), stored).await?,
            unread: unread_of(self.reader(), &ids).await?,
        };
        let mut findings: HashMap<i64, Vec<NamedFinding>> = HashMap::new();
        for found in named_findings(self.reader(), stored, false).await? {
            let of_answer = findings.entry(found.finding.result_id).or_default();
            of_answer.push(found);
        }
        stored
            .iter()
            .map(|row| {
                let found = findings.remove(&row.id).unwrap_or_default();
                answer_row(row, &known, &found)
            })
            .collect()
    }

    /// Findings of one answer, the brand first, with what a judge said.
    async fn finding_views(
        &self,
        answer: AnswerId,
        mut found: Vec<NamedFinding>,
    ) -> StoreResult<Vec<FindingView>> {
        found.sort_by_key(|row| (!row.finding.is_brand, row.position));
        let mut judgements = judgements_of(self.reader(), answer.0).await?;
        found
            .into_iter()
            .map(|row| {
                let judgement = judgements.remove(&row.finding.entity_id);
                finding_view(row, judgement)
            })
            .collect()
    }
}

/// A finding with the name of its entity.
struct NamedFinding {
    finding: finding::Model,
    name: String,
    position: i64,
}

/// Findings of these answers with their entities' names: entities are few. Where in a text names
/// stand is read `with_places` only.
async fn named_findings(
    connection: &impl ConnectionTrait,
    stored: &[TableColumns],
    with_places: bool,
) -> StoreResult<Vec<NamedFinding>> {
    let sql = format!(
        "SELECT id FROM llm_monitoring_revisions WHERE status = 'active' AND project_id IN ({})",
        rows::id_list(stored.iter().map(|row| row.project_id))
    );
    let shown: Vec<i64> = rows::column(connection, sql, []).await?;
    let mut findings = finding::Entity::find()
        .filter(rows::is_one_of(
            connection,
            finding::Column::ResultId,
            stored.iter().map(|row| row.id),
        ))
        .filter(rows::is_one_of(
            connection,
            finding::Column::RevisionId,
            shown,
        ));
    if !with_places {
        let columns =
            finding::Column::iter().filter(|column| !matches!(column, finding::Column::Spans));
        findings = findings
            .select_only()
            .columns(columns)
            .column_as(Expr::cust("'[]'"), "spans");
    }
    let findings = findings.all(connection).await?;
    let mut ids: Vec<i64> = findings.iter().map(|row| row.entity_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let entities = entity::Entity::find()
        .filter(rows::is_one_of(connection, entity::Column::Id, ids))
        .all(connection)
        .await?;
    let by_id: HashMap<i64, entity::Model> =
        entities.into_iter().map(|row| (row.id, row)).collect();
    Ok(findings
        .into_iter()
        .filter_map(|finding| {
            let entity = by_id.get(&finding.entity_id)?;
            Some(NamedFinding {
                name: entity.name.clone(),
                position: entity.position,
                finding,
            })
        })
        .collect())
}

async fn prompt_texts(
    connection: &impl ConnectionTrait,
    stored: &[TableColumns],
) -> StoreResult<HashMap<i64, String>> {
    let mut ids: Vec<i64> = stored.iter().map(|row| row.query_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = prompt::Entity::find()
        .filter(rows::is_one_of(connection, prompt::Column::Id, ids))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.query_text))
        .collect())
}

async fn model_names(
    connection: &impl ConnectionTrait,
    stored: &[TableColumns],
) -> StoreResult<HashMap<i64, String>> {
    let mut ids: Vec<i64> = stored.iter().map(|row| row.model_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = model::Entity::find()
        .filter(rows::is_one_of(connection, model::Column::Id, ids))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.model_display_name))
        .collect())
}

/// What is said of answers elsewhere than in their own rows.
struct Known {
    /// Texts of questions, by their ids.
    prompts: HashMap<i64, String>,
    /// Names of models, by their ids.
    models: HashMap<i64, String>,
    /// Answers that could not be read.
    unread: HashSet<i64>,
}

fn answer_row(row: &TableColumns, known: &Known, found: &[NamedFinding]) -> StoreResult<AnswerRow> {
    let brand = found
        .iter()
        .map(|named| &named.finding)
        .find(|finding| finding.is_brand);
    let mut competitors: Vec<&NamedFinding> = found
        .iter()
        .filter(|named| !named.finding.is_brand)
        .collect();
    competitors.sort_by_key(|named| named.position);
    Ok(AnswerRow {
        id: row.id.into(),
        run_id: row.run_id.into(),
        at: row.analysis_date,
        prompt_id: row.query_id.into(),
        prompt_text: known
            .prompts
            .get(&row.query_id)
            .cloned()
            .unwrap_or_default(),
        provider: row.llm_provider,
        model_id: row.model_id.into(),
        model_name: known
            .models
            .get(&row.model_id)
            .cloned()
            .unwrap_or_else(|| row.model_requested.clone()),
        outcome: row.outcome,
        error_class: row.error_class,
        source: match brand {
            Some(finding) => word("source", &finding.source)?,
            None if known.unread.contains(&row.id) => MentionSource::Unread,
            None => MentionSource::None,
        },
        text_count: brand.map_or(0, |finding| finding.text_count),
        rank: brand.and_then(|finding| finding.rank),
        list_total: brand.and_then(|finding| finding.list_total),
        competitors: competitors
            .into_iter()
            .map(|named| named.name.clone())
            .collect(),
        cost: Money::from_nanos(row.cost_nano_usd),
        cost_kind: row.cost_kind,
        latency_ms: row.response_time_ms,
        simulated: row.simulated,
        excerpt: row.excerpt.clone(),
    })
}

record! {
    /// Sentiment, score and advice of a judge.
    struct JudgedTone {
        sentiment: Sentiment = "j.sentiment",
        score_thousandths: i64 = "j.sentiment_thousandths",
        recommended: Option<bool> = "j.recommended",
    }
}

impl From<JudgedTone> for ToneView {
    fn from(tone: JudgedTone) -> Self {
        Self {
            by: ToneBy::Judge,
            sentiment: tone.sentiment,
            score_thousandths: tone.score_thousandths,
            recommended: tone.recommended,
        }
    }
}

record! {
    /// What a judge said of the brand in an answer.
    struct JudgedAnswer {
        answer: AnswerId = "j.result_id",
        tone: JudgedTone as "",
    }
}

record! {
    /// What a judge said of an entity.
    struct Judgement {
        entity: i64 = "j.entity_id",
        tone: JudgedTone as "",
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
    answer: i64,
) -> StoreResult<HashMap<i64, JudgementView>> {
    let rest = "FROM llm_monitoring_judgements j JOIN llm_model_registry m ON m.id = j.model_id \
        WHERE j.result_id = $1";
    let found: Vec<Judgement> = rows::select(connection, rest, [answer.into()]).await?;
    Ok(found
        .into_iter()
        .map(|said| (said.entity, judgement_view(said)))
        .collect())
}

fn judgement_view(said: Judgement) -> JudgementView {
    JudgementView {
        tone: said.tone.into(),
        reason: said.reason,
        praised: said.praised,
        blamed: said.blamed,
        model_name: said.model_name,
        model_served: said.model_served,
        simulated: said.provider == Provider::Simulator,
        version: said.version,
    }
}

fn finding_view(row: NamedFinding, judgement: Option<JudgementView>) -> StoreResult<FindingView> {
    let finding = &row.finding;
    let sentiment: Option<Sentiment> = finding
        .sentiment
        .as_deref()
        .map(|said| word("sentiment", said))
        .transpose()?;
    let tone = sentiment.map(|sentiment| ToneView {
        by: ToneBy::Rules,
        sentiment,
        score_thousandths: finding.sentiment_thousandths.unwrap_or(0),
        recommended: finding.recommended,
    });
    let spans = serde_json::from_str(&row.finding.spans)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(FindingView {
        entity_id: row.finding.entity_id.into(),
        entity_name: row.name,
        is_brand: row.finding.is_brand,
        source: word("source", &row.finding.source)?,
        text_count: row.finding.text_count,
        spans,
        rank: row.finding.rank,
        list_total: row.finding.list_total,
        bullet_order: row.finding.bullet_order,
        tone,
        judgement,
    })
}

fn attempt_view(row: attempt::Model) -> StoreResult<AttemptView> {
    let class = row.error_class.as_deref();
    Ok(AttemptView {
        number: row.number,
        at: row.sent_at,
        status: row.http_status,
        error_class: class.map(|class| word("error_class", class)).transpose()?,
        latency_ms: row.latency_ms,
        request_id: row.request_id,
    })
}
