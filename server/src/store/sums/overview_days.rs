//! What the overview shows by day, and what happened on which day.
//!
//! Invariant: reads only, and only the active revision's sums.

use std::collections::HashMap;

use app::model::ids::{EntityId, ModelId, ProjectId, PromptId, RevisionId, WorkspaceId};
use app::model::metrics::SnapshotSums;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Value;

use super::columns::sum;
use super::picked::Picked;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

record! {
    /// The sums of a day over prompts that do not name the brand.
    struct PlainDay {
        day: NaiveDate = "t.day",
        sums: SnapshotSums as "t." in sum,
    }
}

record! {
    /// The answers of a day that name an entity.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct NamedDay {
        /// The entity.
        pub entity: EntityId = "t.entity_id",
        /// Day, in the workspace's time zone.
        pub day: NaiveDate = "t.day",
        /// Answers.
        pub mentions: i64 = sum("t.mentions"),
    }
}

record! {
    /// The brand or a competitor.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct NamedEntity {
        /// Id.
        pub id: EntityId = "e.entity_id",
        /// Name.
        pub name: String = "e.name",
        /// Whether it is the brand.
        pub is_brand: bool = "e.is_brand",
        /// Domains.
        pub domains: Vec<String> = "e.domains",
    }
}

record! {
    /// A model that answered, and since when.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct FirstDay {
        /// The model.
        pub model: ModelId = "s.model_id",
        /// Its name for people.
        pub name: String = "m.model_display_name",
        /// The first day that it answered on.
        pub day: NaiveDate = "MIN(s.snapshot_date)",
    }
}

record! {
    /// A revision that has been shown, and an entity of it.
    struct ReadEntity {
        revision: RevisionId = "v.id",
        shown_at: DateTime<Utc> = "v.activated_at",
        answers: i64 = "v.answers_total",
        entity: EntityId = "e.entity_id",
        name: String = "e.name",
    }
}

/// When the answers of a project were read again, and with which entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAgain {
    /// The revision.
    pub revision: RevisionId,
    /// When it took the place of the one before.
    pub shown_at: DateTime<Utc>,
    /// The entities that the one before did not have.
    pub added: Vec<String>,
    /// Those that only the one before had.
    pub removed: Vec<String>,
}

/// The days of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DaysOf {
    /// The sums over prompts that do not name the brand.
    pub plain: HashMap<NaiveDate, SnapshotSums>,
    /// Who is named.
    pub named: Vec<NamedDay>,
}

impl Store {
    /// The days of a period, of the answers that are picked.
    pub async fn overview_days(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (from, to): (NaiveDate, NaiveDate),
        picked: Picked<'_>,
    ) -> StoreResult<DaysOf> {
        let reader = self.reader();
        let revision = self.known_revision(workspace_id, project).await?;
        let values = || -> [Value; 3] { [revision.into(), from.into(), to.into()] };
        let (plain, named) = days_of(picked);
        let plain = format!("{plain} GROUP BY t.day");
        let named = format!("{named} GROUP BY t.entity_id, t.day");
        let (plain, named) = tokio::try_join!(
            rows::select::<PlainDay>(reader, plain, values()),
            rows::select(reader, named, values()),
        )?;
        Ok(DaysOf {
            plain: plain.into_iter().map(|row| (row.day, row.sums)).collect(),
            named,
        })
    }

    /// How many answers a period has, day by day, the first first; days without any are left out.
    pub async fn answers_of_days(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        (from, to): (NaiveDate, NaiveDate),
        picked: Picked<'_>,
    ) -> StoreResult<Vec<(NaiveDate, i64)>> {
        let revision = self.known_revision(workspace_id, project).await?;
        let (of, day) = answered(picked);
        let sql = format!(
            "SELECT {day}, {answers} FROM {of} AND {day} >= $2 AND {day} <= $3 \
             GROUP BY {day} HAVING {answers} > 0 ORDER BY {day}",
            answers = sum("t.answers")
        );
        let values = [revision.into(), from.into(), to.into()];
        rows::pairs(self.reader(), sql, values).await
    }

