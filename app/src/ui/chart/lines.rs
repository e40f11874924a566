//! A chart of lines over time on the screen: the picture, and the pointer and the keys that read
//! it.
//!
//! Invariant: what is drawn and said is `canvas::lines`; here are only elements and events.

use chrono::NaiveDate;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;

use super::overlay::overlay;
use super::{Canvas, failure, is_dark};
use crate::canvas::lines::ChartModel;
use crate::canvas::lines::drawing::{Colors, Drawing};
use crate::canvas::lines::frame::Frame;
use crate::canvas::lines::said::{Reading, alternative};
use crate::ui::browser;
use crate::ui::locale::{Words, language};

/// A press that moves less than this, in pixels, is no stretch of days.
const SHORTEST_STRETCH: f64 = 8.0;
/// How far the keys for a page go.
const PAGE: usize = 7;

/// The colours of the page, as it is now; what reads them here follows the theme.
pub fn colors() -> Colors {
    colors_of(is_dark())
}

/// The colours of paper, whichever the page has.
pub fn light_colors() -> Colors {
    colors_of(false)
}

fn colors_of(is_dark: bool) -> Colors {
    let style = browser::root()
        .and_then(|root| window().get_computed_style(&root).ok())
        .flatten();
    Colors::read(is_dark, |name| {
        style
            .as_ref()
            .and_then(|style| style.get_property_value(name).ok())
            .unwrap_or_default()
    })
}

/// What the pointer and the keys do with a chart.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    /// The chart.
    pub(super) model: Signal<ChartModel>,
    /// Where its plot is.
    pub(super) frame: RwSignal<Frame>,
    /// The bucket that is read.
    pub(super) place: RwSignal<Option<usize>>,
    /// Where a stretch of days begins and ends that is being drawn, from the left edge.
    pub(super) stretch: RwSignal<Option<(f64, f64)>>,
}

impl Reader {
    fn buckets(self) -> usize {
        self.model.with_untracked(|model| model.buckets.len())
    }

    fn place_at(self, across: f64) -> Option<usize> {
        let frame = self.frame.get_untracked();
        frame.place_at(across, self.buckets())
    }

    fn moved(self, across: f64) {
        self.place.set(self.place_at(across));
        self.stretch.update(|stretch| {
            if let Some((_, end)) = stretch {
                *end = across;
            }
        });
    }

    /// The days of the stretch that was drawn, if it is one.
    fn finished(self) -> Option<(NaiveDate, NaiveDate)> {
        let (begin, end) = self.stretch.get_untracked()?;
        self.stretch.set(None);
        if (end - begin).abs() < SHORTEST_STRETCH {
            return None;
        }
        let (begin, end) = (self.place_at(begin)?, self.place_at(end)?);
        self.model
            .with_untracked(|model| model.days_between(begin, end))
    }

    /// The first day of the bucket that is read, where the key is Enter.
    fn entered(self, event: &KeyboardEvent) -> Option<NaiveDate> {
        if event.key() != "Enter" {
            return None;
        }
        let place = self.place.get_untracked()?;
        let days = self
            .model
            .with_untracked(|model| model.days_between(place, place));
        days.map(|(first, _)| first)
    }

