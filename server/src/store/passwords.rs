//! The hashes of passwords.

use app::model::ids::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::entity::{session, user};
use super::{Store, StoreResult};

impl Store {
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
