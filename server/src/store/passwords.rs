//! The hashes of passwords.

use app::model::ids::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::entity::{session, user};
use super::{Store, StoreResult};

impl Store {
    /// Replaces a hash by a stronger one of the same password, unless it was changed meanwhile.
    pub async fn strengthen_password(
        &self,
        user_id: UserId,
        weak: &str,
        stronger: &str,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(stronger))
            .filter(user::Column::Id.eq(user_id.0))
            .filter(user::Column::PasswordHash.eq(weak))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Changes a password; every session of the user but `keep` ends.
    pub async fn change_password(
        &self,
        user_id: UserId,
        password_hash: String,
        keep: Option<&str>,
    ) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(password_hash))
            .filter(user::Column::Id.eq(user_id.0))
            .exec(&tx)
            .await?;
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user_id.0))
            .filter(session::Column::TokenHash.ne(keep.unwrap_or_default()))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
