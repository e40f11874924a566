//! `/projects/{id}/urls-ranking`: the domains and pages that answers cite.

use app::model::ids::{ModelId, PageId, ProjectId};
use app::model::sources::{SourceKind, SourceQuery, SourceRow, SourceTable};
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{Params, PeriodParams};
use super::reply::{Reply, Success, percentage, success, two_decimals};
use crate::http::path::Ids;
use crate::services::Services;

/// Rows a page, at most.
const MAX_LIMIT: u32 = 200;

/// A page, or a domain where `group_by=domain`.
#[derive(Serialize, ToSchema)]
struct Ranked {
    page_id: Option<PageId>,
    /// Nothing for a domain.
    url: Option<String>,
    domain: String,
    title: Option<String>,
    /// Only the site is known: the provider hides the page.
    site_only: bool,
    #[serde(rename = "type")]
    kind: SourceKind,
    /// Whose it is.
    entity: Option<String>,
    /// Answers that cite it.
    citing_answers: i64,
    /// Of all answers without error, in percent.
    citation_rate: Option<f64>,
    citation_rate_low: Option<f64>,
    citation_rate_high: Option<f64>,
    citations: i64,
    /// Of all citations, in percent.
    citation_share: Option<f64>,
    /// Answers that it was shown to and that do not cite it.
    retrieved_only: i64,
    pages: i64,
}

impl Ranked {
    fn of(row: &SourceRow, table: &SourceTable) -> Self {
        let interval = row.interval.map(app::model::metrics::Interval::percent);
        Self {
            page_id: row.page_id,
            url: row.page_id.map(|_| row.name.clone()),
            domain: row.domain.clone(),
            title: row.title.clone(),
            site_only: row.site_only,
            kind: row.kind,
            entity: row.entity.clone(),
            citing_answers: row.answers,
            citation_rate: percentage(row.rate(table)),
            citation_rate_low: interval.map(|interval| two_decimals(interval.low)),
            citation_rate_high: interval.map(|interval| two_decimals(interval.high)),
            citations: row.citations,
            citation_share: percentage(row.share(table)),
            retrieved_only: row.retrieved,
            pages: row.pages,
        }
    }
}

/// What a row of the ranking is.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes what is read by name")]
enum GroupBy {
    /// A registrable domain.
    Domain,
    /// A page.
    Url,
}

/// The most cited first.
#[derive(Serialize, ToSchema)]
pub(super) struct Ranking {
    project_id: ProjectId,
    urls: Vec<Ranked>,
    /// Rows that there are in all.
    total: i64,
    /// Answers without error in the period.
    total_answers: i64,
    total_citations: i64,
}

/// The domains and pages that answers cite, the most cited first
#[utoipa::path(
    get,
    path = "/projects/{id}/urls-ranking",
    operation_id = "rank_urls",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        PeriodParams,
        ("model_id" = Option<ModelId>, Query, description = "Only answers of this model"),
        ("simulated" = Option<bool>, Query, description = "Only answers that the simulator made up; where it is missing, they are left out once a real model has answered"),
        ("group_by" = inline(Option<GroupBy>), Query, description = "Domains or pages"),
        ("domain" = Option<String>, Query, description = "Only pages of this domain"),
        ("limit" = Option<u32>, Query, description = "Rows a page, 1 to 200"),
        ("offset" = Option<u32>, Query, description = "Rows to leave out"),
    ),
    responses((status = 200, description = "A page of the ranking", body = Success<Ranking>)),
)]
pub(super) async fn rank(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<Ranking> {
    let period = params.period(services.today()?);
    let model_id: Option<ModelId> = params.number("model_id");
    let query = SourceQuery {
        project_id,
        from: period.from,
        to: period.to,
        model_ids: model_id.into_iter().collect(),
        simulated: params.flag("simulated").unwrap_or(false),
        unit: params.source_unit("group_by"),
        domain: params.words("domain"),
        page_id: None,
        offset: params.within("offset", (0, u32::MAX)).unwrap_or(0),
        limit: params.within("limit", (1, MAX_LIMIT)),
    };
    params.done()?;
    let table = services.ranked_sources(query).await?;
    Ok(success(Ranking {
        project_id,
        urls: table
            .rows
            .iter()
            .map(|row| Ranked::of(row, &table))
            .collect(),
        total: table.total,
        total_answers: table.answers,
        total_citations: table.citations,
    }))
}
