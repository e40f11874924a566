//! The first page: the projects, or how to begin.

use leptos::prelude::*;

use crate::texts::common;
use crate::ui::{EmptyState, Glyph, LinkButton, PageHeader};

/// The projects of the workspace.
#[component]
pub fn HomePage() -> impl IntoView {}

/// There is no such page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <PageHeader title=common::NOT_FOUND_TITLE />
        <EmptyState glyph=Glyph::Search title=common::NOT_FOUND_TITLE message=common::NOT_FOUND_MESSAGE>
            <LinkButton label=common::NOT_FOUND_BACK href="/" />
        </EmptyState>
    }
}
