//! Revisions: with which entities, and by which rules, the answers of a project were read.
//!
//! Every finding carries its revision. A project shows its active one; where its entities
//! change, a new one is filled beside it from the stored answers, and then takes its place.
//!
//! Invariant: at most one revision of a project is active and one is filling. Answers that
//! arrive while one is filling are read under both: whoever writes outcomes holds the
//! revisions as they are ([`hold`]), and whoever changes them waits for that ([`change`]).

use analysis::{Alias, DETECTOR_VERSION, EntitySpec};
use app::model::ids::{EntityId, ProjectId, RevisionId, WorkspaceId};
use app::model::project::RevisionStatus;
use chrono::{DateTime, Utc};
use engine::Reading;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};

use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

/// Any number will do that no other lock has; the project's id is added to it.
const POINTER_LOCKS: i64 = 1 << 62;

impl Store {
    /// The revision whose findings a project shows; `None` before its first answer.
    pub async fn active_revision(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Option<RevisionId>> {
        let sql = "SELECT id FROM llm_monitoring_revisions \
            WHERE project_id = $1 AND workspace_id = $2 AND status = 'active'";
        rows::value(
            self.reader(),
            sql,
            [project.0.into(), workspace_id.0.into()],
        )
        .await
    }

    /// With what answers of a project are to be read now.
    pub async fn readings(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<Reading>> {
        readings(self.reader(), workspace_id, project).await
    }

    /// Reads all answers of a project again, though its entities stay: the rules may have
    /// changed. Where a revision is filling already, it begins anew.
    pub async fn read_again(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        change(&tx, project).await?;
        crate::store::sql::tenant::live_project(&tx, workspace_id, project).await?;
        let now = self.clock().now();
        retire(&tx, project, RevisionStatus::Filling).await?;
        open(&tx, workspace_id, project, now).await?;
        Ok(tx.commit().await?)
    }
}

/// Keeps the revisions of a project as they are until the transaction ends; SQLite's one write
/// lock does that anyway.
pub(in crate::store) async fn hold(
    tx: &DatabaseTransaction,
    project: ProjectId,
) -> StoreResult<()> {
    lock(tx, "SELECT pg_advisory_xact_lock_shared($1)", project).await
}

/// Waits until nobody holds the revisions of a project. Before any row of it is locked: whoever
/// writes outcomes holds the revisions first.
pub(in crate::store) async fn change(
    tx: &DatabaseTransaction,
    project: ProjectId,
) -> StoreResult<()> {
    lock(tx, "SELECT pg_advisory_xact_lock($1)", project).await
}

async fn lock(tx: &DatabaseTransaction, sql: &str, project: ProjectId) -> StoreResult<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        rows::one(tx, sql, [(POINTER_LOCKS + project.0).into()]).await?;
    }
    Ok(())
}

/// The ids of the revisions that answers are read under now, ascending.
pub(in crate::store) async fn current(
    connection: &impl ConnectionTrait,
    project: ProjectId,
) -> StoreResult<Vec<RevisionId>> {
    let sql = "SELECT id FROM llm_monitoring_revisions \
        WHERE project_id = $1 AND status IN ('active', 'filling') ORDER BY id";
    rows::column(connection, sql, [project.0.into()]).await
}

/// The same with their entities.
pub(in crate::store) async fn readings(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project: ProjectId,
) -> StoreResult<Vec<Reading>> {
    let rest = "FROM llm_monitoring_revisions r \
        LEFT JOIN llm_monitoring_revision_entities e ON e.revision_id = r.id \
        WHERE r.project_id = $1 AND r.workspace_id = $2 AND r.status IN ('active', 'filling') \
        ORDER BY r.id, e.is_brand DESC, e.position, e.entity_id";
    let values = [project.0.into(), workspace_id.0.into()];
    let found: Vec<RevisionEntity> = rows::select(connection, rest, values).await?;
    let mut readings: Vec<Reading> = Vec::new();
    for row in found {
        if readings
            .last()
            .is_none_or(|last| last.revision != row.revision)
        {
            readings.push(Reading {
                revision: row.revision,
                brand: None,
                entities: Vec::new(),
            });
        }
        let is_brand = row.is_brand == Some(true);
        if let Some((reading, entity)) = readings.last_mut().zip(row.spec()) {
            if is_brand {
                reading.brand = Some(entity.key);
            }
            reading.entities.push(entity);
        }
    }
    Ok(readings)
}

