//! Beside the chart: who is named how often, and questions in which a competitor is ahead.

use leptos::prelude::*;

use super::state;
use crate::address::at;
use crate::frame::query::PageQuery;
use crate::frame::scope::Scope;
use crate::model::ids::{EntityId, PromptId};
use crate::model::metrics::{Ratio, is_few};
use crate::model::overview::{BrandRow, Gap};
use crate::texts::overview as texts;
use crate::ui::locale::language;
use crate::ui::{Change, Direction, Pill, Tone, fill, format, t};
use crate::words::amount::Amount;
use crate::words::change::{Course, said};
use crate::words::figure::Measure;

/// Both lists in one card.
pub(super) fn named(scope: Scope) -> AnyView {
    let brands = move || {
        let screen = scope.screen.get()?;
        let rows = state::most_named(&screen.brands);
        let most = rows.iter().filter_map(|(_, row)| row.visibility.value());
        let most = most.fold(0.0_f64, f64::max);
        let rows = rows
            .iter()
            .map(|(place, row)| brand(scope, *place, row, most));
        Some(rows.collect_view())
    };
    let gaps = move || {
        let screen = scope.screen.get()?;
        if screen.to_work_on.is_empty() {
            return Some(view! { <p class="muted">{t(texts::WORK_NONE)}</p> }.into_any());
        }
        let rows = screen.to_work_on.iter().map(|row| gap(scope, row));
        Some(view! { <ul class="gaps">{rows.collect_view()}</ul> }.into_any())
    };
    view! {
        <section class="card who-named" aria-labelledby="named-title">
            <header class="named-head">
                <h2 id="named-title">{t(texts::NAMED_TITLE)}</h2>
                <span>{t(texts::NAMED_LEAD)}</span>
            </header>
            <ol class="brands">{brands}</ol>
            <h2>{t(texts::WORK_TITLE)}</h2>
            {gaps}
        </section>
    }
    .into_any()
}

fn answers_naming(scope: Scope, entity: EntityId) -> String {
    scope.link(move |query| {
        *query = PageQuery {
            entity: Some(entity),
            ..state::answers(query)
        };
    })
}

fn brand(scope: Scope, place: usize, row: &BrandRow, most: f64) -> AnyView {
    let value = row.visibility.value();
    let words = value.map_or_else(
        || "–".to_owned(),
        |value| Amount::Share(value).shown(language(), row.interval),
    );
    // The longest bar is that of the brand which is named most.
    let length = value.map_or(0.0, |value| value / most.max(f64::EPSILON) * 100.0);
    let name = row.name.clone();
    let label = fill(texts::ANSWERS_OF, &[("name", &name)]);
    let href = answers_naming(scope, row.entity_id);
    view! {
        <li class:is-you=row.is_brand>
            <span class="brand-place">{place}</span>
            <span class="brand-who">
                <a class="brand-name" href=at(&href) title=label>
                    {name}
                </a>
                {row.is_brand.then(|| view! { <Pill label=texts::YOU tone=Tone::Neutral /> })}
            </span>
            <span class="brand-bar" aria-hidden="true">
                <i style:inline-size=format!("{length:.1}%")></i>
            </span>
            <span class="brand-share" class:is-faint=is_few(row.visibility.denominator)>
                {words}
            </span>
            <span class="brand-change">{change(row)}</span>
        </li>
    }
    .into_any()
}

/// What chance may have moved has a sign of its own; its words are read out.
fn change(row: &BrandRow) -> Option<AnyView> {
    let said = said(language(), Measure::Visibility, &row.change)?;
    let direction = match said.course {
        Course::Better => Direction::Better,
        Course::Worse => Direction::Worse,
        Course::Unclear => {
            let unclear = view! {
                <span class="muted" title=said.words.clone()>
                    <span aria-hidden="true">"≈"</span>
                    <span class="visually-hidden">{said.words.clone()}</span>
                </span>
            };
            return Some(unclear.into_any());
        }
    };
    let moved = view! {
        <span title=said.explanation>
            <Change words=said.words direction />
        </span>
    };
    Some(moved.into_any())
}

fn gap(scope: Scope, gap: &Gap) -> AnyView {
    let words = |ratio: Ratio| ratio.value().map(format::whole_percent).unwrap_or_default();
    let (yours, theirs) = (words(gap.yours), words(gap.theirs));
    let is_few = is_few(gap.yours.denominator);
    let href = answers_to(scope, gap.prompt_id);
    view! {
        <li>
            <a class="gap-question" href=at(&href) title=gap.text.clone()>
                {gap.text.clone()}
            </a>
            <strong class:is-faint=is_few>{fill(texts::YOURS, &[("share", &yours)])}</strong>
            <span class="gap-theirs" class:is-faint=is_few>
                {format!("{} {theirs}", gap.name)}
            </span>
        </li>
    }
    .into_any()
}

fn answers_to(scope: Scope, prompt: PromptId) -> String {
    scope.link(move |query| {
        *query = PageQuery {
            prompt: Some(prompt),
            ..state::answers(query)
        };
    })
}
