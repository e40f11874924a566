//! Who changed what in the registry.
//!
//! Invariant: an entry is written in the transaction of the change that it tells of.

use app::model::ids::{ModelId, UserId};
use app::model::money::Money;
use app::model::registry::{PriceView, RegistryAction, RegistryChange};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use crate::store::sql::rows;
use crate::store::{Store, StoreError, StoreResult};

const COLUMNS: [&str; 6] = [
    "model_id",
    "changed_at",
    "changed_by",
    "action",
    "old_value",
    "new_value",
];

/// A change of a model. Values are texts that do not depend on a language.
pub(super) struct Change {
    pub(super) model: ModelId,
    pub(super) action: RegistryAction,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

impl Change {
    /// Something that is told by its name alone.
    pub(super) const fn plain(model: ModelId, action: RegistryAction) -> Self {
        Self {
            model,
            action,
            old: None,
            new: None,
        }
    }

    /// Another value, if it is another one.
    pub(super) fn of<T: PartialEq + ToString>(
        model: ModelId,
        action: RegistryAction,
        old: &T,
        new: &T,
    ) -> Option<Self> {
        (old != new).then(|| Self {
            model,
            action,
            old: Some(old.to_string()),
            new: Some(new.to_string()),
        })
    }

    /// Another price.
    pub(super) fn price(model: ModelId, old: Option<&PriceView>, new: &PriceView) -> Self {
        Self {
            model,
            action: RegistryAction::Price,
            old: old.map(price_text),
            new: Some(price_text(new)),
        }
    }
}

/// `1.25 / 10 / 0.125 / 0.01`: read, written, cached, a search; and of long asks
/// `> 272000: 2.5 / 15 / 0.25`.
fn price_text(price: &PriceView) -> String {
    let optional =
        |amount: Option<Money>| amount.map_or("–".to_owned(), |amount| amount.to_string());
    let usual = format!(
        "{} / {} / {} / {}",
        price.input,
        price.output,
        optional(price.cached_input),
        optional(price.search_fee)
    );
    let Some(tier) = price.tier else { return usual };
    format!(
        "{usual}; > {}: {} / {} / {}",
        tier.above_tokens,
        tier.input,
        tier.output,
        optional(tier.cached_input)
    )
}

/// Writes changes; `by` nobody where no person made them.
pub(super) async fn log(
    tx: &DatabaseTransaction,
    by: Option<UserId>,
    changes: Vec<Change>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let row = |change: Change| {
        [
            change.model.0.into(),
            now.into(),
            by.map(|by| by.0).into(),
            change.action.word().into(),
            change.old.into(),
            change.new.into(),
        ]
    };
    let rows = changes.into_iter().map(row).collect();
    rows::insert(tx, "llm_model_changelog", COLUMNS, rows, "").await?;
    Ok(())
}

impl Store {
    /// The newest changes of the registry.
    pub async fn registry_changes(&self, limit: i64) -> StoreResult<Vec<RegistryChange>> {
        let sql = "SELECT c.changed_at, u.email, m.model_display_name, c.action, c.old_value, \
            c.new_value FROM llm_model_changelog c \
            JOIN llm_model_registry m ON m.id = c.model_id \
            LEFT JOIN users u ON u.id = c.changed_by ORDER BY c.id DESC LIMIT $1";
        let found = rows::all(self.reader(), sql, [limit.into()]).await?;
        let change = |row: &sea_orm::QueryResult| {
            let action: String = row.try_get_by_index(3)?;
            Ok(RegistryChange {
                at: row.try_get_by_index(0)?,
                by: row.try_get_by_index(1)?,
                model: row.try_get_by_index(2)?,
                action: RegistryAction::from_word(&action)
                    .ok_or_else(|| StoreError::Corrupt(format!("action {action}")))?,
                old: row.try_get_by_index(4)?,
                new: row.try_get_by_index(5)?,
            })
        };
        found.iter().map(change).collect()
    }
}
