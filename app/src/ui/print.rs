//! Prints the page with a picture in the place of what is drawn in dots.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Prints the page. As long as it is printed, the picture at `address` stands in the first element
/// that `place` selects, if there is one; the style of print shows it and hides what stands beside
/// it.
///
/// # Errors
/// The picture is none, or the browser does not print.
pub async fn with_picture(place: &str, address: &str) -> Result<(), JsValue> {
    let image = document().create_element("img")?;
    image.set_class_name("print-only printed-picture");
    image.set_attribute("alt", "")?;
    image.set_attribute("src", address)?;
    // What is not decoded by then is not on paper.
    let decode: Function = Reflect::get(&image, &"decode".into())?.dyn_into()?;
    let decoded: Promise = Reflect::apply(&decode, &image, &Array::new())?.dyn_into()?;
    JsFuture::from(decoded).await?;

    let Some(place) = document().query_selector(place)? else {
        return window().print();
    };
    if let Some(before) = place.query_selector(".printed-picture")? {
        before.remove();
    }
    place.append_child(&image)?;
    // Some browsers go on at once, and some say twice that they have printed.
    let take_away = Closure::once_into_js(move || {
        window().set_onafterprint(None);
        image.remove();
    });
    window().set_onafterprint(Some(take_away.unchecked_ref()));
    window().print()
}
