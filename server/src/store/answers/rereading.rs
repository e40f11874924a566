//! Work on revisions: filling one from stored answers, summing it, clearing what is left of one.
//!
//! Invariant: every step checks that the worker still holds the revision, and may be done
//! again: who takes a dead worker's place goes on where the last transaction ended.

use analysis::DETECTOR_VERSION;
use app::model::answer::CitationView;
use app::model::ids::{AnswerId, ModelId, ProjectId, RevisionId, WorkspaceId};
use app::model::project::RevisionStatus;
use chrono::NaiveDate;
use engine::{Mentions, Reading};
use sea_orm::{ConnectionTrait, Value};

use super::finding_rows::finding_row;
use crate::store::projects::revisions;
use crate::store::sql::leases::{self, Held, WorkTable};
use crate::store::sql::record::record;
use crate::store::sql::{page_bytes, rows};
use crate::store::sums::columns::COUNTED;
use crate::store::sums::series::Series;
use crate::store::sums::unread::write_unread;
use crate::store::sums::{rollups, served};
use crate::store::{Store, StoreError, StoreResult};

const REVISIONS: WorkTable = WorkTable {
    name: "llm_monitoring_revisions",
    open: "status IN ('filling', 'retired') OR NOT is_summed",
    order: "CASE status WHEN 'filling' THEN 0 WHEN 'active' THEN 1 ELSE 2 END, id",
    taken: "",
};

record! {
    /// What a claim reads of its revision.
    struct ClaimedRevision {
        workspace: WorkspaceId = "workspace_id",
        project: ProjectId = "project_id",
        status: RevisionStatus = "status",
        read_up_to: AnswerId = "read_up_to",
        last_answer: AnswerId = "last_answer",
    }
}

/// What is to be done about a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its answers are read, and then it becomes the active one.
    Fill,
    /// It is shown, and its sums are to be made.
    Sum,
    /// It is shown no more, and its findings and sums are to be deleted.
    Clear,
}

/// A revision as held by one worker.
#[derive(Clone, Debug)]
pub struct Rereading {
    /// The revision.
    pub revision: RevisionId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// Its project.
    pub project: ProjectId,
    /// What is to be done.
    pub stage: Stage,
    /// The last answer that was read.
    pub read_up_to: AnswerId,
    /// The last one to be read; later ones are read as they arrive.
    pub last_answer: AnswerId,
    held: Held,
}

record! {
    /// Of an answer what the detector reads again.
    #[derive(Clone, Debug)]
    pub struct AnswerToRead {
        /// Its id.
        pub id: AnswerId = "a.id",
        /// Its text.
        pub text: String = "a.full_response",
        /// The sites that it cites outside its text.
        pub citations: Vec<CitationView> = "a.citations",
        /// ISO 639-1 code of the language that it was asked in.
        pub language: String = "q.language",
        /// Whether it says anything: what failed, was blocked or has no text does not.
        pub counts: bool = format!("a.outcome IN {COUNTED}"),
    }
}

impl Store {
    /// Claims a free revision. Revisions that are being filled come before those to be cleared.
    pub async fn claim_revision(&self, worker: &str) -> StoreResult<Option<Rereading>> {
        let now = self.clock().now();
        let Some(id) = leases::find(self.reader(), &REVISIONS, &[], now).await? else {
            return Ok(None);
        };
        let tx = self.begin_write().await?;
        let taken = leases::take::<ClaimedRevision>(&tx, &REVISIONS, id, worker, now).await?;
        tx.commit().await?;
        Ok(taken.map(|(held, claimed)| Rereading {
            revision: RevisionId(id),
            workspace: claimed.workspace,
            project: claimed.project,
            stage: match claimed.status {
                RevisionStatus::Filling => Stage::Fill,
                RevisionStatus::Active => Stage::Sum,
                RevisionStatus::Retired | RevisionStatus::Cleared => Stage::Clear,
            },
            read_up_to: claimed.read_up_to,
            last_answer: claimed.last_answer,
            held,
        }))
    }

    /// The next answers to be read, the oldest first: at most `limit`, and no more than a page has
    /// room for.
    pub async fn answers_to_read(
        &self,
        work: &Rereading,
        after: AnswerId,
        limit: usize,
    ) -> StoreResult<Vec<AnswerToRead>> {
        let Some(up_to) = self.end_of_page(work, after, limit).await? else {
            return Ok(Vec::new());
        };
        let rest = "FROM llm_monitoring_results a \
            JOIN llm_monitoring_queries q ON q.id = a.query_id \
            WHERE a.project_id = $1 AND a.workspace_id = $2 AND a.id > $3 AND a.id <= $4 \
            ORDER BY a.id";
        let values = answers_between(work, after, up_to);
        rows::select(self.reader(), rest, values).await
    }

