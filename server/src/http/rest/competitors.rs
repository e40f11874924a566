//! `/projects/{id}/competitors`: the brand and its competitors over a period.

use app::model::dashboard::{ComparedWith, DashboardQuery, EntitySums, with_share_of_voice};
use app::model::ids::{EntityId, ProjectId};
use app::model::metrics::{Interval, Ratio};
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{OfModel, Params, Period, Simulated};
use super::reply::{PeriodView, Reply, Success, mean, percentage, success, two_decimals};
use crate::http::path::Ids;
use crate::services::Services;

/// The brand or a competitor over a period.
#[derive(Serialize, ToSchema)]
#[schema(as = CompetitorNumbers)]
struct Rival {
    id: EntityId,
    name: String,
    is_brand: bool,
    /// Answers that mention it.
    mentions: i64,
    /// Percent of all answers.
    mention_rate: Option<f64>,
    avg_position: Option<f64>,
    /// Answers to questions that do not name the brand, and mention it.
    plain_mentions: i64,
    /// Percent of all such mentions, with its 95 % interval.
    share_of_voice: Option<f64>,
    share_of_voice_low: Option<f64>,
    share_of_voice_high: Option<f64>,
    /// By a judge.
    positive: i64,
    neutral: i64,
    negative: i64,
}

/// The brand and its competitors over a period.
#[derive(Serialize, ToSchema)]
pub(super) struct Rivals {
    project_id: ProjectId,
    period: PeriodView,
    /// The brand first, then by mentions.
    competitors: Vec<Rival>,
    /// Answers that the numbers are made of: `n`.
    total_queries: i64,
    /// Whether the simulator made any of it up.
    simulated: bool,
}

/// The brand and its competitors, the most mentioned first
#[utoipa::path(
    get,
    path = "/projects/{id}/competitors",
    operation_id = "list_competitors",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Period,
        OfModel,
        Simulated,
    ),
    responses((status = 200, description = "At most fifty, and the brand", body = Success<Rivals>)),
)]
pub(super) async fn list(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Period, OfModel, Simulated)>,
) -> Reply<Rivals> {
    let (period, of_model, simulated) = params.done()?;
    let model_ids = services
        .models_of(of_model.model_id, simulated.only())
        .await?;
    let shown = services
        .figures(&DashboardQuery {
            project_id,
            from: period.from,
            to: period.to,
            model_ids,
            // As the screen asks first, so that one reply is kept for both.
            compare: ComparedWith::default(),
            tags: Vec::new(),
        })
        .await?;
    let answers = shown.total.all.answers;
    Ok(success(Rivals {
        project_id,
        period: period.into(),
        competitors: with_share_of_voice(&shown.entities)
            .map(|(entity, share)| rival(entity, share, answers))
            .collect(),
        total_queries: answers,
        simulated: shown.simulated,
    }))
}

fn rival(entity: &EntitySums, share_of_voice: Ratio, answers: i64) -> Rival {
    let interval = entity.share.map(Interval::percent);
    let sums = &entity.sums;
    Rival {
        id: entity.entity_id,
        name: entity.name.clone(),
        is_brand: entity.is_brand,
        mentions: sums.mentions,
        mention_rate: percentage(sums.visibility(answers)),
        avg_position: mean(sums.average_position()),
        plain_mentions: entity.plain_mentions,
        share_of_voice: percentage(share_of_voice),
        share_of_voice_low: interval.map(|interval| two_decimals(interval.low)),
        share_of_voice_high: interval.map(|interval| two_decimals(interval.high)),
        positive: sums.judged.positive,
        neutral: sums.judged.neutral,
        negative: sums.judged.negative,
    }
}
