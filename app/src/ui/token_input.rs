//! A list of short texts, typed one after the other: names, domains.

use leptos::prelude::*;

use super::browser;
use super::field::{Wiring, frame};
use super::icon::{Glyph, Icon};
use super::locale::{Words, fill};
use super::submission::Submission;
use crate::letters;
use crate::texts::common;

/// Chips and a line to type the next one. Comma, Enter or leaving the line adds it; Backspace
/// on the empty line takes the last one back.
#[component]
pub fn TokenInput(
    /// What is wanted.
    #[prop(into)]
    label: Words,
    /// The texts.
    values: RwSignal<Vec<String>>,
    /// The form that it belongs to.
    form: Submission,
    /// The field's path in the error that the host sends.
    #[prop(into)]
    path: Signal<String>,
    /// One sentence that helps.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// An example, shown while nothing is typed.
    #[prop(optional, into)]
    placeholder: Option<Words>,
) -> impl IntoView {
    let wiring = Wiring::new(form, path, hint.is_some());
    let typed = RwSignal::new(String::new());
    let add = move || {
        let text = typed.get_untracked();
        if !text.trim().is_empty() {
            values.update(|values| add_all(values, &text));
        }
        typed.set(String::new());
    };
    let control = view! {
        <div class="input tokens">
            <For each=move || values.get() key=String::clone let:value>
                {chip(value, values, wiring)}
            </For>
            <input
                id=move || wiring.id()
                type="text"
                name=move || path.get()
                autocomplete="off"
                placeholder=move || {
                    placeholder.filter(|_| values.with(Vec::is_empty)).map(Words::get)
                }
                aria-invalid=move || wiring.invalid()
                aria-describedby=move || wiring.described_by()
                prop:value=typed
                on:input=move |event| {
                    wiring.touch();
                    let text = event_target_value(&event);
                    let is_complete = text.contains([',', ';', '\n']);
                    typed.set(text);
                    if is_complete {
                        add();
                    }
                }
                on:keydown=move |event| match event.key().as_str() {
                    "Enter" => {
                        event.prevent_default();
                        add();
                    }
                    "Backspace" if typed.with_untracked(String::is_empty) => {
                        wiring.touch();
                        values.update(|values| drop(values.pop()));
                    }
                    _ => {}
                }
                on:blur=move |_| add()
            />
        </div>
    };
    frame(wiring, label, false, hint, control.into_any())
}

fn chip(value: String, values: RwSignal<Vec<String>>, wiring: Wiring) -> impl IntoView {
    let shown = value.clone();
    let named = value.clone();
    view! {
        <span class="token">
            {shown}
            <button
                type="button"
                aria-label=move || fill(common::REMOVE_NAME, &[("name", &named)])
                on:click=move |_| {
                    wiring.touch();
                    browser::keep_focus(".tokens :is(button, input)");
                    values.update(|values| values.retain(|kept| *kept != value));
                }
            >
                <Icon glyph=Glyph::Close />
            </button>
        </span>
    }
}

fn add_all(values: &mut Vec<String>, text: &str) {
    for part in text
        .split([',', ';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        if !values
            .iter()
            .any(|known| letters::small(known) == letters::small(part))
        {
            values.push(part.to_owned());
        }
    }
}
