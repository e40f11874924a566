//! Everything about a project, page by page, for files.
//!
//! Invariant: reads only, and no page is longer than it is asked to be, so that a file of any
//! length takes the memory of one page.

use std::collections::HashMap;

use app::model::answer::AnswerFilter;
use app::model::ids::{AnswerId, ProjectId, WorkspaceId};
use app::model::metrics::{Intervals, SnapshotSums};
use app::model::money::Money;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::QueryResult;

use super::projects::project_exists;
use super::snapshot_list::SnapshotFilter;
use super::sums::{ANSWER_SUMS, columns, read_sums};
use super::{Store, StoreError, StoreResult, rows};

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
    /// The text.
    pub text: String,
    /// Tokens read.
    pub input_tokens: Option<i64>,
    /// Tokens written.
    pub output_tokens: Option<i64>,
    /// What it cost.
    pub cost: Money,
    /// Where that comes from.
    pub cost_kind: String,
    /// The price row that it was costed with.
    pub price_id: Option<i64>,
    /// Milliseconds.
    pub latency_ms: i64,
    /// Whether the model was allowed to search.
    pub search_requested: bool,
    /// Whether the simulator made it up.
    pub simulated: bool,
    /// Version of the detector.
    pub detector_version: String,
    /// How the brand is named; `None`: it is not.
    pub source: Option<String>,
    /// Times that its text names the brand.
    pub text_count: Option<i64>,
    /// The brand's place in a list.
    pub rank: Option<i64>,
    /// Length of that list.
    pub list_total: Option<i64>,
    /// A judge's.
    pub sentiment: Option<String>,
    /// From -1,000 to 1,000.
    pub sentiment_thousandths: Option<i64>,
    /// What the model looked up before it answered.
    pub search_queries: Vec<String>,
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
    /// A judge's.
    pub sentiment: Option<String>,
    /// From -1,000 to 1,000.
    pub sentiment_thousandths: Option<i64>,
    /// Whether a judge says that it is recommended.
    pub recommended: Option<bool>,
    /// Whether the simulator made the answer up.
    pub simulated: bool,
}

/// The sums of one model, day and part of the prompts, as a file has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotExport {
    /// Day.
    pub day: NaiveDate,
    /// Provider.
    pub provider: String,
    /// Model.
    pub model_id: i64,
    /// Its name for people.
    pub model_name: String,
    /// Which prompts: `all`, `plain` (they do not name the brand) or `branded`.
    pub prompts: String,
    /// Sums.
    pub sums: SnapshotSums,
    /// The 95 % intervals that were made with them.
    pub intervals: Intervals,
}

impl Store {
    /// The next answers that a filter lets through, the newest first.
    pub async fn export_answers(
        &self,
        workspace: WorkspaceId,
        filter: &AnswerFilter,
        limit: i64,
    ) -> StoreResult<Vec<AnswerExport>> {
        let ids = self.matching_ids(workspace, filter, limit).await?;
        let revision = self.active_revision(workspace, filter.project_id).await?;
        let sql = format!(
            "SELECT a.id, a.run_id, a.query_id, q.query_text, a.llm_provider, a.model_id, \
             m.model_display_name, a.model_requested, a.model_served, a.analysis_date, \
             a.analysis_day, a.outcome, a.error_class, a.full_response, a.input_tokens, \
             a.output_tokens, a.cost_nano_usd, a.cost_kind, a.price_id, a.response_time_ms, \
             a.search_requested, a.simulated, a.detector_version, f.source, f.text_count, f.rank, \
             f.list_total, j.sentiment, j.sentiment_thousandths \
             FROM llm_monitoring_results a \
             JOIN llm_monitoring_queries q ON q.id = a.query_id \
             JOIN llm_model_registry m ON m.id = a.model_id \
             LEFT JOIN llm_monitoring_findings f ON f.result_id = a.id AND f.revision_id = $2 \
                 AND f.is_brand \
             LEFT JOIN llm_monitoring_judgements j ON j.result_id = a.id \
                 AND j.entity_id = f.entity_id \
             WHERE a.workspace_id = $1 AND a.id IN ({})",
            rows::id_list(ids.iter().copied())
        );
        let revision = revision.map_or(0, |revision| revision.0);
        let values = [workspace.0.into(), revision.into()];
        let found = rows::all(self.reader(), sql, values).await?;
        let mut by_id: HashMap<i64, AnswerExport> = found
            .iter()
            .map(|row| answer_export(row).map(|answer| (answer.id, answer)))
            .collect::<StoreResult<_>>()?;
        let answers: Vec<AnswerId> = ids.iter().copied().map(AnswerId).collect();
        for (answer, queries) in self.search_queries(workspace, &answers).await? {
            if let Some(export) = by_id.get_mut(&answer.0) {
                export.search_queries = queries;
            }
        }
        Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
    }

