//! Files of what a page shows.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlAnchorElement;

use super::locale::t;
use crate::address::at;
use crate::texts::answers as texts;

/// Links to files of what a page shows.
#[component]
pub fn Downloads<F>(
    /// Where the file of a format is.
    address: F,
) -> impl IntoView
where
    F: Fn(&'static str) -> String + Copy + Send + 'static,
{
    view! {
        <p class="load-more">
            <a class="button is-quiet" download="" href=move || at(&address("csv"))>
                {t(texts::DOWNLOAD_CSV)}
            </a>
            <a class="button is-quiet" download="" href=move || at(&address("jsonl"))>
                {t(texts::DOWNLOAD_JSON_LINES)}
            </a>
        </p>
    }
}

/// The address of a text as a file of a kind: `text/csv`.
pub fn address_of(kind: &str, text: &str) -> String {
    let escaped = String::from(js_sys::encode_uri_component(text));
    format!("data:{kind};charset=utf-8,{escaped}")
}

/// Has the browser save a file under a name. Its address holds it (`data:`, `blob:`) and names no
/// place at the host.
pub fn save(name: &str, file_itself: &str) {
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(file_itself);
        link.set_download(name);
        link.click();
    }
}
