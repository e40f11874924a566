//! Invitations to a workspace: for one address, with one role, by somebody who may give it.
//!
//! Invariant: an invitation works only as long as its maker may make it. Where their right is taken
//! away by a command it ends for good, and does not come back with the right.

use app::model::account::{InvitationView, Role};
use app::model::ids::{UserId, WorkspaceId};
use app::model::language::Language;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait,
    DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Select,
};

use super::error::SignUpError;
use super::letters::{self, LetterFor};
use crate::store::entity::{invitation, user, workspace_member};
use crate::store::sql::decode::word;
use crate::store::{Store, StoreError, StoreResult};

/// An invitation to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewInvitation<'a> {
    /// Where to.
    pub workspace: WorkspaceId,
    /// Who makes it.
    pub by: UserId,
    /// Whose account it makes; in normal form.
    pub email: &'a str,
    /// What they may do in the workspace.
    pub role: Role,
    /// The hash of the link's token.
    pub token_hash: &'a str,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// The language of the letter to them; `None`: none is sent.
    pub letter: Option<Language>,
}

/// An invitation that can be used, and by which of its links.
pub(super) struct Usable {
    pub(super) row: invitation::Model,
    pub(super) role: Role,
    /// Whether the link stood in the letter: who has it reads that address's mail.
    pub(super) came_by_mail: bool,
}

impl Store {
    /// Makes an invitation; one to the same address that is open ends. Gives its id.
    pub async fn create_invitation(&self, new: NewInvitation<'_>) -> StoreResult<i64> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        revoke(
            &tx,
            now,
            Condition::all()
                .add(invitation::Column::WorkspaceId.eq(new.workspace.0))
                .add(invitation::Column::Email.eq(new.email)),
        )
        .await?;
        let row = invitation::ActiveModel {
            token_hash: Set(new.token_hash.to_owned()),
            workspace_id: Set(new.workspace.0),
            created_by: Set(new.by.0),
            created_at: Set(now),
            expires_at: Set(new.expires_at),
            email: Set(Some(new.email.to_owned())),
            role: Set(new.role.word().to_owned()),
            ..Default::default()
        }
        .insert(&tx)
        .await?;
        if let Some(language) = new.letter {
            let letter = LetterFor::Invited {
                invitation: row.id,
                until: new.expires_at,
            };
            letters::write(&tx, letter, (new.email, language), now).await?;
        }
        tx.commit().await?;
        Ok(row.id)
    }

    /// The invitations to a workspace that work, the newest first.
    pub async fn invitations(&self, workspace_id: WorkspaceId) -> StoreResult<Vec<InvitationView>> {
        let found = open(self.clock().now())
            .filter(invitation::Column::WorkspaceId.eq(workspace_id.0))
            .order_by_desc(invitation::Column::Id)
            .all(self.reader())
            .await?;
        let mailed = self.mailed_invitations(workspace_id).await?;
        let mut views = Vec::with_capacity(found.len());
        for row in found {
            let role = role_of(&row)?;
            let Some(maker) = maker(self.reader(), &row, role).await? else {
                continue;
            };
            views.push(InvitationView {
                id: row.id.into(),
                mailed_at: mailed.get(&row.id).copied(),
                email: row.email,
                role,
                made_by: maker.email,
                created_at: row.created_at,
                expires_at: row.expires_at,
            });
        }
        Ok(views)
    }

    /// Ends an invitation to a workspace that is open.
    pub async fn revoke_invitation(&self, workspace_id: WorkspaceId, id: i64) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        let of_workspace = Condition::all()
            .add(invitation::Column::Id.eq(id))
            .add(invitation::Column::WorkspaceId.eq(workspace_id.0));
        if revoke(&tx, self.clock().now(), of_workspace).await? == 0 {
            return Err(StoreError::NotFound);
        }
        Ok(tx.commit().await?)
    }
}

/// Invitations that were neither used nor revoked and have not ended.
fn open(now: DateTime<Utc>) -> Select<invitation::Entity> {
    invitation::Entity::find()
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
}

async fn revoke(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    which: Condition,
) -> StoreResult<u64> {
    let ended = invitation::Entity::update_many()
        .col_expr(invitation::Column::RevokedAt, Expr::value(now))
        .filter(which)
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}

/// Ends the open invitations that a user made: in all workspaces, or in one those with more than
/// the role that is left to them there.
pub(super) async fn end_those_of(
    tx: &DatabaseTransaction,
    maker: UserId,
    within: Option<(WorkspaceId, Option<Role>)>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let mut which = Condition::all().add(invitation::Column::CreatedBy.eq(maker.0));
    if let Some((workspace, left)) = within {
        let beyond = Role::ALL
            .iter()
            .copied()
            .filter(|role| left.is_none_or(|left| *role > left));
        which = which
            .add(invitation::Column::WorkspaceId.eq(workspace.0))
            .add(invitation::Column::Role.is_in(beyond.map(Role::word)));
    }
    revoke(tx, now, which).await?;
    Ok(())
}

fn role_of(row: &invitation::Model) -> StoreResult<Role> {
    word("role", &row.role)
}

/// The maker of an invitation, if they could still make it: an admin of the instance with at least
/// that role in the workspace, who is not disabled.
async fn maker(
    connection: &impl ConnectionTrait,
    row: &invitation::Model,
    role: Role,
) -> StoreResult<Option<user::Model>> {
    let member = workspace_member::Entity::find_by_id((row.workspace_id, row.created_by))
        .one(connection)
        .await?;
    let own: Option<Role> = member
        .map(|member| word("role", &member.role))
        .transpose()?;
    if own.is_none_or(|own| own < role) {
        return Ok(None);
    }
    Ok(user::Entity::find_by_id(row.created_by)
        .filter(user::Column::IsAdmin.eq(true))
        .filter(user::Column::DisabledAt.is_null())
        .one(connection)
        .await?)
}

/// The invitation of a link that works for this address.
pub(super) async fn usable(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Usable, SignUpError> {
    let by_mail = letters::invitation_of(connection, token_hash).await?;
    let which = match by_mail {
        Some(id) => invitation::Column::Id.eq(id),
        None => invitation::Column::TokenHash.eq(token_hash),
    };
    let row = open(now)
        .filter(which)
        .one(connection)
        .await?
        .ok_or(SignUpError::Invitation)?;
    let role = role_of(&row)?;
    if maker(connection, &row, role).await?.is_none() {
        return Err(SignUpError::Invitation);
    }
    // Those of before there were addresses are for whoever has the link.
    if row.email.as_deref().is_some_and(|invited| invited != email) {
        return Err(SignUpError::InvitationAddress);
    }
    Ok(Usable {
        row,
        role,
        came_by_mail: by_mail.is_some(),
    })
}

/// Ends an invitation by its use. Of two who use it at once one is too late.
pub(super) async fn use_up(
    tx: &DatabaseTransaction,
    invitation: i64,
    user_id: i64,
    now: DateTime<Utc>,
) -> Result<(), SignUpError> {
    let used = invitation::Entity::update_many()
        .col_expr(invitation::Column::UsedAt, Expr::value(now))
        .col_expr(invitation::Column::UsedBy, Expr::value(user_id))
        .filter(invitation::Column::Id.eq(invitation))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    if used.rows_affected == 0 {
        return Err(SignUpError::Invitation);
    }
    Ok(())
}
