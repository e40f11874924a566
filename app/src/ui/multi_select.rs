//! The list of which several can be chosen: a search where it is long, a box each, one alone by one
//! click, all again by another.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Event, HtmlInputElement};

use super::browser;
use super::format;
use super::icon::{Glyph, Icon};
use super::labels::ProviderMark;
use super::locale::{Words, fill, t};
use super::popover::arrow_keys;
use crate::choice::{Item, toggled};
use crate::texts::period as texts;

/// From so many items on there is a search.
const MANY: usize = 8;

/// What a list shows and tells.
#[derive(Clone, Copy)]
struct List {
    items: Signal<Vec<Item>>,
    chosen: Signal<Vec<i64>>,
    on_choose: Callback<Vec<i64>>,
    words: RwSignal<String>,
}

/// The body of a dialog that chooses several of many.
#[component]
pub fn MultiSelect(
    /// What is chosen; for screen readers.
    #[prop(into)]
    label: Words,
    /// What the search is for; for screen readers.
    #[prop(into)]
    search: Words,
    /// What the heading of those says that stand apart.
    #[prop(into)]
    apart: Words,
    /// All that can be chosen, in their order.
    items: Signal<Vec<Item>>,
    /// The ids of those that are; none: all.
    chosen: Signal<Vec<i64>>,
    /// Takes what is chosen now.
    on_choose: Callback<Vec<i64>>,
    /// Whether the dialog holds more: it then has the focus and the way out.
    #[prop(optional)]
    is_part: bool,
) -> impl IntoView {
    let list = List {
        items,
        chosen,
        on_choose,
        words: RwSignal::new(String::new()),
    };
    let is_long = Memo::new(move |_| items.with(|items| items.len() >= MANY));
    let rows = move |is_apart: bool| {
        list.words.with(|words| {
            items.with(|items| {
                let shown = items.iter().filter(|item| item.is_apart == is_apart);
                let shown = shown.filter(|item| item.is_found(words));
                shown.cloned().collect::<Vec<Item>>()
            })
        })
    };
    let is_empty = Memo::new(move |_| rows(false).is_empty() && rows(true).is_empty());
    let has_apart = Memo::new(move |_| !rows(true).is_empty());
    let is_all = Memo::new(move |_| chosen.with(Vec::is_empty));
    let id = browser::unique_id("multi-select");
    let own_id = id.clone();
    if !is_part {
        Effect::new(move |_| focus_first(own_id.clone()));
    }
    view! {
        <div class="multi-select" id=id on:keydown=move |event| arrow_keys(&event)>
            <Show when=move || is_long.get()>{search_field(search, list.words)}</Show>
            <ul class="multi-select-rows" aria-label=move || label.get()>
                <For each=move || rows(false) key=|item| item.id let:item>
                    {row(list, item)}
                </For>
            </ul>
            <Show when=move || has_apart.get()>
                <p class="menu-title">{move || apart.get()}</p>
                <ul class="multi-select-rows" aria-label=move || apart.get()>
                    <For each=move || rows(true) key=|item| item.id let:item>
                        {row(list, item)}
                    </For>
                </ul>
            </Show>
            <Show when=move || is_empty.get()>
                <p class="multi-select-none" role="status">
                    {t(texts::NO_MATCH)}
                </p>
            </Show>
            <div class="popover-foot">
                <button
                    type="button"
                    class="button is-quiet"
                    data-row=""
                    aria-disabled=move || is_all.get().then_some("true")
                    on:click=move |_| on_choose.run(Vec::new())
                >
                    {t(texts::ALL_AGAIN)}
                </button>
                {(!is_part).then(done)}
            </div>
        </div>
    }
}

fn done() -> AnyView {
    view! {
        <button type="button" class="button" data-close="">
            {t(texts::DONE)}
        </button>
    }
    .into_any()
}

/// The focus goes to the search, or to the first box where there is none.
fn focus_first(id: String) {
    request_animation_frame(move || {
        let list = browser::element(&id);
        let field = list.and_then(|list| list.query_selector("input").ok().flatten());
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            let _ = field.focus();
        }
    });
}

fn search_field(label: Words, words: RwSignal<String>) -> AnyView {
    view! {
        <div class="multi-select-search">
            <Icon glyph=Glyph::Search />
            <input
                class="input"
                type="search"
                autocomplete="off"
                aria-label=move || label.get()
                prop:value=move || words.get()
                on:input=move |event| words.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

/// One of them. The row stays where it is, whatever its figures are.
fn row(list: List, item: Item) -> AnyView {
    let (id, is_apart, provider) = (item.id, item.is_apart, item.provider);
    let (name, said) = (item.name.clone(), item.name.clone());
    let is_among = Memo::new(move |_| list.chosen.with(|chosen| item.is_among(chosen)));
    let only_label = Words::new(move || fill(texts::ONLY_THIS, &[("name", &said)]));
    let toggle = move |event: Event| {
        let chosen = list.chosen.get_untracked();
        let next = list
            .items
            .with_untracked(|items| toggled(items, &chosen, id));
        list.on_choose.run(next);
        // Where the last one is taken away, all are chosen again, and this one is.
        let field = event_target::<HtmlInputElement>(&event);
        request_animation_frame(move || field.set_checked(is_among.get_untracked()));
    };
    let box_id = browser::unique_id("choice");
    let count = move || {
        list.items.with(|items| {
            let item = items.iter().find(|item| item.id == id)?;
            item.count.map(format::whole)
        })
    };
    view! {
        <li class="multi-select-row">
            <input
                type="checkbox"
                id=box_id.clone()
                data-row=""
                prop:checked=is_among
                on:change=toggle
            />
            <label for=box_id class:is-apart=is_apart>
                {provider.map(|provider| view! { <ProviderMark provider /> })}
                <span>{name}</span>
            </label>
            <button
                type="button"
                class="multi-select-only"
                aria-label=move || only_label.get()
                on:click=move |_| list.on_choose.run(vec![id])
            >
                {t(texts::ONLY)}
            </button>
            <span class="multi-select-count">{count}</span>
        </li>
    }
    .into_any()
}
