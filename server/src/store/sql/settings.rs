//! What holds for the whole instance.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

use crate::store::entity::setting;
use crate::store::{Store, StoreResult};

impl Store {
    /// A setting of the instance.
    pub async fn setting(&self, name: &str) -> StoreResult<Option<String>> {
        Ok(setting::Entity::find_by_id(name)
            .one(self.reader())
            .await?
            .map(|row| row.value))
    }

    /// Changes a setting of the instance.
    pub async fn save_setting(&self, name: &str, value: &str) -> StoreResult<()> {
        let tx = self.begin_write().await?;
        put_setting(&tx, name, value).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes a setting within a transaction.
pub(in crate::store) async fn put_setting(
    tx: &DatabaseTransaction,
    name: &str,
    value: &str,
) -> StoreResult<()> {
    setting::Entity::insert(setting::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value.to_owned()),
    })
    .on_conflict(
        OnConflict::column(setting::Column::Name)
            .update_column(setting::Column::Value)
            .to_owned(),
    )
    .exec_without_returning(tx)
    .await?;
    Ok(())
}
