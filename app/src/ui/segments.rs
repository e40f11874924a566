//! One of a few, side by side; and filters that a press takes away.

use leptos::prelude::*;

use super::browser;
use super::icon::{Glyph, Icon};
use super::locale::Words;

/// A choice of [`Segments`].
pub struct Segment {
    label: Words,
    glyph: Option<Glyph>,
    is_chosen: Signal<bool>,
    choose: Callback<()>,
}

impl Segment {
    /// A choice by its name, whether it holds, and what makes it hold.
    pub fn new(
        label: impl Into<Words>,
        is_chosen: impl Fn() -> bool + Send + Sync + 'static,
        choose: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            label: label.into(),
            glyph: None,
            is_chosen: Signal::derive(is_chosen),
            choose: Callback::new(move |()| choose()),
        }
    }

    /// The same with a picture before its name.
    #[must_use]
    pub fn with_glyph(self, glyph: Glyph) -> Self {
        Self {
            glyph: Some(glyph),
            ..self
        }
    }
}

/// Choices of which one holds, or none.
#[component]
pub fn Segments(
    /// What is chosen; for screen readers.
    #[prop(into)]
    legend: Words,
    /// The choices, in their order.
    segments: Vec<Segment>,
) -> impl IntoView {
    // Several of these may stand on one page: each is a group of its own.
    let group = browser::unique_id("segments");
    let segments = segments
        .into_iter()
        .map(|segment| {
            let Segment {
                label,
                glyph,
                is_chosen,
                choose,
            } = segment;
            view! {
                <label class="segment">
                    <input
                        type="radio"
                        name=group.clone()
                        prop:checked=is_chosen
                        on:change=move |_| choose.run(())
                    />
                    {glyph.map(|glyph| view! { <Icon glyph /> })}
                    <span>{move || label.get()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="segments">
            <legend class="visually-hidden">{move || legend.get()}</legend>
            {segments}
        </fieldset>
    }
}

/// A filter that another part of the page has set.
#[component]
pub fn RemovableChip(
    /// What is shown because of it.
    #[prop(into)]
    label: String,
    /// Takes the filter away.
    #[prop(into)]
    on_remove: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="chip is-removable"
            aria-pressed="true"
            on:click=move |_| {
                browser::keep_focus("h1, .chip.is-removable");
                on_remove.run(());
            }
        >
            {label}
            <Icon glyph=Glyph::Close />
        </button>
    }
}
