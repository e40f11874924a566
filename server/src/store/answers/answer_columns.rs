//! The columns that are read of an answer: as a row of a table, with its text, and with its
//! sources. One list for screens, programs and files.
//!
//! Invariant: a column that is not shown is not read. A row has only the beginning of its text. The
//! raw body that a provider sent is never shown; it is kept to be read anew.

use std::collections::HashMap;

use app::model::answer::{
    AnswerRecord, AnswerRow, CitationView, MentionSource, Sentiment, ToneBy, ToneView,
};
use app::model::ids::{AnswerId, ModelId, ProjectId, PromptId, RunId, WorkspaceId};
use app::model::money::Money;
use app::model::outcome::{ErrorClass, Outcome};
use app::model::provider::Provider;
use app::model::run::CostKind;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreResult};

/// Characters that a row shows of a text.
const EXCERPT_CHARACTERS: usize = 160;
/// Characters of a text that are read for them: marks and addresses of links are not shown.
const READ_CHARACTERS: usize = 3 * EXCERPT_CHARACTERS;

/// Answers `a` of workspace `$1`, as revision `$2` reads them: with the question, the model, and
/// what each says of the brand.
pub(super) const ANSWERS: &str = "FROM llm_monitoring_results a \
    JOIN llm_monitoring_queries q ON q.id = a.query_id \
    JOIN llm_model_registry m ON m.id = a.model_id \
    LEFT JOIN llm_monitoring_findings f ON f.result_id = a.id AND f.revision_id = $2 \
        AND f.is_brand \
    LEFT JOIN llm_monitoring_unread n ON n.result_id = a.id AND n.revision_id = $2";

/// Behind [`ANSWERS`]: what a judge says of the brand.
pub(super) const JUDGED: &str = "LEFT JOIN llm_monitoring_judgements j ON j.result_id = a.id \
    AND j.entity_id = f.entity_id";

record! {
    for AnswerRow {
        id: AnswerId = "a.id",
        run_id: RunId = "a.run_id",
        at: DateTime<Utc> = "a.analysis_date",
        prompt_id: PromptId = "a.query_id",
        prompt_text: String = "q.query_text",
        provider: Provider = "a.llm_provider",
        model_id: ModelId = "a.model_id",
        model_name: String = "m.model_display_name",
        outcome: Outcome = "a.outcome",
        error_class: Option<ErrorClass> = "a.error_class",
        source: MentionSource = format!(
            "COALESCE(f.source, CASE WHEN n.result_id IS NULL THEN '{}' ELSE '{}' END)",
            MentionSource::None,
            MentionSource::Unread
        ),
        text_count: i64 = "COALESCE(f.text_count, 0)",
        rank: Option<i64> = "f.rank",
        list_total: Option<i64> = "f.list_total",
        cost: Money = "a.cost_nano_usd",
        cost_kind: CostKind = "a.cost_kind",
        latency_ms: i64 = "a.response_time_ms",
        simulated: bool = "a.simulated",
        excerpt: String = format!("SUBSTR(a.full_response, 1, {READ_CHARACTERS})"),
    } later {
        competitors: Vec<String>,
    }
}

record! {
    for AnswerRecord {
        row: AnswerRow as "",
        text: String = "a.full_response",
        model_requested: String = "a.model_requested",
        model_served: Option<String> = "a.model_served",
        finish: Option<String> = "a.finish",
        input_tokens: Option<i64> = "a.input_tokens",
        output_tokens: Option<i64> = "a.output_tokens",
        searches: Option<i64> = "a.searches",
        search_requested: bool = "a.search_requested",
        error_message: Option<String> = "a.error_message",
        detector_version: String = "a.detector_version",
    } later {
        search_queries: Vec<String>,
    }
}

record! {
    /// An answer as programs read it: with its sources, and what a judge says of the brand.
    #[derive(Clone, Debug)]
    pub struct CitingAnswer {
        /// The answer itself.
        pub record: AnswerRecord as "",
        /// Its sources, as they were stored.
        pub citations: Vec<CitationView> = "a.citations",
        /// How it speaks of the brand, by a judge.
        pub judged: StoredTone as "j.",
    }
}

