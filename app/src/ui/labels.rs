//! Badges and marks of the things that several pages show: providers, runs, models, sources.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::format;
use super::icon::Glyph;
use super::layout::{Badge, Tone};
use super::locale::{self, Words, fill};
use crate::model::provider::Provider;
use crate::model::registry::ModelView;
use crate::model::run::RunStatus;
use crate::model::sources::SourceKind;
use crate::texts::{common, registry, sources};
use crate::words::runs::status_name;

/// Says that the answers are made up.
#[component]
pub fn Simulated() -> impl IntoView {
    view! { <Badge label=common::SIMULATED tone=Tone::Warning glyph=Glyph::Flask /> }
}

/// Two letters for a provider, in a colour of its own. The name stands beside it.
#[component]
pub fn ProviderMark(
    /// Which one.
    provider: Provider,
) -> impl IntoView {
    let letters = match provider {
        Provider::OpenAi => "Ch",
        Provider::Anthropic => "Cl",
        Provider::Google => "Ge",
        Provider::Perplexity => "Pe",
        Provider::Xai => "Gk",
        Provider::Azure => "Az",
        Provider::Mistral => "Mi",
        Provider::DeepSeek => "De",
        Provider::Groq => "Gq",
        Provider::OpenRouter => "Or",
        Provider::Compatible => "Oc",
        Provider::Simulator => "Si",
    };
    view! {
        <span class="provider-mark" data-provider=provider.slug() aria-hidden="true">
            {letters}
        </span>
    }
}

/// What a status means, and its picture.
pub const fn look(status: RunStatus) -> (Tone, Glyph) {
    match status {
        RunStatus::Queued | RunStatus::Running => (Tone::Info, Glyph::Clock),
        RunStatus::Finished => (Tone::Good, Glyph::Check),
        RunStatus::FinishedWithFailures | RunStatus::OverBudget => (Tone::Warning, Glyph::Warning),
        RunStatus::Cancelled => (Tone::Neutral, Glyph::Stop),
        RunStatus::Failed => (Tone::Danger, Glyph::Warning),
    }
}

/// A moment as a page says it, exact with its time zone where the pointer rests.
pub fn when(at: DateTime<Utc>) -> AnyView {
    said(at, format::moment)
}

/// The same with its time, where moments of one day are to be told apart.
pub fn day_and_time(at: DateTime<Utc>) -> AnyView {
    said(at, format::day_and_time)
}

fn said(at: DateTime<Utc>, words: fn(DateTime<Utc>) -> String) -> AnyView {
    view! {
        <time datetime=at.to_rfc3339() title=move || format::exact(at)>
            {move || words(at)}
        </time>
    }
    .into_any()
}

/// The status of a run.
#[component]
pub fn RunBadge(
    /// The status.
    status: RunStatus,
    /// When it was, where that is to be said as well.
    #[prop(optional, into)]
    at: Option<DateTime<Utc>>,
) -> impl IntoView {
    let (tone, glyph) = look(status);
    let time = at.map(|at| {
        view! { <span class="run-time">{when(at)}</span> }
    });
    view! {
        <span class="run-badge" data-status=status.word()>
            <Badge label=status_name(status) tone glyph />
            {time}
        </span>
    }
}

/// When a model is taken away; nothing where it is not.
pub fn retirement(model: &ModelView) -> Option<AnyView> {
    let retires_at = model.retires_at?;
    let text = if model.has_ended {
        registry::RETIRED
    } else if retires_at < Utc::now() {
        registry::OVERDUE
    } else {
        registry::RETIRES
    };
    let words = Words::new(move || fill(text, &[("when", &format::date_of(retires_at))]));
    Some(view! { <Badge label=words tone=Tone::Warning glyph=Glyph::Calendar /> }.into_any())
}

/// Whose a source is.
#[component]
pub fn Whose(
    /// The brand's, a competitor's, or somebody else's.
    kind: SourceKind,
    /// The entity's name.
    entity: Option<String>,
) -> impl IntoView {
    let tone = match kind {
        SourceKind::Own => Tone::Good,
        SourceKind::Competitor => Tone::Warning,
        SourceKind::Other => Tone::Neutral,
    };
    let label = Words::new(move || match kind {
        SourceKind::Own => sources::OWN.get(locale::language()).to_owned(),
        SourceKind::Competitor => fill(
            sources::COMPETITOR,
            &[("name", &entity.as_deref().unwrap_or("–"))],
        ),
        SourceKind::Other => sources::OTHER.get(locale::language()).to_owned(),
    });
    view! { <Badge label tone /> }
}
