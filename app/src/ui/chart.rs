//! What charts are drawn on. A chart always has its table: the same numbers for those who do not
//! see the picture, and for all where the chart library cannot be loaded.

pub mod lines;
mod overlay;

use std::sync::LazyLock;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::MediaQueryList;
use serde_json::Value;

pub use self::lines::{Chart, colors, light_colors};
use super::echarts::Instance;
use super::icon::{Glyph, Icon};
use super::locale::{Words, t};
use super::theme::{Theme, theme};
use crate::texts::chart as texts;

fn media(query: &str) -> Option<MediaQueryList> {
    window().match_media(query).ok().flatten()
}

static SYSTEM_IS_DARK: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| {
    let query = media("(prefers-color-scheme: dark)");
    let signal = ArcRwSignal::new(query.as_ref().is_some_and(MediaQueryList::matches));
    if let Some(query) = query {
        let (watched, changed) = (query.clone(), signal.clone());
        let listener = Closure::<dyn FnMut()>::new(move || changed.set(watched.matches()));
        let _ = query.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
        // It listens for as long as the page lives.
        listener.forget();
    }
    signal
});

/// Whether the page is dark; what reads it here follows the user's choice and the system's.
pub fn is_dark() -> bool {
    match theme() {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System => SYSTEM_IS_DARK.get(),
    }
}

fn prefers_less_motion() -> bool {
    media("(prefers-reduced-motion: reduce)").is_some_and(|query| query.matches())
}

/// A chart on an element, once both are there.
#[derive(Clone, Copy)]
struct Canvas {
    instance: StoredValue<Option<Instance>, LocalStorage>,
    is_ready: RwSignal<bool>,
    has_failed: RwSignal<bool>,
}

impl Canvas {
    /// Loads the chart library once the element is there; ends the chart with the page.
    fn on(element: NodeRef<html::Div>, resized: Option<Callback<(f64, f64)>>) -> Self {
        let canvas = Self {
            instance: StoredValue::new_local(None),
            is_ready: RwSignal::new(false),
            has_failed: RwSignal::new(false),
        };
        Effect::new(move |_| {
            let Some(element) = element.get() else { return };
            spawn_local(async move {
                match Instance::load(&element, resized).await {
                    Ok(made) => {
                        let _ = canvas
                            .instance
                            .try_update_value(|place| *place = Some(made));
                        let _ = canvas.is_ready.try_set(true);
                    }
                    Err(_) => {
                        let _ = canvas.has_failed.try_set(true);
                    }
                }
            });
        });
        on_cleanup(move || {
            let _ = canvas.instance.try_update_value(Option::take);
        });
        canvas
    }

    /// Shows other options in place of the present ones.
    fn show(self, option: &Value) {
        self.instance.with_value(|instance| {
            if let Some(instance) = instance {
                instance.show(option);
            }
        });
    }
}

/// Says that there is no picture.
fn failure(has_failed: RwSignal<bool>) -> AnyView {
    view! {
        <Show when=move || has_failed.get()>
            <p class="chart-failed" role="status">
                <Icon glyph=Glyph::Warning />
                {t(texts::NOT_LOADED)}
            </p>
        </Show>
    }
    .into_any()
}

/// A chart of any options and, below it, the same as a table.
#[component]
pub fn OptionChart(
    /// `ECharts` options; `None` leaves what is there.
    #[prop(into)]
    option: Signal<Option<Value>>,
    /// What the chart shows, in a sentence or two.
    #[prop(into)]
    summary: Words,
    /// Height in pixels.
    #[prop(into)]
    height: Signal<u32>,
    /// The table.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let canvas = Canvas::on(element, None);
    let has_failed = canvas.has_failed;
    Effect::new(move |_| {
        let (true, Some(mut option)) = (canvas.is_ready.get(), option.get()) else {
            return;
        };
        if prefers_less_motion() {
            option["animation"] = Value::Bool(false);
        }
        canvas.show(&option);
    });

    view! {
        <figure class="chart">
            <div
                node_ref=element
                class="chart-canvas"
                class:is-failed=has_failed
                role="img"
                aria-label=move || summary.get()
                style:height=move || format!("{}px", height.get())
            ></div>
            {failure(has_failed)}
            <details class="chart-table" open=has_failed>
                <summary>{t(texts::AS_TABLE)}</summary>
                {children()}
            </details>
        </figure>
    }
}
