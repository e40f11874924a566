//! The kinds of notices that a person has muted for themselves, of one project or of all.
//!
//! Invariant: of the screen alone. Who is sent a mail does not depend on it.

use app::model::ids::{ProjectId, UserId, WorkspaceId};
use app::model::notices::{NoticeKind, NoticeMute};
use sea_orm::Value;

use crate::store::sql::record::record;
use crate::store::sql::rows;
use crate::store::sql::tenant::project_exists;
use crate::store::{Store, StoreResult};

/// Who is shown notices.
#[derive(Clone, Copy, Debug)]
pub struct NoticeReader {
    /// Where.
    pub workspace: WorkspaceId,
    /// Who.
    pub user: UserId,
    /// Whether they are told of the instance too.
    pub with_instance: bool,
}

/// Whether the user `$3` has muted a notice `n` in the workspace `$1`.
pub(super) const IS_MUTED: &str = "EXISTS (SELECT 1 FROM llm_notice_mutes u \
    WHERE u.user_id = $3 AND u.workspace_id = $1 AND u.kind = n.kind \
    AND u.project_id IN (0, n.project_id))";

record! {
    struct StoredMute {
        kind: NoticeKind = "u.kind",
        /// 0: all.
        project: i64 = "u.project_id",
        name: Option<String> = "p.name",
    }
}

impl Store {
    /// What somebody has muted in a workspace, by kind.
    pub async fn notice_mutes(
        &self,
        workspace_id: WorkspaceId,
        user: UserId,
    ) -> StoreResult<Vec<NoticeMute>> {
        let rest = "FROM llm_notice_mutes u \
            LEFT JOIN llm_monitoring_projects p ON p.id = u.project_id \
            WHERE u.user_id = $1 AND u.workspace_id = $2 AND p.deleted_at IS NULL \
            ORDER BY u.kind, u.project_id";
        let values = [user.0.into(), workspace_id.0.into()];
        let found: Vec<StoredMute> = rows::select(self.reader(), rest, values).await?;
        let mute = |row: StoredMute| NoticeMute {
            kind: row.kind,
            project: row.name.map(|name| (ProjectId(row.project), name)),
        };
        Ok(found.into_iter().map(mute).collect())
    }

    /// Mutes a kind of notices for somebody, of a project or of all, or takes that back; either may be
    /// so already.
    pub async fn mute_notices(
        &self,
        workspace_id: WorkspaceId,
        user: UserId,
        kind: NoticeKind,
        project: Option<ProjectId>,
        is_muted: bool,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        if let Some(project) = project {
            project_exists(&tx, workspace_id, project).await?;
        }
        let sql = if is_muted {
            "INSERT INTO llm_notice_mutes (user_id, workspace_id, kind, project_id) \
             VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id, workspace_id, kind, project_id) DO NOTHING"
        } else {
            "DELETE FROM llm_notice_mutes WHERE user_id = $1 AND workspace_id = $2 \
             AND kind = $3 AND project_id = $4"
        };
        let values: [Value; 4] = [
            user.0.into(),
            workspace_id.0.into(),
            kind.word().into(),
            project.map_or(0, |project| project.0).into(),
        ];
        rows::execute(&tx, sql, values).await?;
        Ok(tx.commit().await?)
    }
}
