//! A file that is written while it is sent.
//!
//! Invariant: at most one page of rows is in memory, however long the file is. A caller who loses
//! access gets at most one more piece.

use std::future::Future;
use std::io;

use app::api::error::ApiError;
use app::model::ids::ProjectId;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::{StreamExt, stream};

use super::table_file::{Format, Row, heading, write};
use crate::http::problem::Problem;
use crate::http::rest::answers::filter::AnswerParams;
use crate::http::rest::params::{Days, check_order, parameters};
use crate::services::Services;
use crate::services::answers::{AnswerCursor, Part};

/// Bytes of a piece: a page of rows is sent in several, and before each its reader is looked up.
const PIECE: usize = 64 * 1024;

/// Days before and after all answers, as either database can hold them.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day");
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");

parameters! {
    /// How the file is written.
    pub(in crate::http::rest) struct FileParams {
        /// CSV where it is missing
        #[param(inline)]
        format: Option<Format>,
    }
}

impl FileParams {
    pub(super) fn format(self) -> Format {
        self.format.unwrap_or_default()
    }
}

parameters! {
    /// First and last day of a file, all of them where neither is given.
    pub(in crate::http::rest) struct FileDays {
        /// First day, in the workspace's time zone; all days before the last where it is missing
        start_date: Option<NaiveDate>,
        /// Last day; all days from the first on where it is missing
        end_date: Option<NaiveDate>,
    } then check_order(start_date, end_date)
}

impl FileDays {
    /// First and last day.
    pub(super) fn days(self) -> (NaiveDate, NaiveDate) {
        let (start, end) = (self.start_date, self.end_date);
        (start.unwrap_or(FIRST_DAY), end.unwrap_or(LAST_DAY))
    }
}

/// A file whose rows come from the answers that the filters let through.
pub(super) async fn of_answers<P: Pages<Cursor = AnswerCursor>>(
    services: Services,
    project_id: ProjectId,
    (written, days, which): (FileParams, Days, AnswerParams),
    of: &str,
) -> Result<Response, Problem> {
    let name = services.export_name(project_id, of).await?;
    let filter = services.export_filter(which.filter(project_id, days))?;
    let format = written.format();
    Ok(file::<P>(services, (format, &name), filter.into()))
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
struct UnwrittenFile<C> {
    services: Services,
    format: Format,
    /// Not written yet.
    heading: Option<Row>,
    /// Written, and not sent yet.
    written: Bytes,
    /// Where the next page begins.
    cursor: Option<C>,
}

impl<C> UnwrittenFile<C> {
    /// The next piece; `None`: that was all.
    async fn next_piece<P: Pages<Cursor = C>>(&mut self) -> Option<io::Result<Bytes>> {
        if let Some(row) = self.heading.take() {
            return Some(heading(self.format, &row).map(Bytes::from));
        }
        while !self.written.is_empty() || self.cursor.is_some() {
            if let Err(error) = self.services.check_still_allowed().await {
                return Some(self.broken(&error));
            }
            if !self.written.is_empty() {
                let length = self.written.len().min(PIECE);
                return Some(Ok(self.written.split_to(length)));
            }
            let cursor = self.cursor.take()?;
            let (rows, next) = match P::page(&self.services, cursor).await {
                Ok(page) => page,
                Err(error) => return Some(self.broken(&error)),
            };
            self.cursor = next;
            match write(self.format, &rows) {
                Ok(written) => self.written = Bytes::from(written),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }

    /// Nothing follows.
    fn broken(&mut self, error: &ApiError) -> io::Result<Bytes> {
        (self.written, self.cursor) = (Bytes::new(), None);
        Err(io::Error::other(error.message.clone()))
    }
}

/// A file whose pages are made as they are sent. Where one cannot be made the connection breaks,
/// so that nobody takes a part for the whole.
pub(super) fn file<P: Pages>(
    services: Services,
    (format, name): (Format, &str),
    first: P::Cursor,
) -> Response {
    let rest = UnwrittenFile {
        services,
        format,
        heading: Some(P::empty()),
        written: Bytes::new(),
        cursor: Some(first),
    };
    let parts = stream::unfold(rest, |mut rest| async move {
        let piece = rest.next_piece::<P>().await?;
        Some((piece, rest))
    });
    // Whoever packs it asks once more after its end.
    let mut response = Body::from_stream(parts.fuse()).into_response();
    response.headers_mut().extend(format.headers(name));
    response
}
