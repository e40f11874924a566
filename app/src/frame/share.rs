//! Copies addresses: of what a project's page shows, or of any page.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::scope::Scope;
use crate::address::at;
use crate::texts::{Text, common, nav};
use crate::ui::locale::fill_now;
use crate::ui::{browser, toast};

/// The button that does it: the palette presses it.
pub const BUTTON: &str = ".head-share button";

/// Copies the address of exactly what is shown.
pub fn copy_link(scope: Scope) {
    let address = at(&scope.exact_address());
    if let Ok(origin) = window().location().origin() {
        copy(origin + &address, nav::LINK_COPIED);
    }
}

/// Copies an address and says so once it is copied; where the browser refuses, the address stands
/// there to be copied by hand.
pub fn copy(address: String, said: Text) {
    let copying = browser::copy(&address);
    spawn_local(async move {
        if copying.await {
            toast::success(said);
        } else {
            toast::lasting(fill_now(common::COPY_LINK_YOURSELF, &[("link", &address)]));
        }
    });
}
