//! What lies over a chart of lines while it is read: the cross-hair, a dot a line, the box with all
//! values, and the stretch of days that is being drawn.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::lines::Reader;
use crate::canvas::lines::axis::Axis;
use crate::canvas::lines::drawing::token_of;
use crate::canvas::lines::frame::Frame;
use crate::canvas::lines::said::{Reading, Row};
use crate::ui::locale::language;

/// Height of the box: its head, and each of its rows.
const HEAD_HEIGHT: f64 = 48.0;
const ROW_HEIGHT: f64 = 21.0;

/// All of it; nothing while nobody reads.
pub(super) fn overlay(reader: Reader) -> AnyView {
    let read = move || {
        let place = reader.place.get()?;
        let frame = reader.frame.get();
        reader.model.with(|model| {
            let reading = Reading::at(language(), model, place)?;
            let axis = Axis::of(model);
            let rows = f64::from(u32::try_from(reading.rows.len()).unwrap_or_default());
            let height = HEAD_HEIGHT + ROW_HEIGHT * rows;
            let at = frame.box_at(model, &axis, place, height);
            let across = frame.across(place, model.buckets.len());
            Some(drawn(&reading, frame, &axis, across, at))
        })
    };
    let stretch = move || {
        let (begin, end) = reader.stretch.get()?;
        let frame = reader.frame.get();
        let style = format!(
            "left:{}px;width:{}px;top:{}px;bottom:{}px",
            begin.min(end),
            (end - begin).abs(),
            frame.top,
            frame.bottom
        );
        Some(view! { <i class="chart-stretch" style=style></i> }.into_any())
    };
    view! { <div class="chart-overlay" aria-hidden="true">{read} {stretch}</div> }.into_any()
}

fn drawn(reading: &Reading, frame: Frame, axis: &Axis, across: f64, at: (f64, f64)) -> AnyView {
    let hair = format!(
        "left:{across}px;top:{}px;bottom:{}px",
        frame.top, frame.bottom
    );
    let dots = reading
        .rows
        .iter()
        .map(|row| {
            let mut style = color_of(row);
            let _ = write!(
                style,
                "left:{across}px;top:{}px",
                frame.down(axis, row.number)
            );
            view! { <i class="chart-dot" style=style></i> }
        })
        .collect_view();
    let rows = reading
        .rows
        .iter()
        .map(|row| {
            view! {
                <li class:is-you=row.is_you style=color_of(row)>
                    <i></i>
                    <span>{row.name.clone()}</span>
                    <b>{row.value.clone()}</b>
                    {row.interval.clone().map(|interval| view! { <small>{interval}</small> })}
                </li>
            }
        })
        .collect_view();
    // On a phone it lies where the styles say: above the plot.
    let place = (!frame.is_narrow()).then(|| format!("left:{}px;top:{}px", at.0, at.1));
    view! {
        <i class="chart-hair" style=hair></i>
        {dots}
        <div class="chart-box" class:is-narrow=frame.is_narrow() style=place>
            <p>
                <b>{reading.title.clone()}</b>
                <span>{reading.answers.clone()}</span>
            </p>
            <ul>{rows}</ul>
        </div>
    }
    .into_any()
}

/// Hands the colour of a line to the styles.
fn color_of(row: &Row) -> String {
    format!("--series:var(--{});", token_of(row.slot, row.is_you))
}
