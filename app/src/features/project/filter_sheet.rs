//! All that a project's page can be set to, in one: period, comparison, models, topics, and on the
//! page of answers its filters. On a phone it is a sheet at the bottom.

use leptos::prelude::*;

use super::models_menu::ModelsMenu;
use super::period_menu::{compare, days};
use super::topics_menu::{self, TopicsMenu};
use crate::choice::Item;
use crate::features::answers::filters::FilterChoices;
use crate::frame::period::{Chosen, Preset};
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::texts::period as texts;
use crate::ui::part::{part, there_unseen};
use crate::ui::{browser, fill, format, locale, t};

/// What most choose; the others stand with the own dates.
const USUAL: [Preset; 5] = [
    Preset::Week,
    Preset::ThirtyDays,
    Preset::NinetyDays,
    Preset::ThisMonth,
    Preset::LastMonth,
];

fn is_usual(preset: Preset) -> bool {
    USUAL.contains(&preset)
}

part! {
    answers: fn answer_filters(scope: Scope) {
        view! {
            <section class="sheet-part">
                <FilterChoices scope />
            </section>
        }
    }
}

/// What the button opens. What is chosen applies at once.
#[component]
pub(super) fn FilterSheet(scope: Scope, items: Memo<Vec<Item>>) -> impl IntoView {
    let tab = Memo::new(move |_| scope.query.with(|query| query.tab));
    let has_models =
        Memo::new(move |_| tab.get().has_models() && items.with(|items| items.len() > 1));
    let topics = topics_menu::items(scope);
    let has_topics =
        Memo::new(move |_| tab.get().has_topics() && topics.with(|topics| !topics.is_empty()));
    let title = browser::unique_id("filters");
    let own_title = title.clone();
    Effect::new(move |_| browser::focus_soon(own_title.clone()));
    view! {
        <div class="filter-sheet">
            <header class="sheet-head">
                <h2 id=title tabindex="-1">
                    {t(texts::FILTERS)}
                </h2>
                <button type="button" class="button is-quiet" on:click=move |_| scope.reset()>
                    {t(texts::RESET)}
                </button>
            </header>
            {period(scope)}
            <section class="sheet-part">{compare(scope)}</section>
            <Show when=move || has_models.get()>
                <section class="sheet-part">
                    <h3>{t(texts::MODELS)}</h3>
                    <ModelsMenu scope items is_part=true />
                </section>
            </Show>
            <Show when=move || has_topics.get()>
                <section class="sheet-part">
                    <h3>{t(texts::TOPICS)}</h3>
                    <TopicsMenu scope items=topics is_part=true />
                </section>
            </Show>
            <Show when=move || {
                tab.get() == Tab::Answers
            }>{there_unseen(answer_filters, scope)}</Show>
            <footer class="sheet-foot">
                <button type="button" class="button is-primary" data-close="">
                    {move || show_words(scope, tab.get())}
                </button>
            </footer>
        </div>
    }
}

fn period(scope: Scope) -> AnyView {
    let is_open = RwSignal::new(false);
    let is_own = move || match scope.chosen() {
        Chosen::Preset(preset) => !is_usual(preset),
        Chosen::Days(_) => true,
    };
    let word = |is_so: bool| if is_so { "true" } else { "false" };
    view! {
        <section class="sheet-part">
            <h3>{t(texts::PERIOD)}</h3>
            <div class="sheet-chips" role="group" aria-label=t(texts::PERIOD)>
                {chips(scope, true)}
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || word(is_own())
                    aria-expanded=move || word(is_open.get())
                    on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
                >
                    {t(texts::OWN_DATES)}
                </button>
            </div>
            <Show when=move || is_open.get()>
                <div class="sheet-chips">{chips(scope, false)}</div>
                <div class="period-days">{days(scope, 1)}</div>
            </Show>
        </section>
    }
    .into_any()
}

/// The presets that most choose, or the others.
fn chips(scope: Scope, usual: bool) -> Vec<AnyView> {
    let presets = Preset::ALL.into_iter();
    let presets = presets.filter(|preset| is_usual(*preset) == usual);
    presets.map(|preset| chip(scope, preset)).collect()
}

fn chip(scope: Scope, preset: Preset) -> AnyView {
    let is_chosen = move || scope.chosen() == Chosen::from(preset);
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || if is_chosen() { "true" } else { "false" }
            on:click=move |_| scope.choose_period(preset)
        >
            {move || preset.brief(locale::language())}
        </button>
    }
    .into_any()
}

/// How many answers there are to see, on the pages whose figures rest on all of them.
fn show_words(scope: Scope, tab: Tab) -> String {
    let is_known = matches!(tab, Tab::Overview | Tab::Sources) && !scope.is_old();
    let count = scope.numbers.with(|numbers| {
        let numbers = numbers.as_ref()?;
        Some(numbers.total.all.answers)
    });
    match count.filter(|_| is_known) {
        None => t(texts::SHOW)().to_owned(),
        Some(1) => t(texts::SHOW_ONE)().to_owned(),
        Some(count) => fill(texts::SHOW_ANSWERS, &[("count", &format::whole(count))]),
    }
}
