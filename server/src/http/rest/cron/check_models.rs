//! The providers' lists are looked at.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::token::{CronToken, check};
use crate::http::problem::Problem;
use crate::http::rest::reply::success;
use crate::services::registry::{ModelCheck, ModelsSummary};
use crate::services::{Host, Services};

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
pub(in crate::http::rest) async fn check_models(
    State(token): State<CronToken>,
    State(host): State<Host>,
    services: Services,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check(token.as_ref().as_ref(), &headers, &services)?;
    let checked = ModelCheck::from(&host).check_now().await;
    let report = checked.map_err(|error| Problem(error.into_api_error(services.language())))?;
    Ok(success(ModelsSummary::from(&report)).into_response())
}
