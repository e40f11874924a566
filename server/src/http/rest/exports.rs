//! `/projects/{id}/export/…`: everything at once, as files that are written while they are sent.
//!
//! Invariant: no more than one page of rows is in memory, however long the file.

use std::future::Future;
use std::io;

use app::api::error::ApiError;
use app::api::projects::ProjectsPort;
use app::model::ids::ProjectId;
use app::model::project::PromptView;
use app::model::provider::Provider;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::{StreamExt, stream};
use utoipa::ToSchema;

use super::export_rows::{
    answer_row, citation_row, finding_row, ledger_row, query_row, snapshot_row,
};
use super::params::{OpenPeriodParams, Params};
use super::results::{AnswerParams, read_filter};
use super::table_file::{Format, Row, heading, write};
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::Services;
use crate::services::exports::{
    AnswerCursor, AnswerExport, CitationExport, FindingExport, LedgerCursor, LedgerExport, Part,
    SnapshotExport,
};
use crate::services::snapshots::{SnapshotFilter, Surfaces};

/// Days before and after all answers, as either database can hold them.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day");
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");

/// How a file is written.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes what is read by name")]
enum FileFormat {
    /// For spreadsheets.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

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
        ("format" = inline(Option<FileFormat>), Query, description = "CSV where it is missing"),
        AnswerParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(super) async fn answers(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params,
) -> Result<Response, Problem> {
    of_answers::<Answers>(services, project_id, params, "answers").await
}

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
        ("format" = inline(Option<FileFormat>), Query, description = "CSV where it is missing"),
        AnswerParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(super) async fn findings(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params,
) -> Result<Response, Problem> {
    of_answers::<Findings>(services, project_id, params, "findings").await
}

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
        ("format" = inline(Option<FileFormat>), Query, description = "CSV where it is missing"),
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(super) async fn queries(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Result<Response, Problem> {
    let format = format_of(&mut params);
    params.done()?;
    services.may_export(project_id).await?;
    let name = format!("queries-{project_id}");
    Ok(file::<Queries>(services, (format, &name), project_id))
}

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
        ("format" = inline(Option<FileFormat>), Query, description = "CSV where it is missing"),
        AnswerParams,
    ),
    responses((status = 200, description = "A file", content((String = "text/csv"), (String = "application/x-ndjson")))),
)]
pub(super) async fn citations(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params,
) -> Result<Response, Problem> {
    of_answers::<Citations>(services, project_id, params, "citations").await
}

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
pub(super) async fn snapshots(
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
pub(super) async fn ledger(
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

/// A file whose rows come from the answers that the filters let through.
async fn of_answers<P: Pages<Cursor = AnswerCursor>>(
    services: Services,
    project_id: ProjectId,
    mut params: Params,
    name: &str,
) -> Result<Response, Problem> {
    let format = format_of(&mut params);
    let filter = read_filter(&mut params, project_id);
    params.done()?;
    let filter = services.export_filter(filter).await?;
    let name = format!("{name}-{project_id}");
    Ok(file::<P>(services, (format, &name), filter.into()))
}

fn format_of(params: &mut Params) -> Format {
    params.word("format", Format::from_word).unwrap_or_default()
}

/// What a file is made of.
trait Pages: 'static {
    /// Where a page begins.
    type Cursor: Send + 'static;

    /// A row without values.
    fn empty() -> Row;

    /// A page of rows, and where the next one begins; `None`: this is the last.
    fn page(
        services: &Services,
        cursor: Self::Cursor,
    ) -> impl Future<Output = Result<Part<Row, Self::Cursor>, ApiError>> + Send;
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

/// What a file still has to write.
struct Rest<C> {
    services: Services,
    format: Format,
    /// Not written yet.
    heading: Option<Row>,
    /// Where the next page begins.
    cursor: Option<C>,
}

/// A file whose pages are made as they are sent. Where one cannot be made the connection breaks,
/// so that nobody takes a part for the whole.
fn file<P: Pages>(
    services: Services,
    (format, name): (Format, &str),
    first: P::Cursor,
) -> Response {
    let rest = Rest {
        services,
        format,
        heading: Some(P::empty()),
        cursor: Some(first),
    };
    let parts = stream::unfold(rest, |mut rest| async move {
        if let Some(row) = rest.heading.take() {
            let heading = heading(rest.format, &row);
            return Some((heading.map(Bytes::from), rest));
        }
        let cursor = rest.cursor.take()?;
        let page = match rest.services.still_may().await {
            Ok(()) => P::page(&rest.services, cursor).await,
            Err(error) => Err(error),
        };
        let written = page
            .map_err(|error| io::Error::other(error.message))
            .and_then(|(rows, next)| {
                rest.cursor = next;
                write(rest.format, &rows)
            });
        Some((written.map(Bytes::from), rest))
    });
    // Whoever packs it asks once more after its end.
    let mut response = Body::from_stream(parts.fuse()).into_response();
    response.headers_mut().extend(format.headers(name));
    response
}
