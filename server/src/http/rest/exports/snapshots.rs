//! The numbers of every model and day, as a file.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use app::model::provider::Provider;
use axum::response::Response;

use super::file::{FIRST_DAY, FileFormat, LAST_DAY, Pages, file, format_of};
use super::rows::snapshot_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::params::{OpenPeriodParams, Params};
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
        ("format" = inline(Option<FileFormat>), Query, description = "CSV where it is missing"),
        OpenPeriodParams,
        ("llm_provider" = Option<Provider>, Query, description = "Only models of this provider"),
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn snapshots(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Result<Response, Problem> {
    let format = format_of(&mut params);
    let (from, to) = params.open_period();
    let filter = SnapshotFilter {
        project_id,
        from: from.unwrap_or(FIRST_DAY),
        to: to.unwrap_or(LAST_DAY),
        provider: params.provider("llm_provider"),
        surfaces: Surfaces::Both,
    };
    params.done()?;
    services.may_export(project_id).await?;
    let name = format!("snapshots-{project_id}");
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
