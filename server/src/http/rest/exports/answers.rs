//! Every answer, as a file.

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::response::Response;

use super::file::{FileParams, Pages, of_answers};
use super::rows::answer_row;
use super::table_file::Row;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::answers::filter::AnswerParams;
use crate::http::rest::params::{Days, Params};
use crate::services::Services;
use crate::services::answers::{AnswerCursor, AnswerExport, Part};

/// Every answer, as a file
///
/// The filters are those of `results`; the newest come first. What the simulator made up is
/// labelled.
#[utoipa::path(
    get,
    path = "/projects/{id}/export/answers",
    operation_id = "export_answers",
    tag = "exports",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        FileParams,
        Days,
        AnswerParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(in crate::http::rest) async fn answers(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(FileParams, Days, AnswerParams)>,
) -> Result<Response, Problem> {
    of_answers::<Answers>(services, project_id, params.done()?, "answers").await
}

struct Answers;

impl Pages for Answers {
    type Cursor = AnswerCursor;

    fn empty() -> Row {
        answer_row(AnswerExport::default())
    }

    async fn page(
        services: &Services,
        cursor: AnswerCursor,
    ) -> Result<Part<Row, AnswerCursor>, ApiError> {
        let (page, next) = services.export_answers(cursor).await?;
        Ok((page.into_iter().map(answer_row).collect(), next))
    }
}
