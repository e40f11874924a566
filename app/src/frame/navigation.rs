//! The column beside the pages: where one can go, in which workspace, and who is there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::pages::{ENTRIES, Entry, Group};
use super::preferences::Preferences;
use crate::address::{at, page_of};
use crate::api;
use crate::model::account::WorkspaceView;
use crate::model::ids::WorkspaceId;
use crate::texts::nav;
use crate::ui::icon::Mark;
use crate::ui::{Glyph, Icon, Menu, locale, session, t, toast};

/// The column with the brand, the workspace, the menu and the user.
#[component]
pub(super) fn Sidebar() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let pathname = use_location().pathname;
    Effect::new(move |_| {
        pathname.track();
        is_open.set(false);
    });
    let toggle_name = move || {
        let text = if is_open.get() {
            nav::CLOSE_MENU
        } else {
            nav::OPEN_MENU
        };
        text.get(locale::language())
    };
    view! {
        <header class="sidebar" class:is-open=is_open>
            <a class="brand" href=at("/")>
                <Mark />
                <span>"Parallax"</span>
            </a>
            <Workspace />
            <button
                type="button"
                class="icon-button sidebar-toggle"
                aria-label=toggle_name
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                aria-controls="main-nav"
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                {move || {
                    view! { <Icon glyph=if is_open.get() { Glyph::Close } else { Glyph::Menu } /> }
                }}
            </button>
            <nav id="main-nav" class="sidebar-nav" aria-label=t(nav::MAIN)>
                <ul>{links(Group::Members)}</ul>
                <Show when=session::is_admin>
                    <h2 class="sidebar-label">{t(nav::ADMIN)}</h2>
                    <ul>{links(Group::Admins)}</ul>
                </Show>
            </nav>
            <UserMenu />
        </header>
    }
}

/// The links of a part of the menu, in the order of the table of pages.
fn links(group: Group) -> impl IntoView {
    ENTRIES
        .iter()
        .filter(|entry| entry.group == group)
        .map(|entry| view! { <NavLink entry /> })
        .collect_view()
}

#[component]
fn NavLink(entry: &'static Entry) -> impl IntoView {
    let pathname = use_location().pathname;
    let is_here = move || {
        pathname.with(|pathname| {
            let path = page_of(pathname);
            path == entry.href || path.starts_with(entry.below)
        })
    };
    view! {
        <li>
            <a class="nav-link" href=at(entry.href) aria-current=move || is_here().then_some("page")>
                <Icon glyph=entry.glyph />
                <span>{t(entry.label)}</span>
            </a>
        </li>
    }
}

/// The workspace's name; a choice where there are several.
#[component]
fn Workspace() -> impl IntoView {
    move || {
        let session = session::known()?;
        let chosen = session.workspace?;
        if session.workspaces.len() < 2 {
            return Some(view! { <p class="workspace">{chosen.name}</p> }.into_any());
        }
        Some(workspace_choice(session.workspaces, chosen.id).into_any())
    }
}

fn workspace_choice(workspaces: Vec<WorkspaceView>, chosen: WorkspaceId) -> impl IntoView {
    let navigate = use_navigate();
    let choose = move |event| {
        let Ok(id) = event_target_value(&event).parse::<WorkspaceId>() else {
            return;
        };
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::accounts::choose_workspace(id).await {
                Ok(session) => {
                    session::set(session);
                    navigate("/", NavigateOptions::default());
                }
                Err(error) => toast::error(&error),
            }
        });
    };
    let options = workspaces
        .into_iter()
        .map(|workspace| {
            view! {
                <option value=workspace.id.to_string() selected=workspace.id == chosen>
                    {workspace.name}
                </option>
            }
        })
        .collect_view();
    view! {
        <select class="input workspace" aria-label=t(nav::WORKSPACE) on:change=choose>
            {options}
        </select>
    }
}

#[component]
fn UserMenu() -> impl IntoView {
    let email = move || session::user().map(|user| user.email).unwrap_or_default();
    let sign_out = move |_| {
        spawn_local(async move {
            match api::accounts::sign_out().await {
                Ok(()) => session::load(),
                Err(error) => toast::error(&error),
            }
        });
    };
    view! {
        <div class="sidebar-foot">
            <Menu
                label=nav::USER_MENU
                class="user-button"
                trigger=move || {
                    view! {
                        <span class="avatar" aria-hidden="true">
                            {move || email().chars().next().map(|letter| letter.to_uppercase().to_string())}
                        </span>
                        <span class="user-name">{email}</span>
                        <Icon glyph=Glyph::More />
                    }
                }
            >
                <p class="menu-title">{email}</p>
                <Preferences />
                <hr />
                <button type="button" class="menu-item" data-close="" on:click=sign_out>
                    <Icon glyph=Glyph::SignOut />
                    {t(nav::SIGN_OUT)}
                </button>
            </Menu>
        </div>
    }
}
