//! API keys and the budget of a workspace.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::ModelId;
use crate::model::judge::JudgeView;
use crate::model::keys::{BudgetDraft, BudgetView, KeyDraft, KeyTest, KeyView};
use crate::model::provider::Provider;

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait KeysPort {
    /// One row a provider, with or without a key.
    async fn list_keys(&self) -> Result<Vec<KeyView>, ApiError>;
    /// Stores a key (owners).
    async fn save_key(&self, draft: KeyDraft) -> Result<KeyView, ApiError>;
    /// Forgets a key (owners).
    async fn delete_key(&self, provider: Provider) -> Result<(), ApiError>;
    /// Asks the provider for its models with the stored key; costs nothing (owners).
    async fn test_key(&self, provider: Provider) -> Result<KeyTest, ApiError>;
    /// The budget and what is spent of it.
    async fn budget(&self) -> Result<BudgetView, ApiError>;
    /// Changes the budget (owners).
    async fn save_budget(&self, draft: BudgetDraft) -> Result<BudgetView, ApiError>;
    /// Which model judges answers, and who could.
    async fn judge(&self) -> Result<JudgeView, ApiError>;
    /// Chooses a judge, or none (owners).
    async fn save_judge(&self, model_id: Option<ModelId>) -> Result<JudgeView, ApiError>;
}

/// One row a provider, with or without a key.
#[server(name = ListKeysCall, prefix = "/api/fn", endpoint = "keys/list", protocol = Read)]
pub async fn list_keys() -> Result<Vec<KeyView>, ApiError> {
    super::ports()?.list_keys().await
}

/// Stores a key (owners).
#[server(name = SaveKeyCall, prefix = "/api/fn", endpoint = "keys/save", protocol = Call)]
pub async fn save_key(draft: KeyDraft) -> Result<KeyView, ApiError> {
    super::ports()?.save_key(draft).await
}

/// Forgets a key (owners).
#[server(name = DeleteKeyCall, prefix = "/api/fn", endpoint = "keys/delete", protocol = Call)]
pub async fn delete_key(provider: Provider) -> Result<(), ApiError> {
    super::ports()?.delete_key(provider).await
}

/// Asks the provider for its models with the stored key; costs nothing (owners).
#[server(name = TestKeyCall, prefix = "/api/fn", endpoint = "keys/test", protocol = Call)]
pub async fn test_key(provider: Provider) -> Result<KeyTest, ApiError> {
    super::ports()?.test_key(provider).await
}

/// The budget and what is spent of it.
#[server(name = BudgetCall, prefix = "/api/fn", endpoint = "budget/get", protocol = Read)]
pub async fn budget() -> Result<BudgetView, ApiError> {
    super::ports()?.budget().await
}

/// Changes the budget (owners).
#[server(name = SaveBudgetCall, prefix = "/api/fn", endpoint = "budget/save", protocol = Call)]
pub async fn save_budget(draft: BudgetDraft) -> Result<BudgetView, ApiError> {
    super::ports()?.save_budget(draft).await
}

/// Which model judges answers, and who could.
#[server(name = JudgeCall, prefix = "/api/fn", endpoint = "judge/get", protocol = Read)]
pub async fn judge() -> Result<JudgeView, ApiError> {
    super::ports()?.judge().await
}

/// Chooses a judge, or none (owners).
#[server(name = SaveJudgeCall, prefix = "/api/fn", endpoint = "judge/save", protocol = Call)]
pub async fn save_judge(model_id: Option<ModelId>) -> Result<JudgeView, ApiError> {
    super::ports()?.save_judge(model_id).await
}
