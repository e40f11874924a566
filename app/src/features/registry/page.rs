//! Models and prices.

use leptos::prelude::*;

/// Models and prices.
#[component]
pub fn ModelsPage() -> impl IntoView {}
