//! Who changed what in the registry.
//!
//! Invariant: an entry is written in the transaction of the change that it tells of.

use app::model::ids::{ModelId, UserId};
use app::model::money::Money;
use app::model::registry::{PriceView, RegistryAction, RegistryChange};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use crate::store::sql::record::record;
use crate::store::sql::rows::{self, new_row};
use crate::store::{Store, StoreResult};

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
        new_row! {
            model_id = change.model.0,
            changed_at = now,
            changed_by = by.map(|by| by.0),
            action = change.action.word(),
            old_value = change.old,
            new_value = change.new,
        }
    };
    let rows = changes.into_iter().map(row).collect();
    rows::insert_rows(tx, "llm_model_changelog", rows, "").await?;
    Ok(())
}

impl Store {
    /// The newest changes of the registry.
    pub async fn registry_changes(&self, limit: i64) -> StoreResult<Vec<RegistryChange>> {
        let rest = "FROM llm_model_changelog c \
            JOIN llm_model_registry m ON m.id = c.model_id \
            LEFT JOIN users u ON u.id = c.changed_by ORDER BY c.id DESC LIMIT $1";
        rows::select(self.reader(), rest, [limit.into()]).await
    }
}

record! {
    for RegistryChange {
        at: DateTime<Utc> = "c.changed_at",
        by: Option<String> = "u.email",
        model: String = "m.model_display_name",
        action: RegistryAction = "c.action",
        old: Option<String> = "c.old_value",
        new: Option<String> = "c.new_value",
    }
}
