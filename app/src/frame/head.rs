//! The head of a page: one row that never wraps and stays in sight.

use leptos::prelude::*;

use crate::address::at;
use crate::texts::Text;
use crate::ui::{Glyph, Icon, PageTitle, Words, t};

/// The row with the page's name and what can be done on it. Once a page.
#[component]
pub fn Head(
    /// The page's name.
    #[prop(into)]
    title: Words,
    /// What the page is of, in the name of the window.
    #[prop(optional, into)]
    of: Option<Words>,
    /// The page that this one is below, and where it is.
    #[prop(optional)]
    up: Option<(Text, &'static str)>,
    /// Pills beside the name.
    #[prop(optional, into)]
    state: Option<ViewFn>,
    /// The page's buttons, the primary one last.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = match of {
        Some(of) => view! { <PageTitle title of /> }.into_any(),
        None => view! { <PageTitle title /> }.into_any(),
    };
    view! {
        <header class="head">
            {up
                .map(|(label, href)| {
                    view! {
                        <a class="icon-button head-up" href=at(href) aria-label=t(label)>
                            <Icon glyph=Glyph::ChevronLeft />
                        </a>
                    }
                })}
            {name}
            {state.map(|state| view! { <div class="head-state">{state.run()}</div> })}
            {children.map(|children| view! { <div class="head-actions">{children()}</div> })}
        </header>
    }
}
