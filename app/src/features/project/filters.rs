//! The period and the models that everything on the page is about: two buttons, each with a dialog
//! that is loaded when it is first opened. Where there is little room, one button for both and all
//! other filters.

use leptos::prelude::*;

use super::filter_sheet::FilterSheet;
use super::models_menu::{ModelsMenu, items};
use super::period_menu::PeriodMenu;
use crate::choice::{Item, counts};
use crate::frame::query::PageQuery;
use crate::frame::scope::{Scope, Shown};
use crate::texts::period as texts;
use crate::ui::part::{part, there};
use crate::ui::{Glyph, Popover, Words, fill, locale, t};
use crate::words::calendar::span_words;

/// Period and models. The list of runs and the settings have neither; the comparison is of all
/// models. Both buttons say what the figures on the page are of, and not yet what was chosen while
/// other figures are on their way.
#[component]
pub(super) fn PeriodAndModels(scope: Scope) -> impl IntoView {
    let tab = Memo::new(move |_| scope.query.with(|query| query.tab));
    let has_period = Memo::new(move |_| tab.get().has_period());
    let items = items(scope);
    let is_choice =
        Memo::new(move |_| tab.get().has_models() && items.with(|items| items.len() > 1));
    view! {
        <Show when=move || has_period.get()>
            <div class="scope-bar" role="group" aria-label=t(texts::SHOWN)>
                <div class="scope-wide">
                    {period_button(scope)}
                    <Show when=move || is_choice.get()>{models_button(scope, items)}</Show>
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
        items.with(|items| models_words(items, &chosen))
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

/// All, some of them, or the name of the one.
fn models_words(items: &[Item], chosen: &[i64]) -> String {
    let (count, all) = counts(items, chosen);
    match chosen {
        [] => fill(texts::ALL_MODELS, &[("count", &count)]),
        [only] => items
            .iter()
            .find(|item| item.id == *only)
            .map_or_else(String::new, |item| item.name.clone()),
        _ => fill(texts::SOME_MODELS, &[("chosen", &count), ("count", &all)]),
    }
}
