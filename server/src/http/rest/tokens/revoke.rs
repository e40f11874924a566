//! A token is ended.

use app::api::accounts::AccountsPort;
use app::model::ids::TokenId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// A token does not work any more.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct TokenRevoked {
    id: TokenId,
}

/// Ends a token
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    operation_id = "revoke_token",
    tag = "tokens",
    params(("id" = TokenId, Path, description = "Token")),
    responses((status = 200, description = "It does not work any more", body = Success<TokenRevoked>)),
)]
pub(in crate::http::rest) async fn revoke(
    services: Services,
    Ids(token_id): Ids<TokenId>,
) -> Reply<TokenRevoked> {
    services.revoke_token(token_id.0).await?;
    Ok(success(TokenRevoked { id: token_id }))
}
