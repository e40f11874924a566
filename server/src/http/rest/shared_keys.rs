//! `/shared-key-ceilings`: what workspaces may spend on the operator's keys.

use app::model::ids::WorkspaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{AmountText, Body};
use super::params::{PageParams, Params};
use super::reply::{Reply, Success, Usd, success};
use crate::services::Services;
use crate::store::money::SharedKeyAccount;

/// What a workspace may spend on the operator's keys a month.
#[derive(Serialize, ToSchema)]
struct Ceiling {
    workspace_id: WorkspaceId,
    workspace_name: String,
    /// The addresses of its owners.
    owners: Vec<String>,
    monthly_ceiling_usd: Usd,
    current_month_spend: Usd,
    /// Set aside for asks that are under way.
    reserved: Usd,
    /// An admin of the instance is a member: there is no ceiling.
    is_unbounded: bool,
}

impl From<SharedKeyAccount> for Ceiling {
    fn from(account: SharedKeyAccount) -> Self {
        Self {
            workspace_id: account.workspace,
            workspace_name: account.name,
            owners: account.owners,
            monthly_ceiling_usd: Usd(account.ceiling),
            current_month_spend: Usd(account.spent),
            reserved: Usd(account.reserved),
            is_unbounded: account.is_unbounded,
        }
    }
}

/// A page of workspaces, those with a ceiling first.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of REST's fields")]
pub(super) struct Ceilings {
    ceilings: Vec<Ceiling>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// A ceiling to be set.
#[derive(Deserialize, ToSchema)]
pub(super) struct CeilingFields {
    /// The address of the workspace's owner.
    email: String,
    /// Dollars a month; 0: nothing.
    monthly_ceiling_usd: AmountText,
}

/// A ceiling was set.
#[derive(Serialize, ToSchema)]
pub(super) struct CeilingSet {
    email: String,
    monthly_ceiling_usd: Usd,
    /// Workspaces of this owner that it holds for.
    workspaces: u64,
}

/// What workspaces may spend on the operator's keys (admins)
#[utoipa::path(
    get,
    path = "/shared-key-ceilings",
    operation_id = "list_shared_key_ceilings",
    tag = "keys and budget",
    params(PageParams),
    responses((status = 200, description = "A page of workspaces", body = Success<Ceilings>)),
)]
pub(super) async fn list(services: Services, mut params: Params) -> Reply<Ceilings> {
    let page = params.page();
    params.done()?;
    let all = services.shared_key_ceilings().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(Ceilings {
        ceilings: part.into_iter().map(Ceiling::from).collect(),
        total,
        next_cursor,
    }))
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
pub(super) async fn set(
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
