//! Lists accounts and takes access away: disables users, ends sessions, changes roles.
//!
//! Invariant: nobody takes the last admin or a workspace's last owner away by mistake; it takes
//! `force`.

use app::model::account::Role;
use app::model::ids::{UserId, WorkspaceId};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

use super::invitations;
use super::passwords::{self, NewPassword};
use crate::store::entity::{
    api_token, session, sign_in_failure, user, workspace, workspace_member,
};
use crate::store::{Store, StoreError, StoreResult};

/// Any number will do, as long as all hosts use the same.
const ACCESS_LOCK: i64 = 7_152_639_816;

/// A user, as the command line lists them.
#[derive(Clone, Debug)]
pub struct UserAccess {
    /// Id.
    pub id: UserId,
    /// E-mail address.
    pub email: String,
    /// Whether this is an admin of the instance.
    pub is_admin: bool,
    /// Since when they may not come in; `None`: they may.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When a session or token of theirs was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Sessions that have not ended.
    pub sessions: usize,
    /// REST tokens that work.
    pub tokens: usize,
    /// Where they are a member.
    pub workspaces: Vec<Membership>,
}

/// A workspace, and what a user may do there.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The workspace.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// The user's role.
    pub role: Role,
}

/// A browser that is signed in.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "as the columns are named")]
pub struct OpenSession {
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to ten minutes.
    pub last_used_at: DateTime<Utc>,
    /// When it ends unless it is used.
    pub expires_at: DateTime<Utc>,
}

/// Why access was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Nobody else could manage the instance.
    #[error(
        "this is the last admin of the instance; make another one first (parallax user role \
         EMAIL --admin on), or repeat with --force"
    )]
    LastAdmin,
    /// Nobody else could manage the workspace.
    #[error(
        "this is the last owner of workspace {id} ({name}); make another one first (parallax user \
         role EMAIL --workspace {id} --role owner), or repeat with --force"
    )]
    LastOwner {
        /// The workspace.
        id: i64,
        /// Its name.
        name: String,
    },
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for AccessError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Two last admins must not remove each other at the same moment. SQLite's write lock is held
/// already.
async fn lock_access(tx: &DatabaseTransaction) -> StoreResult<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ACCESS_LOCK})"))
            .await?;
    }
    Ok(())
}

