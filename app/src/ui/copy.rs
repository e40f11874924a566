//! A text to take away: a token, a link.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use super::button::Button;
use super::icon::Glyph;
use super::locale::{Words, t};
use crate::texts::common;

/// A text that can only be read, and a button that copies it.
#[component]
pub fn CopyField(
    /// What it is.
    #[prop(into)]
    label: Words,
    /// The text.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let id = browser::unique_id("copy");
    let copied = value.clone();
    // Not as a toast: a dialog that is open would cover it.
    let outcome = RwSignal::new(None);
    let copy = move |()| {
        let copying = browser::copy(&copied);
        spawn_local(async move {
            let said = if copying.await {
                common::COPIED
            } else {
                common::COPY_FAILED
            };
            let _ = outcome.try_set(Some(said));
        });
    };
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <div class="copy-row">
                <input class="input copy-text" id=id readonly type="text" value=value />
                <Button label=common::COPY glyph=Glyph::Copy on_press=copy />
            </div>
            <p class="field-hint" role="status">
                {move || outcome.get().map(|text| t(text)())}
            </p>
        </div>
    }
}
