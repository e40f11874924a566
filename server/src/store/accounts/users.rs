//! Users and workspaces.

use app::model::account::{Role, UserView, WorkspaceView};
use app::model::ids::{UserId, WorkspaceId};
use app::model::language::Language;
use app::model::money::Money;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

use super::error::SignUpError;
use super::invitations;
use crate::store::entity::{setting, user, workspace, workspace_member};
use crate::store::sql::decode::word;
use crate::store::sql::tenant::{any_admin, has_admin_owner};
use crate::store::{Store, StoreError, StoreResult};

/// The setting that opens sign-ups.
pub const OPEN_SIGN_UP: &str = "open_sign_up";

const DEFAULT_BUDGET: Money = Money::from_usd(100);
const DEFAULT_THRESHOLD_PERCENT: i64 = 80;
/// Any number will do, as long as all hosts use the same.
const SIGN_UP_LOCK: i64 = 7_152_639_812;

/// A user with what is needed to check a password.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// As the screen sees them.
    pub view: UserView,
    /// PHC string.
    pub password_hash: String,
    /// Whether they may not come in.
    pub is_disabled: bool,
    /// When the password stops working, where somebody else chose it.
    pub password_ends_at: Option<DateTime<Utc>>,
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Normal form of the address.
    pub email: String,
    /// PHC string.
    pub password_hash: String,
    /// Whether they are an admin even if they are not the first.
    pub is_admin: bool,
}

/// How a new user may come in.
#[derive(Clone, Debug)]
pub enum Entrance {
    /// The setting allows it, or nobody is there yet; the transaction checks both.
    Open {
        /// Whether they have shown that they may make the first account.
        may_be_first: bool,
    },
    /// By an invitation, known by its hash.
    Invitation(String),
    /// By the command line, which always may.
    CommandLine,
}

fn user_view(row: &user::Model) -> UserView {
    UserView {
        id: row.id.into(),
        email: row.email.clone(),
        is_admin: row.is_admin,
    }
}

fn user_row(row: user::Model) -> UserRow {
    UserRow {
        view: user_view(&row),
        is_disabled: row.disabled_at.is_some(),
        password_ends_at: row.password_ends_at,
        password_hash: row.password_hash,
    }
}

impl Store {
    /// How many users there are.
    pub async fn count_users(&self) -> StoreResult<u64> {
        Ok(user::Entity::find().count(self.reader()).await?)
    }

    /// The user with this address.
    pub async fn user_by_email(&self, email: &str) -> StoreResult<Option<UserRow>> {
        let row = user::Entity::find()
            .filter(user::Column::Email.eq(email))
            .one(self.reader())
            .await?;
        Ok(row.map(user_row))
    }

    /// The user with this id.
    pub async fn user(&self, user_id: UserId) -> StoreResult<UserRow> {
        let row = user::Entity::find_by_id(user_id.0)
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(user_row(row))
    }

