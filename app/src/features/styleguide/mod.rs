//! The style guide: every component of the kit in every state, with fixed values. It is at
//! `/styleguide` of clients that are built for development, and in no other.
//!
//! Invariant: asks the host for nothing; its words are English, because no user reads them.

mod figures;
pub mod page;
mod states;
mod tables;

use leptos::prelude::*;

use self::page::StyleGuide;
use crate::address::page_of;
use crate::ui::{browser, locale, theme};

/// Where it is.
const PATH: &str = "/styleguide";

/// Whether the address is that of the style guide.
pub fn is_asked_for() -> bool {
    let pathname = window().location().pathname().unwrap_or_default();
    page_of(&pathname) == PATH
}

/// Puts the style guide in the place of the application.
pub fn mount() {
    console_error_panic_hook::set_once();
    theme::apply();
    theme::follow_system();
    let language = locale::language_now();
    locale::set_document_language(language);
    // The framework has no executor before something is mounted.
    wasm_bindgen_futures::spawn_local(async move {
        if locale::load(language).await {
            leptos::mount::mount_to_body(StyleGuide);
        }
        if let Some(skeleton) = browser::element("skeleton") {
            skeleton.remove();
        }
    });
}
