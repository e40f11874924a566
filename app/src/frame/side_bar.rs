//! The side bar: the chosen project and its pages, those of the workspace and of the instance, and
//! who is there. It folds; on phones it is a sheet that the bar at the top opens.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Element;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::chosen_project::chosen;
use super::pages::{ENTRIES, Entry, Group};
use super::preferences::Preferences;
use super::project_pages::{address, glyph_of, name_of, shown_project};
use super::query::{PageQuery, Tab};
use super::read_notices::unread;
use super::switcher::Switcher;
use crate::address::{at, page_of};
use crate::api;
use crate::letters;
use crate::model::account::WorkspaceView;
use crate::model::ids::{ProjectId, WorkspaceId};
use crate::texts::nav;
use crate::ui::icon::Mark;
use crate::ui::later::later;
use crate::ui::{Glyph, Icon, Menu, browser, fill, format, locale, session, t, toast};

/// Where the browser keeps whether the bar is folded.
const FOLD_KEY: &str = "parallax.side-bar";
const FOLDED: &str = "folded";
/// The page whose link has a badge.
const NOTICES: &str = "/notices";

/// The bar at the top of phones.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    view! {
        <header class="top-bar">
            <button
                type="button"
                class="icon-button"
                aria-label=t(nav::OPEN_MENU)
                popovertarget="side-bar"
            >
                <Icon glyph=Glyph::Menu />
            </button>
            <Switcher />
        </header>
    }
}

/// The side bar. That it is a popover shows on phones alone.
#[component]
pub(super) fn SideBar() -> impl IntoView {
    let bar = NodeRef::<html::Nav>::new();
    let close = move || {
        if let Some(bar) = bar.get_untracked() {
            let _ = bar.hide_popover();
        }
    };
    let pathname = use_location().pathname;
    Effect::new(move |_| {
        pathname.track();
        close();
    });
    let is_folded = RwSignal::new(browser::stored(FOLD_KEY).as_deref() == Some(FOLDED));
    view! {
        <nav
            node_ref=bar
            id="side-bar"
            class="side-bar"
            class:is-folded=is_folded
            aria-label=t(nav::MAIN)
            popover="auto"
            on:click=move |event| {
                if event_target::<Element>(&event).closest("a").ok().flatten().is_some() {
                    close();
                }
            }
        >
            <div class="side-top">
                <a class="brand" href=at("/")>
                    <Mark />
                    <span class="side-text">"Parallax"</span>
                </a>
                <Fold is_folded />
                <button
                    type="button"
                    class="icon-button side-close"
                    aria-label=t(nav::CLOSE_MENU)
                    popovertarget="side-bar"
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            {later(&[], Box::new(places))}
        </nav>
    }
}

/// All that leads anywhere, made once the page has begun.
fn places() -> AnyView {
    view! {
            <Switcher />
            <div class="side-groups">
                <ProjectPages />
                <h2 class="side-label">{t(nav::WORKSPACE)}</h2>
                <Workspaces />
                <ul>{links(Group::Workspace)}</ul>
                <Show when=session::is_admin>
                    <h2 class="side-label">{t(nav::ADMIN)}</h2>
                    <ul>{links(Group::Admins)}</ul>
                </Show>
            </div>
            <Person />
    }
    .into_any()
}

/// Folds the bar to its pictures, and back; the browser keeps it.
#[component]
fn Fold(is_folded: RwSignal<bool>) -> impl IntoView {
    let name = move || {
        let text = if is_folded.get() {
            nav::UNFOLD
        } else {
            nav::FOLD
        };
        text.get(locale::language())
    };
    view! {
        <button
            type="button"
            class="icon-button side-fold"
            aria-label=name
            title=name
            on:click=move |_| {
                is_folded.update(|is_folded| *is_folded = !*is_folded);
                browser::store(FOLD_KEY, if is_folded.get_untracked() { FOLDED } else { "" });
            }
        >
            <Icon glyph=Glyph::SideBar />
        </button>
    }
}

