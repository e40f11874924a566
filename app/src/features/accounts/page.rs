//! Pages of an account.

use leptos::prelude::*;

/// Pages of an account.
#[component]
pub fn AccountPage() -> impl IntoView {}

/// Pages of an account.
#[component]
pub fn InstancePage() -> impl IntoView {}

/// Pages of an account.
#[component]
pub fn SignInPage() -> impl IntoView {}

/// Pages of an account.
#[component]
pub fn SignUpPage() -> impl IntoView {}
