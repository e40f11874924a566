//! A cell of heat: a share in a colour around the mean, and the legend of the colours.

use leptos::prelude::*;

use super::format;
use super::locale::{fill, t};
use crate::model::metrics::is_few;
use crate::shapes::heat::{HeatScale, Side};
use crate::texts::kit;

/// A share in its colour: hatched where few answers are behind it, `–` where nothing was asked.
#[component]
pub fn HeatCell(
    /// The share, from 0 to 1; `None` where nothing was asked.
    value: Option<f64>,
    /// How many answers are behind it.
    answers: i64,
    /// What all cells are coloured by.
    scale: HeatScale,
) -> impl IntoView {
    let Some(value) = value else {
        return view! {
            <span class="heat-cell">
                <span aria-hidden="true">"–"</span>
                <span class="visually-hidden">{t(kit::NOTHING_ASKED)}</span>
            </span>
        }
        .into_any();
    };
    let is_few = is_few(answers);
    let (side, strength) = scale.colour(value);
    let class = match (is_few, side) {
        (true, _) => "heat-cell is-few",
        (false, Side::Above) => "heat-cell is-above",
        (false, Side::Below) => "heat-cell is-below",
    };
    let few =
        is_few.then(|| view! { <span class="visually-hidden">", "{t(kit::FEW_ANSWERS)}</span> });
    view! {
        <span
            class=class
            style:--heat=format!("{strength:.0}%")
            title=move || is_few.then(t(kit::FEW_ANSWERS))
        >
            {move || format::number(value * 100.0, 0)}
            <span class="visually-hidden">"%"</span>
            {few}
        </span>
    }
    .into_any()
}

/// What the colours of heat mean: both ends, and the mean between them.
#[component]
pub fn HeatLegend(
    /// What the cells are coloured by.
    scale: HeatScale,
) -> impl IntoView {
    view! {
        <p class="heat-legend">
            <span>{move || format::whole_percent(scale.lowest)}</span>
            <i aria-hidden="true"></i>
            <span>{move || format::whole_percent(scale.highest)}</span>
            <span>
                {move || fill(kit::HEAT_MEAN, &[("mean", &format::whole_percent(scale.mean))])}
            </span>
        </p>
    }
}
