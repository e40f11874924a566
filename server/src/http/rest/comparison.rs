//! `/projects/{id}/comparison`, `/share-of-voice-history` and `/competitors`: side by side.

use std::collections::BTreeMap;

use app::model::comparison::ProviderDay;
use app::model::dashboard::{DashboardQuery, EntitySums};
use app::model::ids::{EntityId, ModelId, ProjectId};
use app::model::metrics::{Interval, Ratio};
use app::model::provider::Provider;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::metrics::PeriodView;
use super::params::{Params, PeriodParams};
use super::reply::{Reply, Success, mean, percentage, success, two_decimals};
use crate::http::path::Ids;
use crate::services::Services;
use crate::services::comparison::{ComparisonRow, EntityDay, PromptPart, VoicesOf};

/// One provider on one day.
#[derive(Clone, Serialize, ToSchema)]
struct Compared {
    llm_provider: Provider,
    snapshot_date: NaiveDate,
    /// Percent of the answers.
    mention_rate: Option<f64>,
    avg_position: Option<f64>,
    /// Percent of the mentions in answers to questions that do not name the brand.
    share_of_voice: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice: Option<f64>,
    /// Percent of the mentions in all answers.
    share_of_voice_all: Option<f64>,
    /// The same, each mention weighted by its rank.
    weighted_share_of_voice_all: Option<f64>,
    /// The mean score of a judge, from -1 to 1; nothing where none has read the answers.
    sentiment_score: Option<f64>,
    /// What the judge finds to speak well, less what speaks ill, out of all that it judged: from
    /// -1 to 1.
    net_sentiment: Option<f64>,
    /// Answers without a visible text, which are in no rate.
    queries_without_text: i64,
    /// Answers that the rates are made of: `n`.
    total_queries: i64,
    total_mentions: i64,
    /// Whether the simulator made any of it up.
    simulated: bool,
}

impl From<&ComparisonRow> for Compared {
    fn from(day: &ComparisonRow) -> Self {
        let ProviderDay {
            provider,
            day: snapshot_date,
            sums,
        } = day.compared;
        Self {
            llm_provider: provider,
            snapshot_date,
            mention_rate: day.mention_rate.map(two_decimals),
            avg_position: day.avg_position.map(two_decimals),
            share_of_voice: day.share_of_voice.map(two_decimals),
            weighted_share_of_voice: day.weighted_share_of_voice.map(two_decimals),
            share_of_voice_all: day.share_of_voice_all.map(two_decimals),
            weighted_share_of_voice_all: day.weighted_share_of_voice_all.map(two_decimals),
            sentiment_score: day.sentiment_score.map(two_decimals),
            net_sentiment: day.net_sentiment.map(two_decimals),
            queries_without_text: day.without_text,
            total_queries: sums.answers,
            total_mentions: sums.mentions,
            simulated: sums.simulated > 0,
        }
    }
}

/// The providers of a project side by side.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
pub(super) struct Comparison {
    project_id: ProjectId,
    period: PeriodView,
    /// The first day first.
    comparison: Vec<Compared>,
    /// The same, by day and provider.
    by_date: BTreeMap<NaiveDate, BTreeMap<Provider, Compared>>,
}

