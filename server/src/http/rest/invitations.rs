//! `/invitations`: who may make an account in the workspace.

use app::api::invitations::InvitationsPort;
use app::model::account::{InvitationDraft, InvitationView, Role};
use app::model::ids::InvitationId;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::params::{PageParams, Params};
use super::reply::{Reply, Success, success};
use crate::http::idempotency::Secret;
use crate::http::path::Ids;
use crate::http::problem::Problem;
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
pub(super) struct InvitationList {
    invitations: Vec<Invitation>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// An invitation to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct InvitationFields {
    /// The address of the account that it makes.
    email: String,
    /// What they may do in this workspace, at most what you may; `editor` where it is missing.
    role: Option<Role>,
}

/// A new invitation.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationMade {
    id: InvitationId,
    /// The path of the link, the only time that it is shown.
    path: String,
    expires_at: DateTime<Utc>,
    /// Whether a mail with a link of its own goes to the address.
    is_mailed: bool,
}

/// An invitation does not work any more.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationRevoked {
    id: InvitationId,
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
    params(PageParams),
    responses((status = 200, description = "A page of invitations, without their links", body = Success<InvitationList>)),
)]
pub(super) async fn list(services: Services, mut params: Params) -> Reply<InvitationList> {
    let page = params.page();
    params.done()?;
    let all = services.list_invitations().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(InvitationList {
        invitations: part.into_iter().map(Invitation::from).collect(),
        total,
        next_cursor,
    }))
}

/// Invites somebody to this workspace (admins)
///
/// The link works once, for seven days, for an account with this address, and only as long as
/// its maker may make it. An earlier invitation of the address to the workspace ends. Where the
/// host sends mail, the address gets a link of its own.
#[utoipa::path(
    post,
    path = "/invitations",
    operation_id = "make_invitation",
    tag = "invitations",
    request_body = InvitationFields,
    responses((status = 201, description = "The link", body = Success<InvitationMade>)),
)]
pub(super) async fn make(
    services: Services,
    Body(fields): Body<InvitationFields>,
) -> Result<Response, Problem> {
    let draft = InvitationDraft {
        email: fields.email,
        role: fields.role.unwrap_or(Role::Editor),
    };
    let link = services.invite(draft).await?;
    let made = InvitationMade {
        id: link.id,
        path: link.path,
        expires_at: link.expires_at,
        is_mailed: link.is_mailed,
    };
    let mut response = (StatusCode::CREATED, success(made)).into_response();
    response.extensions_mut().insert(Secret);
    Ok(response)
}

/// Takes an invitation back (admins)
#[utoipa::path(
    delete,
    path = "/invitations/{id}",
    operation_id = "revoke_invitation",
    tag = "invitations",
    params(("id" = InvitationId, Path, description = "Invitation")),
    responses((status = 200, description = "It does not work any more", body = Success<InvitationRevoked>)),
)]
pub(super) async fn revoke(
    services: Services,
    Ids(invitation_id): Ids<InvitationId>,
) -> Reply<InvitationRevoked> {
    services.revoke_invitation(invitation_id).await?;
    Ok(success(InvitationRevoked { id: invitation_id }))
}
