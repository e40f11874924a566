//! Every page and its address.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::features::accounts::page::{AccountPage, InstancePage, SignInPage, SignUpPage};
use crate::features::dashboard::ProjectPage;
use crate::features::home::{HomePage, NotFoundPage};
use crate::features::keys::page::KeysPage;
use crate::features::projects::page::{EditProjectPage, NewProjectPage};
use crate::features::registry::page::ModelsPage;

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
            <Route path=path!("/") view=|| view! { <HomePage /> }.into_any() />
            // On the way from the sign-in page.
            <Route path=path!("/sign-in") view=|| () />
            <Route path=path!("/sign-up") view=|| () />
            <Route path=path!("/projects/new") view=|| view! { <NewProjectPage /> }.into_any() />
            <Route path=path!("/projects/:id") view=|| view! { <ProjectPage /> }.into_any() />
            <Route path=path!("/projects/:id/edit") view=|| view! { <EditProjectPage /> }.into_any() />
            <Route path=path!("/keys") view=|| view! { <KeysPage /> }.into_any() />
            <Route path=path!("/account") view=|| view! { <AccountPage /> }.into_any() />
            <Route path=path!("/admin/models") view=|| view! { <ModelsPage /> }.into_any() />
            <Route path=path!("/admin/instance") view=|| view! { <InstancePage /> }.into_any() />
        </FlatRoutes>
    }
}
