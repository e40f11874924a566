//! `/projects/{id}/urls-ranking`: the domains and pages that answers cite.

use app::model::ids::{PageId, ProjectId};
use app::model::sources::{SourceKind, SourceQuery, SourceRow, SourceTable, SourceUnit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::params::{OfModel, Offset, Params, Period, Simulated, Value, parameters, word};
use super::reply::{Reply, Success, percentage, success, two_decimals};
use crate::http::path::Ids;
use crate::services::Services;

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
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum GroupBy {
    /// A registrable domain.
    Domain,
    /// A page.
    #[serde(alias = "page")]
    Url,
}

impl Value for GroupBy {
    fn parse(text: &str) -> Option<Self> {
        word(text)
    }
}

impl From<GroupBy> for SourceUnit {
    fn from(group_by: GroupBy) -> Self {
        match group_by {
            GroupBy::Domain => Self::Domain,
            GroupBy::Url => Self::Page,
        }
    }
}

parameters! {
    /// Which rows of the ranking.
    pub(super) struct RankingParams {
        /// Domains or pages
        #[param(inline)]
        group_by: Option<GroupBy>,
        /// Only pages of this domain
        domain: Option<String>,
        /// Rows a page, 1 to 200
        limit: Option<u32> = 1..=200,
        /// Rows to leave out
        #[param(value_type = Option<u32>)]
        offset: Option<Offset>,
    }
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
        Period,
        OfModel,
        Simulated,
        RankingParams,
    ),
    responses((status = 200, description = "A page of the ranking", body = Success<Ranking>)),
)]
pub(super) async fn rank(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Period, OfModel, Simulated, RankingParams)>,
) -> Reply<Ranking> {
    let (period, of_model, simulated, ranking) = params.done()?;
    let Offset(offset) = ranking.offset.unwrap_or_default();
    let query = SourceQuery {
        project_id,
        from: period.from,
        to: period.to,
        model_ids: of_model.model_id.into_iter().collect(),
        simulated: simulated.only(),
        unit: ranking.group_by.map_or(SourceUnit::Page, SourceUnit::from),
        domain: ranking.domain,
        page_id: None,
        offset,
        limit: ranking.limit,
    };
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
