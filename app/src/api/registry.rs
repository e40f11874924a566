//! Models and their prices.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::ids::ModelId;
use crate::model::registry::{ModelChange, ModelDraft, ModelView, PriceView};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait RegistryPort {
    /// The registry; users who are no admins see the available ones only.
    async fn list_models(&self) -> Result<Vec<ModelView>, ApiError>;
    /// Changes a row (admins). A new price begins now; older answers keep theirs.
    async fn change_model(
        &self,
        model_id: ModelId,
        change: ModelChange,
    ) -> Result<ModelView, ApiError>;
    /// Adds a row, not available and unpriced (admins).
    async fn add_model(&self, draft: ModelDraft) -> Result<ModelView, ApiError>;
    /// All prices of a model, the newest first (admins).
    async fn price_history(&self, model_id: ModelId) -> Result<Vec<PriceView>, ApiError>;
}

/// The registry; users who are no admins see the available ones only.
#[server(name = ListModelsCall, prefix = "/api/fn", endpoint = "models/list", protocol = Call)]
pub async fn list_models() -> Result<Vec<ModelView>, ApiError> {
    super::ports()?.list_models().await
}

/// Changes a row (admins). A new price begins now; older answers keep theirs.
#[server(name = ChangeModelCall, prefix = "/api/fn", endpoint = "models/change", protocol = Call)]
pub async fn change_model(model_id: ModelId, change: ModelChange) -> Result<ModelView, ApiError> {
    super::ports()?.change_model(model_id, change).await
}

/// Adds a row, not available and unpriced (admins).
#[server(name = AddModelCall, prefix = "/api/fn", endpoint = "models/add", protocol = Call)]
pub async fn add_model(draft: ModelDraft) -> Result<ModelView, ApiError> {
    super::ports()?.add_model(draft).await
}

/// All prices of a model, the newest first (admins).
#[server(name = PriceHistoryCall, prefix = "/api/fn", endpoint = "models/prices", protocol = Call)]
pub async fn price_history(model_id: ModelId) -> Result<Vec<PriceView>, ApiError> {
    super::ports()?.price_history(model_id).await
}