    /// The last of the next answers that a page has room for; `None`: there are no more.
    async fn end_of_page(
        &self,
        work: &Rereading,
        after: AnswerId,
        limit: usize,
    ) -> StoreResult<Option<AnswerId>> {
        let sql = format!(
            "SELECT id, {} FROM llm_monitoring_results \
             WHERE project_id = $1 AND workspace_id = $2 AND id > $3 AND id <= $4 \
             ORDER BY id LIMIT {limit}",
            page_bytes::OF_ANSWER
        );
        let values = answers_between(work, after, work.last_answer);
        let page = page_bytes::first_page(self.reader(), sql, values).await?;
        Ok(page.last().copied().map(AnswerId))
    }

    /// Writes the findings of `answers` answers up to `up_to` under the revision, and which answers
    /// could not be read.
    ///
    /// Errors: [`StoreError::LaneLost`] where another worker holds it, or nobody wants it.
    pub(crate) async fn store_readings(
        &self,
        work: &Rereading,
        reading: &Reading,
        up_to: AnswerId,
        answers: usize,
        found: &[(AnswerId, Mentions)],
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let change = ", read_up_to = $5, answers_done = answers_done + $6";
        let count = i64::try_from(answers).unwrap_or(i64::MAX);
        let now = self.clock().now();
        leases::hold(&tx, &work.held, change, [up_to.0.into(), count.into()], now).await?;
        let rows = found
            .iter()
            .flat_map(|(answer, findings)| {
                findings.iter().flatten().map(|finding| {
                    finding_row(work.workspace, work.project, reading, *answer, finding)
                })
            })
            .collect();
        rows::insert_rows(&tx, "llm_monitoring_findings", rows, "").await?;
        let unread = found.iter().filter(|(_, findings)| findings.is_err());
        let unread = unread.map(|(answer, _)| (work.revision, *answer));
        write_unread(&tx, work.workspace, unread.collect()).await?;
        Ok(tx.commit().await?)
    }

    /// The days of the project that have answers, with the models that gave them; and those on
    /// which only something was paid for answers of other days.
    pub async fn days_to_sum(&self, work: &Rereading) -> StoreResult<Vec<(ModelId, NaiveDate)>> {
        let sql = "SELECT model_id, analysis_day FROM llm_monitoring_results \
            WHERE project_id = $1 UNION SELECT asked_model_id, day FROM llm_spend_ledger \
            WHERE project_id = $1 AND asked_model_id IS NOT NULL ORDER BY 1, 2";
        rows::pairs(self.reader(), sql, [work.project.0.into()]).await
    }

    /// Sums a day of a model under the revision.
    pub async fn sum_day(
        &self,
        work: &Rereading,
        reading: &Reading,
        model: ModelId,
        day: NaiveDate,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        leases::hold(&tx, &work.held, "", [], now).await?;
        rollups::read_prompts(&tx, work.workspace, work.project, reading).await?;
        let series = Series {
            project: work.project,
            revision: work.revision,
            model,
            day,
        };
        rollups::refresh(&tx, series, now).await?;
        served::refresh(&tx, work.project, model, day).await?;
        Ok(tx.commit().await?)
    }

