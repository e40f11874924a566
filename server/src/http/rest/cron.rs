//! `/cron`: what a schedule outside of Parallax starts over HTTP.

use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::texts::errors;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::params::Params;
use super::reply::{Success, success};
use crate::http::head::{Authorization, authorization};
use crate::http::problem::Problem;
use crate::services::daily::DailySummary;
use crate::services::model_check::ModelsSummary;
use crate::services::{Host, Scheduling, ServiceError, Services};

/// Everything that the operator's token opens.
pub(in crate::http) const PATH: &str = "/api/llm-monitoring/cron/";

/// The operator's token for schedules outside; `None`: none was set.
pub(in crate::http) type CronToken = Arc<Option<SecretString>>;

/// `POST /cron/daily-analysis?wait`: starts today's run of every project that is due today.
#[utoipa::path(
    post,
    path = "/cron/daily-analysis",
    operation_id = "start_day",
    summary = "Start the day",
    description = "Starts today's run of every project that is due today. Takes the operator's `CRON_TOKEN`.",
    tag = "host",
    params(("wait" = Option<bool>, Query, description = "Answer only when all runs are over")),
    responses(
        (status = 202, description = "The runs have begun", body = Success<DailySummary>),
        (status = 200, description = "The runs are over", body = Success<DailySummary>),
    ),
    security(()),
)]
pub(super) async fn daily(
    State(token): State<CronToken>,
    State(host): State<Host>,
    services: Services,
    headers: HeaderMap,
    mut params: Params,
) -> Result<Response, Problem> {
    let wait = params.flag("wait").unwrap_or(false);
    check(token.as_ref().as_ref(), &headers, &services)?;
    params.done()?;
    let scheduling = Scheduling::from(&host);
    let told = |error: ServiceError| Problem(error.into_api_error(services.language()));
    if wait {
        let summary = scheduling.see_day_through().await.map_err(told)?;
        return Ok(success(summary).into_response());
    }
    let summary: DailySummary = scheduling.start_day().await.map_err(told)?;
    Ok((StatusCode::ACCEPTED, success(summary)).into_response())
}

/// `POST /cron/model-discovery`: looks at which models the providers have.
#[utoipa::path(
    post,
    path = "/cron/model-discovery",
    operation_id = "check_models",
    summary = "Look for models",
    description = "Reads the providers' lists; new models wait for an admin. Takes the operator's `CRON_TOKEN`.",
    tag = "host",
    responses((status = 200, description = "What is new", body = Object)),
    security(()),
)]
pub(super) async fn models(
    State(token): State<CronToken>,
    State(host): State<Host>,
    services: Services,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check(token.as_ref().as_ref(), &headers, &services)?;
    let checked = Scheduling::from(&host).check_models_now().await;
    let report = checked.map_err(|error| Problem(error.into_api_error(services.language())))?;
    Ok(success(ModelsSummary::from(&report)).into_response())
}

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
