//! Prices from files, and past costs at other prices.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::prices::{ImportChoice, ImportPreview};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait PricesPort {
    /// What a file of prices would change (admins). Nothing is written.
    async fn preview_prices(&self, text: String) -> Result<ImportPreview, ApiError>;
    /// Writes accepted prices, all or none (admins); gives how many.
    async fn accept_prices(&self, choices: Vec<ImportChoice>) -> Result<i64, ApiError>;
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
