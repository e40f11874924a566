//! The page of a project.

use leptos::prelude::*;

/// The page of a project.
#[component]
pub fn ProjectPage() -> impl IntoView {}