record! {
    /// A revision with one of its entities; one of a project without entities has none.
    struct RevisionEntity {
        revision: RevisionId = "r.id",
        key: Option<EntityId> = "e.entity_id",
        is_brand: Option<bool> = "e.is_brand",
        name: Option<String> = "e.name",
        aliases: Option<Vec<Alias>> = "e.aliases",
        domains: Option<Vec<String>> = "e.domains",
    }
}

impl RevisionEntity {
    fn spec(self) -> Option<EntitySpec<EntityId>> {
        Some(EntitySpec {
            key: self.key?,
            name: self.name?,
            aliases: self.aliases?,
            domains: self.domains?,
        })
    }
}

record! {
    for EntitySpec<EntityId> {
        key: EntityId = "id",
        name: String = "name",
        aliases: Vec<Alias> = "aliases",
        domains: Vec<String> = "domains",
    }
}

/// The readings of a project; its first revision is made where there is none.
pub(in crate::store) async fn readings_of_claim(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Reading>> {
    let found = readings(tx, workspace_id, project).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    change(tx, project).await?;
    if current(tx, project).await?.is_empty() {
        open(tx, workspace_id, project, now).await?;
    }
    readings(tx, workspace_id, project).await
}

/// Opens a revision after the entities of a project were saved, unless the current one has the same
/// entities. Call [`change`] before.
pub(in crate::store) async fn entities_saved(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let rest = "FROM llm_monitoring_entities \
        WHERE project_id = $1 AND removed_at IS NULL ORDER BY is_brand DESC, position, id";
    let saved: Vec<EntitySpec<EntityId>> = rows::select(tx, rest, [project.0.into()]).await?;
    let found = readings(tx, workspace_id, project).await?;
    match found.as_slice() {
        [.., newest] if newest.entities == saved => Ok(()),
        // What was filling is not wanted any more: the old ones are back.
        [active, _] if active.entities == saved => {
            retire(tx, project, RevisionStatus::Filling).await
        }
        _ => {
            retire(tx, project, RevisionStatus::Filling).await?;
            open(tx, workspace_id, project, now).await
        }
    }
}

/// Opens a revision with the entities as they are: active where there is no answer to be read,
/// else filling.
async fn open(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    project: ProjectId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let sql = "SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) \
        FROM llm_monitoring_results WHERE project_id = $1";
    let (answers, last): (i64, i64) = rows::one_pair(tx, sql, [project.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    let is_active = answers == 0;
    let status = if is_active {
        RevisionStatus::Active
    } else {
        RevisionStatus::Filling
    };
    if is_active {
        retire(tx, project, RevisionStatus::Active).await?;
    }
    let sql = "INSERT INTO llm_monitoring_revisions (workspace_id, project_id, status, \
        detector_version, answers_total, answers_done, read_up_to, last_answer, is_summed, epoch, \
        created_at, activated_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $6, TRUE, 0, $7, $8) \
        RETURNING id";
    let values: [Value; 8] = [
        workspace_id.0.into(),
        project.0.into(),
        status.word().into(),
        i64::from(DETECTOR_VERSION).into(),
        answers.into(),
        last.into(),
        now.into(),
        is_active.then_some(now).into(),
    ];
    let revision: i64 = rows::value(tx, sql, values)
        .await?
        .ok_or(StoreError::NotFound)?;
    let sql = "INSERT INTO llm_monitoring_revision_entities \
        (revision_id, entity_id, workspace_id, is_brand, position, name, aliases, domains) \
        SELECT $1, id, workspace_id, is_brand, position, name, aliases, domains \
        FROM llm_monitoring_entities WHERE project_id = $2 AND removed_at IS NULL";
    rows::execute(tx, sql, [revision.into(), project.0.into()]).await?;
    Ok(())
}

/// Nothing is read under it any more; a worker clears its findings and sums.
pub(in crate::store) async fn retire(
    tx: &DatabaseTransaction,
    project: ProjectId,
    status: RevisionStatus,
) -> StoreResult<()> {
    let sql = "UPDATE llm_monitoring_revisions SET status = 'retired', worker = NULL, \
        lease_until = NULL, read_up_to = 0 WHERE project_id = $1 AND status = $2";
    rows::execute(tx, sql, [project.0.into(), status.word().into()]).await?;
    Ok(())
}
