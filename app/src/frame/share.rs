//! Copies the address of what a project's page shows.

use leptos::prelude::*;

use super::scope::Scope;
use crate::address::at;
use crate::texts::{common, nav};
use crate::ui::{browser, toast};

/// The button that does it: the palette presses it.
pub const BUTTON: &str = ".head-share button";

/// Copies the address of exactly what is shown, and says so.
pub fn copy_link(scope: Scope) {
    let address = at(&scope.exact_address());
    let origin = window().location().origin();
    let is_copied = origin.is_ok_and(|origin| browser::copy(&(origin + &address)));
    toast::success(if is_copied {
        nav::LINK_COPIED
    } else {
        common::COPY_FAILED
    });
}
