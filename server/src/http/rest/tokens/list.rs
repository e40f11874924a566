//! The caller's tokens.

use app::api::accounts::AccountsPort;
use serde::Serialize;
use utoipa::ToSchema;

use super::shapes::Token;
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// The caller's tokens for this workspace that were not revoked.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct TokenList {
    tokens: Vec<Token>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// The caller's tokens for this workspace, the newest first
#[utoipa::path(
    get,
    path = "/tokens",
    operation_id = "list_tokens",
    tag = "tokens",
    params(Page),
    responses((status = 200, description = "A page of tokens, without their texts", body = Success<TokenList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    params: Params<Page>,
) -> Reply<TokenList> {
    let page = params.done()?;
    let all = services.list_tokens().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(TokenList {
        tokens: part.into_iter().map(Token::from).collect(),
        total,
        next_cursor,
    }))
}
