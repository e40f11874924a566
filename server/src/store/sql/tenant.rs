//! What holds for whatever belongs to a workspace: its project is there, its day begins in the
//! workspace's time zone, and an admin of the instance may own it.

use app::model::account::Role;
use app::model::ids::{ProjectId, WorkspaceId};
use chrono_tz::Tz;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};

use super::rows;
use crate::calendar;
use crate::store::entity::{project, user, workspace_member};
use crate::store::{StoreError, StoreResult};

/// Whether a project is there, and of this workspace. Whoever reads a row of a project by the
/// row's own id asks this too: what belongs to a deleted project is as if it were not there.
pub(in crate::store) async fn project_exists(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project: ProjectId,
) -> StoreResult<()> {
    let sql = "SELECT 1 FROM llm_monitoring_projects \
        WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL";
    let values = [project.0.into(), workspace_id.0.into()];
    rows::one(connection, sql, values)
        .await?
        .map(drop)
        .ok_or(StoreError::NotFound)
}

/// The row of a project that is not deleted.
pub(in crate::store) async fn live_project(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    project_id: ProjectId,
) -> StoreResult<project::Model> {
    project::Entity::find_by_id(project_id.0)
        .filter(project::Column::WorkspaceId.eq(workspace_id.0))
        .filter(project::Column::DeletedAt.is_null())
        .one(connection)
        .await?
        .ok_or(StoreError::NotFound)
}

/// The time zone in which days, months and slots of a workspace turn.
pub(in crate::store) async fn time_zone(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
) -> StoreResult<Tz> {
    let sql = "SELECT time_zone FROM workspaces WHERE id = $1";
    let name: String = rows::value(connection, sql, [workspace_id.0.into()])
        .await?
        .ok_or(StoreError::NotFound)?;
    Ok(calendar::time_zone(&name))
}

/// Whether an admin of the instance is an owner of a workspace.
pub(in crate::store) async fn has_admin_owner(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
) -> StoreResult<bool> {
    let owners = workspace_member::Entity::find()
        .filter(workspace_member::Column::WorkspaceId.eq(workspace_id.0))
        .filter(workspace_member::Column::Role.eq(Role::Owner.word()));
    any_admin(connection, owners).await
}

/// Who may not come in any more is nobody's admin either.
pub(in crate::store) async fn any_admin(
    connection: &impl ConnectionTrait,
    members: Select<workspace_member::Entity>,
) -> StoreResult<bool> {
    let members = members.all(connection).await?;
    let ids = members.into_iter().map(|member| member.user_id);
    let admins = user::Entity::find()
        .filter(rows::is_one_of(connection, user::Column::Id, ids))
        .filter(user::Column::IsAdmin.eq(true))
        .filter(user::Column::DisabledAt.is_null())
        .count(connection)
        .await?;
    Ok(admins > 0)
}
