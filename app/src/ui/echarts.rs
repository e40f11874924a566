//! The few calls to Apache `ECharts` that charts need: load the bundle, make a chart, give it
//! options, resize, end it; and pictures of charts as files.
//!
//! Invariant: knows no data and no options. Calls go through `Reflect`: nothing here is
//! `unsafe`, and a bundle that lacks something is an error, not a crash.

use std::cell::RefCell;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{HtmlElement, HtmlMetaElement, HtmlScriptElement, ResizeObserver};
use serde_json::{Value, json};
use wasm_bindgen_futures::JsFuture;

use crate::tasks::next_task;

thread_local! {
    static REQUESTED: RefCell<Vec<(&'static str, Promise)>> = const { RefCell::new(Vec::new()) };
}

/// A bundle: the `<meta>` element with its address, and the name that it sets on the window.
#[derive(Clone, Copy)]
struct Bundle {
    meta: &'static str,
    global: &'static str,
}

/// What draws on a canvas.
const CANVAS: Bundle = Bundle {
    meta: "echarts",
    global: "echarts",
};
/// What draws as SVG. It is whole: the renderer of one bundle does not know the shapes of another.
const VECTOR: Bundle = Bundle {
    meta: "vector-charts",
    global: "vectorCharts",
};

impl Bundle {
    /// The bundle; the first call loads it. A call after one that failed tries again.
    async fn load(self) -> Result<JsValue, JsValue> {
        let loaded = Reflect::get(&window(), &self.global.into())?;
        if loaded.is_object() {
            return Ok(loaded);
        }
        let promise = REQUESTED.with_borrow_mut(|requested| {
            if let Some((_, promise)) = requested.iter().find(|(of, _)| *of == self.global) {
                return promise.clone();
            }
            let promise = self.request();
            requested.push((self.global, promise.clone()));
            promise
        });
        if let Err(error) = JsFuture::from(promise).await {
            REQUESTED.with_borrow_mut(|requested| {
                requested.retain(|(of, _)| *of != self.global);
            });
            return Err(error);
        }
        Reflect::get(&window(), &self.global.into())
    }

    /// Adds a script element with the address of the bundle.
    fn request(self) -> Promise {
        Promise::new(&mut |resolve, reject| {
            if let Err(error) = self.add_script(&resolve, &reject) {
                let _ = reject.call1(&JsValue::UNDEFINED, &error);
            }
        })
    }

    fn add_script(self, resolve: &Function, reject: &Function) -> Result<(), JsValue> {
        let meta = document()
            .query_selector(&format!("meta[name={}]", self.meta))?
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
}

fn call(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    Reflect::apply(&function, object, arguments)
}

fn options_of(option: &Value) -> Result<JsValue, JsValue> {
    JSON::parse(&option.to_string())
}

/// A chart on the screen. Dropping it takes it off.
pub struct Instance {
    chart: JsValue,
    observer: ResizeObserver,
    // Kept alive for as long as the browser may call it.
    _on_resize: Closure<dyn FnMut()>,
}

impl Instance {
    /// A chart that fills `element`, and goes on filling it. `resized` is told its width and height
    /// in pixels, at once and whenever they change.
    ///
    /// # Errors
    /// The bundle cannot be loaded, or refuses.
    pub async fn load(
        element: &HtmlElement,
        resized: Option<Callback<(f64, f64)>>,
    ) -> Result<Self, JsValue> {
        let echarts = CANVAS.load().await?;
        // The bundle has just run, which takes a task by itself.
        next_task().await;
        let arguments = Array::of3(element, &JsValue::NULL, &Object::new());
        let chart = call(&echarts, "init", &arguments)?;
        let (of_chart, of_element) = (chart.clone(), element.clone());
        // The browser calls it once when it begins to observe.
        let on_resize = Closure::new(move || {
            let _ = call(&of_chart, "resize", &Array::new());
            if let Some(resized) = resized {
                let (width, height) = (of_element.client_width(), of_element.client_height());
                resized.run((f64::from(width), f64::from(height)));
            }
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref())?;
        observer.observe(element);
        Ok(Self {
            chart,
            observer,
            _on_resize: on_resize,
        })
    }

    /// Shows other options in place of the present ones.
    pub fn show(&self, option: &Value) {
        if let Err(error) = show(&self.chart, option) {
            leptos::logging::error!("the chart cannot be drawn: {error:?}");
        }
    }
}

fn show(chart: &JsValue, option: &Value) -> Result<(), JsValue> {
    let arguments = Array::of2(&options_of(option)?, &JsValue::TRUE);
    call(chart, "setOption", &arguments).map(|_| ())
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.observer.disconnect();
        let _ = call(&self.chart, "dispose", &Array::new());
    }
}

/// A picture of a chart of this width and height, on `ground`, as the canvas that it is drawn on:
/// two dots a pixel.
///
/// # Errors
/// The bundle cannot be loaded, or refuses.
pub async fn picture(option: &Value, size: (f64, f64), ground: &str) -> Result<JsValue, JsValue> {
    let echarts = CANVAS.load().await?;
    let element = document().create_element("div")?;
    let settings = options_of(&json!({ "width": size.0, "height": size.1 }))?;
    let chart = call(
        &echarts,
        "init",
        &Array::of3(&element, &JsValue::NULL, &settings),
    )?;
    let wanted = options_of(&json!({ "pixelRatio": 2, "backgroundColor": ground }))?;
    let canvas =
        show(&chart, option).and_then(|()| call(&chart, "renderToCanvas", &Array::of1(&wanted)));
    let _ = call(&chart, "dispose", &Array::new());
    canvas
}

/// A picture of a chart of this width and height as an SVG document.
///
/// # Errors
/// The second bundle cannot be loaded, or refuses.
pub async fn vector_picture(option: &Value, size: (f64, f64)) -> Result<String, JsValue> {
    let charts = VECTOR.load().await?;
    let (width, height) = size;
    let settings = json!({ "renderer": "svg", "ssr": true, "width": width, "height": height });
    let arguments = Array::of3(&JsValue::NULL, &JsValue::NULL, &options_of(&settings)?);
    let chart = call(&charts, "init", &arguments)?;
    let drawn =
        show(&chart, option).and_then(|()| call(&chart, "renderToSVGString", &Array::new()));
    let _ = call(&chart, "dispose", &Array::new());
    drawn?.as_string().ok_or_else(|| "no text".into())
}

/// The address of a canvas as a PNG file.
///
/// # Errors
/// The browser refuses.
pub fn address_of(canvas: &JsValue) -> Result<String, JsValue> {
    let address = call(canvas, "toDataURL", &Array::of1(&"image/png".into()))?;
    address.as_string().ok_or_else(|| "no address".into())
}

/// Copies a canvas as a PNG picture.
///
/// # Errors
/// The browser has no clipboard for pictures, or the person does not allow it.
pub async fn copy_canvas(canvas: &JsValue) -> Result<(), JsValue> {
    let blob = Promise::new(&mut |resolve, reject| {
        let arguments = Array::of2(&resolve, &"image/png".into());
        if let Err(error) = call(canvas, "toBlob", &arguments) {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    let blob = JsFuture::from(blob).await?;
    let types = Object::new();
    Reflect::set(&types, &"image/png".into(), &blob)?;
    let item: Function = Reflect::get(&window(), &"ClipboardItem".into())?.dyn_into()?;
    let item = Reflect::construct(&item, &Array::of1(&types))?;
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into())?;
    let written = call(&clipboard, "write", &Array::of1(&Array::of1(&item)))?;
    let written: Promise = written.dyn_into()?;
    JsFuture::from(written).await?;
    Ok(())
}
