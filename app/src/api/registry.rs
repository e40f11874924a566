//! Models and their prices.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::ModelId;
use crate::model::registry::{
    CheckView, ModelChange, ModelDraft, ModelView, PriceEntry, RegistryChange, RetiringView,
};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait RegistryPort {
    /// The registry; users who are no admins see the available ones only.
    async fn list_models(&self) -> Result<Vec<ModelView>, ApiError>;
    /// Changes a row (admins). A new price begins now, or on the day that it names; older
    /// answers keep theirs. Before a model becomes current it is asked once.
    async fn change_model(
        &self,
        model_id: ModelId,
        change: ModelChange,
    ) -> Result<ModelView, ApiError>;
    /// Adds a row, not available and unpriced (admins).
    async fn add_model(&self, draft: ModelDraft) -> Result<ModelView, ApiError>;
    /// All prices of a model, the newest first (admins).
    async fn price_history(&self, model_id: ModelId) -> Result<Vec<PriceEntry>, ApiError>;
    /// Approves or rejects a model (admins). What is approved becomes available.
    async fn review_model(&self, model_id: ModelId, approve: bool) -> Result<ModelView, ApiError>;
    /// Looks now at the lists of all providers that have a key (admins).
    async fn check_models(&self) -> Result<CheckView, ApiError>;
    /// The newest changes of the registry (admins).
    async fn registry_changes(&self) -> Result<Vec<RegistryChange>, ApiError>;
    /// Models that retire within 90 days, or have retired and are still asked (admins).
    async fn retiring_models(&self) -> Result<Vec<RetiringView>, ApiError>;
}

/// The registry; users who are no admins see the available ones only.
#[server(name = ListModelsCall, prefix = "/api/fn", endpoint = "models/list", protocol = Read)]
pub async fn list_models() -> Result<Vec<ModelView>, ApiError> {
    super::ports()?.list_models().await
}

/// Changes a row (admins). A new price begins now, or on the day that it names; older answers
/// keep theirs. Before a model becomes current it is asked once.
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
#[server(name = PriceHistoryCall, prefix = "/api/fn", endpoint = "models/prices", protocol = Read)]
pub async fn price_history(model_id: ModelId) -> Result<Vec<PriceEntry>, ApiError> {
    super::ports()?.price_history(model_id).await
}

/// Approves or rejects a model (admins). What is approved becomes available.
#[server(name = ReviewModelCall, prefix = "/api/fn", endpoint = "models/review", protocol = Call)]
pub async fn review_model(model_id: ModelId, approve: bool) -> Result<ModelView, ApiError> {
    super::ports()?.review_model(model_id, approve).await
}

/// Looks now at the lists of all providers that have a key (admins).
#[server(name = CheckModelsCall, prefix = "/api/fn", endpoint = "models/check", protocol = Call)]
pub async fn check_models() -> Result<CheckView, ApiError> {
    super::ports()?.check_models().await
}

/// The newest changes of the registry (admins).
#[server(name = RegistryChangesCall, prefix = "/api/fn", endpoint = "models/changes", protocol = Read)]
pub async fn registry_changes() -> Result<Vec<RegistryChange>, ApiError> {
    super::ports()?.registry_changes().await
}

/// Models that retire within 90 days, or have retired and are still asked (admins).
#[server(name = RetiringModelsCall, prefix = "/api/fn", endpoint = "models/retiring", protocol = Read)]
pub async fn retiring_models() -> Result<Vec<RetiringView>, ApiError> {
    super::ports()?.retiring_models().await
}
