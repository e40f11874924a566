//! The period, the models and the topics that everything on the page is about: buttons, each with
//! a dialog that is loaded when it is first opened. Where there is little room, one button for all
//! of them and all other filters.

use leptos::prelude::*;

use super::filter_sheet::FilterSheet;
use super::models_menu::{ModelsMenu, items};
use super::period_menu::PeriodMenu;
use super::topics_menu::{self, TopicsMenu};
use crate::choice::{self, Item, counts};
use crate::frame::query::PageQuery;
use crate::frame::scope::{Scope, Shown};
use crate::texts::{Text, period as texts};
use crate::ui::part::{part, there};
use crate::ui::{Glyph, Popover, Words, fill, locale, t};
use crate::words::calendar::span_words;

/// Period, models and topics. The list of runs and the settings have none of them; the comparison is
/// of all models, and sources are of all topics. The buttons say what the figures on the page are of,
/// and not yet what was chosen while other figures are on their way.
#[component]
pub(super) fn PeriodAndModels(scope: Scope) -> impl IntoView {
    let tab = Memo::new(move |_| scope.query.with(|query| query.tab));
    let has_period = Memo::new(move |_| tab.get().has_period());
    let items = items(scope);
    let is_choice =
        Memo::new(move |_| tab.get().has_models() && items.with(|items| items.len() > 1));
    let topics = topics_menu::items(scope);
    let has_topics =
        Memo::new(move |_| tab.get().has_topics() && topics.with(|topics| !topics.is_empty()));
    view! {
        <Show when=move || has_period.get()>
            <div class="scope-bar" role="group" aria-label=t(texts::SHOWN)>
                <div class="scope-wide">
                    {period_button(scope)}
                    <Show when=move || is_choice.get()>{models_button(scope, items)}</Show>
                    <Show when=move || has_topics.get()>{topics_button(scope, topics)}</Show>
                </div>
                <div class="scope-narrow">{filters_button(scope, items)}</div>
            </div>
        </Show>
    }
}

part! {
    menus: fn period_menu(scope: Scope) {
        view! { <PeriodMenu scope /> }
    }
}

part! {
    menus: fn models_menu((scope, items): (Scope, Memo<Vec<Item>>)) {
        view! { <ModelsMenu scope items /> }
    }
}

part! {
    menus: fn topics_menu_body((scope, topics): (Scope, Memo<Vec<Item>>)) {
        view! { <TopicsMenu scope items=topics /> }
    }
}

part! {
    menus: fn filter_sheet((scope, items): (Scope, Memo<Vec<Item>>)) {
        view! { <FilterSheet scope items /> }
    }
}

/// The one button: the period, and how many filters there are.
fn filters_button(scope: Scope, items: Memo<Vec<Item>>) -> AnyView {
    let words = Words::new(move || {
        let language = locale::language();
        let period = scope
            .shown
            .with(|shown| shown.chosen.brief(language, scope.today()));
        match scope.query.with(PageQuery::filters) {
            0 => fill(texts::FILTERS_OF, &[("period", &period)]),
            count => fill(
                texts::FILTERS_SET,
                &[("count", &count), ("period", &period)],
            ),
        }
    });
    let title = Signal::derive(move || scope.shown.with(|shown| days_words(scope, shown)));
    view! {
        <Popover id="filters-button" label=texts::FILTERS words title glyph=Glyph::Filter>
            {there(filter_sheet, (scope, items))}
        </Popover>
    }
    .into_any()
}

fn period_button(scope: Scope) -> AnyView {
    let words = Words::new(move || {
        let language = locale::language();
        scope
            .shown
            .with(|shown| shown.chosen.words(language, scope.today()))
    });
    let title = Signal::derive(move || scope.shown.with(|shown| days_words(scope, shown)));
    view! {
        <Popover id="period-button" label=texts::CHOOSE words title glyph=Glyph::Calendar>
            {there(period_menu, scope)}
        </Popover>
    }
    .into_any()
}

/// The days that are shown, and those that they are compared with.
fn days_words(scope: Scope, shown: &Shown) -> String {
    let words = |days| span_words(locale::language(), days, scope.today());
    let (from, to) = (shown.period.from, shown.period.to);
    let days = words((from, to));
    match shown.compare.earlier(from, to) {
        Some(earlier) => fill(
            texts::COMPARED,
            &[("days", &days), ("earlier", &words(earlier))],
        ),
        None => days,
    }
}

fn models_button(scope: Scope, items: Memo<Vec<Item>>) -> AnyView {
    let words = Words::new(move || {
        let chosen: Vec<i64> = scope
            .shown
            .with(|shown| shown.models.iter().map(|id| id.0).collect());
        items.with(|items| choice_words(items, &chosen, (texts::ALL_MODELS, texts::SOME_MODELS)))
    });
    view! {
        <Popover
            id="models-button"
            label=texts::CHOOSE_MODELS
            words
            title=Signal::stored(String::new())
            glyph=Glyph::Models
        >
            {there(models_menu, (scope, items))}
        </Popover>
    }
    .into_any()
}

fn topics_button(scope: Scope, topics: Memo<Vec<Item>>) -> AnyView {
    let shown = Memo::new(move |_| scope.shown.with(|shown| shown.topics.clone()));
    let words = Words::new(move || {
        topics.with(|items| {
            let chosen = shown.with(|shown| choice::ids_of(items, shown));
            choice_words(items, &chosen, (texts::ALL_TOPICS, texts::SOME_TOPICS))
        })
    });
    // Where there is little room, the button has its picture alone.
    let title = Signal::derive(move || words.get());
    view! {
        <div class="scope-topics" class:is-set=move || shown.with(|shown| !shown.is_empty())>
            <Popover
                id="topics-button"
                label=texts::CHOOSE_TOPICS
                words
                title
                glyph=Glyph::Topic
            >
                {there(topics_menu_body, (scope, topics))}
            </Popover>
        </div>
    }
    .into_any()
}

/// All, some of them, or the name of the one.
fn choice_words(items: &[Item], chosen: &[i64], (of_all, of_some): (Text, Text)) -> String {
    let (count, all) = counts(items, chosen);
    match chosen {
        [] => fill(of_all, &[("count", &count)]),
        [only] => items
            .iter()
            .find(|item| item.id == *only)
            .map_or_else(String::new, |item| item.name.clone()),
        _ => fill(of_some, &[("chosen", &count), ("count", &all)]),
    }
}
