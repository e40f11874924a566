//! What was paid for a project, as a file.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::response::Response;

use super::file::{FileDays, FileParams, Pages, file};
use super::rows::ledger_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::params::Params;
use crate::services::Services;
use crate::services::answers::{LedgerCursor, LedgerExport, Part};

/// What was paid for a project, as a file
///
/// The ledger by day, kind (`answer`, `filtered`, `lost`, `judge`, `suggest`, `correction`),
/// question, model asked and model paid; the newest day first, all days where no days are given.
/// It adds up to `total_cost_usd` and `other_cost_usd` of `metrics` together, and to what `usage`
/// has for the project. What the simulator made up cost nobody anything and is not in it.
#[utoipa::path(
    get,
    path = "/projects/{id}/export/ledger",
    operation_id = "export_ledger",
    tag = "exports",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        FileParams,
        FileDays,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn ledger(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(FileParams, FileDays)>,
) -> Result<Response, Problem> {
    let (written, days) = params.done()?;
    let name = services.export_name(project_id, "spend").await?;
    Ok(file::<Ledger>(
        services,
        (written.format(), &name),
        (project_id, LedgerCursor::from(days.days())),
    ))
}

struct Ledger;

impl Pages for Ledger {
    type Cursor = (ProjectId, LedgerCursor);

    fn empty() -> Row {
        ledger_row(LedgerExport::default())
    }

    async fn page(
        services: &Services,
        (project_id, cursor): Self::Cursor,
    ) -> Result<Part<Row, Self::Cursor>, ApiError> {
        let (page, next) = services.export_ledger(project_id, cursor).await?;
        let rows = page.into_iter().map(ledger_row).collect();
        Ok((rows, next.map(|cursor| (project_id, cursor))))
    }
}
