//! Failed sign-ins of the last minutes, by account and address.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::sign_in_failure;
use super::{Store, StoreResult};

impl Store {
    /// Failed sign-ins to an account from an address since a moment, and the first of them.
    pub async fn sign_in_failures(&self, email: &str, address: &str, since: DateTime<Utc>) -> StoreResult<Vec<DateTime<Utc>>> {
        let rows = sign_in_failure::Entity::find()
            .filter(sign_in_failure::Column::Email.eq(email))
            .filter(sign_in_failure::Column::Address.eq(address))
            .filter(sign_in_failure::Column::FailedAt.gt(since))
            .order_by_asc(sign_in_failure::Column::FailedAt)
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| row.failed_at).collect())
    }

    /// Notes a failed sign-in and forgets those before `since`.
    pub async fn note_sign_in_failure(&self, email: &str, address: &str, since: DateTime<Utc>) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        sign_in_failure::Entity::delete_many()
            .filter(sign_in_failure::Column::FailedAt.lt(since))
            .exec(&tx)
            .await?;
        sign_in_failure::ActiveModel {
            email: Set(email.to_owned()),
            address: Set(address.to_owned()),
            failed_at: Set(self.clock().now()),
            ..Default::default()
        }
        .insert(&tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets the failed sign-ins of an account from an address.
    pub async fn forget_sign_in_failures(&self, email: &str, address: &str) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        sign_in_failure::Entity::delete_many()
            .filter(sign_in_failure::Column::Email.eq(email))
            .filter(sign_in_failure::Column::Address.eq(address))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