record! {
    /// How an entity is spoken of; nothing where nobody has said so.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct StoredTone {
        /// Praise, blame, or neither.
        pub sentiment: Option<Sentiment> = "sentiment",
        /// From -1,000 to 1,000.
        pub thousandths: Option<i64> = "sentiment_thousandths",
        /// Whether the entity is recommended; `Some(false)`: advised against.
        pub recommended: Option<bool> = "recommended",
    }
}

impl StoredTone {
    /// The tone with whoever said so; `None`: nobody did.
    pub fn said_by(self, by: ToneBy) -> Option<ToneView> {
        Some(ToneView {
            by,
            sentiment: self.sentiment?,
            score_thousandths: self.thousandths.unwrap_or(0),
            recommended: self.recommended,
        })
    }
}

impl Store {
    /// Answers of a project as rows of a table, in the order of their ids.
    pub(super) async fn answer_rows(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        ids: &[i64],
    ) -> StoreResult<Vec<AnswerRow>> {
        let revision = self.shown_revision(workspace_id, project).await?;
        let rest = format!("{ANSWERS} WHERE {}", is_of(ids));
        let values = [workspace_id.0.into(), revision.into()];
        let found = rows::select(self.reader(), rest, values).await?;
        let mut answers = in_order(ids, found, |row: &AnswerRow| row.id);
        let mut named = competitors(self.reader(), revision, ids).await?;
        for row in &mut answers {
            row.competitors = named.remove(&row.id).unwrap_or_default();
            row.excerpt = analysis::beginning(&row.excerpt, EXCERPT_CHARACTERS);
        }
        Ok(answers)
    }

    /// Answers of a project as programs read them, in the order of their ids; those that are not
    /// there are left out.
    pub(super) async fn citing_answers(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        ids: &[i64],
    ) -> StoreResult<Vec<CitingAnswer>> {
        let revision = self.shown_revision(workspace_id, project).await?;
        let rest = format!("{ANSWERS} {JUDGED} WHERE {}", is_of(ids));
        let values = [workspace_id.0.into(), revision.into()];
        let found = rows::select(self.reader(), rest, values).await?;
        let mut answers = in_order(ids, found, |answer: &CitingAnswer| answer.record.row.id);
        let mut named = competitors(self.reader(), revision, ids).await?;
        let all: Vec<AnswerId> = ids.iter().copied().map(AnswerId).collect();
        let mut queries = self.search_queries(workspace_id, &all).await?;
        for CitingAnswer { record, .. } in &mut answers {
            let id = record.row.id;
            record.row.competitors = named.remove(&id).unwrap_or_default();
            record.search_queries = queries.remove(&id).unwrap_or_default();
        }
        Ok(answers)
    }

    /// The revision of a project that is shown; no id where there is none yet.
    pub(super) async fn shown_revision(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<i64> {
        let revision = self.active_revision(workspace_id, project).await?;
        Ok(revision.map_or(0, |revision| revision.0))
    }
}

/// The condition that answer `a` is one of these, and of workspace `$1`.
pub(super) fn is_of(ids: &[i64]) -> String {
    let ids = rows::id_list(ids.iter().copied());
    format!("a.workspace_id = $1 AND a.id IN ({ids})")
}

/// What was found, in the order of the ids; ids of which nothing was found are left out.
pub(super) fn in_order<T>(ids: &[i64], found: Vec<T>, id: impl Fn(&T) -> AnswerId) -> Vec<T> {
    let mut by_id: HashMap<i64, T> = found.into_iter().map(|one| (id(&one).0, one)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}

/// Names of the competitors that these answers name under a revision, in the project's order.
async fn competitors(
    connection: &impl ConnectionTrait,
    revision: i64,
    ids: &[i64],
) -> StoreResult<HashMap<AnswerId, Vec<String>>> {
    let sql = format!(
        "SELECT f.result_id, e.name FROM llm_monitoring_findings f \
         JOIN llm_monitoring_entities e ON e.id = f.entity_id \
         WHERE f.revision_id = $1 AND NOT f.is_brand AND f.result_id IN ({}) \
         ORDER BY e.position, e.id",
        rows::id_list(ids.iter().copied())
    );
    let found = rows::pairs(connection, sql, [revision.into()]).await?;
    let mut named: HashMap<AnswerId, Vec<String>> = HashMap::new();
    for (answer, name) in found {
        named.entry(answer).or_default().push(name);
    }
    Ok(named)
}