    /// What the next answers that a filter lets through say of whom, and the last of them:
    /// answers may name nobody.
    pub async fn export_findings(
        &self,
        workspace: WorkspaceId,
        filter: &AnswerFilter,
        limit: i64,
    ) -> StoreResult<(Vec<FindingExport>, Option<AnswerId>)> {
        let ids = self.matching_ids(workspace, filter, limit).await?;
        let revision = self.active_revision(workspace, filter.project_id).await?;
        let sql = format!(
            "SELECT a.id, a.analysis_day, a.llm_provider, a.model_id, a.query_id, f.entity_id, \
             e.name, f.is_brand, f.source, f.text_count, f.rank, f.list_total, f.first_offset, \
             j.sentiment, j.sentiment_thousandths, j.recommended, a.simulated \
             FROM llm_monitoring_findings f \
             JOIN llm_monitoring_results a ON a.id = f.result_id \
             JOIN llm_monitoring_entities e ON e.id = f.entity_id \
             LEFT JOIN llm_monitoring_judgements j ON j.result_id = f.result_id \
                 AND j.entity_id = f.entity_id \
             WHERE f.workspace_id = $1 AND f.revision_id = $2 AND f.result_id IN ({}) \
             ORDER BY a.analysis_day DESC, a.id DESC, f.is_brand DESC, f.entity_id",
            rows::id_list(ids.iter().copied())
        );
        let revision = revision.map_or(0, |revision| revision.0);
        let values = [workspace.0.into(), revision.into()];
        let found = rows::all(self.reader(), sql, values).await?;
        let findings = found
            .iter()
            .map(finding_export)
            .collect::<StoreResult<_>>()?;
        Ok((findings, ids.last().copied().map(AnswerId)))
    }

    /// The next snapshots, the newest day first, behind so many.
    pub async fn export_snapshots(
        &self,
        workspace: WorkspaceId,
        filter: &SnapshotFilter,
        (offset, limit): (i64, i64),
    ) -> StoreResult<Vec<SnapshotExport>> {
        project_exists(self.reader(), workspace, filter.project_id).await?;
        let revision = self.active_revision(workspace, filter.project_id).await?;
        let mut values = vec![
            revision.map_or(0, |revision| revision.0).into(),
            filter.from.into(),
            filter.to.into(),
        ];
        let of_provider = filter.provider.map_or("", |provider| {
            values.push(provider.slug().into());
            " AND s.llm_provider = $4"
        });
        let sql = format!(
            "SELECT s.snapshot_date, s.llm_provider, s.model_id, m.model_display_name, s.prompts, \
             s.intervals, {} FROM llm_monitoring_snapshots s \
             JOIN llm_model_registry m ON m.id = s.model_id \
             WHERE s.revision_id = $1 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3\
             {of_provider} \
             ORDER BY s.snapshot_date DESC, s.llm_provider, s.model_id, s.prompts \
             LIMIT {limit} OFFSET {offset}",
            columns("s", &ANSWER_SUMS)
        );
        let found = rows::all(self.reader(), sql, values).await?;
        found.iter().map(snapshot_export).collect()
    }

    /// Whether a project is there, and of this workspace.
    pub async fn has_project(&self, workspace: WorkspaceId, project: ProjectId) -> StoreResult<()> {
        project_exists(self.reader(), workspace, project).await
    }
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
        sentiment: row.try_get_by_index(27)?,
        sentiment_thousandths: row.try_get_by_index(28)?,
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
        sentiment: row.try_get_by_index(13)?,
        sentiment_thousandths: row.try_get_by_index(14)?,
        recommended: row.try_get_by_index(15)?,
        simulated: row.try_get_by_index(16)?,
    })
}

fn snapshot_export(row: &QueryResult) -> StoreResult<SnapshotExport> {
    let intervals: String = row.try_get_by_index(5)?;
    Ok(SnapshotExport {
        day: row.try_get_by_index(0)?,
        provider: row.try_get_by_index(1)?,
        model_id: row.try_get_by_index(2)?,
        model_name: row.try_get_by_index(3)?,
        prompts: row.try_get_by_index(4)?,
        intervals: serde_json::from_str(&intervals)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?,
        sums: read_sums(row, 6)?,
    })
}
