//! Tabs: one of several views of the same thing.

use leptos::prelude::*;

use super::browser;
use super::locale::Words;

/// A row of tabs over one panel. Arrow keys move between the tabs.
#[component]
pub fn Tabs(
    /// What the tabs choose between.
    #[prop(into)]
    label: Words,
    /// Key and words of each tab.
    tabs: Vec<(&'static str, Words)>,
    /// The key of the chosen tab.
    selected: RwSignal<&'static str>,
    /// What the chosen tab shows.
    children: Children,
) -> impl IntoView {
    let id = browser::unique_id("tabs");
    let keys: Vec<&'static str> = tabs.iter().map(|(key, _)| *key).collect();
    let tab_id = {
        let id = id.clone();
        move |key: &str| format!("{id}-{key}")
    };
    let move_to = {
        let tab_id = tab_id.clone();
        move |step: usize| {
            let chosen = selected.get_untracked();
            let now = keys.iter().position(|key| *key == chosen).unwrap_or(0);
            let next = keys[(now + step) % keys.len()];
            selected.set(next);
            browser::focus_soon(tab_id(next));
        }
    };
    let back = tabs.len().saturating_sub(1);
    let buttons = tabs
        .into_iter()
        .map(|(key, words)| {
            let is_chosen = move || selected.get() == key;
            view! {
                <button
                    type="button"
                    role="tab"
                    class="tab"
                    id=tab_id(key)
                    aria-selected=move || if is_chosen() { "true" } else { "false" }
                    aria-controls=format!("{id}-panel")
                    tabindex=move || if is_chosen() { "0" } else { "-1" }
                    on:click=move |_| selected.set(key)
                >
                    {move || words.get()}
                </button>
            }
        })
        .collect_view();
    let panel = format!("{id}-panel");
    view! {
        <div
            class="tabs"
            role="tablist"
            aria-label=move || label.get()
            on:keydown=move |event| match event.key().as_str() {
                "ArrowRight" => move_to(1),
                "ArrowLeft" => move_to(back),
                _ => {}
            }
        >
            {buttons}
        </div>
        <div role="tabpanel" id=panel aria-labelledby=move || format!("{id}-{}", selected.get())>
            {children()}
        </div>
    }
}
