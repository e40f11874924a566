//! The hashes of passwords, and what ends when one is changed.

use app::model::ids::UserId;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::proof::{self, Proof};
use crate::store::entity::{api_token, session, user};
use crate::store::{Store, StoreResult};

/// A password to be stored.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// PHC string.
    pub hash: String,
    /// When it stops working, for one that somebody else chose; `None`: never.
    pub ends_at: Option<DateTime<Utc>>,
}

/// What a new password leaves alone. Everything else that the user signed in with ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ending<'a> {
    /// Hash of the session that goes on.
    pub keep_session: Option<&'a str>,
    /// Whether REST tokens go on.
    pub keep_tokens: bool,
}

/// Ends the sessions of a user but one; how many there were.
pub(super) async fn end_sessions(
    tx: &DatabaseTransaction,
    user_id: UserId,
    keep: Option<&str>,
) -> StoreResult<u64> {
    let ended = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id.0))
        .filter(session::Column::TokenHash.ne(keep.unwrap_or_default()))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}

/// Ends the REST tokens of a user in all workspaces; how many there were.
pub(super) async fn revoke_tokens(
    tx: &DatabaseTransaction,
    user_id: UserId,
    now: DateTime<Utc>,
) -> StoreResult<u64> {
    let revoked = api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(now))
        .filter(api_token::Column::UserId.eq(user_id.0))
        .filter(api_token::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(revoked.rows_affected)
}

/// Stores a password.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    user_id: UserId,
    new: NewPassword,
) -> StoreResult<()> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(new.hash))
        .col_expr(user::Column::PasswordEndsAt, Expr::value(new.ends_at))
        .filter(user::Column::Id.eq(user_id.0))
        .exec(tx)
        .await?;
    Ok(())
}

impl Store {
    /// Replaces a hash by a stronger one of the same password, unless it was changed meanwhile;
    /// whether it did.
    pub async fn strengthen_password(
        &self,
        user_id: UserId,
        weak: &str,
        stronger: &str,
    ) -> StoreResult<bool> {
        let tx = self.begin_write().await?;
        let replaced = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(stronger))
            .filter(user::Column::Id.eq(user_id.0))
            .filter(user::Column::PasswordHash.eq(weak))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(replaced.rows_affected > 0)
    }

    /// Changes a password, and ends all sessions and tokens of the user except those in `ending`.
    ///
    /// # Errors
    /// [`StoreError::Outdated`](crate::store::StoreError::Outdated) if the proof no longer holds.
    /// If two change it with the same password, the second changes nothing.
    pub async fn change_password(
        &self,
        user_id: UserId,
        proof: &Proof,
        new: NewPassword,
        ending: Ending<'_>,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        proof::hold(&tx, user_id, proof, self.clock().now()).await?;
        write(&tx, user_id, new).await?;
        end_sessions(&tx, user_id, ending.keep_session).await?;
        if !ending.keep_tokens {
            revoke_tokens(&tx, user_id, self.clock().now()).await?;
        }
        Ok(tx.commit().await?)
    }
}
