//! `compare=previous` of `/projects/{id}/metrics`: how the numbers moved, as the screen has it.

use app::model::dashboard::{ComparedWith, DashboardQuery};
use app::model::ids::ModelId;
use app::model::metrics::{Compared, Interval, Metric, Verdict};
use app::model::served::Seam;
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::problem::Problem;
use crate::http::rest::params::{Value, word};
use crate::http::rest::reply::{four_decimals, two_decimals};
use crate::services::Services;
use crate::services::sums::{SnapshotFilter, SnapshotPage, SnapshotRow, Surfaces};

/// With what a period is compared.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Compare {
    /// The period of equal length that ends on the day before it.
    Previous,
}

impl Value for Compare {
    fn parse(text: &str) -> Option<Self> {
        word(text)
    }
}

/// How a number moved since the period of equal length before.
#[derive(Serialize, ToSchema)]
#[schema(as = NumberChange)]
pub(super) struct ChangeView {
    /// The number: `mention_rate`, `share_of_voice` and `weighted_share_of_voice` (over questions
    /// that do not name the brand), `avg_position`, `top3_rate`, `informative_rate`,
    /// `prominence`, `net_tone` and `tone_recommendation_rate` (by the rules), `net_sentiment`
    /// and `recommendation_rate` (by a judge).
    metric: &'static str,
    /// Of this model; nothing: of all models.
    model_id: Option<ModelId>,
    /// The earlier period, over the pairs that both periods have, each with the same weight in
    /// both. In percent, but for average positions, and for tone, sentiment and prominence, which
    /// are fractions.
    before: Option<f64>,
    /// The later period, over the same pairs.
    after: Option<f64>,
    /// `after` less `before`.
    difference: Option<f64>,
    /// Lower end of the 95 % interval of the difference, as if nothing else were looked at.
    low: Option<f64>,
    /// Upper end.
    high: Option<f64>,
    /// `up` or `down` where chance does not explain the difference, with all of these numbers
    /// and looks every day taken into account.
    verdict: Verdict,
    /// Pairs of question and model that both periods have.
    pairs: i64,
    /// Pairs that are left out.
    unpaired: i64,
    /// Where another model began to answer, if nothing can be compared because of it.
    seam: Option<SeamView>,
}

/// A day from which on another model answers.
#[derive(Serialize, ToSchema)]
#[schema(as = NumberSeam)]
struct SeamView {
    /// The first day, in the workspace's time zone.
    day: NaiveDate,
    /// The model that was asked.
    asked: String,
    /// The model that answers.
    served: String,
}

impl From<&Seam> for SeamView {
    fn from(seam: &Seam) -> Self {
        Self {
            day: seam.day,
            asked: seam.asked.clone(),
            served: seam.served.clone(),
        }
    }
}

impl From<&Compared> for ChangeView {
    fn from(compared: &Compared) -> Self {
        let change = &compared.change;
        let shown = |value: f64| match compared.metric {
            Metric::AveragePosition => two_decimals(value),
            Metric::Tone | Metric::JudgedTone | Metric::Prominence => four_decimals(value),
            _ => two_decimals(value * 100.0),
        };
        let ends = change
            .interval
            .map(|Interval { low, high }| (shown(low), shown(high)));
        Self {
            metric: name(compared.metric),
            model_id: compared.model_id,
            before: change.before.map(shown),
            after: change.after.map(shown),
            difference: change.difference.map(shown),
            low: ends.map(|(low, _)| low),
            high: ends.map(|(_, high)| high),
            verdict: change.verdict,
            pairs: change.pairs,
            unpaired: change.unpaired,
            seam: change.seam.as_ref().map(SeamView::from),
        }
    }
}

/// What programs call a number.
const fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::Visibility => "mention_rate",
        Metric::ShareOfVoice => "share_of_voice",
        Metric::WeightedShareOfVoice => "weighted_share_of_voice",
        Metric::AveragePosition => "avg_position",
        Metric::TopThree => "top3_rate",
        Metric::InformativeRate => "informative_rate",
        Metric::Prominence => "prominence",
        Metric::Tone => "net_tone",
        Metric::Recommended => "tone_recommendation_rate",
        Metric::JudgedTone => "net_sentiment",
        Metric::JudgedRecommended => "recommendation_rate",
    }
}

/// No model has this id: a figure of it alone has no answers. No id at all would mean all models.
const NO_MODEL: ModelId = ModelId(0);

/// How the numbers of a period moved. Of one provider, or of made-up answers alone: those of the
/// models that have answers in the period, `rows`, or in the one before.
pub(super) async fn changes(
    services: &Services,
    filter: &SnapshotFilter,
    rows: &[SnapshotRow],
) -> Result<Vec<ChangeView>, Problem> {
    let is_narrowed = filter.provider.is_some() || filter.surfaces == Surfaces::MadeUp;
    let model_ids = if is_narrowed {
        let before = period_before(filter);
        let earlier = services.snapshots(&before, SnapshotPage::ALL).await?;
        models_of(rows.iter().chain(&earlier.rows))
    } else {
        Vec::new()
    };
    let query = DashboardQuery {
        project_id: filter.project_id,
        from: filter.from,
        to: filter.to,
        model_ids,
        compare: ComparedWith::DaysBefore,
        tags: Vec::new(),
    };
    let shown = services.figures(&query).await?;
    Ok(shown.changes.iter().map(ChangeView::from).collect())
}

/// The same of the period of equal length that ends on the day before.
fn period_before(filter: &SnapshotFilter) -> SnapshotFilter {
    let length = filter.to - filter.from + TimeDelta::days(1);
    let earlier = |day: NaiveDate| day.checked_sub_signed(length).unwrap_or(day);
    SnapshotFilter {
        from: earlier(filter.from),
        to: earlier(filter.to),
        ..filter.clone()
    }
}

/// The models of these rows, each once; never none.
fn models_of<'a>(rows: impl Iterator<Item = &'a SnapshotRow>) -> Vec<ModelId> {
    let mut models: Vec<ModelId> = rows.map(|row| row.model_id).collect();
    models.sort_unstable();
    models.dedup();
    if models.is_empty() {
        models.push(NO_MODEL);
    }
    models
}
