//! What is shown where there is no page.

use leptos::prelude::*;

use super::head::Head;
use crate::texts::common;
use crate::ui::{EmptyState, Glyph, LinkButton};

/// There is no such page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Head title=common::NOT_FOUND_TITLE />
        <EmptyState
            glyph=Glyph::Search
            title=common::NOT_FOUND_TITLE
            message=common::NOT_FOUND_MESSAGE
        >
            <LinkButton label=common::NOT_FOUND_BACK href="/" />
        </EmptyState>
    }
}
