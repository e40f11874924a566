//! The sources of every answer, as a file.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::response::Response;

use super::file::{FileParams, Pages, of_answers};
use super::rows::citation_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::answers::filter::AnswerParams;
use crate::http::rest::params::{Days, Params};
use crate::services::Services;
use crate::services::answers::{AnswerCursor, CitationExport, Part};

/// The sources of every answer, as a file
///
/// One row for each page that an answer cites, or that was only shown to its model. The filters
/// are those of `results`.
#[utoipa::path(
    get,
    path = "/projects/{id}/export/citations",
    operation_id = "export_citations",
    tag = "exports",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        FileParams,
        Days,
        AnswerParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn citations(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(FileParams, Days, AnswerParams)>,
) -> Result<Response, Problem> {
    of_answers::<Citations>(services, project_id, params.done()?, "sources").await
}

struct Citations;

impl Pages for Citations {
    type Cursor = AnswerCursor;

    fn empty() -> Row {
        citation_row(CitationExport::default())
    }

    async fn page(
        services: &Services,
        cursor: AnswerCursor,
    ) -> Result<Part<Row, AnswerCursor>, ApiError> {
        let (page, next) = services.export_citations(cursor).await?;
        Ok((page.into_iter().map(citation_row).collect(), next))
    }
}
