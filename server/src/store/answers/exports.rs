//! Everything about a project, page by page, for files.
//!
//! Invariant: reads only, and no page has more bytes than there is room for, so that a file of any
//! length, whatever its answers are like, takes the memory of one page.

use std::collections::HashMap;

use app::model::answer::{AnswerFilter, MentionSource};
use app::model::ids::{AnswerId, ProjectId, WorkspaceId};
use app::model::money::Money;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::QueryResult;

use crate::store::projects::tag_history;
use crate::store::sql::decode::json_list;
use crate::store::sql::page_bytes::{self, ROW_BYTES};
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::sums::unread::is_unread;
use crate::store::{Store, StoreError, StoreResult};

/// An answer as a file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerExport {
    /// Id.
    pub id: i64,
    /// Run.
    pub run_id: i64,
    /// Question.
    pub query_id: i64,
    /// Its text.
    pub query_text: String,
    /// Provider.
    pub provider: String,
    /// Model.
    pub model_id: i64,
    /// Its name for people.
    pub model_name: String,
    /// The model asked for, as the provider names it.
    pub model_requested: String,
    /// The model that answered.
    pub model_served: Option<String>,
    /// When it came.
    pub at: DateTime<Utc>,
    /// Day, in the workspace's time zone.
    pub day: NaiveDate,
    /// How it ended.
    pub outcome: String,
    /// Why it failed.
    pub error_class: Option<String>,
    /// Which of the asks of the same question, model and run.
    pub repeat: i64,
    /// The question's tags when it answered.
    pub tags: Vec<String>,
    /// Its tags now, with which it counts in clusters.
    pub tags_now: Vec<String>,
    /// Whether the question names the brand itself.
    pub is_branded: bool,
    /// The text.
    pub text: String,
    /// Tokens read.
    pub input_tokens: Option<i64>,
    /// Tokens written.
    pub output_tokens: Option<i64>,
    /// Of those read, tokens that the provider had read before.
    pub cached_tokens: Option<i64>,
    /// Of those written, thoughts.
    pub reasoning_tokens: Option<i64>,
    /// Searches made.
    pub searches: Option<i64>,
    /// What it cost.
    pub cost: Money,
    /// Where that comes from.
    pub cost_kind: String,
    /// The price row that it was costed with.
    pub price_id: Option<i64>,
    /// What that row says.
    pub price: ExportedPrice,
    /// Milliseconds.
    pub latency_ms: i64,
    /// Whether the model was allowed to search.
    pub search_requested: bool,
    /// Whether the simulator made it up.
    pub simulated: bool,
    /// Version of the detector.
    pub detector_version: String,
    /// With which names it was read.
    pub revision_id: Option<i64>,
    /// How the brand is named, or that nobody could read it; `None`: it is not named.
    pub source: Option<String>,
    /// Times that its text names the brand.
    pub text_count: Option<i64>,
    /// The brand's place in a list.
    pub rank: Option<i64>,
    /// Length of that list.
    pub list_total: Option<i64>,
    /// How early the text names the brand, in ten-thousandths.
    pub prominence_parts: Option<i64>,
    /// How it speaks of the brand by the local rules.
    pub tone: ExportedTone,
    /// The same by a judge.
    pub judged: ExportedTone,
    /// What the model looked up before it answered.
    pub search_queries: Vec<String>,
}

/// A price row as a file has it, in nano-USD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportedPrice {
    /// A million tokens read.
    pub input: Option<Money>,
    /// A million tokens written.
    pub output: Option<Money>,
    /// A million tokens read before.
    pub cached_input: Option<Money>,
    /// A search.
    pub search: Option<Money>,
    /// Asks that read more tokens than this cost what follows instead.
    pub above_tokens: Option<i64>,
    /// A million tokens read.
    pub input_above: Option<Money>,
    /// A million tokens written.
    pub output_above: Option<Money>,
    /// A million tokens read before.
    pub cached_input_above: Option<Money>,
}

/// A tone as a file has it; nothing where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedTone {
    /// Positive, neutral or negative.
    pub sentiment: Option<String>,
    /// From -1,000 to 1,000.
    pub thousandths: Option<i64>,
    /// Whether the entity is recommended; `Some(false)`: advised against.
    pub recommended: Option<bool>,
}

