//! Replies that came with the page (`server/src/http/page.rs`): the first call of each kind takes its
//! own from there.
//!
//! Invariant: a reply is for the call that is written beside it, word by word, and for no other.

use leptos::prelude::document;

/// The reply to a call, if it came. Whether or not the call is that of the reply: what the page was
/// sent with is of its beginning, and is gone after the first call.
pub(super) fn take(path: &str, body: &str) -> Option<String> {
    let element = document()
        .query_selector(&format!("script[data-call='{path}']"))
        .ok()??;
    element.remove();
    let is_same = element.get_attribute("data-body").as_deref() == Some(body);
    is_same.then(|| element.text_content())?
}

/// Takes away whatever is left: it was for who has gone.
pub(super) fn forget() {
    while let Ok(Some(element)) = document().query_selector("script[data-call]") {
        element.remove();
    }
}
