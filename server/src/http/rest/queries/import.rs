//! Questions from a file.

use app::model::ids::ProjectId;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::bodies::FILE_LIMIT;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::http::rest::body::whole;
use crate::http::rest::params::{Params, parameters};
use crate::http::rest::reply::{Reply, Success, success};
use crate::services::Services;
use crate::services::projects::{FileImport, WrongLine};

/// Questions of a file that are shown before they are stored.
const PREVIEW: usize = 20;

/// A file.
pub(in crate::http::rest) struct File(Bytes);

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        whole(request, state, FILE_LIMIT).await.map(Self)
    }
}

/// What a file holds, and what came of it.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(in crate::http::rest) struct Imported {
    /// Whether nothing was to be stored.
    dry_run: bool,
    /// Whether the questions were stored: all of them, or none.
    imported: bool,
    /// What separates the columns; empty: the file is a plain list, a question in each line.
    separator: String,
    /// Headings of columns that are not read.
    columns_not_read: Vec<String>,
    /// Rows with something in them, the heading apart.
    rows: usize,
    /// Questions that are right.
    queries: usize,
    /// Of these, such as the project has already.
    already_there: usize,
    /// Lines that are wrong.
    wrong: usize,
    /// The first of them.
    errors: Vec<LineError>,
    /// The first questions.
    preview: Vec<PreviewQuery>,
}

/// A line that is wrong.
#[derive(Serialize, ToSchema)]
struct LineError {
    /// Its number, from 1.
    line: u64,
    message: String,
}

/// A question of a file.
#[derive(Serialize, ToSchema)]
struct PreviewQuery {
    query_text: String,
    tags: Vec<String>,
}

impl Imported {
    fn of(import: FileImport, dry_run: bool) -> Self {
        let file = import.file;
        let error = |wrong: &WrongLine| LineError {
            line: wrong.line,
            message: wrong.message.clone(),
        };
        Self {
            dry_run,
            imported: import.is_stored,
            separator: file.separator.map(String::from).unwrap_or_default(),
            columns_not_read: file.unread,
            rows: file.rows,
            queries: file.prompts.len(),
            already_there: import.present,
            wrong: file.wrong_total,
            errors: file.wrong.iter().map(error).collect(),
            preview: file
                .prompts
                .into_iter()
                .take(PREVIEW)
                .map(|prompt| PreviewQuery {
                    query_text: prompt.text,
                    tags: prompt.tags.unwrap_or_default(),
                })
                .collect(),
        }
    }
}

parameters! {
    /// What becomes of the questions.
    pub(in crate::http::rest) struct ImportParams {
        /// Only show what would be stored
        dry_run: Option<bool>,
        /// In place of the present questions
        replace: Option<bool>,
    }
}

/// Adds the questions of a CSV file
///
/// UTF-8 or UTF-16, separated by commas, semicolons, tabs or bars, at most 32 MiB. A heading names
/// the columns `query_text` and `tags` (separated by `|`, or a list of JSON); a file without one
/// is a plain list with a question in each line, or questions in quotes or with their mark and
/// their tags behind them. A row with more cells than headings is wrong. Where a line is wrong
/// nothing is stored, and the lines are named; `dry_run` shows what would be.
#[utoipa::path(
    post,
    path = "/projects/{id}/queries/csv",
    operation_id = "import_queries",
    tag = "queries",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ImportParams,
    ),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What the file holds", body = Success<Imported>)),
)]
pub(in crate::http::rest) async fn import(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<ImportParams>,
    File(file): File,
) -> Reply<Imported> {
    let wanted = params.done()?;
    let dry_run = wanted.dry_run.unwrap_or(false);
    let replace = wanted.replace.unwrap_or(false);
    let import = services
        .import_prompts(project_id, file, (dry_run, replace))
        .await?;
    Ok(success(Imported::of(import, dry_run)))
}
