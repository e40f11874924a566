//! The card of a key figure: its value, how it changed, its course, and what it rests on.

use leptos::prelude::*;

use super::browser;
use super::change::{Change, Direction};
use super::icon::{Glyph, Icon};
use super::locale::{Words, fill, language, t};
use super::menu::Menu;
use super::sparkline::Sparkline;
use crate::address::at;
use crate::model::metrics::Grade;
use crate::texts::{Text, dashboard};
use crate::words::figure::grade_name;

/// What a card of a key figure shows, in the language of the screen.
#[derive(Clone, Debug)]
pub struct Kpi {
    /// The figure's name in code: tests and styles find the card by it.
    pub id: &'static str,
    /// What it is called.
    pub title: Text,
    /// How it is counted, behind the small button.
    pub explanation: Text,
    /// What else is to be known of it, below that: the interval, the value before, the change.
    pub notes: Vec<String>,
    /// The value, without its unit.
    pub value: String,
    /// What stands behind the value in small letters; empty where it has no unit.
    pub unit: &'static str,
    /// What it is worth; `None` where it is not graded.
    pub grade: Option<Grade>,
    /// The change in words, without an arrow; empty where there is nothing to say.
    pub change: String,
    /// Whether the change is for the better.
    pub direction: Direction,
    /// The course, a value a day; empty where none is kept.
    pub spark: Vec<Option<f64>>,
    /// What it rests on: interval and answers.
    pub meta: String,
    /// The answers behind it.
    pub answers_href: Option<String>,
    /// Shows its chart.
    pub on_open: Option<Callback<()>>,
}

/// The card of a key figure. A click anywhere on it shows its chart.
#[component]
pub fn KpiCard(
    /// What it shows.
    card: Kpi,
) -> impl IntoView {
    let heading = browser::unique_id("kpi");
    let title = card.title;
    let label = Words::new(move || fill(dashboard::WHAT_IS, &[("name", &title.get(language()))]));
    let is_quiet = card.direction == Direction::Unclear;
    let explanation = card.explanation;
    let notes = StoredValue::new(card.notes);
    view! {
        <article
            class="kpi"
            class:is-faint=card.grade == Some(Grade::None)
            data-measure=card.id
            aria-labelledby=heading.clone()
        >
            <div class="kpi-head">
                <h2 id=heading.clone()>{title_view(title, card.on_open)}</h2>
                {card.grade.map(grade_dot)}
                <Menu
                    label
                    trigger=|| view! { <Icon glyph=Glyph::Info /> }
                    class="icon-button kpi-info"
                >
                    <p class="definition">{t(explanation)}</p>
                    {notes
                        .get_value()
                        .into_iter()
                        .map(|note| view! { <p class="definition muted">{note}</p> })
                        .collect_view()}
                </Menu>
            </div>
            <p class="kpi-value">
                {card.value}
                {(!card.unit.is_empty()).then(|| view! { <small>{card.unit}</small> })}
            </p>
            <p class="kpi-change">
                <Change words=card.change direction=card.direction />
            </p>
            <p class="kpi-meta">{meta_view(card.meta, card.answers_href)}</p>
            {(!card.spark.is_empty()).then(|| view! { <Sparkline values=card.spark is_quiet /> })}
        </article>
    }
}

/// The title; as a button, it reaches over the whole card.
fn title_view(title: Text, on_open: Option<Callback<()>>) -> AnyView {
    match on_open {
        Some(on_open) => view! {
            <button type="button" class="kpi-open" on:click=move |_| on_open.run(())>
                {t(title)}
            </button>
        }
        .into_any(),
        None => t(title).into_any(),
    }
}

fn meta_view(meta: String, href: Option<String>) -> AnyView {
    match href {
        Some(href) => view! { <a href=at(&href)>{meta}</a> }.into_any(),
        None => meta.into_any(),
    }
}

/// What a number is worth: an empty, half or full dot; none where it rests on too few answers.
fn grade_dot(grade: Grade) -> AnyView {
    let (name, meaning) = grade_name(grade);
    let kind = match grade {
        Grade::None => "none",
        Grade::Directional => "directional",
        Grade::Plain => "solid",
        Grade::Decision => "decision",
    };
    view! {
        <span class="grade" data-grade=kind title=t(meaning)>
            <span class="visually-hidden">{t(name)}</span>
        </span>
    }
    .into_any()
}
