//! The numbers of each model and day.

use app::model::ids::ProjectId;
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::filter_of;
use super::shapes::Snapshot;
use crate::http::path::Ids;
use crate::http::rest::params::{OfProvider, Offset, Params, Period, Simulated, parameters};
use crate::http::rest::reply::{PeriodView, Reply, Success, success};
use crate::services::Services;
use crate::services::sums::SnapshotPage;

/// Rows a page where the caller says nothing.
const DEFAULT_LIMIT: u32 = 100;

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

parameters! {
    /// Which part of the list.
    pub(in crate::http::rest) struct SnapshotPageParams {
        /// Rows a page, 1 to 500
        limit: Option<u32> = 1..=500,
        /// Rows to leave out
        #[param(value_type = Option<u32>)]
        offset: Option<Offset>,
    }
}

/// The numbers of each model and day
#[utoipa::path(
    get,
    path = "/projects/{id}/snapshots",
    operation_id = "list_snapshots",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Period,
        OfProvider,
        Simulated,
        SnapshotPageParams,
    ),
    responses((status = 200, description = "A page of snapshots, the newest first", body = Success<SnapshotList>)),
)]
pub(in crate::http::rest) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Period, OfProvider, Simulated, SnapshotPageParams)>,
) -> Reply<SnapshotList> {
    let (period, of_provider, simulated, part) = params.done()?;
    let filter = filter_of(project_id, period, of_provider, simulated);
    let limit = part.limit.unwrap_or(DEFAULT_LIMIT);
    let Offset(offset) = part.offset.unwrap_or_default();
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
