//! A token, without its text.

use app::model::account::{TokenScope, TokenView};
use app::model::ids::TokenId;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A token, without its text.
#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    id: TokenId,
    /// What it is for.
    name: String,
    /// What it may do, within what its user may.
    scope: TokenScope,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    /// When it ends; nothing: never.
    expires_at: Option<DateTime<Utc>>,
}

impl From<TokenView> for Token {
    fn from(view: TokenView) -> Self {
        Self {
            id: view.id.into(),
            name: view.name,
            scope: view.scope,
            created_at: view.created_at,
            last_used_at: view.last_used_at,
            expires_at: view.expires_at,
        }
    }
}
