//! `/tokens`: what programs are known by.

use app::api::accounts::AccountsPort;
use app::api::error::ApiError;
use app::model::account::{TokenDraft, TokenScope, TokenTerm, TokenView};
use app::model::ids::TokenId;
use app::model::validate;
use app::texts::errors;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::params::{PageParams, Params};
use super::reply::{Reply, Success, success, with_fields};
use crate::http::idempotency::Secret;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::Services;

/// A token, without its text.
#[derive(Serialize, ToSchema)]
struct Token {
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

/// The caller's tokens for this workspace that were not revoked.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenList {
    tokens: Vec<Token>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct TokenFields {
    /// What it is for.
    name: String,
    /// What it may do; everything that its user may where it is missing.
    scope: Option<TokenScope>,
    /// Days until it ends; 90 where it is missing.
    #[schema(minimum = 1, maximum = 3_650)]
    expires_in_days: Option<i64>,
    /// Whether it never ends, in place of a number of days.
    #[serde(default)]
    never_expires: bool,
    /// The user's password. A token always needs it to make another one; a session does not
    /// where it was typed in the last ten minutes.
    #[schema(format = Password)]
    password: Option<String>,
}

/// A new token.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenMade {
    /// The only time that it is shown.
    secret: String,
    token: Token,
}

/// A token does not work any more.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenRevoked {
    id: TokenId,
}

/// The caller's tokens for this workspace, the newest first
#[utoipa::path(
    get,
    path = "/tokens",
    operation_id = "list_tokens",
    tag = "tokens",
    params(PageParams),
    responses((status = 200, description = "A page of tokens, without their texts", body = Success<TokenList>)),
)]
pub(super) async fn list(services: Services, mut params: Params) -> Reply<TokenList> {
    let page = params.page();
    params.done()?;
    let all = services.list_tokens().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(TokenList {
        tokens: part.into_iter().map(Token::from).collect(),
        total,
        next_cursor,
    }))
}

/// Makes a token
///
/// Its text is in the reply and nowhere else. It takes the user's password, so that a stolen token
/// or an open browser makes no others; a wrong one counts as a failed sign-in. A token of the scope
/// `read` looks, one of `write` changes projects and starts runs too, one of `admin` does whatever
/// its user may.
#[utoipa::path(
    post,
    path = "/tokens",
    operation_id = "make_token",
    tag = "tokens",
    request_body = TokenFields,
    responses((status = 201, description = "The token", body = Success<TokenMade>)),
)]
pub(super) async fn make(
    services: Services,
    Body(fields): Body<TokenFields>,
) -> Result<Response, Problem> {
    let draft = TokenDraft {
        scope: fields.scope.unwrap_or_default(),
        term: term_of(&services, &fields)?,
        name: fields.name,
        password: fields.password,
    };
    let made = services.create_scoped_token(draft).await;
    let (secret, view) = made.map_err(|error| with_fields(error, field_name))?;
    let made = TokenMade {
        secret,
        token: view.into(),
    };
    let mut response = (StatusCode::CREATED, success(made)).into_response();
    response.extensions_mut().insert(Secret);
    Ok(response)
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
pub(super) async fn revoke(services: Services, Ids(token_id): Ids<TokenId>) -> Reply<TokenRevoked> {
    services.revoke_token(token_id.0).await?;
    Ok(success(TokenRevoked { id: token_id }))
}

/// A number of days and no end at all contradict each other.
fn term_of(services: &Services, fields: &TokenFields) -> Result<TokenTerm, Problem> {
    match (fields.expires_in_days, fields.never_expires) {
        (None, false) => Ok(TokenTerm::Usual),
        (Some(days), false) => Ok(TokenTerm::Days(days)),
        (None, true) => Ok(TokenTerm::Never),
        (Some(_), true) => {
            let mut check = validate::Check::new(services.language());
            check.wrong("never_expires", errors::TOKEN_TERM, &[]);
            let refused = check.done(TokenTerm::Never);
            Ok(refused.map_err(|fields| ApiError::invalid(services.language(), fields))?)
        }
    }
}

fn field_name(field: &str) -> String {
    match field {
        "days" => "expires_in_days".to_owned(),
        other => other.to_owned(),
    }
}
