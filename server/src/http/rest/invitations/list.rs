//! The invitations that work.

use app::api::invitations::InvitationsPort;
use app::model::account::{InvitationView, Role};
use app::model::ids::InvitationId;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::params::{Page, Params};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// An invitation that works, without its link.
#[derive(Serialize, ToSchema)]
struct Invitation {
    id: InvitationId,
    /// For which address; nothing: for whoever has the link, as it was once.
    email: Option<String>,
    role: Role,
    /// The address of its maker.
    made_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// When it went out by mail; nothing: it did not, or not yet.
    mailed_at: Option<DateTime<Utc>>,
}

impl From<InvitationView> for Invitation {
    fn from(view: InvitationView) -> Self {
        Self {
            id: view.id,
            email: view.email,
            role: view.role,
            made_by: view.made_by,
            created_at: view.created_at,
            expires_at: view.expires_at,
            mailed_at: view.mailed_at,
        }
    }
}

/// The invitations to this workspace that work.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct InvitationList {
    invitations: Vec<Invitation>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// The invitations to this workspace that work, the newest first (admins)
///
/// One that was used, taken back or has ended is not among them, nor one whose maker may not
/// make it any more.
#[utoipa::path(
    get,
    path = "/invitations",
    operation_id = "list_invitations",
    tag = "invitations",
    params(Page),
    responses((status = 200, description = "A page of invitations, without their links", body = Success<InvitationList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    params: Params<Page>,
) -> Reply<InvitationList> {
    let page = params.done()?;
    let all = services.list_invitations().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(InvitationList {
        invitations: part.into_iter().map(Invitation::from).collect(),
        total,
        next_cursor,
    }))
}
