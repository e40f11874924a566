//! `/projects/{id}/export/…`: everything at once, as files that are written while they are sent.
//!
//! Invariant: no more than one page of rows is in memory, however long the file.

use std::borrow::Cow;
use std::future::Future;
use std::io;

use app::api::error::ApiError;
use app::api::projects::ProjectsPort;
use app::model::answer::AnswerFilter;
use app::model::ids::{AnswerId, ProjectId};
use app::model::metrics::{Interval, Metric};
use app::model::project::PromptView;
use app::model::provider::Provider;
use app::model::run::CostKind;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use utoipa::ToSchema;

use super::params::{Params, PeriodParams};
use super::reply::{mean, percentage, thousandths, two_decimals};
use super::results::{AnswerParams, read_filter};
use super::table_file::{Cell, Format, Row, heading, write};
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::Services;
use crate::services::exports::{AnswerExport, FindingExport, Part, SnapshotExport};
use crate::services::snapshots::SnapshotFilter;

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

/// The numbers of every model and day, as a file
///
/// With what each is made of: numerator, denominator, n and 95 % interval. Each model and day
/// has a row over all questions, over those that name the brand, and over the others.
#[utoipa::path(
    get,
    path = "/projects/{id}/export/snapshots",
    operation_id = "export_snapshots",
    tag = "exports",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        ("format" = inline(Option<FileFormat>), Query, description = "CSV where it is missing"),
        PeriodParams,
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
    let period = params.period(services.today()?);
    let filter = SnapshotFilter {
        project_id,
        from: period.from,
        to: period.to,
        provider: params.provider("llm_provider"),
    };
    params.done()?;
    services.may_export(project_id).await?;
    let name = format!("snapshots-{project_id}");
    Ok(file::<Snapshots>(services, (format, &name), (filter, 0)))
}

/// A file whose rows come from the answers that the filters let through.
async fn of_answers<P: Pages<Cursor = AnswerFilter>>(
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
    Ok(file::<P>(services, (format, &name), filter))
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
    type Cursor = AnswerFilter;

    fn empty() -> Row {
        answer_row(AnswerExport::default())
    }

    async fn page(
        services: &Services,
        filter: AnswerFilter,
    ) -> Result<Part<Row, AnswerFilter>, ApiError> {
        let (page, last) = services.export_answers(&filter).await?;
        Ok((
            page.into_iter().map(answer_row).collect(),
            behind(filter, last),
        ))
    }
}

struct Findings;

impl Pages for Findings {
    type Cursor = AnswerFilter;

    fn empty() -> Row {
        finding_row(FindingExport::default())
    }

    async fn page(
        services: &Services,
        filter: AnswerFilter,
    ) -> Result<Part<Row, AnswerFilter>, ApiError> {
        let (page, last) = services.export_findings(&filter).await?;
        Ok((
            page.into_iter().map(finding_row).collect(),
            behind(filter, last),
        ))
    }
}

fn behind(filter: AnswerFilter, last: Option<AnswerId>) -> Option<AnswerFilter> {
    last.map(|last| AnswerFilter {
        before: Some(last),
        ..filter
    })
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
        let page = P::page(&rest.services, rest.cursor.take()?).await;
        let written = page
            .map_err(|error| io::Error::other(error.message))
            .and_then(|(rows, next)| {
                rest.cursor = next;
                write(rest.format, &rows)
            });
        Some((written.map(Bytes::from), rest))
    });
    let mut response = Body::from_stream(parts).into_response();
    response.headers_mut().extend(format.headers(name));
    response
}

fn column(name: &'static str, cell: impl Into<Cell>) -> (Cow<'static, str>, Cell) {
    (name.into(), cell.into())
}

fn query_row(prompt: PromptView) -> Row {
    vec![
        column("query_text", prompt.text),
        column("tags", prompt.tags),
        column("id", prompt.id.0),
        column("language", prompt.language),
        column("query_type", prompt.kind.word()),
        column("is_active", prompt.is_active),
    ]
}

