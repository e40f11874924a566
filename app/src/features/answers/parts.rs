//! Small parts that the table and the panel share.

use leptos::prelude::*;

use super::state::{outcome_name, source_name};
use crate::model::answer::MentionSource;
use crate::model::money::Money;
use crate::model::outcome::{ErrorClass, Outcome};
use crate::model::run::CostKind;
use crate::texts::answers as texts;
use crate::ui::format as words;
use crate::ui::{Badge, Glyph, Tone, fill, t};
use crate::words::runs::error_name;

/// Whether and how an entity is named.
#[component]
pub(super) fn Named(source: MentionSource, count: i64) -> impl IntoView {
    let (tone, glyph) = match source {
        MentionSource::None => (Tone::Neutral, Glyph::Close),
        MentionSource::Link => (Tone::Info, Glyph::Link),
        MentionSource::Unread => (Tone::Warning, Glyph::Warning),
        MentionSource::Text | MentionSource::Both => (Tone::Good, Glyph::Check),
    };
    let times = (count > 1).then(|| {
        view! { <span class="muted">{move || fill(texts::TIMES, &[("count", &words::whole(count))])}</span> }
    });
    view! {
        <span class="named" data-source=source.word()>
            <Badge label=source_name(source) tone=tone glyph=glyph />
            {times}
        </span>
    }
}

/// What it cost, and where that is known from; an unknown price is no amount.
#[component]
pub(super) fn Cost(amount: Money, kind: CostKind) -> impl IntoView {
    let kind_name = match kind {
        CostKind::Reported => texts::COST_REPORTED,
        CostKind::Computed => texts::COST_COMPUTED,
        CostKind::Unpriced => texts::COST_UNPRICED,
        CostKind::AtLeast => texts::COST_AT_LEAST,
        CostKind::WorstCase => texts::COST_WORST_CASE,
    };
    let amount = move || match kind {
        CostKind::Unpriced => None,
        CostKind::AtLeast => Some(format!("≥ {}", words::money(amount))),
        CostKind::WorstCase => Some(format!("≤ {}", words::money(amount))),
        CostKind::Reported | CostKind::Computed => Some(words::money(amount)),
    };
    view! {
        <span class="cell-figure" data-cost-kind=kind.word()>
            {move || amount().map(|amount| view! { <span>{amount}</span> })}
            <small>{t(kind_name)}</small>
        </span>
    }
}

/// How an ask ended.
#[component]
pub(super) fn Ended(outcome: Outcome, error_class: Option<ErrorClass>) -> impl IntoView {
    let tone = match outcome {
        Outcome::Answered => Tone::Neutral,
        Outcome::Failed => Tone::Danger,
        Outcome::Truncated | Outcome::Refused | Outcome::Blocked | Outcome::Empty => Tone::Warning,
    };
    let class =
        error_class.map(|class| view! { <small class="muted">{t(error_name(class))}</small> });
    view! {
        <span class="outcome">
            <Badge label=outcome_name(outcome) tone=tone />
            {class}
        </span>
    }
}
