//! What was paid for a project, as a file.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::response::Response;

use super::file::{FIRST_DAY, FileFormat, LAST_DAY, Pages, file, format_of};
use super::rows::ledger_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::params::{OpenPeriodParams, Params};
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
        ("format" = inline(Option<FileFormat>), Query, description = "CSV where it is missing"),
        OpenPeriodParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn ledger(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Result<Response, Problem> {
    let format = format_of(&mut params);
    let (from, to) = params.open_period();
    let days = (from.unwrap_or(FIRST_DAY), to.unwrap_or(LAST_DAY));
    params.done()?;
    services.may_export(project_id).await?;
    let name = format!("ledger-{project_id}");
    Ok(file::<Ledger>(
        services,
        (format, &name),
        (project_id, LedgerCursor::from(days)),
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
