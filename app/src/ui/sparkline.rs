//! A sparkline: the course of a value in the height of a line. What it says stands beside it in
//! words, so a screen reader passes it over.

use leptos::prelude::*;

use crate::shapes::sparkline::{HEIGHT, WIDTH, draw};

/// The course of a value, one point a day, over its own range.
#[component]
pub fn Sparkline(
    /// A value a day; `None` for a day without answers.
    values: Vec<Option<f64>>,
    /// Grey: nothing changed beyond noise.
    #[prop(optional)]
    is_quiet: bool,
) -> impl IntoView {
    let drawing = draw(&values);
    view! {
        <svg
            class="spark"
            class:is-quiet=is_quiet
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <path class="spark-area" d=drawing.area />
            <path class="spark-line" d=drawing.line />
            <path class="spark-dot" d=drawing.dot />
        </svg>
    }
}
