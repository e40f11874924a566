//! A pill: the name of a state, or of a change, in one or two words.

use leptos::prelude::*;

use super::layout::Tone;
use super::locale::Words;

/// The name of a state.
#[component]
pub fn Pill(
    /// What it says.
    #[prop(into)]
    label: Words,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    view! { <span class=format!("pill {}", tone.class())>{move || label.get()}</span> }
}
