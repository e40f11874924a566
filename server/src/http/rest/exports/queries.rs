//! The questions of a project, as a file.

use app::api::error::ApiError;
use app::api::projects::ProjectsPort;
use app::model::ids::ProjectId;
use app::model::project::PromptView;
use axum::response::Response;

use super::file::{FileParams, Pages, file};
use super::rows::query_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::params::Params;
use crate::services::Services;
use crate::services::answers::Part;

/// The questions of a project, as a file
///
/// With their tags, in their order. `queries/csv` reads it back.
#[utoipa::path(
    get,
    path = "/projects/{id}/export/queries",
    operation_id = "export_queries",
    tag = "exports",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        FileParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn queries(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<FileParams>,
) -> Result<Response, Problem> {
    let format = params.done()?.format();
    let name = services.export_name(project_id, "questions").await?;
    Ok(file::<Queries>(services, (format, &name), project_id))
}

struct Queries;

impl Pages for Queries {
    type Cursor = ProjectId;

    fn empty() -> Row {
        query_row(PromptView::default())
    }

    /// All of them: a project has no more than a page may have.
    async fn page(
        services: &Services,
        project_id: ProjectId,
    ) -> Result<Part<Row, ProjectId>, ApiError> {
        let prompts = services.project(project_id).await?.prompts;
        Ok((prompts.into_iter().map(query_row).collect(), None))
    }
}