/// The pages of the project that is open, or was last; nothing before there is one.
#[component]
fn ProjectPages() -> impl IntoView {
    let shown = shown_project();
    let pathname = use_location().pathname;
    let project = Memo::new(move |_| {
        let is_new = pathname.with(|pathname| page_of(pathname) == "/projects/new");
        let open = shown.with(|shown| shown.as_ref().map(|(id, _)| *id));
        open.or_else(|| Some(chosen()?.id)).filter(|_| !is_new)
    });
    move || {
        let project = project.get()?;
        let links = Tab::ALL.map(|tab| page_link(shown, project, tab));
        Some(view! { <ul class="side-project">{links.into_iter().collect_view()}</ul> })
    }
}

fn page_link(
    shown: Memo<Option<(ProjectId, PageQuery)>>,
    project: ProjectId,
    tab: Tab,
) -> impl IntoView {
    let is_here = move || {
        shown.with(|shown| {
            shown
                .as_ref()
                .is_some_and(|(id, query)| *id == project && query.tab == tab)
        })
    };
    view! {
        <li>
            <a
                class="side-link"
                href=move || at(&shown.with(|shown| address(shown.as_ref(), project, tab)))
                aria-current=move || is_here().then_some("page")
                title=t(name_of(tab))
            >
                <Icon glyph=glyph_of(tab) />
                <span class="side-text">{t(name_of(tab))}</span>
                {(tab == Tab::Models).then(|| models_count(project))}
            </a>
        </li>
    }
}

/// How many models the project asks; read out by the switcher.
fn models_count(project: ProjectId) -> AnyView {
    let count = move || {
        let last = chosen().filter(|last| last.id == project)?;
        i64::try_from(last.models).ok().map(format::whole)
    };
    view! {
        <span class="side-count side-text" aria-hidden="true">
            {count}
        </span>
    }
    .into_any()
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
    let count = Memo::new(move |_| if entry.href == NOTICES { unread() } else { 0 });
    let title = move || {
        let label = entry.label.get(locale::language());
        match count.get() {
            0 => label.to_owned(),
            1 => format!("{label} · {}", fill(nav::NOT_READ_ONE, &[])),
            count => format!("{label} · {}", fill(nav::NOT_READ, &[("count", &count)])),
        }
    };
    view! {
        <li>
            <a
                class="side-link"
                href=at(entry.href)
                aria-current=move || is_here().then_some("page")
                title=title
            >
                <Icon glyph=entry.glyph />
                <span class="side-text">{t(entry.label)}</span>
                <Show when=move || { count.get() > 0 }>
                    // The title says it in words.
                    <span class="side-badge" aria-hidden="true">
                        {move || count.get()}
                    </span>
                </Show>
            </a>
        </li>
    }
}

/// The choice of the workspace, where there are several.
#[component]
fn Workspaces() -> impl IntoView {
    move || {
        let session = session::known()?;
        let chosen = session.workspace?;
        (session.workspaces.len() > 1).then(|| workspace_choice(session.workspaces, chosen.id))
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

/// Ends the session of who is there.
pub(super) fn sign_out() {
    spawn_local(async {
        match api::accounts::sign_out().await {
            Ok(()) => session::load(),
            Err(error) => toast::error(&error),
        }
    });
}

/// Who is there, and their menu.
#[component]
fn Person() -> impl IntoView {
    let email = move || session::user().map(|user| user.email).unwrap_or_default();
    let letter = move || letters::initial(&email());
    let workspace = move || session::workspace().map(|workspace| workspace.name);
    view! {
        <div class="side-foot">
            <Menu
                class="user-button"
                trigger=move || {
                    view! {
                        <span class="avatar" aria-hidden="true">
                            {letter}
                        </span>
                        <span class="user-name side-text">{email}</span>
                        <Icon glyph=Glyph::More />
                    }
                }
            >
                <p class="menu-title">{workspace}</p>
                {ENTRIES
                    .iter()
                    .filter(|entry| entry.group == Group::Person)
                    .map(|entry| {
                        view! {
                            <a class="menu-item" href=at(entry.href)>
                                <Icon glyph=entry.glyph />
                                {t(entry.label)}
                            </a>
                        }
                    })
                    .collect_view()}
                <Preferences />
                <hr />
                <button type="button" class="menu-item" data-close="" on:click=|_| sign_out()>
                    <Icon glyph=Glyph::SignOut />
                    {t(nav::SIGN_OUT)}
                </button>
            </Menu>
        </div>
    }
}
