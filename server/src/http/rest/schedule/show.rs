//! Every job, and when it falls due.

use app::api::schedule::SchedulePort;

use super::shapes::{Schedule, listed};
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// Every job, when it falls due next, and what became of it last
#[utoipa::path(
    get,
    path = "/schedule",
    operation_id = "show_schedule",
    tag = "schedule",
    params(Page),
    responses((status = 200, description = "A page of jobs", body = Success<Schedule>)),
)]
pub(in crate::http::rest) async fn show(
    services: Services,
    params: Params<Page>,
) -> Reply<Schedule> {
    let page = params.done()?;
    Ok(success(listed(services.schedule().await?, page)))
}
