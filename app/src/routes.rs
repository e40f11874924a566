//! Every page and its address.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::features::accounts::page::{SignInPage, SignUpPage};
use crate::features::home::NotFoundPage;
use crate::pages;

/// What one sees without being signed in.
#[component]
pub fn GuestRoutes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=|| ()>
            <Route path=path!("/sign-in") view=|| view! { <SignInPage /> }.into_any() />
            <Route path=path!("/sign-up") view=|| view! { <SignUpPage /> }.into_any() />
        </FlatRoutes>
    }
}

/// What members see.
#[component]
pub fn MemberRoutes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=|| view! { <NotFoundPage /> }.into_any()>
            <Route path=path!("/") view=pages::home::page />
            // On the way from the sign-in page.
            <Route path=path!("/sign-in") view=|| () />
            <Route path=path!("/sign-up") view=|| () />
            <Route path=path!("/projects/new") view=pages::new_project::page />
            <Route path=path!("/projects/:id") view=pages::project::page />
            <Route path=path!("/projects/:id/edit") view=pages::edit_project::page />
            <Route path=path!("/keys") view=pages::keys::page />
            <Route path=path!("/schedule") view=pages::schedule::page />
            <Route path=path!("/schedule/:id") view=pages::job::page />
            <Route path=path!("/notices") view=pages::notices::page />
            <Route path=path!("/account") view=pages::account::page />
            <Route path=path!("/admin/models") view=pages::models::page />
            <Route path=path!("/admin/instance") view=pages::instance::page />
        </FlatRoutes>
    }
}
