//! Making and changing a project.

use leptos::prelude::*;

/// Making and changing a project.
#[component]
pub fn EditProjectPage() -> impl IntoView {}

/// Making and changing a project.
#[component]
pub fn NewProjectPage() -> impl IntoView {}
