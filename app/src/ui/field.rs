//! Form fields: a label, a control, a hint and what is wrong, tied together for screen readers.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::locale::Words;
use super::submission::Submission;
use super::typed_number::TypedNumber;

/// What a control and the words around it share.
#[derive(Clone, Copy)]
pub(super) struct Wiring {
    form: Submission,
    path: Signal<String>,
    has_hint: bool,
}

impl Wiring {
    pub(super) const fn new(form: Submission, path: Signal<String>, has_hint: bool) -> Self {
        Self {
            form,
            path,
            has_hint,
        }
    }

    pub(super) fn id(self) -> String {
        self.path.with(|path| self.form.id_of(path))
    }

    pub(super) fn error(self) -> Option<String> {
        self.path.with(|path| self.form.error_of(path))
    }

    /// What was typed before may have been wrong; this is something else.
    pub(super) fn touch(self) {
        self.path.with_untracked(|path| self.form.touch(path));
    }

    pub(super) fn invalid(self) -> Option<&'static str> {
        self.error().map(|_| "true")
    }

    pub(super) fn described_by(self) -> Option<String> {
        let id = self.id();
        let hint = self.has_hint.then(|| format!("{id}-hint"));
        let error = self.error().map(|_| format!("{id}-error"));
        let parts: Vec<String> = hint.into_iter().chain(error).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// Label, control, hint and error, in this order.
pub(super) fn frame(
    wiring: Wiring,
    label: Words,
    hide_label: bool,
    hint: Option<Words>,
    control: AnyView,
) -> AnyView {
    view! {
        <div class="field" class:is-wrong=move || wiring.error().is_some()>
            <label class:visually-hidden=hide_label for=move || wiring.id()>
                {move || label.get()}
            </label>
            {control}
            {hint
                .map(|hint| {
                    view! {
                        <p class="field-hint" id=move || format!("{}-hint", wiring.id())>
                            {move || hint.get()}
                        </p>
                    }
                })}
            {move || {
                wiring
                    .error()
                    .map(|error| {
                        view! {
                            <p class="field-error" id=format!("{}-error", wiring.id())>
                                <Icon glyph=Glyph::Warning />
                                {error}
                            </p>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// One line of text.
#[component]
pub fn TextField(
    /// What is wanted.
    #[prop(into)]
    label: Words,
    /// What is typed.
    value: RwSignal<String>,
    /// The form that it belongs to.
    form: Submission,
    /// The field's path in the error that the host sends.
    #[prop(into)]
    path: Signal<String>,
    /// One sentence that helps.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Which numbers it is for, as the keyboard of a phone is called: `decimal` or `numeric`. The
    /// value is plain, the field has it as the reader writes it.
    #[prop(optional)]
    input_mode: Option<&'static str>,
    /// Whether it has to be filled in.
    #[prop(optional)]
    required: bool,
    /// An example, shown while nothing is typed.
    #[prop(optional, into)]
    placeholder: Option<Words>,
    /// A sign before the text, such as `$`.
    #[prop(optional)]
    prefix: Option<&'static str>,
    /// Leaves the label to screen readers, where a heading above says it.
    #[prop(optional)]
    hide_label: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let wiring = Wiring::new(form, path, hint.is_some());
    let now: Signal<String> = value.into();
    let change = Callback::new(move |typed| value.set(typed));
    let number = input_mode.map(|_| TypedNumber::new(now, change));
    let (shown, take) = number.map_or((now, change), |number| (number.shown, number.take));
    let input = view! {
        <input
            id=move || wiring.id()
            class="input"
            type=kind
            name=move || path.get()
            autocomplete=autocomplete
            autocapitalize=(kind == "email" || kind == "password").then_some("none")
            inputmode=input_mode
            required=required
            disabled=disabled
            placeholder=move || placeholder.map(Words::get)
            aria-invalid=move || wiring.invalid()
            aria-describedby=move || wiring.described_by()
            prop:value=shown
            on:input=move |event| {
                wiring.touch();
                take.run(event_target_value(&event));
            }
        />
    };
    let control = match prefix {
        Some(prefix) => view! {
            <span class="input-group">
                <span class="input-prefix" aria-hidden="true">{prefix}</span>
                {input}
            </span>
        }
        .into_any(),
        None => input.into_any(),
    };
    let control = match number {
        Some(number) => view! {
            {control}
            {number.line()}
        }
        .into_any(),
        None => control,
    };
    frame(wiring, label, hide_label, hint, control)
}

/// Several lines of text.
#[component]
pub fn TextAreaField(
    /// What is wanted.
    #[prop(into)]
    label: Words,
    /// What is typed.
    value: RwSignal<String>,
    /// The form that it belongs to.
    form: Submission,
    /// The field's path in the error that the host sends.
    #[prop(into)]
    path: Signal<String>,
    /// One sentence that helps.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// Lines shown.
    #[prop(default = 6)]
    rows: u32,
    /// An example, shown while nothing is typed.
    #[prop(optional, into)]
    placeholder: Option<Words>,
    /// Leaves the label to screen readers.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let wiring = Wiring::new(form, path, hint.is_some());
    let control = view! {
        <textarea
            id=move || wiring.id()
            class="input"
            name=move || path.get()
            rows=rows
            placeholder=move || placeholder.map(Words::get)
            aria-invalid=move || wiring.invalid()
            aria-describedby=move || wiring.described_by()
            prop:value=value
            on:input=move |event| {
                wiring.touch();
                value.set(event_target_value(&event));
            }
        ></textarea>
    };
    frame(wiring, label, hide_label, hint, control.into_any())
}

/// One of several.
#[component]
pub fn SelectField(
    /// What is wanted.
    #[prop(into)]
    label: Words,
    /// The chosen option's value.
    value: RwSignal<String>,
    /// The form that it belongs to.
    form: Submission,
    /// The field's path in the error that the host sends.
    #[prop(into)]
    path: Signal<String>,
    /// Value and words of each option.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// One sentence that helps.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// Leaves the label to screen readers.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let wiring = Wiring::new(form, path, hint.is_some());
    let control = view! {
        <select
            id=move || wiring.id()
            class="input"
            name=move || path.get()
            aria-invalid=move || wiring.invalid()
            aria-describedby=move || wiring.described_by()
            on:change=move |event| {
                wiring.touch();
                value.set(event_target_value(&event));
            }
        >
            {move || {
                options
                    .get()
                    .into_iter()
                    .map(|(key, words)| {
                        let is_chosen = {
                            let key = key.clone();
                            move || value.with(|value| *value == key)
                        };
                        view! {
                            <option value=key prop:selected=is_chosen>
                                {words}
                            </option>
                        }
                    })
                    .collect_view()
            }}
        </select>
    };
    frame(wiring, label, hide_label, hint, control.into_any())
}
