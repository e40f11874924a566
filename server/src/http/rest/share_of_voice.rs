//! `/projects/{id}/share-of-voice-history`: who is mentioned how often, day by day.

use app::model::ids::{EntityId, ProjectId};
use app::model::metrics::share_of_voice;
use app::model::project::PromptPart;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::params::{OfProvider, Params, Period, Simulated, parameters};
use super::reply::{PeriodView, Reply, Success, percentage, success};
use crate::http::path::Ids;
use crate::services::Services;
use crate::services::sums::{EntityDay, VoicesOf};

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

parameters! {
    /// In answers to which questions.
    pub(super) struct VoiceParams {
        /// Which questions count; those that do not name the brand where it is missing
        #[param(inline)]
        prompts: Option<PromptPart>,
    }
}

/// The brand's and each competitor's share of all mentions, day by day
#[utoipa::path(
    get,
    path = "/projects/{id}/share-of-voice-history",
    operation_id = "show_share_of_voice_history",
    tag = "metrics",
    params(
        ("id" = ProjectId, Path, description = "Project"),
        Period,
        OfProvider,
        VoiceParams,
        Simulated,
    ),
    responses((status = 200, description = "The first day first", body = Success<VoiceHistory>)),
)]
pub(super) async fn show_history(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    params: Params<(Period, OfProvider, VoiceParams, Simulated)>,
) -> Reply<VoiceHistory> {
    let (period, of_provider, voices, simulated) = params.done()?;
    let of = VoicesOf {
        prompts: voices.prompts.unwrap_or_default(),
        provider: of_provider.llm_provider,
        simulated: simulated.only(),
    };
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
        share_of_voice: percentage(share_of_voice(row.mentions, mentions)),
        weighted_share_of_voice: percentage(share_of_voice(row.weight_tenths, weights)),
    };
    VoiceDay {
        date: rows.first().map(|row| row.day).unwrap_or_default(),
        total_mentions: mentions,
        entities: rows.iter().map(voice).collect(),
    }
}
