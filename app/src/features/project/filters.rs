//! The period and the model that everything on the page is about.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::frame::query::{PRESETS, Period, Tab};
use crate::frame::scope::Scope;
use crate::model::ids::ModelId;
use crate::model::provider::Provider;
use crate::order;
use crate::texts::dashboard as texts;
use crate::ui::{ProviderMark, Segment, Segments, Words, browser, fill, t};

/// A model to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    id: ModelId,
    provider: Provider,
    name: String,
}

/// The models of the project and all that have answers in a period seen so far; a model does
/// not go away because the page is filtered.
fn choices(scope: Scope) -> Memo<Vec<Choice>> {
    Memo::new(move |before: Option<&Vec<Choice>>| {
        let mut choices = before.cloned().unwrap_or_default();
        let mut add = |id: ModelId, provider: Provider, name: &str| {
            if !choices.iter().any(|known| known.id == id) {
                choices.push(Choice {
                    id,
                    provider,
                    name: name.to_owned(),
                });
            }
        };
        let chosen = scope
            .project
            .value()
            .map(|project| project.record.model_ids)
            .unwrap_or_default();
        for model in scope.models.value().unwrap_or_default() {
            if chosen.contains(&model.id) {
                add(model.id, model.provider, &model.display_name);
            }
        }
        for model in scope
            .dashboard
            .value()
            .map(|numbers| numbers.models)
            .unwrap_or_default()
        {
            add(model.model_id, model.provider, &model.model_name);
        }
        order::sort(&mut choices, |one, other| {
            (one.provider, &one.name).cmp(&(other.provider, &other.name))
        });
        choices
    })
}

/// Period and model. The list of runs and the settings have neither; the comparison is of all
/// models.
#[component]
pub(super) fn PeriodAndModels(scope: Scope) -> impl IntoView {
    let tab = Memo::new(move |_| scope.query.get().tab);
    let has_period = Memo::new(move |_| !matches!(tab.get(), Tab::Runs | Tab::Settings));
    let has_models = Memo::new(move |_| tab.get() != Tab::Models);
    let choices = choices(scope);
    view! {
        <Show when=move || has_period.get()>
            <div class="scope-bar" role="group" aria-label=t(texts::SHOWN)>
                <PeriodChoice scope />
                <Show when=move || has_models.get() && choices.with(|choices| choices.len() > 1)>
                    <ModelChips scope choices />
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn PeriodChoice(scope: Scope) -> impl IntoView {
    let preset = Memo::new(move |_| scope.period.get().preset(scope.today()));
    let presets = PRESETS
        .into_iter()
        .map(|days| {
            Segment::new(
                Words::new(move || fill(texts::LAST_DAYS, &[("days", &days)])),
                move || preset.get() == Some(days),
                move || scope.choose_period(Period::last_days(days, scope.today())),
            )
        })
        .collect();
    let from = move || scope.period.get().from;
    let to = move || scope.period.get().to;
    let choose_from = move |day| scope.choose_period(Period::between(day, to()));
    let choose_to = move |day| scope.choose_period(Period::between(from(), day));
    view! {
        <div class="period">
            <Segments legend=texts::PERIOD segments=presets />
            <div class="period-days">
                {day_field(texts::FROM, Signal::derive(from), scope, choose_from)}
                <span aria-hidden="true">"–"</span>
                {day_field(texts::TO, Signal::derive(to), scope, choose_to)}
            </div>
        </div>
    }
}

fn day_field(
    label: crate::texts::Text,
    day: Signal<NaiveDate>,
    scope: Scope,
    choose: impl Fn(NaiveDate) + 'static,
) -> impl IntoView {
    let id = browser::unique_id("day");
    view! {
        <label class="visually-hidden" for=id.clone()>{t(label)}</label>
        <input
            class="input"
            id=id
            type="date"
            max=move || scope.today().to_string()
            prop:value=move || day.get().to_string()
            on:change=move |event| {
                // A field that is half typed has no value.
                if let Ok(day) = event_target_value(&event).parse() {
                    choose(day);
                }
            }
        />
    }
}

#[component]
fn ModelChips(scope: Scope, choices: Memo<Vec<Choice>>) -> impl IntoView {
    let chosen = Memo::new(move |_| scope.query.get().model);
    view! {
        <div class="chips" role="group" aria-label=t(texts::MODEL)>
            <button
                type="button"
                class="chip"
                aria-pressed=move || if chosen.get().is_none() { "true" } else { "false" }
                on:click=move |_| scope.change(|query| query.model = None)
            >
                {t(texts::ALL_MODELS)}
            </button>
            <For each=move || choices.get() key=|choice| choice.id let:choice>
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || if chosen.get() == Some(choice.id) { "true" } else { "false" }
                    on:click=move |_| scope.toggle_model(choice.id)
                >
                    <ProviderMark provider=choice.provider />
                    {choice.name.clone()}
                </button>
            </For>
        </div>
    }
}
