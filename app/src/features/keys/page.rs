//! Keys and budget.

use leptos::prelude::*;

/// Keys and budget.
#[component]
pub fn KeysPage() -> impl IntoView {}
