//! Everything about a project, page by page, for files.
//!
//! Invariant: reads only. The bytes of a page are limited, so a file of any length takes the memory
//! of one page.

use app::model::answer::{AnswerFilter, AnswerRecord, MentionSource};
use app::model::ids::{AnswerId, ProjectId, WorkspaceId};
use app::model::money::Money;
use app::model::outcome::Outcome;
use chrono::NaiveDate;

use super::answer_columns::{ANSWERS, JUDGED, StoredTone, in_order, is_of};
use crate::store::projects::tag_history;
use crate::store::sql::page_bytes::{self, ROW_BYTES};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreError, StoreResult};

record! {
    /// An answer as a file has it; which competitors it names stands in the file of findings.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct AnswerExport {
        /// The answer itself.
        pub record: AnswerRecord as "",
        /// Day, in the workspace's time zone.
        pub day: NaiveDate = "a.analysis_day",
        /// Which of the asks of the same question, model and run.
        pub repeat: i64 = "k.repeat",
        /// The question's tags when it answered.
        pub tags: Vec<String> = format!(
            "COALESCE({}, q.tags)",
            tag_history::tags_at("a.query_id", "a.analysis_date")
        ),
        /// Its tags now, with which it counts in clusters.
        pub tags_now: Vec<String> = "q.tags",
        /// Whether the question names the brand itself.
        pub is_branded: bool = "COALESCE(b.is_branded, FALSE)",
        /// Of the tokens read, those that the provider had read before.
        pub cached_tokens: Option<i64> = "a.cached_tokens",
        /// Of those written, thoughts.
        pub reasoning_tokens: Option<i64> = "a.reasoning_tokens",
        /// The price row that it was costed with.
        pub price_id: Option<i64> = "a.price_id",
        /// What that row says.
        pub price: ExportedPrice as "p.",
        /// How early the text names the brand, in ten-thousandths.
        pub prominence_parts: Option<i64> = "f.prominence_parts",
        /// How it speaks of the brand by the local rules.
        pub tone: StoredTone as "f.",
        /// The same by a judge.
        pub judged: StoredTone as "j.",
    } later {
        /// With which names it was read.
        pub revision_id: Option<i64>,
    }
}

record! {
    /// A price row as a file has it, in nano-USD.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct ExportedPrice {
        /// A million tokens read.
        pub input: Option<Money> = "input_nano_usd_per_1m",
        /// A million tokens written.
        pub output: Option<Money> = "output_nano_usd_per_1m",
        /// A million tokens read before.
        pub cached_input: Option<Money> = "cached_input_nano_usd_per_1m",
        /// A search.
        pub search: Option<Money> = "search_fee_nano_usd",
        /// Asks that read more tokens than this cost what follows instead.
        pub above_tokens: Option<i64> = "above_tokens",
        /// A million tokens read.
        pub input_above: Option<Money> = "input_above_nano_usd_per_1m",
        /// A million tokens written.
        pub output_above: Option<Money> = "output_above_nano_usd_per_1m",
        /// A million tokens read before.
        pub cached_input_above: Option<Money> = "cached_input_above_nano_usd_per_1m",
    }
}

record! {
    /// What an answer says of one entity, as a file has it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct FindingExport {
        /// Answer.
        pub answer_id: i64 = "a.id",
        /// Day of the answer.
        pub day: NaiveDate = "a.analysis_day",
        /// Provider.
        pub provider: String = "a.llm_provider",
        /// Model.
        pub model_id: i64 = "a.model_id",
        /// Question.
        pub query_id: i64 = "a.query_id",
        /// Entity.
        pub entity_id: i64 = "f.entity_id",
        /// Its name.
        pub entity_name: String = "e.name",
        /// Whether it is the brand.
        pub is_brand: bool = "f.is_brand",
        /// How it is named.
        pub source: MentionSource = "f.source",
        /// Times in visible text.
        pub text_count: i64 = "f.text_count",
        /// Place in a numbered list.
        pub rank: Option<i64> = "f.rank",
        /// Length of that list.
        pub list_total: Option<i64> = "f.list_total",
        /// Byte offset of the first mention.
        pub first_offset: Option<i64> = "f.first_offset",
        /// How early the text names it, in ten-thousandths.
        pub prominence_parts: Option<i64> = "f.prominence_parts",
        /// How it is spoken of by the local rules.
        pub tone: StoredTone as "f.",
        /// The same by a judge.
        pub judged: StoredTone as "j.",
        /// The judge: its name for people.
        pub judge_model: Option<String> = "m.model_display_name",
        /// The model that judged, as its provider names it.
        pub judge_served: Option<String> = "j.model_served",
        /// Version of the judge's instructions.
        pub judge_version: Option<i64> = "j.judge_version",
        /// Why the judge says so.
        pub judge_reason: Option<String> = "j.reason",
        /// Whether the simulator made the answer up.
        pub simulated: bool = "a.simulated",
        /// How the answer ended.
        pub outcome: Outcome = "a.outcome",
        /// With which names it was read.
        pub revision_id: i64 = "f.revision_id",
    }
}

