//! The day's runs are started.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::token::{CronToken, check};
use crate::http::problem::Problem;
use crate::http::rest::params::{Params, parameters};
use crate::http::rest::reply::{Success, success};
use crate::services::schedule::{DailySummary, DueWork};
use crate::services::{Host, ServiceError, Services};

parameters! {
    /// When the answer comes.
    pub(in crate::http::rest) struct DayParams {
        /// Answer only when all runs are over
        wait: Option<bool>,
    }
}

/// `POST /cron/daily-analysis?wait`: starts today's run of every project that is due today.
#[utoipa::path(
    post,
    path = "/cron/daily-analysis",
    operation_id = "start_day",
    summary = "Start the day",
    description = "Starts today's run of every project that is due today. Takes the operator's `CRON_TOKEN`.",
    tag = "host",
    params(DayParams),
    responses(
        (status = 202, description = "The runs have begun", body = Success<DailySummary>),
        (status = 200, description = "The runs are over", body = Success<DailySummary>),
    ),
    security(()),
)]
pub(in crate::http::rest) async fn start_day(
    State(token): State<CronToken>,
    State(host): State<Host>,
    services: Services,
    headers: HeaderMap,
    params: Params<DayParams>,
) -> Result<Response, Problem> {
    check(token.as_ref().as_ref(), &headers, &services)?;
    let wait = params.done()?.wait.unwrap_or(false);
    let due_work = DueWork::from(&host);
    let told = |error: ServiceError| Problem(error.into_api_error(services.language()));
    if wait {
        let summary = due_work.run_day_to_end().await.map_err(told)?;
        return Ok(success(summary).into_response());
    }
    let summary: DailySummary = due_work.start_day().await.map_err(told)?;
    Ok((StatusCode::ACCEPTED, success(summary)).into_response())
}
