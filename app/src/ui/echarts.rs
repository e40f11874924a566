//! The few calls to Apache `ECharts` that charts need: load the bundle, make a chart, give it
//! options, listen, resize, end it.
//!
//! Invariant: knows no data and no options. Calls go through `Reflect`: nothing here is
//! `unsafe`, and a bundle that lacks something is an error, not a crash.

use std::cell::RefCell;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{HtmlElement, HtmlMetaElement, HtmlScriptElement, ResizeObserver};
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;

thread_local! {
    static BUNDLE: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// What `ECharts` says about something that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A point, bar or line of the series with this id.
    Series(String),
    /// The series with this name, in the legend.
    Legend(String),
}

/// The bundle; the first call loads it. A call after one that failed tries again.
async fn bundle() -> Result<JsValue, JsValue> {
    let loaded = Reflect::get(&window(), &"echarts".into())?;
    if loaded.is_object() {
        return Ok(loaded);
    }
    let promise =
        BUNDLE.with_borrow_mut(|bundle| bundle.get_or_insert_with(request_bundle).clone());
    if let Err(error) = JsFuture::from(promise).await {
        BUNDLE.with_borrow_mut(Option::take);
        return Err(error);
    }
    Reflect::get(&window(), &"echarts".into())
}

/// Adds a script element with the address in `<meta name="echarts">`.
fn request_bundle() -> Promise {
    Promise::new(&mut |resolve, reject| {
        if let Err(error) = add_script(&resolve, &reject) {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    })
}

fn add_script(resolve: &Function, reject: &Function) -> Result<(), JsValue> {
    let meta = document()
        .query_selector("meta[name=echarts]")?
        .ok_or("no address of the charts")?;
    let address = meta
        .dyn_into::<HtmlMetaElement>()
        .map_err(JsValue::from)?
        .content();
    let script: HtmlScriptElement = document().create_element("script")?.dyn_into()?;
    script.set_src(&address);
    script.set_onload(Some(resolve));
    script.set_onerror(Some(reject));
    document().head().ok_or("no head")?.append_child(&script)?;
    Ok(())
}

fn call(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    Reflect::apply(&function, object, arguments)
}

fn text_of(event: &JsValue, name: &str) -> Option<String> {
    Reflect::get(event, &name.into()).ok()?.as_string()
}

/// A chart on the screen. Dropping it takes it off.
pub struct Instance {
    chart: JsValue,
    observer: ResizeObserver,
    // Kept alive for as long as the browser may call them.
    _on_resize: Closure<dyn FnMut()>,
    on_event: Vec<Closure<dyn FnMut(JsValue)>>,
}

impl Instance {
    /// A chart that fills `element`, and goes on filling it.
    ///
    /// # Errors
    /// The bundle cannot be loaded, or refuses.
    pub async fn load(element: &HtmlElement) -> Result<Self, JsValue> {
        let echarts = bundle().await?;
        let arguments = Array::of3(element, &JsValue::NULL, &Object::new());
        let chart = call(&echarts, "init", &arguments)?;
        let resized = chart.clone();
        let on_resize = Closure::new(move || {
            let _ = call(&resized, "resize", &Array::new());
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref())?;
        observer.observe(element);
        Ok(Self {
            chart,
            observer,
            _on_resize: on_resize,
            on_event: Vec::new(),
        })
    }

    /// Shows other options in place of the present ones.
    pub fn show(&self, option: &Value) {
        let Ok(option) = JSON::parse(&option.to_string()) else {
            return;
        };
        let arguments = Array::of2(&option, &JsValue::TRUE);
        if let Err(error) = call(&self.chart, "setOption", &arguments) {
            leptos::logging::error!("the chart cannot be drawn: {error:?}");
        }
    }

    /// Calls `on_pick` when a series is pressed in the chart or in its legend.
    pub fn listen(&mut self, on_pick: Callback<Pick>) {
        self.on("click", "seriesId", move |id| on_pick.run(Pick::Series(id)));
        self.on("legendselectchanged", "name", move |name| {
            on_pick.run(Pick::Legend(name));
        });
    }

    fn on(&mut self, event: &str, property: &'static str, action: impl Fn(String) + 'static) {
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(text) = text_of(&event, property) {
                action(text);
            }
        });
        let _ = call(
            &self.chart,
            "on",
            &Array::of2(&event.into(), closure.as_ref()),
        );
        self.on_event.push(closure);
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.observer.disconnect();
        let _ = call(&self.chart, "dispose", &Array::new());
    }
}