/// What an answer says of one entity, as a file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingExport {
    /// Answer.
    pub answer_id: i64,
    /// Day of the answer.
    pub day: NaiveDate,
    /// Provider.
    pub provider: String,
    /// Model.
    pub model_id: i64,
    /// Question.
    pub query_id: i64,
    /// Entity.
    pub entity_id: i64,
    /// Its name.
    pub entity_name: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// How it is named.
    pub source: String,
    /// Times in visible text.
    pub text_count: i64,
    /// Place in a numbered list.
    pub rank: Option<i64>,
    /// Length of that list.
    pub list_total: Option<i64>,
    /// Byte offset of the first mention.
    pub first_offset: Option<i64>,
    /// How early the text names it, in ten-thousandths.
    pub prominence_parts: Option<i64>,
    /// How it is spoken of by the local rules.
    pub tone: ExportedTone,
    /// The same by a judge.
    pub judged: ExportedTone,
    /// The judge: its name for people.
    pub judge_model: Option<String>,
    /// The model that judged, as its provider names it.
    pub judge_served: Option<String>,
    /// Version of the judge's instructions.
    pub judge_version: Option<i64>,
    /// Why the judge says so.
    pub judge_reason: Option<String>,
    /// Whether the simulator made the answer up.
    pub simulated: bool,
    /// How the answer ended.
    pub outcome: String,
    /// With which names it was read.
    pub revision_id: i64,
}

/// The tones of a finding by rules (`f`) and by a judge (`j`), for two of [`tone`].
const TONES: &str = "f.sentiment, f.sentiment_thousandths, f.recommended, \
    j.sentiment, j.sentiment_thousandths, j.recommended";

/// Answers that are looked for at a time.
const ANSWERS: i64 = 1_000;

/// How far a file of answers has come.
#[derive(Clone, Debug)]
pub struct AnswerCursor {
    filter: AnswerFilter,
    /// Found already, and not in the file yet.
    waiting: Vec<i64>,
}

impl From<AnswerFilter> for AnswerCursor {
    fn from(filter: AnswerFilter) -> Self {
        Self {
            filter,
            waiting: Vec::new(),
        }
    }
}

/// A page of a file of answers, and where the next one begins; `None`: this is the last.
pub type AnswerPart<R> = (Vec<R>, Option<AnswerCursor>);

impl Store {
    /// The next answers of a file, so many as a page has room for by their `sizes`, and where the
    /// next page begins; none: there are no more.
    pub(super) async fn next_of_file(
        &self,
        workspace: WorkspaceId,
        cursor: AnswerCursor,
        sizes: impl Fn(&[i64]) -> String,
    ) -> StoreResult<(Vec<i64>, Option<AnswerCursor>)> {
        let AnswerCursor { filter, waiting } = cursor;
        let mut ids = if waiting.is_empty() {
            self.matching_ids(workspace, &filter, ANSWERS).await?
        } else {
            project_exists(self.reader(), workspace, filter.project_id).await?;
            waiting
        };
        if ids.is_empty() {
            return Ok((ids, None));
        }
        let fit = page_bytes::fitting(self.reader(), &ids, sizes(&ids), []).await?;
        let waiting = ids.split_off(fit.min(ids.len()));
        let before = ids.last().copied().map(AnswerId);
        let next = AnswerCursor {
            filter: AnswerFilter { before, ..filter },
            waiting,
        };
        Ok((ids, Some(next)))
    }

