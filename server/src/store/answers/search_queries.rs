//! The search queries that models sent before they answered. They are written with their answers.
//!
//! Invariant: what is written is a pure function of the answers; writing it again changes
//! nothing.

use std::collections::HashMap;

use app::model::ids::{AnswerId, WorkspaceId};
use chrono::NaiveDate;
use engine::{AskOutcome, LaneScope};
use providers::search_queries_of;
use runtime::long_texts;
use sea_orm::DatabaseTransaction;

use super::old_answers::note_read;
use crate::store::sql::cell::Bytes;
use crate::store::sql::encode::{count, without_nul};
use crate::store::sql::record::record;
use crate::store::sql::rows::{self, NewRow, new_row};
use crate::store::{Store, StoreResult};

const TABLE: &str = "llm_monitoring_search_queries";
/// Answers a transaction of the reading of old ones; each has a body of up to 64 KiB.
const BATCH: i64 = 100;
/// The setting that tells how far old answers were read.
const PROGRESS: &str = "search_queries_read";

record! {
    /// The search queries of one stored answer.
    struct AnswerQueries {
        workspace: i64 = "workspace_id",
        project: i64 = "project_id",
        result: i64 = "id",
        prompt: i64 = "query_id",
        model: i64 = "model_id",
        day: NaiveDate = "analysis_day",
    } later {
        queries: Vec<String>,
    }
}

record! {
    /// An answer whose search queries were not read when it was stored, with its raw body.
    struct OldAnswer {
        answer: AnswerQueries as "",
        body: Bytes = "raw_body",
    }
}

impl AnswerQueries {
    fn rows(&self) -> impl Iterator<Item = NewRow<8>> {
        self.queries.iter().enumerate().map(|(position, query)| {
            new_row! {
                workspace_id = self.workspace,
                project_id = self.project,
                result_id = self.result,
                position = count(position),
                query_id = self.prompt,
                model_id = self.model,
                analysis_day = self.day,
                search_query = without_nul(query),
            }
        })
    }
}

/// Writes the search queries of answers that were just stored; `ids` gives the answer of each
/// ask.
pub(in crate::store) async fn write_search_queries(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    outcomes: &[&AskOutcome],
    ids: &HashMap<i64, i64>,
) -> StoreResult<()> {
    let of_answer = |outcome: &&AskOutcome| {
        Some(AnswerQueries {
            workspace: scope.workspace.0,
            project: scope.project.0,
            result: *ids.get(&outcome.ask.0)?,
            prompt: outcome.prompt.0,
            model: scope.model.id.0,
            day: outcome.day,
            queries: outcome
                .exchange
                .result
                .as_ref()
                .ok()?
                .search_queries
                .clone(),
        })
    };
    let answers: Vec<AnswerQueries> = outcomes.iter().filter_map(of_answer).collect();
    write(tx, &answers).await
}

async fn write(tx: &DatabaseTransaction, answers: &[AnswerQueries]) -> StoreResult<()> {
    let found: Vec<NewRow<8>> = answers.iter().flat_map(AnswerQueries::rows).collect();
    let unless_there = "ON CONFLICT (result_id, position) DO NOTHING";
    rows::insert_rows(tx, TABLE, found, unless_there).await?;
    Ok(())
}

impl Store {
    /// The search queries of these answers, each in its order; answers without one are left out.
    pub async fn search_queries(
        &self,
        workspace_id: WorkspaceId,
        answers: &[AnswerId],
    ) -> StoreResult<HashMap<AnswerId, Vec<String>>> {
        let sql = format!(
            "SELECT result_id, search_query FROM llm_monitoring_search_queries \
             WHERE workspace_id = $1 AND result_id IN ({}) ORDER BY result_id, position",
            rows::id_list(answers.iter().map(|answer| answer.0))
        );
        let mut queries: HashMap<AnswerId, Vec<String>> = HashMap::new();
        let found = rows::pairs(self.reader(), sql, [workspace_id.0.into()]).await?;
        for (answer, query) in found {
            queries.entry(answer).or_default().push(query);
        }
        Ok(queries)
    }

    /// Reads the search queries of the next answers that were stored before there was a place
    /// for them, from their raw bodies; whether there may be more.
    pub async fn read_old_search_queries(&self) -> StoreResult<bool> {
        let Some((from, to)) = self.unread_answers(PROGRESS).await? else {
            return Ok(false);
        };
        let rest = format!(
            "FROM llm_monitoring_results WHERE id > $1 AND id <= $2 AND raw_body IS NOT NULL \
             AND outcome <> 'failed' ORDER BY id LIMIT {BATCH}"
        );
        let found: Vec<OldAnswer> =
            rows::select(self.reader(), rest, [from.into(), to.into()]).await?;
        let last = found.last().map(|old| old.answer.result);
        // Megabytes of JSON: not on a thread that serves others.
        let reading = long_texts::on_reader_thread(move || {
            let read = |old: OldAnswer| AnswerQueries {
                queries: search_queries_of(&old.body.0).unwrap_or_default(),
                ..old.answer
            };
            found.into_iter().map(read).collect::<Vec<_>>()
        });
        let answers = reading.await?;
        let tx = self.begin_write().await?;
        write(&tx, &answers).await?;
        note_read(&tx, PROGRESS, last, to).await?;
        tx.commit().await?;
        Ok(last.is_some())
    }
}