/// The providers of a project side by side, day by day
#[utoipa::path(
    get,
    path = "/projects/{id}/comparison",
    operation_id = "compare_providers",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        PeriodParams,
        ("simulated" = Option<bool>, Query, description = "Only answers that the simulator made up; where it is missing, they are left out once a real model has answered"),
    ),
    responses((status = 200, description = "The rows of llm_visibility_comparison", body = Success<Comparison>)),
)]
pub(super) async fn providers(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<Comparison> {
    let period = params.period(services.today()?);
    let simulated = params.flag("simulated").unwrap_or(false);
    params.done()?;
    let days = services
        .comparison(project_id, period.days(), simulated)
        .await?;
    let comparison: Vec<Compared> = days.iter().map(Compared::from).collect();
    let mut by_date: BTreeMap<NaiveDate, BTreeMap<Provider, Compared>> = BTreeMap::new();
    for row in &comparison {
        by_date
            .entry(row.snapshot_date)
            .or_default()
            .insert(row.llm_provider, row.clone());
    }
    Ok(success(Comparison {
        project_id,
        period: period.into(),
        comparison,
        by_date,
    }))
}

/// Mentions of the brand or a competitor on one day.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names that programs know")]
struct Voice {
    id: EntityId,
    name: String,
    is_brand: bool,
    /// Answers that mention it.
    mentions: i64,
    /// Percent of all mentions.
    share_of_voice: Option<f64>,
    weighted_share_of_voice: Option<f64>,
}

/// One day.
#[derive(Serialize, ToSchema)]
struct VoiceDay {
    date: NaiveDate,
    /// Mentions of all.
    total_mentions: i64,
    /// The brand first.
    entities: Vec<Voice>,
}

/// Shares of voice, day by day.
#[derive(Serialize, ToSchema)]
pub(super) struct VoiceHistory {
    project_id: ProjectId,
    period: PeriodView,
    /// The first day first.
    history: Vec<VoiceDay>,
}

/// Which questions count.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes what is read by name")]
enum Questions {
    /// All.
    All,
    /// Those that do not name the brand.
    Plain,
    /// Those that do.
    Branded,
}

/// The brand's and each competitor's share of all mentions, day by day
#[utoipa::path(
    get,
    path = "/projects/{id}/share-of-voice-history",
    operation_id = "show_share_of_voice_history",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        PeriodParams,
        ("llm_provider" = Option<Provider>, Query, description = "Only models of this provider"),
        ("prompts" = inline(Option<Questions>), Query, description = "Which questions count; those that do not name the brand where it is missing"),
        ("simulated" = Option<bool>, Query, description = "Only answers that the simulator made up; where it is missing, they are left out once a real model has answered"),
    ),
    responses((status = 200, description = "The first day first", body = Success<VoiceHistory>)),
)]
pub(super) async fn voices(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<VoiceHistory> {
    let period = params.period(services.today()?);
    let provider = params.provider("llm_provider");
    let prompts = params.word("prompts", PromptPart::from_word);
    let of = VoicesOf {
        prompts: prompts.unwrap_or_default(),
        provider,
        simulated: params.flag("simulated").unwrap_or(false),
    };
    params.done()?;
    let rows = services
        .voices_by_day(project_id, period.days(), of)
        .await?;
    let history = rows
        .chunk_by(|one, next| one.day == next.day)
        .map(voice_day)
        .collect();
    Ok(success(VoiceHistory {
        project_id,
        period: period.into(),
        history,
    }))
}

fn voice_day(rows: &[EntityDay]) -> VoiceDay {
    let mentions: i64 = rows.iter().map(|row| row.mentions).sum();
    let weights: i64 = rows.iter().map(|row| row.weight_tenths).sum();
    let voice = |row: &EntityDay| Voice {
        id: row.entity_id,
        name: row.name.clone(),
        is_brand: row.is_brand,
        mentions: row.mentions,
        share_of_voice: percentage(Ratio::new(row.mentions, mentions)),
        weighted_share_of_voice: percentage(Ratio::new(row.weight_tenths, weights)),
    };
    VoiceDay {
        date: rows.first().map(|row| row.day).unwrap_or_default(),
        total_mentions: mentions,
        entities: rows.iter().map(voice).collect(),
    }
}

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
        PeriodParams,
        ("model_id" = Option<ModelId>, Query, description = "Only answers of this model"),
        ("simulated" = Option<bool>, Query, description = "Only answers that the simulator made up; where it is missing, they are left out once a real model has answered"),
    ),
    responses((status = 200, description = "At most fifty, and the brand", body = Success<Rivals>)),
)]
pub(super) async fn competitors(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    mut params: Params,
) -> Reply<Rivals> {
    let period = params.period(services.today()?);
    let model_id: Option<ModelId> = params.number("model_id");
    let simulated = params.flag("simulated").unwrap_or(false);
    params.done()?;
    let shown = services
        .figures(&DashboardQuery {
            project_id,
            from: period.from,
            to: period.to,
            model_ids: services.models_of(model_id, simulated).await?,
        })
        .await?;
    let answers = shown.total.all.answers;
    let plain: i64 = shown.entities.iter().map(|one| one.plain_mentions).sum();
    Ok(success(Rivals {
        project_id,
        period: period.into(),
        competitors: shown
            .entities
            .iter()
            .map(|entity| rival(entity, answers, plain))
            .collect(),
        total_queries: answers,
        simulated: shown.simulated,
    }))
}

fn rival(entity: &EntitySums, answers: i64, plain: i64) -> Rival {
    let interval = entity.share.map(Interval::percent);
    let sums = &entity.sums;
    Rival {
        id: entity.entity_id,
        name: entity.name.clone(),
        is_brand: entity.is_brand,
        mentions: sums.mentions,
        mention_rate: percentage(Ratio::new(sums.mentions, answers)),
        avg_position: mean(sums.average_position()),
        plain_mentions: entity.plain_mentions,
        share_of_voice: percentage(Ratio::new(entity.plain_mentions, plain)),
        share_of_voice_low: interval.map(|interval| two_decimals(interval.low)),
        share_of_voice_high: interval.map(|interval| two_decimals(interval.high)),
        positive: sums.judged.positive,
        neutral: sums.judged.neutral,
        negative: sums.judged.negative,
    }
}