    /// Goes where a key says.
    fn pressed(self, event: &KeyboardEvent) {
        let Some(last) = self.buckets().checked_sub(1) else {
            return;
        };
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let now = self.place.get_untracked();
        let by = |steps: usize, is_forward: bool| match now {
            // The first key begins at the newest.
            None => last,
            Some(now) if is_forward => (now + steps).min(last),
            Some(now) => now.saturating_sub(steps),
        };
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => by(1, false),
            "ArrowRight" | "ArrowUp" => by(1, true),
            "PageDown" => by(PAGE, false),
            "PageUp" => by(PAGE, true),
            "Home" => 0,
            "End" => last,
            // The first leaves the place, the second what is around the chart.
            "Escape" if now.is_some() => {
                event.prevent_default();
                event.stop_propagation();
                self.place.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.place.set(Some(next));
    }
}

/// How far from the left edge of the chart a pointer is.
fn across(element: NodeRef<html::Div>, event: &PointerEvent) -> Option<f64> {
    let rect = element.get_untracked()?.get_bounding_client_rect();
    Some(f64::from(event.client_x()) - rect.left())
}

/// Draws what is read on a canvas, anew when it, the room for it or the theme changes. `on_drawn` is
/// told each time, and also where there will be no picture.
fn drawn(reader: Reader, element: NodeRef<html::Div>, on_drawn: Option<Callback<()>>) -> Canvas {
    let resized = Callback::new(move |(width, height)| {
        let frame = Frame::of_page(width, height);
        if reader
            .frame
            .try_get_untracked()
            .is_some_and(|known| known != frame)
        {
            let _ = reader.frame.try_set(frame);
        }
    });
    let canvas = Canvas::on(element, Some(resized));
    let tell = move || {
        if let Some(on_drawn) = on_drawn {
            on_drawn.run(());
        }
    };
    Effect::new(move |_| {
        if canvas.has_failed.get() {
            tell();
        }
        let frame = reader.frame.get();
        if !canvas.is_ready.get() || frame.width < 1.0 {
            return;
        }
        let colors = colors();
        let option = reader.model.with(|model| {
            let drawing = Drawing {
                model,
                frame,
                colors: &colors,
                language: language(),
            };
            drawing.option(None)
        });
        canvas.show(&option);
        tell();
    });
    canvas
}

/// A chart of lines over time. The pointer reads a bucket, and so do the arrow keys where the chart
/// has the focus; a stretch that is drawn across it is a period.
#[component]
pub fn Chart(
    /// What it shows.
    #[prop(into)]
    model: Signal<ChartModel>,
    /// What is measured.
    #[prop(into)]
    measure: Words,
    /// Takes the first and the last day of a stretch that was drawn across the chart.
    #[prop(optional, into)]
    on_stretch: Option<Callback<(NaiveDate, NaiveDate)>>,
    /// Goes back from such a stretch: a double click.
    #[prop(optional, into)]
    on_reset: Option<Callback<()>>,
    /// Takes the first day of the bucket that is read when Enter is pressed.
    #[prop(optional, into)]
    on_enter: Option<Callback<NaiveDate>>,
    /// Told when the picture is there, or that it will not come; again whenever it is drawn.
    #[prop(optional, into)]
    on_drawn: Option<Callback<()>>,
) -> impl IntoView {
    let reader = Reader {
        model,
        frame: RwSignal::new(Frame::default()),
        place: RwSignal::new(None),
        stretch: RwSignal::new(None),
    };
    let whole = NodeRef::<html::Div>::new();
    let element = NodeRef::<html::Div>::new();
    let canvas = drawn(reader, element, on_drawn);
    // Another chart has other places.
    Effect::new(move |_| {
        model.track();
        reader.place.set(None);
    });

    let last = Signal::derive(move || model.with(|model| model.buckets.len().saturating_sub(1)));
    let told = Signal::derive(move || {
        let measure = measure.get();
        model.with(|model| alternative(language(), &measure, model))
    });
    let heard = move || {
        let reading = reader
            .place
            .get()
            .and_then(|place| model.with(|model| Reading::at(language(), model, place)));
        reading.map_or_else(|| told.get(), |reading| reading.spoken())
    };
    let finish = move |event: PointerEvent| {
        if let Some(across) = across(whole, &event) {
            reader.moved(across);
        }
        if let (Some(days), Some(on_stretch)) = (reader.finished(), on_stretch) {
            on_stretch.run(days);
        }
    };
    view! {
        <figure class="chart">
            <div
                node_ref=whole
                class="chart-plot"
                role="slider"
                tabindex="0"
                aria-label=move || measure.get()
                aria-valuemin="0"
                aria-valuemax=move || last.get().to_string()
                aria-valuenow=move || reader.place.get().unwrap_or_else(|| last.get()).to_string()
                aria-valuetext=heard
                on:keydown=move |event| match (on_enter, reader.entered(&event)) {
                    (Some(on_enter), Some(day)) => {
                        // What opens by it does not get the key.
                        event.prevent_default();
                        on_enter.run(day);
                    }
                    _ => reader.pressed(&event),
                }
                on:blur=move |_| reader.place.set(None)
                on:pointermove=move |event| {
                    if let Some(across) = across(whole, &event) {
                        reader.moved(across);
                    }
                }
                on:pointerdown=move |event| {
                    let Some(across) = across(whole, &event) else { return };
                    reader.moved(across);
                    // A finger scrolls the page or reads the chart.
                    if on_stretch.is_some() && event.button() == 0 && event.pointer_type() != "touch" {
                        reader.stretch.set(Some((across, across)));
                        if let Some(whole) = whole.get_untracked() {
                            let _ = whole.set_pointer_capture(event.pointer_id());
                        }
                    }
                }
                on:pointerup=finish
                on:pointercancel=move |_| reader.stretch.set(None)
                on:pointerleave=move |event| {
                    if event.pointer_type() != "touch" && reader.stretch.get_untracked().is_none() {
                        reader.place.set(None);
                    }
                }
                on:dblclick=move |_| {
                    if let Some(on_reset) = on_reset {
                        on_reset.run(());
                    }
                }
            >
                <div
                    node_ref=element
                    class="chart-canvas"
                    class:is-failed=canvas.has_failed
                    aria-hidden="true"
                ></div>
                {overlay(reader)}
            </div>
            {failure(canvas.has_failed)}
            <figcaption class="visually-hidden">{move || told.get()}</figcaption>
        </figure>
    }
}
