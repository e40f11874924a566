//! Citations: the pages of answers, written with them.
//!
//! Invariant: what is written is a pure function of the answers' citations; writing it again
//! changes nothing. New pages are inserted in the order of their keys, so that two
//! transactions cannot wait for each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use analysis::citations::page;
use app::model::answer::CitationView;
use app::model::ids::{ModelId, ProjectId, WorkspaceId};
use chrono::NaiveDate;
use engine::{AskOutcome, LaneScope, counts_as_answer};
use runtime::long_texts;
use sea_orm::{DatabaseTransaction, Value};

use super::citation_rows::{AnswerSources, Source, citation_rows, page_row, sources};
use super::old_answers::note_read;
use crate::store::sql::decode::json_list;
use crate::store::sql::page_bytes::{self, ROW_BYTES};
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sums::columns::COUNTED;
use crate::store::sums::sheets;
use crate::store::{Store, StoreResult};

/// The sources of answers, by workspace and project.
type ByProject = BTreeMap<(i64, i64), Vec<AnswerSources>>;

/// Keys a statement: far below what both databases take.
const KEYS: usize = 5_000;
/// Answers a transaction of the reading of old ones.
const BATCH: i64 = 500;
/// The setting that tells how far old answers were read.
const PROGRESS: &str = "citations_read";

/// Writes the sources of answers that were just stored; `ids` gives the answer of each ask.
pub(in crate::store) async fn write_citations(
    tx: &DatabaseTransaction,
    scope: &LaneScope,
    outcomes: &[&AskOutcome],
    ids: &HashMap<i64, i64>,
) -> StoreResult<()> {
    let answers: Vec<AnswerSources> = outcomes
        .iter()
        .filter_map(|outcome| {
            let answer = outcome.exchange.result.as_ref().ok()?;
            if !counts_as_answer(answer.outcome) {
                return None;
            }
            let cited = answer.citations.iter().zip(&outcome.pages);
            let cited = cited
                .map(|(citation, page)| (page.clone(), citation.title.as_deref(), citation.cited));
            Some(AnswerSources {
                result: *ids.get(&outcome.ask.0)?,
                prompt: outcome.prompt.0,
                model: scope.model.id.0,
                day: outcome.day,
                sources: sources(cited),
            })
        })
        .collect();
    write(tx, scope.workspace, scope.project, &answers).await
}