fn answer_row(answer: AnswerExport) -> Row {
    let has_price = answer.cost_kind != CostKind::Unpriced.word();
    vec![
        column("id", answer.id),
        column("run_id", answer.run_id),
        column("query_id", answer.query_id),
        column("query_text", answer.query_text),
        column("llm_provider", answer.provider),
        column("model_id", answer.model_id),
        column("model_display_name", answer.model_name),
        column("model_requested", answer.model_requested),
        column("model_served", answer.model_served),
        column("analysis_date", answer.at),
        column("analysis_day", answer.day),
        column("simulated", answer.simulated),
        column("outcome", answer.outcome),
        column("error_class", answer.error_class),
        column("brand_mentioned", answer.source.is_some()),
        column("source", answer.source.unwrap_or_else(|| "none".to_owned())),
        column("mention_count", answer.text_count.unwrap_or_default()),
        column("position_in_list", answer.rank),
        column("total_items_in_list", answer.list_total),
        column("sentiment", answer.sentiment),
        column(
            "sentiment_score",
            answer.sentiment_thousandths.map(thousandths),
        ),
        column("input_tokens", answer.input_tokens),
        column("output_tokens", answer.output_tokens),
        column("cost_usd", has_price.then_some(answer.cost)),
        column("cost_kind", answer.cost_kind),
        column("price_id", answer.price_id),
        column("response_time_ms", answer.latency_ms),
        column("search_requested", answer.search_requested),
        column("search_queries", answer.search_queries),
        column("detector_version", answer.detector_version),
        column("full_response", answer.text),
    ]
}

fn finding_row(finding: FindingExport) -> Row {
    vec![
        column("result_id", finding.answer_id),
        column("analysis_day", finding.day),
        column("llm_provider", finding.provider),
        column("model_id", finding.model_id),
        column("query_id", finding.query_id),
        column("simulated", finding.simulated),
        column("entity_id", finding.entity_id),
        column("entity_name", finding.entity_name),
        column("is_brand", finding.is_brand),
        column("source", finding.source),
        column("mention_count", finding.text_count),
        column("position_in_list", finding.rank),
        column("total_items_in_list", finding.list_total),
        column("first_offset", finding.first_offset),
        column("sentiment", finding.sentiment),
        column(
            "sentiment_score",
            finding.sentiment_thousandths.map(thousandths),
        ),
        column("recommended", finding.recommended),
    ]
}

/// The numbers of a snapshot; all but the position are in percent.
const NUMBERS: [(&str, Metric); 8] = [
    ("mention_rate", Metric::Visibility),
    ("share_of_voice", Metric::ShareOfVoice),
    ("weighted_share_of_voice", Metric::WeightedShareOfVoice),
    ("avg_position", Metric::AveragePosition),
    ("top3_rate", Metric::TopThree),
    ("informative_rate", Metric::InformativeRate),
    ("net_tone", Metric::Tone),
    ("net_sentiment", Metric::JudgedTone),
];

fn snapshot_row(snapshot: SnapshotExport) -> Row {
    let sums = &snapshot.sums;
    let mut row = vec![
        column("snapshot_date", snapshot.day),
        column("llm_provider", snapshot.provider),
        column("model_id", snapshot.model_id),
        column("model_display_name", snapshot.model_name),
        column("queries", snapshot.prompts),
        column("simulated", sums.simulated > 0),
        column("n", sums.answers),
        column("failed", sums.failed),
        column("mentions", sums.mentions),
        column("text_mentions", sums.text_mentions),
        column("link_mentions", sums.link_mentions),
        column("competitor_mentions", sums.competitor_mentions),
        column("top3", sums.top3),
        column("top5", sums.top5),
        column("top10", sums.top10),
        column("tokens", sums.tokens),
        column("cost_usd", sums.cost),
    ];
    for (name, metric) in NUMBERS {
        let ratio = metric.ratio(sums);
        let interval = snapshot.intervals.get(metric);
        let (value, interval) = if metric == Metric::AveragePosition {
            (mean(ratio), interval)
        } else {
            (percentage(ratio), interval.map(Interval::percent))
        };
        let end = |of: fn(Interval) -> f64| Cell::from(interval.map(of).map(two_decimals));
        row.push(column(name, value));
        for (part, cell) in [
            ("numerator", ratio.numerator.into()),
            ("denominator", ratio.denominator.into()),
            ("low", end(|interval| interval.low)),
            ("high", end(|interval| interval.high)),
        ] {
            row.push((format!("{name}_{part}").into(), cell));
        }
    }
    row
}
