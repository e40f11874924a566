//! An invitation is taken back.

use app::api::invitations::InvitationsPort;
use app::model::ids::InvitationId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::path::Ids;
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;

/// An invitation does not work any more.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct InvitationRevoked {
    id: InvitationId,
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
pub(in crate::http::rest) async fn revoke(
    services: Services,
    Ids(invitation_id): Ids<InvitationId>,
) -> Reply<InvitationRevoked> {
    services.revoke_invitation(invitation_id).await?;
    Ok(success(InvitationRevoked { id: invitation_id }))
}
