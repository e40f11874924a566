//! The weekly look at the providers' models.

use super::shapes::{JobReply, job};
use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

/// The weekly look at the providers' models, with its last times and what it said (admins)
#[utoipa::path(
    get,
    path = "/schedule/models",
    operation_id = "show_model_schedule",
    tag = "schedule",
    params(Page),
    responses((status = 200, description = "The job", body = Success<JobReply>)),
)]
pub(in crate::http::rest) async fn show_of_models(
    services: Services,
    params: Params<Page>,
) -> Reply<JobReply> {
    job(services, None, params.done()?).await
}
