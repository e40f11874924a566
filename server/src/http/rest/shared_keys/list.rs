//! What workspaces may spend on the operator's keys.

use app::model::ids::WorkspaceId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, Usd, success};
use crate::services::Services;
use crate::services::money::SharedKeyAccount;

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
pub(in crate::http::rest) struct Ceilings {
    ceilings: Vec<Ceiling>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// What workspaces may spend on the operator's keys (admins)
#[utoipa::path(
    get,
    path = "/shared-key-ceilings",
    operation_id = "list_shared_key_ceilings",
    tag = "keys and budget",
    params(Page),
    responses((status = 200, description = "A page of workspaces", body = Success<Ceilings>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    params: Params<Page>,
) -> Reply<Ceilings> {
    let page = params.done()?;
    let all = services.shared_key_ceilings().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(Ceilings {
        ceilings: part.into_iter().map(Ceiling::from).collect(),
        total,
        next_cursor,
    }))
}
