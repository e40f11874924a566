//! Prices from files, and past costs at other prices.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::ids::ModelId;
use crate::model::money::Money;
use crate::model::prices::{ImportChoice, ImportPreview, Recomputed};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait PricesPort {
    /// What a file of prices would change (admins). Nothing is written.
    async fn preview_prices(&self, text: String) -> Result<ImportPreview, ApiError>;
    /// Writes accepted prices, all or none (admins); gives how many.
    async fn accept_prices(&self, choices: Vec<ImportChoice>) -> Result<i64, ApiError>;
    /// What the answers of a model in the caller's workspace cost, from the first day to the
    /// last, and what they would cost at the price rows that hold now for their time (admins).
    async fn recompute(
        &self,
        model_id: ModelId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Recomputed, ApiError>;
    /// Books the difference, if it still is the one that was shown (admins).
    async fn write_correction_to_ledger(
        &self,
        model_id: ModelId,
        from: NaiveDate,
        to: NaiveDate,
        difference: Money,
    ) -> Result<Recomputed, ApiError>;
}

/// What a file of prices would change (admins). Nothing is written.
#[server(name = PreviewPricesCall, prefix = "/api/fn", endpoint = "models/import-preview", protocol = Call)]
pub async fn preview_prices(text: String) -> Result<ImportPreview, ApiError> {
    super::ports()?.preview_prices(text).await
}

/// Writes accepted prices, all or none (admins); gives how many.
#[server(name = AcceptPricesCall, prefix = "/api/fn", endpoint = "models/import-accept", protocol = Call)]
pub async fn accept_prices(choices: Vec<ImportChoice>) -> Result<i64, ApiError> {
    super::ports()?.accept_prices(choices).await
}

/// What the answers of a model in the caller's workspace cost, from the first day to the last,
/// and what they would cost at the price rows that hold now for their time (admins).
#[server(name = RecomputeCall, prefix = "/api/fn", endpoint = "models/recompute", protocol = Call)]
pub async fn recompute(
    model_id: ModelId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Recomputed, ApiError> {
    super::ports()?.recompute(model_id, from, to).await
}

/// Books the difference, if it still is the one that was shown (admins).
#[server(name = BookRecomputedCall, prefix = "/api/fn", endpoint = "models/recompute-book", protocol = Call)]
pub async fn write_correction_to_ledger(
    model_id: ModelId,
    from: NaiveDate,
    to: NaiveDate,
    difference: Money,
) -> Result<Recomputed, ApiError> {
    super::ports()?
        .write_correction_to_ledger(model_id, from, to, difference)
        .await
}
