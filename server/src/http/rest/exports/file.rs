//! A file that is written while it is sent.
//!
//! Invariant: no more than one page of rows is in memory, however long the file.

use std::future::Future;
use std::io;

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::{StreamExt, stream};
use utoipa::ToSchema;

use super::table_file::{Format, Row, heading, write};
use crate::http::problem::Problem;
use crate::http::rest::answers::filter::read_filter;
use crate::http::rest::params::Params;
use crate::services::Services;
use crate::services::answers::{AnswerCursor, Part};

/// Days before and after all answers, as either database can hold them.
pub(super) const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day");
pub(super) const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");

/// How a file is written.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes what is read by name")]
pub(super) enum FileFormat {
    /// For spreadsheets.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// A file whose rows come from the answers that the filters let through.
pub(super) async fn of_answers<P: Pages<Cursor = AnswerCursor>>(
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

pub(super) fn format_of(params: &mut Params) -> Format {
    params.word("format", Format::from_word).unwrap_or_default()
}

/// What a file is made of.
pub(super) trait Pages: 'static {
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
pub(super) fn file<P: Pages>(
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
