//! What is folded away on the overview, in a part of the code of its own: more figures, where
//! answers put the brand, names beside it, and files.

use leptos::prelude::*;

use super::cards::{answers_of, card};
use super::names_beside::NamesBeside;
use super::state::Places;
use crate::frame::query::PageQuery;
use crate::frame::scope::Scope;
use crate::model::dashboard::Dashboard;
use crate::model::ids::ProjectId;
use crate::model::metrics::{Grade, Ratio, is_few};
use crate::texts::{Text, chart, dashboard, overview as texts};
use crate::ui::locale::language;
use crate::ui::part::part;
use crate::ui::{Direction, Downloads, Kpi, KpiCard, fill, format, t};
use crate::words::amount::Amount;
use crate::words::figure::Measure;

part! {
    /// The figures that are no cards of the first screen, and where answers put the brand.
    more: pub fn more_figures(scope: Scope) {
        figures(scope)
    }
}

part! {
    /// Names beside the brand, once the chart stands, and files.
    more: pub fn rest((scope, stands): (Scope, RwSignal<bool>)) {
        view! {
            <Show when=move || stands.get()>
                <NamesBeside scope />
            </Show>
            <Downloads address=move |format| export_address(scope, format) />
        }
    }
}

fn figures(scope: Scope) -> AnyView {
    let answers = answers_of(scope);
    let cards = move || {
        let screen = scope.screen.get()?;
        let answers = answers.get();
        let of = |measure| card(scope.project_id, &screen, measure, &answers);
        let numbers = &screen.dashboard;
        let mut cards: Vec<Kpi> = Measure::MORE.into_iter().map(of).collect();
        cards.push(citations(scope.project_id, numbers, &answers));
        cards.push(cost(scope.project_id, numbers, &answers));
        let cards = cards.into_iter().map(|card| view! { <KpiCard card /> });
        Some(cards.collect_view())
    };
    let about = move || {
        let screen = scope.screen.get()?;
        let numbers = &screen.dashboard;
        Some(view! {
            {places(numbers)}
            {branded(numbers)}
            {judged_together(numbers)}
        })
    };
    view! {
        <div class="kpis is-more">{cards}</div>
        {about}
    }
    .into_any()
}

/// A card without a change: of a number that is not judged.
fn plain(id: &'static str, title: Text, explanation: Text) -> Kpi {
    Kpi {
        id,
        title,
        explanation,
        notes: Vec::new(),
        value: String::new(),
        unit: "",
        grade: None,
        change: String::new(),
        direction: Direction::Unclear,
        spark: Vec::new(),
        meta: String::new(),
        answers_href: None,
        on_open: None,
    }
}

fn citations(project: ProjectId, numbers: &Dashboard, answers: &PageQuery) -> Kpi {
    let ratio = numbers.total.all.link_visibility();
    let value = ratio.value();
    let none = || dashboard::NO_DATA.get(language()).to_owned();
    Kpi {
        value: value.map_or_else(none, |value| Amount::Share(value).shown(language(), None)),
        grade: (value.is_some() && is_few(ratio.denominator)).then_some(Grade::None),
        meta: Measure::Visibility.counted_over(language(), ratio.denominator),
        answers_href: Some(answers.address(project)),
        ..plain("citations", texts::CITATIONS, chart::DEFINES_CITATIONS)
    }
}

fn cost(project: ProjectId, numbers: &Dashboard, answers: &PageQuery) -> Kpi {
    let sums = numbers.total.all;
    let is_at_least = sums.unpriced > 0;
    let source = if is_at_least {
        dashboard::COST_AT_LEAST
    } else {
        dashboard::COST_PRICED
    };
    Kpi {
        notes: vec![source.get(language()).to_owned()],
        value: format::paid_and_simulated(sums.spend(), sums.simulated_cost),
        meta: Measure::Visibility.counted_over(language(), sums.answers),
        answers_href: Some(answers.address(project)),
        ..plain("cost", dashboard::COST, dashboard::COST_HINT)
    }
}

/// One bar of all answers, by where they put the brand.
fn places(numbers: &Dashboard) -> AnyView {
    let sums = numbers.total.all;
    let places = Places::of(&sums);
    let parts = [
        (texts::PLACE_TOP, places.top),
        (texts::PLACE_TEN, places.ten),
        (texts::PLACE_LATER, places.later),
        (texts::PLACE_NONE, places.unranked),
        (texts::NOT_NAMED, places.not_named),
    ];
    let share_of = |count: i64| Ratio::new(count, sums.answers).value().unwrap_or_default();
    let bar = parts.map(|(_, count)| {
        let length = format!("{:.2}%", share_of(count) * 100.0);
        view! { <i style:inline-size=length></i> }
    });
    let items = parts.map(|(name, count)| {
        view! {
            <li>
                <i aria-hidden="true"></i>
                <span>{t(name)}</span>
                <strong>{format::whole_percent(share_of(count))}</strong>
                <small>{Measure::Visibility.counted_over(language(), count)}</small>
            </li>
        }
    });
    view! {
        <section class="card places" aria-labelledby="places-title">
            <h2 id="places-title">{t(texts::PLACES_TITLE)}</h2>
            <div class="places-bar" aria-hidden="true">
                {bar.into_iter().collect_view()}
            </div>
            <ul class="places-parts">{items.into_iter().collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Share of voice in questions that name the brand, apart: they are answered with it.
fn branded(numbers: &Dashboard) -> Option<AnyView> {
    let ratio = numbers.total.branded_share_of_voice();
    let value = ratio.value()?;
    let over = Measure::ShareOfVoice.counted_over(language(), ratio.denominator);
    let said = fill(
        dashboard::BRANDED_APART,
        &[("value", &Amount::Share(value).shown(language(), None))],
    );
    let name = dashboard::SHARE_OF_VOICE.get(language());
    Some(view! { <p class="fold-note">{format!("{name}, {said} ({over})")}</p> }.into_any())
}

/// How many numbers were looked at.
fn judged_together(numbers: &Dashboard) -> Option<AnyView> {
    let looked_at = numbers.changes.looked_at();
    let text = fill(dashboard::LOOKED_AT, &[("n", &looked_at)]);
    (looked_at > 0).then(|| {
        view! {
            <p class="fold-note" data-looked-at=looked_at>
                {text}
            </p>
        }
        .into_any()
    })
}

/// Where a file of the numbers of the shown period is.
fn export_address(scope: Scope, format: &str) -> String {
    let period = scope.period.get();
    format!(
        "/api/llm-monitoring/projects/{}/export/snapshots?format={format}&start_date={}&end_date={}",
        scope.project_id, period.from, period.to
    )
}