    /// The entities that the answers of a project are read with, in the stored order, the brand
    /// first.
    pub async fn entities_in_order(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<NamedEntity>> {
        let revision = self.known_revision(workspace_id, project).await?;
        let rest = "FROM llm_monitoring_revision_entities e WHERE e.revision_id = $1 \
            ORDER BY e.is_brand DESC, e.position, e.entity_id";
        rows::select(self.reader(), rest, [revision.into()]).await
    }

    /// The newest day up to `to` that has answers among those that are picked.
    pub async fn last_day_of(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        to: NaiveDate,
        picked: Picked<'_>,
    ) -> StoreResult<Option<NaiveDate>> {
        let revision = self.known_revision(workspace_id, project).await?;
        let (of, day) = answered(picked);
        let sql = format!("SELECT MAX({day}) FROM {of} AND {day} <= $2 AND t.answers > 0");
        let values = [revision.into(), to.into()];
        let last: Option<Option<NaiveDate>> = rows::value(self.reader(), sql, values).await?;
        Ok(last.flatten())
    }

    /// When the project runs next by itself.
    pub async fn next_run_of(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Option<DateTime<Utc>>> {
        let sql = "SELECT next_slot_at FROM llm_monitoring_projects \
            WHERE id = $1 AND workspace_id = $2 AND is_active AND deleted_at IS NULL";
        let values = [project.0.into(), workspace_id.0.into()];
        let next: Option<Option<DateTime<Utc>>> = rows::value(self.reader(), sql, values).await?;
        Ok(next.flatten())
    }

    /// The models that have answered a project, the first first.
    pub async fn first_days_of_models(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<FirstDay>> {
        let revision = self.known_revision(workspace_id, project).await?;
        let rest = "FROM llm_monitoring_snapshots s \
            JOIN llm_model_registry m ON m.id = s.model_id \
            WHERE s.revision_id = $1 AND s.prompts = 'all' AND s.answers > 0 \
            GROUP BY s.model_id, m.model_display_name \
            ORDER BY MIN(s.snapshot_date), s.model_id";
        rows::select(self.reader(), rest, [revision.into()]).await
    }

    /// When the answers of a project were read again, the first first. The first reading of all is
    /// not among them.
    pub async fn readings_again(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<Vec<ReadAgain>> {
        project_exists(self.reader(), workspace_id, project).await?;
        let rest = "FROM llm_monitoring_revisions v \
            JOIN llm_monitoring_revision_entities e ON e.revision_id = v.id \
            WHERE v.project_id = $1 AND v.activated_at IS NOT NULL \
            ORDER BY v.id, e.position, e.entity_id";
        let found: Vec<ReadEntity> = rows::select(self.reader(), rest, [project.0.into()]).await?;
        Ok(read_again(&found))
    }

    /// The texts of questions of a project.
    pub async fn question_texts(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
        prompts: &[PromptId],
    ) -> StoreResult<HashMap<PromptId, String>> {
        let sql = format!(
            "SELECT q.id, q.query_text FROM llm_monitoring_queries q \
             WHERE q.project_id = $1 AND q.workspace_id = $2 AND q.id IN ({})",
            rows::id_list(prompts.iter().map(|prompt| prompt.0))
        );
        let values = [project.0.into(), workspace_id.0.into()];
        let found = rows::pairs(self.reader(), sql, values).await?;
        Ok(found.into_iter().collect())
    }

    /// The id of the revision that a project shows; 0: none yet. An error where there is no such project.
    async fn known_revision(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<i64> {
        project_exists(self.reader(), workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        Ok(revision.map_or(0, |revision| revision.0))
    }
}

/// Where sums `t` over prompts that do not name the brand are found, and mentions `t` by entity:
/// `t.day` is their day, and the values are revision, first and last day. A snapshot is of all
/// prompts: of some there are rollups alone.
fn days_of(picked: Picked<'_>) -> (String, String) {
    if picked.prompts.is_some() {
        let of = format!(
            "t WHERE t.revision_id = $1 AND t.day >= $2 AND t.day <= $3{}",
            picked.condition("t")
        );
        return (
            format!("FROM llm_monitoring_rollups {of} AND NOT t.is_branded"),
            format!("FROM llm_monitoring_entity_rollups {of}"),
        );
    }
    let of = format!(
        "s.revision_id = $1 AND s.snapshot_date >= $2 AND s.snapshot_date <= $3{}",
        picked.condition("s")
    );
    (
        format!(
            "FROM (SELECT s.snapshot_date AS day, s.* FROM llm_monitoring_snapshots s \
             WHERE {of} AND s.prompts = 'plain') t"
        ),
        format!(
            "FROM (SELECT s.snapshot_date AS day, n.entity_id, n.mentions \
             FROM llm_monitoring_snapshots s \
             JOIN llm_monitoring_snapshot_entities n ON n.snapshot_id = s.id \
             WHERE {of} AND s.prompts = 'all') t"
        ),
    )
}

/// Where sums `t` over all prompts that are picked are found, and what their day is; the first
/// value is the revision.
fn answered(picked: Picked<'_>) -> (String, &'static str) {
    let (table, day, whole) = match picked.prompts {
        None => (
            "llm_monitoring_snapshots",
            "t.snapshot_date",
            " AND t.prompts = 'all'",
        ),
        Some(_) => ("llm_monitoring_rollups", "t.day", ""),
    };
    let condition = picked.condition("t");
    let of = format!("{table} t WHERE t.revision_id = $1{condition}{whole}");
    (of, day)
}

/// Each revision with answers against the one that was shown before it.
fn read_again(rows: &[ReadEntity]) -> Vec<ReadAgain> {
    let revisions: Vec<&[ReadEntity]> = rows
        .chunk_by(|one, next| one.revision == next.revision)
        .collect();
    let names_of_new = |of: &[ReadEntity], others: &[ReadEntity]| -> Vec<String> {
        let is_new = |row: &&ReadEntity| others.iter().all(|other| other.entity != row.entity);
        of.iter()
            .filter(is_new)
            .map(|row| row.name.clone())
            .collect()
    };
    revisions
        .windows(2)
        .filter(|pair| pair[1][0].answers > 0)
        .map(|pair| ReadAgain {
            revision: pair[1][0].revision,
            shown_at: pair[1][0].shown_at,
            added: names_of_new(pair[1], pair[0]),
            removed: names_of_new(pair[0], pair[1]),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_against_the_one_before() {
        let shown_at = DateTime::UNIX_EPOCH;
        let row = |revision: i64, answers: i64, entity: i64| ReadEntity {
            revision: RevisionId(revision),
            shown_at,
            answers,
            entity: EntityId(entity),
            name: format!("entity {entity}"),
        };
        let rows = [
            row(1, 0, 1),
            // Before the first answer nothing is read again.
            row(2, 0, 1),
            row(2, 0, 2),
            row(4, 9, 1),
            row(4, 9, 3),
        ];
        let found = read_again(&rows);
        assert_eq!(
            found,
            [ReadAgain {
                revision: RevisionId(4),
                shown_at,
                added: vec!["entity 3".to_owned()],
                removed: vec!["entity 2".to_owned()],
            }]
        );
        assert_eq!(read_again(&rows[..1]), []);
    }
}
