//! Grey shapes where content will be, in the size of what comes, so that nothing moves when it is
//! there.

use leptos::prelude::*;

use super::locale::t;
use crate::texts::common;

/// The shape of something that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The head of a page: its title, and two buttons.
    Head,
    /// A line that says one thing, with a border around it.
    Strip,
    /// A sentence above the figures.
    Sentence,
    /// Four cards of key figures.
    Cards,
    /// A chart.
    Chart,
    /// Rows of a table under their headings.
    Rows(usize),
}

impl Shape {
    /// The class of the shape, and how many pieces it has.
    const fn pieces(self) -> (&'static str, usize) {
        match self {
            Self::Head => ("shape is-head", 3),
            Self::Strip => ("shape is-strip", 1),
            Self::Sentence => ("shape is-sentence", 1),
            Self::Cards => ("shape is-cards", 4),
            Self::Chart => ("shape is-chart", 1),
            Self::Rows(rows) => ("shape is-rows", rows + 1),
        }
    }
}

/// The shapes of what comes, one below the other.
#[component]
pub fn Skeletons(
    /// The shapes.
    shapes: &'static [Shape],
) -> impl IntoView {
    let shapes = shapes
        .iter()
        .map(|shape| {
            let (class, pieces) = shape.pieces();
            view! { <div class=class>{(0..pieces).map(|_| view! { <i></i> }).collect_view()}</div> }
        })
        .collect_view();
    view! {
        <div class="skeletons" role="status">
            <span class="visually-hidden">{t(common::LOADING)}</span>
            <div class="shapes" aria-hidden="true">
                {shapes}
            </div>
        </div>
    }
}
