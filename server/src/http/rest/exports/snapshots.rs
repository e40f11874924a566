//! The numbers of every model and day, as a file.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::response::Response;

use super::file::{FileDays, FileParams, Pages, file};
use super::rows::snapshot_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::params::{OfProvider, Params};
use crate::services::Services;
use crate::services::answers::{Part, SnapshotExport};
use crate::services::sums::{SnapshotFilter, Surfaces};

/// The numbers of every model and day, as a file
///
/// All days where no days are given. With what each number is made of: numerator, denominator, n
/// and 95 % interval. Each model and day has a row over all questions, over those that name the
/// brand, and over the others.
#[utoipa::path(
    get,
    path = "/projects/{id}/export/snapshots",
    operation_id = "export_snapshots",
    tag = "exports",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        FileParams,
        FileDays,
        OfProvider,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn snapshots(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(FileParams, FileDays, OfProvider)>,
) -> Result<Response, Problem> {
    let (written, days, of_provider) = params.done()?;
    let (from, to) = days.days();
    let filter = SnapshotFilter {
        project_id,
        from,
        to,
        provider: of_provider.llm_provider,
        surfaces: Surfaces::Both,
    };
    let name = services.export_name(project_id, "overview").await?;
    let format = written.format();
    Ok(file::<Snapshots>(services, (format, &name), (filter, 0)))
}

struct Snapshots;

impl Pages for Snapshots {
    type Cursor = (SnapshotFilter, i64);

    fn empty() -> Row {
        snapshot_row(SnapshotExport::default())
    }

    async fn page(
        services: &Services,
        (filter, offset): Self::Cursor,
    ) -> Result<Part<Row, Self::Cursor>, ApiError> {
        let (page, next) = services.export_snapshots(&filter, offset).await?;
        let rows = page.into_iter().map(snapshot_row).collect();
        Ok((rows, next.map(|offset| (filter, offset))))
    }
}
