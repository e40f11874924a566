//! All findings of all answers, as a file.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::response::Response;

use super::file::{FileParams, Pages, of_answers};
use super::rows::finding_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::answers::filter::AnswerParams;
use crate::http::rest::params::{Days, Params};
use crate::services::Services;
use crate::services::answers::{AnswerCursor, FindingExport, Part};

/// What every answer says of the brand and its competitors, as a file
///
/// One row for each of them that an answer names. The filters are those of `results`.
#[utoipa::path(
    get,
    path = "/projects/{id}/export/findings",
    operation_id = "export_findings",
    tag = "exports",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        FileParams,
        Days,
        AnswerParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn findings(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(FileParams, Days, AnswerParams)>,
) -> Result<Response, Problem> {
    of_answers::<Findings>(services, project_id, params.done()?, "mentions").await
}

struct Findings;

impl Pages for Findings {
    type Cursor = AnswerCursor;

    fn empty() -> Row {
        finding_row(FindingExport::default())
    }

    async fn page(
        services: &Services,
        cursor: AnswerCursor,
    ) -> Result<Part<Row, AnswerCursor>, ApiError> {
        let (page, next) = services.export_findings(cursor).await?;
        Ok((page.into_iter().map(finding_row).collect(), next))
    }
}