    /// Remembers the language in which mails to the user are written. Most calls change nothing,
    /// and hold nobody up.
    pub async fn save_language(&self, user_id: UserId, language: Language) -> StoreResult<()> {
        let row = user::Entity::find_by_id(user_id.0)
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        if row.language == language.code() {
            return Ok(());
        }
        let tx = self.begin_write().await?;
        let mut row: user::ActiveModel = row.into();
        row.language = Set(language.code().to_owned());
        row.update(&tx).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a new user may come in that way under this address, as things are now; whether
    /// they would be the first, and so an admin.
    pub async fn may_sign_up(&self, email: &str, entrance: &Entrance) -> Result<bool, SignUpError> {
        let admitted = check_entrance(self.reader(), entrance, email, self.clock().now()).await?;
        match self.user_by_email(email).await? {
            Some(_) => Err(SignUpError::EmailTaken),
            None => Ok(admitted.is_first),
        }
    }

    /// Makes a user and the workspace that they begin in: a new one, or that of the invitation.
    /// The first user of all becomes admin. All or nothing.
    pub async fn create_user(
        &self,
        new: NewUser,
        entrance: Entrance,
    ) -> Result<(UserView, WorkspaceId), SignUpError> {
        let now = self.clock().now();
        let tx = self.begin_write().await?;
        lock_sign_ups(&tx).await?;
        let Admitted {
            is_first,
            invitation,
        } = check_entrance(&tx, &entrance, &new.email, now).await?;
        // The operator knows whom they add; others show that they read that address's mail.
        let is_confirmed = match &invitation {
            Some(invitation) => invitation.came_by_mail,
            None => matches!(entrance, Entrance::CommandLine),
        };
        let inserted = user::ActiveModel {
            email: Set(new.email.clone()),
            password_hash: Set(new.password_hash),
            is_admin: Set(new.is_admin || is_first),
            language: Set(Language::default().code().to_owned()),
            created_at: Set(now),
            confirmed_at: Set(is_confirmed.then_some(now)),
            ..Default::default()
        }
        .insert(&tx)
        .await;
        let row = match inserted.map_err(StoreError::from) {
            Err(StoreError::NotUnique(_)) => return Err(SignUpError::EmailTaken),
            other => other?,
        };
        let (workspace_id, role) = match invitation {
            Some(invitation) => {
                invitations::use_up(&tx, invitation.row.id, row.id, now).await?;
                (invitation.row.workspace_id, invitation.role)
            }
            None => (create_workspace(&tx, &new.email, now).await?, Role::Owner),
        };
        workspace_member::ActiveModel {
            workspace_id: Set(workspace_id),
            user_id: Set(row.id),
            role: Set(role.word().to_owned()),
        }
        .insert(&tx)
        .await?;
        tx.commit().await?;
        Ok((user_view(&row), workspace_id.into()))
    }

    /// The user's workspaces, the oldest first.
    pub async fn workspaces_of(&self, user_id: UserId) -> StoreResult<Vec<WorkspaceView>> {
        let rows = workspace_member::Entity::find()
            .filter(workspace_member::Column::UserId.eq(user_id.0))
            .order_by_asc(workspace_member::Column::WorkspaceId)
            .all(self.reader())
            .await?;
        let mut views = Vec::with_capacity(rows.len());
        for member in rows {
            let row = workspace::Entity::find_by_id(member.workspace_id)
                .one(self.reader())
                .await?
                .ok_or(StoreError::NotFound)?;
            views.push(workspace_view(row, &member.role)?);
        }
        Ok(views)
    }

    /// The workspace, if the user is a member.
    pub async fn workspace_of(
        &self,
        user_id: UserId,
        workspace_id: WorkspaceId,
    ) -> StoreResult<WorkspaceView> {
        let member = workspace_member::Entity::find_by_id((workspace_id.0, user_id.0))
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        let row = workspace::Entity::find_by_id(workspace_id.0)
            .one(self.reader())
            .await?
            .ok_or(StoreError::NotFound)?;
        workspace_view(row, &member.role)
    }

    /// Whether an admin of the instance is a member.
    pub async fn has_admin(&self, workspace_id: WorkspaceId) -> StoreResult<bool> {
        let members = workspace_member::Entity::find()
            .filter(workspace_member::Column::WorkspaceId.eq(workspace_id.0));
        any_admin(self.reader(), members).await
    }

    /// Whether an admin of the instance is an owner.
    pub async fn has_admin_owner(&self, workspace_id: WorkspaceId) -> StoreResult<bool> {
        has_admin_owner(self.reader(), workspace_id).await
    }
}

/// Somebody who may come in.
struct Admitted {
    /// Nobody is there yet.
    is_first: bool,
    invitation: Option<invitations::Usable>,
}

async fn check_entrance(
    connection: &impl ConnectionTrait,
    entrance: &Entrance,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Admitted, SignUpError> {
    let is_first = user::Entity::find().count(connection).await? == 0;
    let invitation = match entrance {
        Entrance::Invitation(hash) => {
            Some(invitations::usable(connection, hash, email, now).await?)
        }
        Entrance::Open { may_be_first } if is_first && !may_be_first => {
            return Err(SignUpError::SetUpCode);
        }
        Entrance::Open { .. } if !is_first && !open_sign_up(connection).await? => {
            return Err(SignUpError::Closed);
        }
        Entrance::Open { .. } | Entrance::CommandLine => None,
    };
    Ok(Admitted {
        is_first,
        invitation,
    })
}

async fn open_sign_up(connection: &impl ConnectionTrait) -> StoreResult<bool> {
    let row = setting::Entity::find_by_id(OPEN_SIGN_UP)
        .one(connection)
        .await?;
    Ok(row.is_some_and(|row| row.value == "true"))
}

/// Two first sign-ups at the same moment must not both become admin. SQLite's write lock is
/// held already.
async fn lock_sign_ups(tx: &DatabaseTransaction) -> StoreResult<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({SIGN_UP_LOCK})"))
            .await?;
    }
    Ok(())
}

async fn create_workspace(
    tx: &DatabaseTransaction,
    email: &str,
    now: DateTime<Utc>,
) -> StoreResult<i64> {
    let name = email.split('@').next().unwrap_or(email).to_owned();
    let row = workspace::ActiveModel {
        name: Set(name),
        time_zone: Set("UTC".to_owned()),
        monthly_budget_nano_usd: Set(DEFAULT_BUDGET.nanos()),
        spending_alert_threshold: Set(DEFAULT_THRESHOLD_PERCENT),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(tx)
    .await?;
    Ok(row.id)
}

fn workspace_view(row: workspace::Model, role: &str) -> StoreResult<WorkspaceView> {
    Ok(WorkspaceView {
        id: row.id.into(),
        name: row.name,
        role: word("role", role)?,
        time_zone: row.time_zone,
    })
}
