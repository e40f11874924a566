//! Questions that are suggested for a project.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Call;
use crate::model::suggestions::{SuggestionWish, SuggestionsView};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait SuggestionsPort {
    /// Suggests questions (editors); nothing is saved by that.
    async fn suggest_prompts(&self, wish: SuggestionWish) -> Result<SuggestionsView, ApiError>;
}

/// Suggests questions (editors); nothing is saved by that.
#[server(name = SuggestPromptsCall, prefix = "/api/fn", endpoint = "prompts/suggest", protocol = Call)]
pub async fn suggest_prompts(wish: SuggestionWish) -> Result<SuggestionsView, ApiError> {
    super::ports()?.suggest_prompts(wish).await
}
