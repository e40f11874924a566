//! That it is the user who asks: shown before a transaction, and looked at again within it.
//!
//! Between the two a password is hashed, which may take seconds where many are. Whoever takes
//! access away meanwhile must not be passed by what was begun before.
//!
//! Invariant: the user's row stays locked until what the proof gives is written. Who changes a
//! password, disables a user or ends their sessions by that waits for it, or has been waited for.

use app::model::ids::{UserId, WorkspaceId};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::store::entity::session;
use crate::store::sql::rows;
use crate::store::{StoreError, StoreResult};

/// By what a user has shown that it is they who ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The password with this hash.
    Password(String),
    /// The session with this hash, in which they typed the password a moment ago.
    Session(String),
    /// The operator asks, who needs none.
    CommandLine,
}

/// Locks the user's row until the transaction ends, if the proof still holds.
///
/// # Errors
/// [`StoreError::Outdated`] if it no longer holds: the password has changed, the session has ended,
/// or the user is disabled.
pub(super) async fn hold(
    tx: &DatabaseTransaction,
    user_id: UserId,
    proof: &Proof,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let lock = "UPDATE users SET email = email WHERE id = $1 AND disabled_at IS NULL \
        RETURNING password_hash";
    let present: Option<String> = rows::value(tx, lock, [user_id.0.into()]).await?;
    let present = present.ok_or(StoreError::Outdated)?;
    let is_one = match proof {
        Proof::Password(proved) => present == *proved,
        Proof::Session(token_hash) => {
            let open = session::Entity::find_by_id(token_hash.as_str())
                .filter(session::Column::UserId.eq(user_id.0))
                .filter(session::Column::ExpiresAt.gt(now));
            open.one(tx).await?.is_some()
        }
        Proof::CommandLine => true,
    };
    if is_one {
        Ok(())
    } else {
        Err(StoreError::Outdated)
    }
}

/// Holds the user's membership until the transaction ends: who takes them out of the workspace
/// finds what they were given there.
///
/// # Errors
/// [`StoreError::NotFound`]: they are no member.
pub(super) async fn hold_membership(
    tx: &DatabaseTransaction,
    user_id: UserId,
    workspace_id: WorkspaceId,
) -> StoreResult<()> {
    let sql = format!(
        "SELECT m.role FROM workspace_members m WHERE m.workspace_id = $1 AND m.user_id = $2{}",
        rows::for_update(tx, "m")
    );
    let values = [workspace_id.0.into(), user_id.0.into()];
    let member = rows::one(tx, sql, values).await?;
    member.map(drop).ok_or(StoreError::NotFound)
}
