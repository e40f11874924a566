//! Invitations to a workspace.

use app::model::ids::{UserId, WorkspaceId};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};

use super::entity::invitation;
use super::{Store, StoreResult};

impl Store {
    /// Makes an invitation to a workspace.
    pub async fn create_invitation(
        &self,
        workspace_id: WorkspaceId,
        created_by: UserId,
        token_hash: &str,
        expires_at: DateTime<Utc>,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        invitation::ActiveModel {
            token_hash: Set(token_hash.to_owned()),
            workspace_id: Set(workspace_id.0),
            created_by: Set(created_by.0),
            created_at: Set(self.clock().now()),
            expires_at: Set(expires_at),
            ..Default::default()
        }
        .insert(&tx)
        .await?;
        Ok(tx.commit().await?)
    }
}

/// The invitation of a link that works.
pub(super) async fn usable(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now: DateTime<Utc>,
) -> StoreResult<Option<invitation::Model>> {
    Ok(invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(token_hash))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .one(connection)
        .await?)
}

/// Ends an invitation by its use.
pub(super) async fn use_up(
    tx: &DatabaseTransaction,
    invitation: invitation::Model,
    user_id: i64,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let mut used: invitation::ActiveModel = invitation.into();
    used.used_at = Set(Some(now));
    used.used_by = Set(Some(user_id));
    used.update(tx).await?;
    Ok(())
}
