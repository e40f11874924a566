//! Buttons, and links that look like one.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::locale::Words;
use super::submission::Submission;
use crate::address::at;

/// How much a button wants to be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do on a page.
    Primary,
    /// Everything else.
    #[default]
    Plain,
    /// Without a frame, inside rows and bars.
    Quiet,
    /// It destroys something.
    Danger,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button is-primary",
            Self::Plain => "button",
            Self::Quiet => "button is-quiet",
            Self::Danger => "button is-danger",
        }
    }
}

/// A button that does something on this page.
#[component]
pub fn Button(
    /// What it says.
    #[prop(into)]
    label: Words,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// A picture before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether what it started is still under way.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// More precise words for a screen reader: "Delete Kipu" where the button says "Delete".
    /// They have to contain the visible words.
    #[prop(optional, into)]
    name: Option<Words>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=look.class()
            class:is-pending=pending
            aria-label=move || name.map(Words::get)
            aria-busy=move || pending.get().then_some("true")
            disabled=disabled
            on:click=move |_| {
                if !pending.get_untracked() {
                    on_press.run(());
                }
            }
        >
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span>{move || label.get()}</span>
        </button>
    }
}

/// The button that sends a form.
#[component]
pub fn SubmitButton(
    /// What it says.
    #[prop(into)]
    label: Words,
    /// The form.
    form: Submission,
    /// How it looks.
    #[prop(default = Look::Primary)]
    look: Look,
    /// A picture before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// The id of its element, for one that is to have the focus.
    #[prop(optional)]
    id: Option<String>,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    // Not disabled while pending: a disabled button would lose the focus.
    view! {
        <button
            type="submit"
            id=id
            class=look.class()
            class:is-pending=move || form.is_pending()
            aria-busy=move || form.is_pending().then_some("true")
            disabled=disabled
        >
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span>{move || label.get()}</span>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// What it says.
    #[prop(into)]
    label: Words,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// A picture before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <a href=at(&href) class=look.class()>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span>{move || label.get()}</span>
        </a>
    }
}
