//! What stands where nothing is yet: one sentence, and the button that ends it.

use leptos::prelude::*;

use super::locale::Words;

/// Nothing is here yet: why, and what to do about it.
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: Words,
    /// Why, or what to do, in one sentence.
    #[prop(into)]
    message: Words,
    /// The buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{move || title.get()}</h2>
            <p>{move || message.get()}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}