async fn ensure_admin_remains(
    tx: &DatabaseTransaction,
    user_id: UserId,
) -> Result<(), AccessError> {
    let row = user::Entity::find_by_id(user_id.0)
        .one(tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    let others = user::Entity::find()
        .filter(user::Column::Id.ne(user_id.0))
        .filter(user::Column::IsAdmin.eq(true))
        .filter(user::Column::DisabledAt.is_null())
        .count(tx)
        .await?;
    if row.is_admin && others == 0 {
        return Err(AccessError::LastAdmin);
    }
    Ok(())
}

/// The members of a workspace besides the user who may come in: all, and the owners.
async fn others_in(
    tx: &DatabaseTransaction,
    workspace_id: i64,
    user_id: UserId,
) -> StoreResult<(u64, u64)> {
    let members = workspace_member::Entity::find()
        .filter(workspace_member::Column::WorkspaceId.eq(workspace_id))
        .filter(workspace_member::Column::UserId.ne(user_id.0))
        .all(tx)
        .await?;
    let (mut all, mut owners) = (0, 0);
    for member in members {
        let row = user::Entity::find_by_id(member.user_id).one(tx).await?;
        if row.is_some_and(|row| row.disabled_at.is_none()) {
            all += 1;
            owners += u64::from(member.role == Role::Owner.word());
        }
    }
    Ok((all, owners))
}

async fn last_owner(tx: &DatabaseTransaction, workspace_id: i64) -> StoreResult<AccessError> {
    let row = workspace::Entity::find_by_id(workspace_id)
        .one(tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    Ok(AccessError::LastOwner {
        id: row.id,
        name: row.name,
    })
}

/// Nobody who works with others may leave them without an owner. A workspace of one's own stays
/// as it is.
async fn keep_owners(tx: &DatabaseTransaction, user_id: UserId) -> Result<(), AccessError> {
    let owned = workspace_member::Entity::find()
        .filter(workspace_member::Column::UserId.eq(user_id.0))
        .filter(workspace_member::Column::Role.eq(Role::Owner.word()))
        .all(tx)
        .await?;
    for member in owned {
        let (others, owners) = others_in(tx, member.workspace_id, user_id).await?;
        if others > 0 && owners == 0 {
            return Err(last_owner(tx, member.workspace_id).await?);
        }
    }
    Ok(())
}

impl Store {
    /// Everybody who has an account, the oldest first.
    pub async fn list_users(&self) -> StoreResult<Vec<UserAccess>> {
        let users = user::Entity::find()
            .order_by_asc(user::Column::Id)
            .all(self.reader())
            .await?;
        let mut list = Vec::with_capacity(users.len());
        for row in users {
            list.push(self.access_of(row).await?);
        }
        Ok(list)
    }

    async fn access_of(&self, row: user::Model) -> StoreResult<UserAccess> {
        let now = self.clock().now();
        let sessions = self.open_sessions(row.id.into()).await?;
        let tokens = api_token::Entity::find()
            .filter(api_token::Column::UserId.eq(row.id))
            .all(self.reader())
            .await?;
        let used = sessions.iter().map(|session| session.last_used_at);
        let used = used.chain(tokens.iter().filter_map(|token| token.last_used_at));
        let works = |token: &&api_token::Model| {
            token.revoked_at.is_none() && token.expires_at.is_none_or(|end| end > now)
        };
        let workspaces = self.workspaces_of(row.id.into()).await?;
        Ok(UserAccess {
            id: row.id.into(),
            email: row.email,
            is_admin: row.is_admin,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
            last_used_at: used.max(),
            sessions: sessions.len(),
            tokens: tokens.iter().filter(works).count(),
            workspaces: workspaces
                .into_iter()
                .map(|workspace| Membership {
                    id: workspace.id,
                    name: workspace.name,
                    role: workspace.role,
                })
                .collect(),
        })
    }

    /// The user's sessions that have not ended, the newest first.
    pub async fn open_sessions(&self, user_id: UserId) -> StoreResult<Vec<OpenSession>> {
        let rows = session::Entity::find()
            .filter(session::Column::UserId.eq(user_id.0))
            .filter(session::Column::ExpiresAt.gt(self.clock().now()))
            .order_by_desc(session::Column::CreatedAt)
            .all(self.reader())
            .await?;
        let open = rows.into_iter().map(|row| OpenSession {
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        });
        Ok(open.collect())
    }

    /// Lets a user in no more: sessions, tokens and invitations that they made end at once. What
    /// belongs to their workspaces goes on, but not what these had because an admin of the instance
    /// is there.
    pub async fn disable_user(&self, user_id: UserId, force: bool) -> Result<(), AccessError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        lock_access(&tx).await?;
        if !force {
            ensure_admin_remains(&tx, user_id).await?;
            keep_owners(&tx, user_id).await?;
        }
        set_disabled(&tx, user_id, Some(now)).await?;
        passwords::end_sessions(&tx, user_id, None).await?;
        passwords::revoke_tokens(&tx, user_id, now).await?;
        invitations::end_those_of(&tx, user_id, None, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Lets a user in again, with the password of before; tokens have to be made anew.
    pub async fn enable_user(&self, user_id: UserId) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        set_disabled(&tx, user_id, None).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of a user; how many there were.
    pub async fn end_sessions(&self, user_id: UserId) -> StoreResult<u64> {
        let tx = self.begin_write().await?;
        let ended = passwords::end_sessions(&tx, user_id, None).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Gives a user another password: sessions and tokens end, and attempts that failed are
    /// forgotten.
    pub async fn reset_password(&self, user_id: UserId, new: NewPassword) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        passwords::write(&tx, user_id, new).await?;
        passwords::end_sessions(&tx, user_id, None).await?;
        passwords::revoke_tokens(&tx, user_id, self.clock().now()).await?;
        let row = user::Entity::find_by_id(user_id.0).one(&tx).await?;
        let email = row.ok_or(StoreError::NotFound)?.email;
        sign_in_failure::Entity::delete_many()
            .filter(sign_in_failure::Column::Email.eq(email))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Makes a user an admin of the instance, or one no more.
    pub async fn set_admin(
        &self,
        user_id: UserId,
        is_admin: bool,
        force: bool,
    ) -> Result<(), AccessError> {
        let tx = self.begin_write().await?;
        lock_access(&tx).await?;
        if !is_admin && !force {
            ensure_admin_remains(&tx, user_id).await?;
        }
        user::Entity::update_many()
            .col_expr(user::Column::IsAdmin, Expr::value(is_admin))
            .filter(user::Column::Id.eq(user_id.0))
            .exec(&tx)
            .await?;
        if !is_admin {
            invitations::end_those_of(&tx, user_id, None, self.clock().now()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Gives a user a role in a workspace, or takes them out of it; sessions and tokens that act
    /// there end with the membership, and invitations with more than what is left of it.
    pub async fn set_role(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
        role: Option<Role>,
        force: bool,
    ) -> Result<(), AccessError> {
        let tx = self.begin_write().await?;
        lock_access(&tx).await?;
        let found = workspace::Entity::find_by_id(workspace_id.0)
            .one(&tx)
            .await?;
        found.ok_or(StoreError::NotFound)?;
        let present = workspace_member::Entity::find_by_id((workspace_id.0, user_id.0))
            .one(&tx)
            .await?;
        let was_owner = present
            .as_ref()
            .is_some_and(|member| member.role == Role::Owner.word());
        if was_owner && role != Some(Role::Owner) && !force {
            let (_, owners) = others_in(&tx, workspace_id.0, user_id).await?;
            if owners == 0 {
                return Err(last_owner(&tx, workspace_id.0).await?);
            }
        }
        if present.is_some() {
            workspace_member::Entity::delete_by_id((workspace_id.0, user_id.0))
                .exec(&tx)
                .await?;
        }
        let now = self.clock().now();
        if role.is_none() {
            end_access_to(&tx, workspace_id, user_id, now).await?;
        }
        invitations::end_those_of(&tx, user_id, Some((workspace_id, role)), now).await?;
        if let Some(role) = role {
            workspace_member::ActiveModel {
                workspace_id: Set(workspace_id.0),
                user_id: Set(user_id.0),
                role: Set(role.word().to_owned()),
            }
            .insert(&tx)
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Ends the sessions and tokens of a former member in a workspace. Otherwise they would work again
/// if the user came back.
async fn end_access_to(
    tx: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    user_id: UserId,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id.0))
        .filter(session::Column::WorkspaceId.eq(workspace_id.0))
        .exec(tx)
        .await?;
    api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(now))
        .filter(api_token::Column::UserId.eq(user_id.0))
        .filter(api_token::Column::WorkspaceId.eq(workspace_id.0))
        .filter(api_token::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

async fn set_disabled(
    tx: &DatabaseTransaction,
    user_id: UserId,
    at: Option<DateTime<Utc>>,
) -> StoreResult<()> {
    user::Entity::update_many()
        .col_expr(user::Column::DisabledAt, Expr::value(at))
        .filter(user::Column::Id.eq(user_id.0))
        .exec(tx)
        .await?;
    Ok(())
}
