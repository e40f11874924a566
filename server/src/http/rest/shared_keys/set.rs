//! A ceiling is set.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::rest::body::{AmountText, Body};
use crate::http::rest::reply::{Reply, Success, Usd, success};
use crate::services::Services;

/// A ceiling to be set.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct CeilingFields {
    /// The address of the workspace's owner.
    email: String,
    /// Dollars a month; 0: nothing.
    monthly_ceiling_usd: AmountText,
}

/// A ceiling was set.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct CeilingSet {
    email: String,
    monthly_ceiling_usd: Usd,
    /// Workspaces of this owner that it holds for.
    workspaces: u64,
}

/// Sets what an owner's workspaces may spend on the operator's keys (admins)
///
/// It bounds what `PARALLAX_SHARED_KEYS` opens, beside the budget that the owner sets, and is
/// nothing until an admin sets it. A workspace's own keys are not bounded by it.
#[utoipa::path(
    put,
    path = "/shared-key-ceilings",
    operation_id = "set_shared_key_ceiling",
    tag = "keys and budget",
    request_body = CeilingFields,
    responses((status = 200, description = "The ceiling as it is now", body = Success<CeilingSet>)),
)]
pub(in crate::http::rest) async fn set(
    services: Services,
    Body(fields): Body<CeilingFields>,
) -> Reply<CeilingSet> {
    let CeilingFields {
        email,
        monthly_ceiling_usd: AmountText(amount),
    } = fields;
    let (ceiling, workspaces) = services.set_shared_key_ceiling(&email, &amount).await?;
    Ok(success(CeilingSet {
        email,
        monthly_ceiling_usd: Usd(ceiling),
        workspaces,
    }))
}
