//! The few things that are asked of the browser itself.
//!
//! Invariant: nothing here fails; what a browser refuses (storage in private windows) is as if
//! it were not there.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{self, Element, File, HtmlElement, HtmlInputElement, Response, Storage};
use wasm_bindgen_futures::JsFuture;

use crate::address::at;

/// An id that no other element of the page has.
pub fn unique_id(prefix: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was stored under a key.
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Stores a value under a key.
pub fn store(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

/// What was stored under a key for as long as the window lives.
pub fn stored_for_window(key: &str) -> Option<String> {
    let storage = window().session_storage().ok().flatten()?;
    storage.get_item(key).ok().flatten()
}

/// Stores a value under a key for as long as the window lives.
pub fn store_for_window(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Sets a cookie: `name=value; attributes`.
pub fn set_cookie(cookie: &str) {
    let _ = js_sys::Reflect::set(
        &document(),
        &JsValue::from_str("cookie"),
        &JsValue::from_str(cookie),
    );
}

/// Whether the page came by HTTPS.
pub fn is_https() -> bool {
    let protocol = window().location().protocol();
    protocol.is_ok_and(|protocol| protocol == "https:")
}

/// Loads the whole page again.
pub fn reload() {
    let _ = window().location().reload();
}

/// The file that is chosen in a file field.
pub fn chosen_file(input: &HtmlInputElement) -> Option<File> {
    input.files()?.get(0)
}

/// What a file holds, read as UTF-8.
pub async fn text_of(file: &File) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// The root element.
pub fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// The content of the file whose address a `<meta>` element of that name has. Those names have a
/// hash: the browser keeps such a file for good.
pub async fn file_named_by_meta(name: &str) -> Option<String> {
    let meta = document()
        .query_selector(&format!("meta[name={name}]"))
        .ok()??;
    let address = meta.get_attribute("content")?;
    let response = JsFuture::from(window().fetch_with_str(&address))
        .await
        .ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?)
        .await
        .ok()?
        .as_string()
}

/// Whether the host answers now, and is well.
pub async fn host_answers() -> bool {
    let asked = window().fetch_with_str(&at("/api/llm-monitoring/health"));
    let response = JsFuture::from(asked).await.ok();
    response
        .and_then(|response| response.dyn_into::<Response>().ok())
        .is_some_and(|response| response.ok())
}

/// The element with an id.
pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Moves the focus to the element with an id, once what is being drawn stands there.
pub fn focus_soon(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || {
        if let Some(element) = element(&id) {
            let _ = element.focus();
        }
    });
}

/// Moves the focus to the element that stands first on the page among those with these ids,
/// once what is being drawn stands there.
pub fn focus_first_soon(ids: &[String]) {
    if ids.is_empty() {
        return;
    }
    let selector = ids
        .iter()
        .map(|id| format!("[id=\"{id}\"]"))
        .collect::<Vec<_>>()
        .join(",");
    request_animation_frame(move || {
        let first = document().query_selector(&selector).ok().flatten();
        if let Some(element) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Frames for which something is awaited that is to go: about ten seconds.
const FRAMES: u16 = 600;

/// Hands the focus on when what has it goes: to what has its place then among all that the selector
/// `kin` finds, or to the last of them. Called before it goes, which may wait for the host.
pub fn keep_focus(kin: &'static str) {
    let Some(own) = document().active_element() else {
        return;
    };
    let place = all(kin).iter().position(|one| one.is_same_node(Some(&own)));
    if let Some(place) = place {
        hand_on(own, kin, place, FRAMES);
    }
}

fn hand_on(own: Element, kin: &'static str, place: usize, frames: u16) {
    request_animation_frame(move || {
        if own.is_connected() {
            if frames > 0 {
                hand_on(own, kin, place, frames - 1);
            }
            return;
        }
        if is_focus_nowhere() {
            let heirs = all(kin);
            if let Some(heir) = heirs.get(place).or(heirs.last()) {
                let _ = heir.focus();
            }
        }
    });
}

/// Whether nothing has the focus: the body counts as what has it then.
pub fn is_focus_nowhere() -> bool {
    let focused = document().active_element();
    focused.is_none_or(|focused| focused.tag_name() == "BODY")
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|place| found.get(place)?.dyn_into().ok())
        .collect()
}

/// Sets the title of the window.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Copies a text; where the page is not a secure context, through a selection. It begins at once, as
/// browsers want it of what is pressed; gives whether the browser has done it, once that is known.
pub fn copy(text: &str) -> impl Future<Output = bool> + use<> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard"));
    let begun = if clipboard.is_ok_and(|clipboard| clipboard.is_object()) {
        Ok(window().navigator().clipboard().write_text(text))
    } else {
        Err(copy_by_selection(text).unwrap_or(false))
    };
    async move {
        match begun {
            Ok(promise) => JsFuture::from(promise).await.is_ok(),
            Err(is_copied) => is_copied,
        }
    }
}

fn copy_by_selection(text: &str) -> Option<bool> {
    let area: web_sys::HtmlTextAreaElement = document()
        .create_element("textarea")
        .ok()?
        .dyn_into()
        .ok()?;
    area.set_value(text);
    // Inside an open dialog everything outside of it is inert.
    let host = document().query_selector("dialog[open]").ok().flatten();
    let host: web_sys::Node = match host {
        Some(dialog) => dialog.into(),
        None => document().body()?.into(),
    };
    let focused = document().active_element();
    host.append_child(&area).ok()?;
    area.select();
    let command = js_sys::Reflect::get(&document(), &JsValue::from_str("execCommand")).ok()?;
    let command: js_sys::Function = command.dyn_into().ok()?;
    let done = command
        .call1(&document(), &JsValue::from_str("copy"))
        .ok()?
        .as_bool();
    area.remove();
    // Selecting took the focus.
    if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<HtmlElement>().ok()) {
        let _ = focused.focus();
    }
    done
}
