//! The numbers of each model and day.

use app::model::ids::ProjectId;
use app::model::provider::Provider;
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::read_filter;
use super::shapes::Snapshot;
use crate::http::path::Ids;
use crate::http::rest::params::{Params, PeriodParams};
use crate::http::rest::reply::{PeriodView, Reply, Success, success};
use crate::services::Services;
use crate::services::sums::SnapshotPage;

/// Rows a page of snapshots.
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 500;

/// An answer of `/projects/{id}/snapshots`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct SnapshotList {
    project_id: ProjectId,
    period: PeriodView,
    snapshots: Vec<Snapshot>,
    /// Snapshots of the period, on all pages.
    total: i64,
    limit: u32,
    offset: u32,
}

/// The numbers of each model and day
#[utoipa::path(
    get,
    path = "/projects/{id}/snapshots",
    operation_id = "list_snapshots",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        PeriodParams,
        ("llm_provider" = Option<Provider>, Query, description = "Only models of this provider"),
        ("simulated" = Option<bool>, Query, description = "Only answers that the simulator made up; where it is missing, they are left out once a real model has answered"),
        ("limit" = Option<u32>, Query, description = "Rows a page, 1 to 500"),
        ("offset" = Option<u32>, Query, description = "Rows to leave out"),
    ),
    responses((status = 200, description = "A page of snapshots, the newest first", body = Success<SnapshotList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<SnapshotList> {
    let filter = read_filter(&services, project_id, &mut params)?;
    let limit = params
        .within("limit", (1, MAX_LIMIT))
        .unwrap_or(DEFAULT_LIMIT);
    let offset = params.within("offset", (0, u32::MAX)).unwrap_or(0);
    params.done()?;
    let page = SnapshotPage {
        limit: Some(limit.into()),
        offset: offset.into(),
    };
    let found = services.snapshots(&filter, page).await?;
    Ok(success(SnapshotList {
        project_id,
        period: PeriodView {
            start_date: filter.from,
            end_date: filter.to,
        },
        snapshots: found.rows.iter().map(Snapshot::from).collect(),
        total: found.total,
        limit,
        offset,
    }))
}