    /// The revision is complete: it takes the place of the one that was shown.
    pub async fn activate(&self, work: &Rereading) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        revisions::change(&tx, work.project).await?;
        let now = self.clock().now();
        leases::hold(&tx, &work.held, ", is_summed = TRUE", [], now).await?;
        if work.stage == Stage::Fill {
            revisions::retire(&tx, work.project, RevisionStatus::Active).await?;
        }
        let sql = "UPDATE llm_monitoring_revisions SET status = 'active', worker = NULL, \
            lease_until = NULL, activated_at = COALESCE(activated_at, $2) WHERE id = $1";
        rows::execute(&tx, sql, [work.revision.0.into(), now.into()]).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes findings of some answers after `after`; up to which one, or `None` where all of
    /// the revision is deleted. What is left of it says what once was read, and how.
    pub async fn clear_some(
        &self,
        work: &Rereading,
        after: AnswerId,
        limit: usize,
    ) -> StoreResult<Option<AnswerId>> {
        let tx = self.begin_write().await?;
        let now = self.clock().now();
        let sql = format!(
            "SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM (SELECT id FROM llm_monitoring_results \
             WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT {limit}) AS next"
        );
        let up_to: i64 = rows::value(&tx, sql, [work.project.0.into(), after.0.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        leases::hold(&tx, &work.held, ", read_up_to = $5", [up_to.into()], now).await?;
        if up_to > 0 {
            let sql = "DELETE FROM llm_monitoring_findings WHERE revision_id = $1 AND result_id IN \
                (SELECT id FROM llm_monitoring_results \
                 WHERE project_id = $2 AND id > $3 AND id <= $4)";
            let values = [
                work.revision.0.into(),
                work.project.0.into(),
                after.0.into(),
                up_to.into(),
            ];
            rows::execute(&tx, sql, values).await?;
            tx.commit().await?;
            return Ok(Some(AnswerId(up_to)));
        }
        rollups::lock(&tx, work.revision).await?;
        clear_sums(&tx, work.revision).await?;
        tx.commit().await?;
        Ok(None)
    }

    /// Lets go of a revision, so that another worker may take it at once.
    pub async fn release_revision(&self, work: &Rereading) -> StoreResult<()> {
        self.release_lease(&work.held).await
    }

    /// All answers are to be read again; workers find that by themselves. How many projects
    /// there are.
    pub async fn read_everything_again(&self) -> StoreResult<usize> {
        let sql = "SELECT workspace_id, id FROM llm_monitoring_projects \
            WHERE deleted_at IS NULL ORDER BY id";
        let projects = rows::pairs(self.reader(), sql, []).await?;
        for &(workspace, project) in &projects {
            self.read_again(workspace, project).await?;
        }
        Ok(projects.len())
    }

    /// The same for projects that are shown as older rules read them. A revision that is being
    /// filled already is left to it.
    pub async fn read_outdated_again(&self) -> StoreResult<usize> {
        let sql = "SELECT r.workspace_id, r.project_id FROM llm_monitoring_revisions r \
            JOIN llm_monitoring_projects p ON p.id = r.project_id AND p.deleted_at IS NULL \
            WHERE r.status = 'active' AND r.detector_version < $1 AND NOT EXISTS \
                (SELECT 1 FROM llm_monitoring_revisions f \
                 WHERE f.project_id = r.project_id AND f.status = 'filling') ORDER BY r.project_id";
        let values = [i64::from(DETECTOR_VERSION).into()];
        let outdated = rows::pairs(self.reader(), sql, values).await?;
        for &(workspace, project) in &outdated {
            self.read_again(workspace, project).await?;
        }
        Ok(outdated.len())
    }

    /// How many revisions are being filled, summed or cleared, or wait for it.
    pub async fn revisions_at_work(&self) -> StoreResult<i64> {
        let sql = format!(
            "SELECT COUNT(*) FROM {} WHERE {}",
            REVISIONS.name, REVISIONS.open
        );
        Ok(rows::value(self.reader(), sql, []).await?.unwrap_or(0))
    }

    /// All sums are to be made anew; workers find that by themselves. How many projects there
    /// are.
    pub async fn sum_everything_again(&self) -> StoreResult<usize> {
        let tx = self.begin_write().await?;
        let sql = "UPDATE llm_monitoring_revisions SET is_summed = FALSE WHERE status = 'active'";
        let changed = rows::execute(&tx, sql, []).await?.rows_affected();
        tx.commit().await?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }
}

fn answers_between(work: &Rereading, after: AnswerId, up_to: AnswerId) -> [Value; 4] {
    [
        work.project.0.into(),
        work.workspace.0.into(),
        after.0.into(),
        up_to.0.into(),
    ]
}

async fn clear_sums(connection: &impl ConnectionTrait, revision: RevisionId) -> StoreResult<()> {
    for of_snapshots in [
        "llm_monitoring_snapshot_entities",
        "llm_monitoring_day_sheets",
    ] {
        let sql = format!(
            "DELETE FROM {of_snapshots} WHERE snapshot_id IN \
             (SELECT id FROM llm_monitoring_snapshots WHERE revision_id = $1)"
        );
        rows::execute(connection, sql, [revision.0.into()]).await?;
    }
    for table in [
        "llm_monitoring_snapshots",
        "llm_monitoring_rollups",
        "llm_monitoring_entity_rollups",
        "llm_monitoring_week_rollups",
        "llm_monitoring_week_entity_rollups",
        "llm_monitoring_revision_prompts",
        "llm_monitoring_unread",
    ] {
        let sql = format!("DELETE FROM {table} WHERE revision_id = $1");
        rows::execute(connection, sql, [revision.0.into()]).await?;
    }
    let sql = "UPDATE llm_monitoring_revisions SET status = 'cleared', is_summed = TRUE, \
        worker = NULL, lease_until = NULL WHERE id = $1";
    rows::execute(connection, sql, [revision.0.into()]).await?;
    Ok(())
}