    /// The next answers of a file, the newest first.
    pub async fn export_answers(
        &self,
        workspace: WorkspaceId,
        cursor: AnswerCursor,
    ) -> StoreResult<AnswerPart<AnswerExport>> {
        let project = cursor.filter.project_id;
        let (ids, next) = self
            .next_of_file(workspace, cursor, page_bytes::of_answers)
            .await?;
        if ids.is_empty() {
            return Ok((Vec::new(), next));
        }
        let revision = self.active_revision(workspace, project).await?;
        let sql = format!(
            "SELECT a.id, a.run_id, a.query_id, q.query_text, a.llm_provider, a.model_id, \
             m.model_display_name, a.model_requested, a.model_served, a.analysis_date, \
             a.analysis_day, a.outcome, a.error_class, a.full_response, a.input_tokens, \
             a.output_tokens, a.cost_nano_usd, a.cost_kind, a.price_id, a.response_time_ms, \
             a.search_requested, a.simulated, a.detector_version, \
             CASE WHEN {} THEN '{}' ELSE f.source END, f.text_count, f.rank, \
             f.list_total, k.repeat, q.tags, COALESCE(b.is_branded, FALSE), a.cached_tokens, \
             a.reasoning_tokens, a.searches, p.input_nano_usd_per_1m, p.output_nano_usd_per_1m, \
             p.cached_input_nano_usd_per_1m, p.search_fee_nano_usd, f.prominence_parts, \
             {TONES}, p.above_tokens, p.input_above_nano_usd_per_1m, \
             p.output_above_nano_usd_per_1m, p.cached_input_above_nano_usd_per_1m, \
             COALESCE({}, q.tags) \
             FROM llm_monitoring_results a \
             JOIN llm_monitoring_queries q ON q.id = a.query_id \
             JOIN llm_monitoring_asks k ON k.id = a.ask_id \
             JOIN llm_model_registry m ON m.id = a.model_id \
             LEFT JOIN llm_model_prices p ON p.id = a.price_id \
             LEFT JOIN llm_monitoring_revision_prompts b ON b.revision_id = $2 \
                 AND b.query_id = a.query_id \
             LEFT JOIN llm_monitoring_findings f ON f.result_id = a.id AND f.revision_id = $2 \
                 AND f.is_brand \
             LEFT JOIN llm_monitoring_judgements j ON j.result_id = a.id \
                 AND j.entity_id = f.entity_id \
             WHERE a.workspace_id = $1 AND a.id IN ({})",
            is_unread("a.id", "$2"),
            MentionSource::Unread.word(),
            tag_history::tags_at("a.query_id", "a.analysis_date"),
            rows::id_list(ids.iter().copied())
        );
        let revision = revision.map(|revision| revision.0);
        let values = [workspace.0.into(), revision.unwrap_or_default().into()];
        let found = rows::all(self.reader(), sql, values).await?;
        let mut by_id: HashMap<i64, AnswerExport> = found
            .iter()
            .map(|row| {
                let answer = answer_export(row)?;
                Ok((
                    answer.id,
                    AnswerExport {
                        revision_id: revision,
                        ..answer
                    },
                ))
            })
            .collect::<StoreResult<_>>()?;
        let answers: Vec<AnswerId> = ids.iter().copied().map(AnswerId).collect();
        for (answer, queries) in self.search_queries(workspace, &answers).await? {
            if let Some(export) = by_id.get_mut(&answer.0) {
                export.search_queries = queries;
            }
        }
        let answers = ids.iter().filter_map(|id| by_id.remove(id)).collect();
        Ok((answers, next))
    }

    /// What the next answers of a file say of whom. A page may be empty and not the last: answers
    /// may name nobody.
    pub async fn export_findings(
        &self,
        workspace: WorkspaceId,
        cursor: AnswerCursor,
    ) -> StoreResult<AnswerPart<FindingExport>> {
        let project = cursor.filter.project_id;
        let revision = self.active_revision(workspace, project).await?;
        let revision = revision.map_or(0, |revision| revision.0);
        let sizes = |ids: &[i64]| sizes_of_findings(revision, ids);
        let (ids, next) = self.next_of_file(workspace, cursor, sizes).await?;
        let sql = format!(
            "SELECT a.id, a.analysis_day, a.llm_provider, a.model_id, a.query_id, f.entity_id, \
             e.name, f.is_brand, f.source, f.text_count, f.rank, f.list_total, f.first_offset, \
             a.simulated, a.outcome, f.revision_id, f.prominence_parts, m.model_display_name, \
             j.model_served, j.judge_version, j.reason, {TONES} FROM llm_monitoring_findings f \
             JOIN llm_monitoring_results a ON a.id = f.result_id \
             JOIN llm_monitoring_entities e ON e.id = f.entity_id \
             LEFT JOIN llm_monitoring_judgements j ON j.result_id = f.result_id \
                 AND j.entity_id = f.entity_id \
             LEFT JOIN llm_model_registry m ON m.id = j.model_id \
             WHERE f.workspace_id = $1 AND f.revision_id = $2 AND f.result_id IN ({}) \
             ORDER BY a.analysis_day DESC, a.id DESC, f.is_brand DESC, f.entity_id",
            rows::id_list(ids.iter().copied())
        );
        let values = [workspace.0.into(), revision.into()];
        let found = rows::all(self.reader(), sql, values).await?;
        let findings = found
            .iter()
            .map(finding_export)
            .collect::<StoreResult<_>>()?;
        Ok((findings, next))
    }

    /// Whether a project is there, and of this workspace.
    pub async fn has_project(&self, workspace: WorkspaceId, project: ProjectId) -> StoreResult<()> {
        project_exists(self.reader(), workspace, project).await
    }
}

/// Bytes of what answers say, with the reasons of a judge.
fn sizes_of_findings(revision: i64, ids: &[i64]) -> String {
    format!(
        "SELECT f.result_id, CAST(SUM({ROW_BYTES} + COALESCE(OCTET_LENGTH(j.reason), 0)) AS BIGINT) \
         FROM llm_monitoring_findings f LEFT JOIN llm_monitoring_judgements j \
         ON j.result_id = f.result_id AND j.entity_id = f.entity_id \
         WHERE f.revision_id = {revision} AND f.result_id IN ({}) GROUP BY f.result_id",
        rows::id_list(ids.iter().copied())
    )
}

