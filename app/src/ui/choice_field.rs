//! A field for one of very many: typed, with what there is offered below as it is typed.
//!
//! The list is the browser's own, so that it has the keys and the touch of the platform.

use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;

use super::icon::{Glyph, Icon};
use super::locale::Words;

/// A field for one of very many. What is typed and is none of them stays as it is, for the form to
/// say so.
#[component]
pub fn ChoiceField(
    /// The id of the field.
    #[prop(into)]
    id: String,
    /// Its name in the form.
    name: &'static str,
    /// What is wanted; for screen readers, where a heading above says it.
    #[prop(into)]
    label: Words,
    /// What is typed.
    #[prop(into)]
    value: Signal<String>,
    /// What there is.
    options: Vec<String>,
    /// One sentence that helps.
    #[prop(into)]
    hint: Words,
    /// What is wrong with what is typed.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Takes what is typed.
    on_input: Callback<String>,
    /// Called when it is left, or one of the list is chosen.
    on_leave: Callback<()>,
) -> impl IntoView {
    let list_id = format!("{id}-list");
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described_by = {
        let (hint, error_id) = (hint_id.clone(), error_id.clone());
        move || match error.get() {
            Some(_) => format!("{hint} {error_id}"),
            None => hint.clone(),
        }
    };
    let options = options
        .into_iter()
        .map(|option| view! { <option value=option></option> })
        .collect_view();
    view! {
        <div class="field" class:is-wrong=move || error.get().is_some()>
            <label class="visually-hidden" for=id.clone()>
                {move || label.get()}
            </label>
            <input
                id=id
                class="input"
                type="text"
                name=name
                list=list_id.clone()
                autocomplete="off"
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described_by
                prop:value=value
                // What stands there would be all that the list offers: it is typed over.
                on:focus=move |event| {
                    let field = event_target::<HtmlInputElement>(&event);
                    request_animation_frame(move || field.select());
                }
                on:input=move |event| on_input.run(event_target_value(&event))
                on:change=move |_| on_leave.run(())
            />
            <datalist id=list_id>{options}</datalist>
            <p class="field-hint" id=hint_id>
                {move || hint.get()}
            </p>
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <p class="field-error" id=error_id.clone()>
                                <Icon glyph=Glyph::Warning />
                                {error}
                            </p>
                        }
                    })
            }}
        </div>
    }
}
