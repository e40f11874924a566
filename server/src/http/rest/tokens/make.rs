//! A token is made.

use app::api::error::ApiError;
use app::model::account::{TokenDraft, TokenScope, TokenTerm};
use app::texts::errors;
use app::validate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shapes::Token;
use crate::http::idempotency::Secret;
use crate::http::problem::Problem;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Success, success, with_fields};
use crate::services::Services;

/// A token to be made.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct TokenFields {
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
struct TokenMade {
    /// The only time that it is shown.
    secret: String,
    token: Token,
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
pub(in crate::http::rest) async fn make(
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