/// Pages that are new, then what each answer has of them.
async fn write(
    tx: &DatabaseTransaction,
    WorkspaceId(workspace_id): WorkspaceId,
    ProjectId(project): ProjectId,
    answers: &[AnswerSources],
) -> StoreResult<()> {
    let all = answers.iter().flat_map(|answer| &answer.sources);
    let mut wanted: BTreeMap<&str, &Source> = BTreeMap::new();
    for source in all {
        let known = wanted.entry(&source.page.key).or_insert(source);
        if known.title.is_none() {
            *known = source;
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let mut pages = HashMap::with_capacity(wanted.len());
    find_pages(tx, project, &wanted, &mut pages).await?;
    wanted.retain(|key, _| !pages.contains_key(*key));
    if !wanted.is_empty() {
        let new = wanted.values();
        let new = new.map(|source| page_row(workspace_id, project, source));
        let unless_there = "ON CONFLICT (project_id, page_key) DO NOTHING RETURNING page_key, id";
        let table = "llm_monitoring_pages";
        for row in rows::insert_rows(tx, table, new.collect(), unless_there).await? {
            let (key, id) = rows::pair(&row)?;
            pages.insert(key, id);
        }
        // Another lane's transaction may have been faster with some.
        wanted.retain(|key, _| !pages.contains_key(*key));
        find_pages(tx, project, &wanted, &mut pages).await?;
    }
    let found = answers
        .iter()
        .flat_map(|answer| citation_rows(workspace_id, project, answer, &pages))
        .collect();
    let unless_there = "ON CONFLICT (result_id, page_id) DO NOTHING";
    let table = "llm_monitoring_citations";
    rows::insert_rows(tx, table, found, unless_there).await?;
    Ok(())
}

/// Adds the ids of those pages that are there.
async fn find_pages(
    tx: &DatabaseTransaction,
    project: i64,
    wanted: &BTreeMap<&str, &Source>,
    pages: &mut HashMap<String, i64>,
) -> StoreResult<()> {
    let keys: Vec<&str> = wanted.keys().copied().collect();
    for keys in keys.chunks(KEYS) {
        let (is_wanted, list) = rows::is_one_of_texts(tx, "page_key", 2, keys.iter().copied());
        let sql = format!(
            "SELECT page_key, id FROM llm_monitoring_pages WHERE project_id = $1 AND {is_wanted}"
        );
        let values = [project.into(), list];
        pages.extend(rows::pairs::<String, i64>(tx, sql, values).await?);
    }
    Ok(())
}

record! {
    /// An answer whose sources were not read when it was stored.
    struct OldAnswer {
        id: i64 = "id",
        workspace: i64 = "workspace_id",
        project: i64 = "project_id",
        prompt: i64 = "query_id",
        model: i64 = "model_id",
        day: NaiveDate = "analysis_day",
        /// As JSON: it is read away from those who serve.
        citations: String = "citations",
    }
}

impl Store {
    /// Reads the sources of the next answers that were stored before there was a place for
    /// them; whether there may be more. Goes on where it, or another process, left off. These
    /// answers are summed already, so that sheets of their days are made anew.
    pub async fn read_old_citations(&self) -> StoreResult<bool> {
        let Some((from, to)) = self.unread_answers(PROGRESS).await? else {
            return Ok(false);
        };
        let which = format!(
            "FROM llm_monitoring_results WHERE id > $1 AND id <= $2 AND citations <> '[]' \
             AND outcome IN {COUNTED} ORDER BY id"
        );
        let range = || -> [Value; 2] { [from.into(), to.into()] };
        let sizes = format!(
            "SELECT CAST({ROW_BYTES} + OCTET_LENGTH(citations) AS BIGINT) {which} LIMIT {BATCH}"
        );
        let bytes: Vec<i64> = rows::column(self.reader(), sizes, range()).await?;
        let fit = page_bytes::count_fitting(bytes);
        let rest = format!("{which} LIMIT {fit}");
        let found: Vec<OldAnswer> = rows::select(self.reader(), rest, range()).await?;
        let last = found.last().map(|answer| answer.id);
        let bytes = found.iter().map(|answer| answer.citations.len()).sum();
        let reading = long_texts::read(bytes, move || sources_by_project(found));
        let by_project = reading.await??;
        let tx = self.begin_write().await?;
        for ((workspace, project), answers) in by_project {
            write(&tx, workspace.into(), project.into(), &answers).await?;
            let days = answers
                .iter()
                .map(|answer| (ModelId(answer.model), answer.day));
            let days: BTreeSet<(ModelId, NaiveDate)> = days.collect();
            sheets::make_days(&tx, project.into(), &days).await?;
        }
        note_read(&tx, PROGRESS, last, to).await?;
        tx.commit().await?;
        Ok(last.is_some())
    }
}

/// What answers cite.
fn sources_by_project(answers: Vec<OldAnswer>) -> StoreResult<ByProject> {
    let mut found = ByProject::new();
    for answer in answers {
        let stored: Vec<CitationView> = json_list(&answer.citations)?;
        let cited = stored.iter().map(|citation| {
            let title = citation.title.as_deref();
            (page(&citation.url, title), title, citation.cited)
        });
        let place = (answer.workspace, answer.project);
        found.entry(place).or_default().push(AnswerSources {
            result: answer.id,
            prompt: answer.prompt,
            model: answer.model,
            day: answer.day,
            sources: sources(cited),
        });
    }
    Ok(found)
}
