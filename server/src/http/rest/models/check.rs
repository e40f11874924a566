//! The providers' lists are looked at.

use app::api::registry::RegistryPort;
use app::model::provider::Provider;
use app::model::registry::CheckView;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// A provider that did not list its models.
#[derive(Serialize, ToSchema)]
struct Silent {
    llm_provider: Provider,
    reason: String,
}

/// What a look at the providers' lists found.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct ListCheck {
    /// Providers that answered.
    checked: Vec<Provider>,
    failed: Vec<Silent>,
    /// Names of the models that nobody knew: not available, without a price, to be reviewed.
    new_models: Vec<String>,
}

/// Asks every provider that has a key which models it has (admins)
#[utoipa::path(
    post,
    path = "/models/check",
    operation_id = "check_model_lists",
    tag = "models",
    responses((status = 200, description = "What was found", body = Success<ListCheck>)),
)]
pub(in crate::http::rest) async fn check(services: Services) -> Reply<ListCheck> {
    let CheckView {
        checked,
        failed,
        new_models,
    } = services.check_models().await?;
    let silent = |(llm_provider, reason)| Silent {
        llm_provider,
        reason,
    };
    Ok(success(ListCheck {
        checked,
        failed: failed.into_iter().map(silent).collect(),
        new_models,
    }))
}