fn answer_export(row: &QueryResult) -> StoreResult<AnswerExport> {
    Ok(AnswerExport {
        id: row.try_get_by_index(0)?,
        run_id: row.try_get_by_index(1)?,
        query_id: row.try_get_by_index(2)?,
        query_text: row.try_get_by_index(3)?,
        provider: row.try_get_by_index(4)?,
        model_id: row.try_get_by_index(5)?,
        model_name: row.try_get_by_index(6)?,
        model_requested: row.try_get_by_index(7)?,
        model_served: row.try_get_by_index(8)?,
        at: row.try_get_by_index(9)?,
        day: row.try_get_by_index(10)?,
        outcome: row.try_get_by_index(11)?,
        error_class: row.try_get_by_index(12)?,
        text: row.try_get_by_index(13)?,
        input_tokens: row.try_get_by_index(14)?,
        output_tokens: row.try_get_by_index(15)?,
        cost: Money::from_nanos(row.try_get_by_index(16)?),
        cost_kind: row.try_get_by_index(17)?,
        price_id: row.try_get_by_index(18)?,
        latency_ms: row.try_get_by_index(19)?,
        search_requested: row.try_get_by_index(20)?,
        simulated: row.try_get_by_index(21)?,
        detector_version: row.try_get_by_index(22)?,
        source: row.try_get_by_index(23)?,
        text_count: row.try_get_by_index(24)?,
        rank: row.try_get_by_index(25)?,
        list_total: row.try_get_by_index(26)?,
        repeat: row.try_get_by_index(27)?,
        tags: json_list(&row.try_get_by_index::<String>(48)?)?,
        tags_now: json_list(&row.try_get_by_index::<String>(28)?)?,
        is_branded: row.try_get_by_index(29)?,
        cached_tokens: row.try_get_by_index(30)?,
        reasoning_tokens: row.try_get_by_index(31)?,
        searches: row.try_get_by_index(32)?,
        price: price(row, 33, 44)?,
        prominence_parts: row.try_get_by_index(37)?,
        tone: tone(row, 38)?,
        judged: tone(row, 41)?,
        revision_id: None,
        search_queries: Vec::new(),
    })
}

fn finding_export(row: &QueryResult) -> StoreResult<FindingExport> {
    Ok(FindingExport {
        answer_id: row.try_get_by_index(0)?,
        day: row.try_get_by_index(1)?,
        provider: row.try_get_by_index(2)?,
        model_id: row.try_get_by_index(3)?,
        query_id: row.try_get_by_index(4)?,
        entity_id: row.try_get_by_index(5)?,
        entity_name: row.try_get_by_index(6)?,
        is_brand: row.try_get_by_index(7)?,
        source: row.try_get_by_index(8)?,
        text_count: row.try_get_by_index(9)?,
        rank: row.try_get_by_index(10)?,
        list_total: row.try_get_by_index(11)?,
        first_offset: row.try_get_by_index(12)?,
        simulated: row.try_get_by_index(13)?,
        outcome: row.try_get_by_index(14)?,
        revision_id: row.try_get_by_index(15)?,
        prominence_parts: row.try_get_by_index(16)?,
        judge_model: row.try_get_by_index(17)?,
        judge_served: row.try_get_by_index(18)?,
        judge_version: row.try_get_by_index(19)?,
        judge_reason: row.try_get_by_index(20)?,
        tone: tone(row, 21)?,
        judged: tone(row, 24)?,
    })
}

/// The price in four columns from `first`, that of long asks from `above` on.
fn price(row: &QueryResult, first: usize, above: usize) -> StoreResult<ExportedPrice> {
    let amount = |index: usize| {
        let nanos: Option<i64> = row.try_get_by_index(index)?;
        Ok::<_, StoreError>(nanos.map(Money::from_nanos))
    };
    Ok(ExportedPrice {
        input: amount(first)?,
        output: amount(first + 1)?,
        cached_input: amount(first + 2)?,
        search: amount(first + 3)?,
        above_tokens: row.try_get_by_index(above)?,
        input_above: amount(above + 1)?,
        output_above: amount(above + 2)?,
        cached_input_above: amount(above + 3)?,
    })
}

fn tone(row: &QueryResult, first: usize) -> StoreResult<ExportedTone> {
    Ok(ExportedTone {
        sentiment: row.try_get_by_index(first)?,
        thousandths: row.try_get_by_index(first + 1)?,
        recommended: row.try_get_by_index(first + 2)?,
    })
}
