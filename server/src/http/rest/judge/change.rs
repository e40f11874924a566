//! A judge is chosen, or none.

use app::api::keys::KeysPort;
use app::model::ids::ModelId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::shapes::{Judge, reply};
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Reply, Success};
use crate::services::Services;

/// What may be changed. An absent model is as one that is null: nobody judges.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct JudgeFields {
    model_id: Option<ModelId>,
}

/// Chooses a judge, or none (owners)
#[utoipa::path(
    put,
    path = "/judge",
    operation_id = "change_judge",
    tag = "keys and budget",
    request_body = JudgeFields,
    responses((status = 200, description = "The judge as it is now", body = Success<Judge>)),
)]
pub(in crate::http::rest) async fn change(
    services: Services,
    Body(fields): Body<JudgeFields>,
) -> Reply<Judge> {
    Ok(reply(services.save_judge(fields.model_id).await?))
}
