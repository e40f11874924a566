//! A value within its interval, as a bar with a tick. The numbers stand beside it.

use leptos::prelude::*;

use crate::shapes::interval_bar::place;

/// A value within its interval; all three are shares from 0 to 1.
#[component]
pub fn IntervalBar(
    /// Where the interval begins.
    low: f64,
    /// The value.
    value: f64,
    /// Where the interval ends.
    high: f64,
    /// Whether it is the reader's brand: orange, else grey.
    #[prop(optional)]
    is_you: bool,
) -> impl IntoView {
    let bar = place(low, value, high);
    let percent = |value: f64| format!("{value:.1}%");
    view! {
        <span
            class="interval-bar"
            class:is-you=is_you
            aria-hidden="true"
            style:--start=percent(bar.start)
            style:--length=percent(bar.length)
            style:--tick=percent(bar.tick)
        ></span>
    }
}