/// Answers that are looked for at a time.
const ANSWERS_A_PAGE: i64 = 1_000;

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
    /// The next answers of a file, as many as fit into a page by their `sizes`, and where the next
    /// page begins. An empty list means that there are no more.
    pub(super) async fn next_of_file(
        &self,
        workspace_id: WorkspaceId,
        cursor: AnswerCursor,
        sizes: impl Fn(&[i64]) -> String,
    ) -> StoreResult<(Vec<i64>, Option<AnswerCursor>)> {
        let AnswerCursor { filter, waiting } = cursor;
        let mut ids = if waiting.is_empty() {
            self.matching_ids(workspace_id, &filter, ANSWERS_A_PAGE)
                .await?
        } else {
            project_exists(self.reader(), workspace_id, filter.project_id).await?;
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
        workspace_id: WorkspaceId,
        cursor: AnswerCursor,
    ) -> StoreResult<AnswerPart<AnswerExport>> {
        let project = cursor.filter.project_id;
        let (ids, next) = self
            .next_of_file(workspace_id, cursor, page_bytes::of_answers)
            .await?;
        if ids.is_empty() {
            return Ok((Vec::new(), next));
        }
        let revision = self.active_revision(workspace_id, project).await?;
        let revision = revision.map(|revision| revision.0);
        let rest = format!(
            "{ANSWERS} {JUDGED} \
             JOIN llm_monitoring_asks k ON k.id = a.ask_id \
             LEFT JOIN llm_model_prices p ON p.id = a.price_id \
             LEFT JOIN llm_monitoring_revision_prompts b ON b.revision_id = $2 \
                 AND b.query_id = a.query_id \
             WHERE {}",
            is_of(&ids)
        );
        let values = [workspace_id.0.into(), revision.unwrap_or_default().into()];
        let found = rows::select(self.reader(), rest, values).await?;
        let mut answers = in_order(&ids, found, |answer: &AnswerExport| answer.record.row.id);
        let ids: Vec<AnswerId> = ids.into_iter().map(AnswerId).collect();
        let mut queries = self.search_queries(workspace_id, &ids).await?;
        for answer in &mut answers {
            answer.revision_id = revision;
            let looked_up = queries.remove(&answer.record.row.id);
            answer.record.search_queries = looked_up.unwrap_or_default();
        }
        Ok((answers, next))
    }

    /// The findings of the next answers of a file. A page may be empty and not the last: answers
    /// may name nobody.
    pub async fn export_findings(
        &self,
        workspace_id: WorkspaceId,
        cursor: AnswerCursor,
    ) -> StoreResult<AnswerPart<FindingExport>> {
        let project = cursor.filter.project_id;
        let revision = self.shown_revision(workspace_id, project).await?;
        let sizes = |ids: &[i64]| sizes_of_findings(revision, ids);
        let (ids, next) = self.next_of_file(workspace_id, cursor, sizes).await?;
        let rest = format!(
            "FROM llm_monitoring_findings f \
             JOIN llm_monitoring_results a ON a.id = f.result_id \
             JOIN llm_monitoring_entities e ON e.id = f.entity_id \
             LEFT JOIN llm_monitoring_judgements j ON j.result_id = f.result_id \
                 AND j.entity_id = f.entity_id \
             LEFT JOIN llm_model_registry m ON m.id = j.model_id \
             WHERE f.workspace_id = $1 AND f.revision_id = $2 AND f.result_id IN ({}) \
             ORDER BY a.analysis_day DESC, a.id DESC, f.is_brand DESC, f.entity_id",
            rows::id_list(ids.iter().copied())
        );
        let values = [workspace_id.0.into(), revision.into()];
        let findings = rows::select(self.reader(), rest, values).await?;
        Ok((findings, next))
    }

    /// Whether a project is there, and of this workspace.
    pub async fn has_project(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<()> {
        project_exists(self.reader(), workspace_id, project).await
    }

    /// What a project is called.
    pub async fn project_name(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<String> {
        let sql = "SELECT name FROM llm_monitoring_projects \
            WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL";
        let values = [project.0.into(), workspace_id.0.into()];
        let name = rows::value(self.reader(), sql, values).await?;
        name.ok_or(StoreError::NotFound)
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
