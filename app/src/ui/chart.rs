//! A chart with its table: the same numbers for those who do not see the picture, and for all
//! where the chart library cannot be loaded.

use std::sync::LazyLock;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::MediaQueryList;
use serde_json::Value;

use super::echarts::Instance;
pub use super::echarts::Pick;
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

/// A chart and, below it, the same as a table.
#[component]
pub fn Chart(
    /// `ECharts` options; `None` leaves what is there.
    #[prop(into)]
    option: Signal<Option<Value>>,
    /// What the chart shows, in a sentence or two.
    #[prop(into)]
    summary: Words,
    /// Height in pixels.
    #[prop(into)]
    height: Signal<u32>,
    /// Called when a series is pressed.
    #[prop(optional, into)]
    on_pick: Option<Callback<Pick>>,
    /// The table.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let instance = StoredValue::new_local(None::<Instance>);
    let is_ready = RwSignal::new(false);
    let has_failed = RwSignal::new(false);
    // A press in the legend hides the series there; drawing again shows it again.
    let round = RwSignal::new(0_u32);

    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        spawn_local(async move {
            match Instance::load(&element).await {
                Ok(mut made) => {
                    if let Some(on_pick) = on_pick {
                        made.listen(Callback::new(move |pick| {
                            on_pick.run(pick);
                            let _ = round.try_update(|round| *round = round.wrapping_add(1));
                        }));
                    }
                    let _ = instance.try_update_value(|place| *place = Some(made));
                    let _ = is_ready.try_set(true);
                }
                Err(_) => {
                    let _ = has_failed.try_set(true);
                }
            }
        });
    });
    Effect::new(move |_| {
        round.track();
        let (true, Some(mut option)) = (is_ready.get(), option.get()) else {
            return;
        };
        if prefers_less_motion() {
            option["animation"] = Value::Bool(false);
        }
        instance.with_value(|instance| {
            if let Some(instance) = instance {
                instance.show(&option);
            }
        });
    });
    on_cleanup(move || {
        let _ = instance.try_update_value(Option::take);
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
            <Show when=move || has_failed.get()>
                <p class="chart-failed" role="status">
                    <Icon glyph=Glyph::Warning />
                    {t(texts::NOT_LOADED)}
                </p>
            </Show>
            <details class="chart-table" open=has_failed>
                <summary>{t(texts::AS_TABLE)}</summary>
                {children()}
            </details>
        </figure>
    }
}
