//! The operator's token, which opens the jobs.

use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::texts::errors;
use axum::http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::http::head::{Authorization, authorization};
use crate::http::problem::Problem;
use crate::services::Services;

/// Everything that the operator's token opens.
pub(in crate::http) const PATH: &str = "/api/llm-monitoring/cron/";

/// The operator's token for schedules outside; `None`: none was set.
pub(in crate::http) type CronToken = Arc<Option<SecretString>>;

/// Whether the request carries the operator's token. How long it takes says nothing about how
/// much of it was right.
pub(super) fn check(
    token: Option<&SecretString>,
    headers: &HeaderMap,
    services: &Services,
) -> Result<(), Problem> {
    let given = match authorization(headers) {
        Authorization::Bearer(token) => token,
        Authorization::Nothing | Authorization::Unreadable => "",
    };
    let is_right = token.is_some_and(|token| {
        // Hashes are of one length: the token's own does not show.
        let tokens = &services.host().tokens;
        let (given, right) = (tokens.hash(given), tokens.hash(token.expose_secret()));
        given.as_bytes().ct_eq(right.as_bytes()).into()
    });
    if is_right {
        return Ok(());
    }
    Err(Problem(ApiError::new(
        ErrorCode::Unauthorized,
        errors::CRON_TOKEN.get(services.language()),
    )))
}
