//! The time zone in which jobs fall due.

use app::api::schedule::SchedulePort;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shapes::{Schedule, listed};
use crate::http::rest::body::Body;
use crate::http::rest::params::Page;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// What may be changed.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct ScheduleFields {
    /// IANA name: `Europe/Madrid`.
    time_zone: String,
}

/// Changes the time zone in which jobs fall due and months turn (owners)
#[utoipa::path(
    put,
    path = "/schedule",
    operation_id = "change_schedule",
    description = "Answers, and what was paid for them, keep the day that they have; each such day counts in the budget of its own month alone.",
    tag = "schedule",
    request_body = ScheduleFields,
    responses((status = 200, description = "The jobs as they are now", body = Success<Schedule>)),
)]
pub(in crate::http::rest) async fn change(
    services: Services,
    Body(fields): Body<ScheduleFields>,
) -> Reply<Schedule> {
    let changed = services.save_time_zone(fields.time_zone).await?;
    Ok(success(listed(changed, Page::default())))
}
