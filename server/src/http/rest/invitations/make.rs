//! Somebody is invited.

use app::api::invitations::InvitationsPort;
use app::model::account::{InvitationDraft, Role};
use app::model::ids::InvitationId;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::idempotency::Secret;
use crate::http::problem::Problem;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Success, success};
use crate::services::Services;

/// An invitation to be made.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct InvitationFields {
    /// The address of the account that it makes.
    email: String,
    /// What they may do in this workspace, at most what you may; `editor` where it is missing.
    role: Option<Role>,
}

/// A new invitation.
#[derive(Serialize, ToSchema)]
struct InvitationMade {
    id: InvitationId,
    /// The path of the link, the only time that it is shown.
    path: String,
    expires_at: DateTime<Utc>,
    /// Whether a mail with a link of its own goes to the address.
    is_mailed: bool,
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
pub(in crate::http::rest) async fn make(
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
