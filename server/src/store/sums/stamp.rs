//! Whether a project's numbers are still what they were: a stamp of what they are made of.

use app::model::ids::{ProjectId, RevisionId, WorkspaceId};
use chrono::{DateTime, Utc};

use super::columns::sum;
use super::dashboard::rereading;
use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreError, StoreResult};

/// A stamp of what a project's numbers are made of. While it is the same, so are they.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumsStamp {
    revision: Option<RevisionId>,
    /// When a snapshot changed last.
    changed_at: Option<DateTime<Utc>>,
    /// What was asked and judged: of two transactions at the same moment, the one that took its
    /// time first may be seen second.
    counted: i64,
    /// Answers that were read under a revision that is being filled.
    reread: Option<i64>,
}

impl SumsStamp {
    /// The same for what a re-reading that goes on does not change.
    #[must_use]
    pub fn without_progress(self) -> Self {
        Self {
            reread: None,
            ..self
        }
    }
}

record! {
    /// What the snapshots of a revision say of when they changed.
    struct SnapshotsStamp {
        changed_at: Option<DateTime<Utc>> = "MAX(s.updated_at)",
        counted: i64 = sum(
            "s.answers + s.failed + s.without_text \
             + s.judge_positive + s.judge_neutral + s.judge_negative"
        ),
    }
}

impl Store {
    /// Of what the numbers of a project are made just now.
    pub async fn sums_stamp(
        &self,
        workspace_id: WorkspaceId,
        project: ProjectId,
    ) -> StoreResult<SumsStamp> {
        let reader = self.reader();
        project_exists(reader, workspace_id, project).await?;
        let revision = self.active_revision(workspace_id, project).await?;
        // Those of parts of the prompts change with that of all.
        let rest = "FROM llm_monitoring_snapshots s WHERE s.revision_id = $1 AND s.prompts = 'all'";
        let id = revision.map_or(0, |revision| revision.0);
        let stamp: SnapshotsStamp = rows::select_one(reader, rest, [id.into()])
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(SumsStamp {
            revision,
            changed_at: stamp.changed_at,
            counted: stamp.counted,
            reread: rereading(reader, project).await?.map(|going| going.done),
        })
    }
}
