//! `/projects/{id}/clusters`: the numbers of questions that share a tag.

use app::model::dashboard::Figures;
use app::model::ids::ProjectId;
use app::model::metrics::{Grade, Interval, Metric};
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{OfModel, Page, Params, Period, Simulated, parameters};
use super::reply::{Reply, Success, Usd, mean, percentage, success, two_decimals};
use crate::http::path::Ids;
use crate::services::Services;
use crate::services::sums::{Cluster, ClusterQuery};

/// Clusters a page where the caller says nothing: as many as there can be. Each has intervals of
/// its own, which take work.
const CLUSTERS: u32 = 50;

/// A number with its 95 % interval.
#[derive(Serialize, ToSchema)]
struct Spread {
    /// Nothing where there is nothing to divide by.
    value: Option<f64>,
    /// What was counted.
    numerator: i64,
    /// Out of how many.
    denominator: i64,
    /// Lower end; nothing where there is too little to tell.
    low: Option<f64>,
    /// Upper end.
    high: Option<f64>,
}

impl Spread {
    /// A number of figures, rates in percent.
    fn of(figures: &Figures, metric: Metric) -> Self {
        let ratio = figures.ratio(metric);
        let interval = figures.intervals.get(metric);
        let (value, interval) = if metric == Metric::AveragePosition {
            (mean(ratio), interval)
        } else {
            (percentage(ratio), interval.map(Interval::percent))
        };
        Self {
            value,
            numerator: ratio.numerator,
            denominator: ratio.denominator,
            low: interval.map(|interval| two_decimals(interval.low)),
            high: interval.map(|interval| two_decimals(interval.high)),
        }
    }
}

/// Questions that share a tag, and their numbers.
#[derive(Serialize, ToSchema)]
struct ClusterView {
    /// Nothing for the questions without one.
    tag: Option<String>,
    /// Questions that have it, and removed ones that had it and have answers in the period.
    queries: usize,
    /// Answers that the numbers are made of: `n`.
    total_queries: i64,
    total_mentions: i64,
    /// How much they can carry.
    grade: Grade,
    /// In percent.
    mention_rate: Spread,
    avg_position: Spread,
    /// In percent, over questions that do not name the brand.
    share_of_voice: Spread,
    total_cost: Usd,
    /// A part of it has no known price: it was at least this.
    cost_is_at_least: bool,
    /// What the simulator's answers would have cost. Nobody paid it; it is in no other number.
    simulated_cost_usd: Usd,
    /// Whether the simulator made any of it up.
    simulated: bool,
}

impl From<Cluster> for ClusterView {
    fn from(cluster: Cluster) -> Self {
        let figures = &cluster.figures;
        let sums = &figures.all;
        Self {
            tag: cluster.tag,
            queries: cluster.prompts,
            total_queries: sums.answers,
            total_mentions: sums.mentions,
            grade: figures.grade(Metric::Visibility).unwrap_or(Grade::None),
            mention_rate: Spread::of(figures, Metric::Visibility),
            avg_position: Spread::of(figures, Metric::AveragePosition),
            share_of_voice: Spread::of(figures, Metric::ShareOfVoice),
            total_cost: Usd(sums.cost),
            cost_is_at_least: sums.spend().is_at_least,
            simulated_cost_usd: Usd(sums.simulated_cost),
            simulated: sums.simulated > 0,
        }
    }
}

/// Clusters by tag.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(super) struct Clusters {
    project_id: ProjectId,
    clusters: Vec<ClusterView>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

parameters! {
    /// Which part of the list.
    pub(super) struct ClusterPageParams {
        /// Rows a page
        limit: Option<u32> = 1..=50,
        /// The `next_cursor` of the page before
        #[param(value_type = Option<String>)]
        cursor: Option<u32>,
    }
}

/// The tags of a project's questions, with the numbers of each
///
/// At most 50 a page. A question counts in each of its tags, and with the tags that it has now:
/// tagging it takes its past answers along. A removed question stays where it was. Files have the
/// tags of each answer's time too.
#[utoipa::path(
    get,
    path = "/projects/{id}/clusters",
    operation_id = "list_clusters",
    tag = "queries",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Period,
        OfModel,
        Simulated,
        ClusterPageParams,
    ),
    responses((status = 200, description = "By tag, the untagged at the end", body = Success<Clusters>)),
)]
pub(super) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Period, OfModel, Simulated, ClusterPageParams)>,
) -> Reply<Clusters> {
    let (period, of_model, simulated, part) = params.done()?;
    let page = Page::of(part.limit.unwrap_or(CLUSTERS), part.cursor);
    let model_ids = services
        .models_of(of_model.model_id, simulated.only())
        .await?;
    let query = ClusterQuery {
        project_id,
        days: period.days(),
        model_ids,
        part: page.part(),
    };
    let (clusters, total) = services.clusters(query).await?;
    Ok(success(Clusters {
        project_id,
        clusters: clusters.into_iter().map(ClusterView::from).collect(),
        total,
        next_cursor: page.next(total),
    }))
}
