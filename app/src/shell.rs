//! The frame around every page: who is there, where one can go, in which language and colours.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::Router;
use leptos_router::hooks::{use_location, use_navigate};

use crate::address::{self, at, page_of};
use crate::api;
use crate::api::error::ApiError;
use crate::features::accounts::paths;
use crate::model::account::WorkspaceView;
use crate::model::ids::WorkspaceId;
use crate::model::language::Language;
use crate::routes::{GuestRoutes, MemberRoutes};
use crate::texts::{Text, accounts, nav};
use crate::ui::icon::Mark;
use crate::ui::session::{self, SessionState};
use crate::ui::theme::{Theme, set_theme, theme};
use crate::ui::toast::{self, Toasts};
use crate::ui::{ErrorPanel, Glyph, Icon, Menu, Segment, Segments, Skeleton, browser, locale, t};

/// Set by a change of page, taken by the heading of the next one.
static NAVIGATED: AtomicBool = AtomicBool::new(false);

/// Whether the page has changed since the last call.
pub fn take_navigation() -> bool {
    NAVIGATED.swap(false, Ordering::Relaxed)
}

/// Puts the application in the place of the page's skeleton.
pub fn mount() {
    console_error_panic_hook::set_once();
    crate::ui::theme::apply();
    crate::ui::theme::follow_system();
    let language = locale::language_now();
    locale::tell_browser(language);
    // The framework has no executor before something is mounted.
    wasm_bindgen_futures::spawn_local(async move {
        let has_texts = locale::load(language).await;
        let skeleton = browser::element("skeleton");
        if has_texts {
            leptos::mount::mount_to_body(App);
            session::load();
            if let Some(skeleton) = skeleton {
                skeleton.remove();
            }
        } else if let (Some(skeleton), Some(failed)) = (skeleton, browser::element("not-loaded")) {
            skeleton.remove();
            failed.set_hidden(false);
        }
    });
}

/// What there is to show, before any page is looked at.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    Guest,
    /// Another workspace is another stage: nothing of the former may stay on the screen.
    Member(Option<WorkspaceId>),
}

impl Stage {
    fn of(state: SessionState) -> Self {
        match state {
            SessionState::Loading => Self::Loading,
            SessionState::Failed(error) => Self::Failed(error),
            SessionState::Known(session) if session.user.is_none() => Self::Guest,
            SessionState::Known(session) => {
                Self::Member(session.workspace.map(|workspace| workspace.id))
            }
        }
    }
}

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router base=address::prefix()>
            <a class="skip" href="#content" on:click=skip_to_content>
                {t(nav::SKIP)}
            </a>
            <Staged />
            <Toasts />
        </Router>
    }
}

fn skip_to_content(event: leptos::ev::MouseEvent) {
    // The router must not take this for a change of page.
    event.prevent_default();
    event.stop_propagation();
    browser::focus_soon("content");
}

#[component]
fn Staged() -> impl IntoView {
    let stage = Memo::new(|_| Stage::of(session::state()));
    redirect(stage);
    note_navigation();
    move || match stage.get() {
        Stage::Loading => {
            view! { <main id="content" class="waiting"><Skeleton lines=5 /></main> }.into_any()
        }
        Stage::Failed(error) => view! {
            <main id="content" class="waiting">
                <ErrorPanel error on_retry=|()| session::load() />
            </main>
        }
        .into_any(),
        Stage::Guest => view! {
            <div class="guest">
                <main id="content" tabindex="-1">
                    <GuestRoutes />
                </main>
                <footer class="guest-foot"><Preferences /></footer>
            </div>
        }
        .into_any(),
        Stage::Member(_) => view! {
            <div class="shell">
                <Sidebar />
                <main id="content" tabindex="-1">
                    {confirm_address}
                    <MemberRoutes />
                </main>
            </div>
        }
        .into_any(),
    }
}

/// Leads who has not confirmed their address to where they can.
fn confirm_address() -> Option<impl IntoView> {
    session::known()
        .is_some_and(|session| session.confirm_address)
        .then(|| view! { <p class="notice"><a href=at("/account")>{t(accounts::CONFIRM_ADDRESS)}</a></p> })
}

/// Guests see the sign-in page and come back to where they wanted to go; members do not see it.
fn redirect(stage: Memo<Stage>) {
    let location = use_location();
    let navigate = use_navigate();
    Effect::new(move |_| {
        let pathname = location.pathname.get();
        let path = page_of(&pathname);
        let target = match stage.get() {
            Stage::Guest if !paths::is_for_guests(path) => {
                paths::sign_in_and_return(path, &location.search.get_untracked())
            }
            Stage::Member(_) if paths::is_for_guests(path) => {
                let next = location.query.get_untracked().get(paths::NEXT);
                paths::after_sign_in(next.as_deref())
            }
            _ => return,
        };
        navigate(
            &target,
            NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            },
        );
    });
}

fn note_navigation() {
    let pathname = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = pathname.get();
        if before.is_some_and(|before| before != now) {
            NAVIGATED.store(true, Ordering::Relaxed);
        }
        now
    });
}

#[component]
fn Sidebar() -> impl IntoView {
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
                <ul>
                    <NavLink href="/" also="/projects" glyph=Glyph::Folder label=nav::PROJECTS />
                    <NavLink href="/schedule" glyph=Glyph::Clock label=nav::SCHEDULE />
                    <NavLink href="/notices" glyph=Glyph::Info label=nav::NOTICES />
                    <NavLink href="/keys" glyph=Glyph::Key label=nav::KEYS />
                    <NavLink href="/account" glyph=Glyph::User label=nav::ACCOUNT />
                </ul>
                <Show when=session::is_admin>
                    <h2 class="sidebar-label">{t(nav::ADMIN)}</h2>
                    <ul>
                        <NavLink href="/admin/models" glyph=Glyph::Models label=nav::MODELS />
                        <NavLink href="/admin/instance" glyph=Glyph::Sliders label=nav::INSTANCE />
                    </ul>
                </Show>
            </nav>
            <UserMenu />
        </header>
    }
}

#[component]
fn NavLink(
    href: &'static str,
    #[prop(optional)] also: Option<&'static str>,
    glyph: Glyph,
    label: Text,
) -> impl IntoView {
    let pathname = use_location().pathname;
    let is_here = move || {
        pathname.with(|pathname| {
            let path = page_of(pathname);
            path == href
                || (href != "/" && path.starts_with(href))
                || also.is_some_and(|also| path.starts_with(also))
        })
    };
    view! {
        <li>
            <a class="nav-link" href=at(href) aria-current=move || is_here().then_some("page")>
                <Icon glyph />
                <span>{t(label)}</span>
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

/// Language and colours.
#[component]
pub fn Preferences() -> impl IntoView {
    let languages = Language::ALL
        .into_iter()
        .map(|language| {
            view! {
                <option
                    value=language.code()
                    lang=language.code()
                    prop:selected=move || locale::language() == language
                >
                    {language.name()}
                </option>
            }
        })
        .collect_view();
    let themes = [
        (Theme::System, Glyph::Display, nav::THEME_SYSTEM),
        (Theme::Light, Glyph::Sun, nav::THEME_LIGHT),
        (Theme::Dark, Glyph::Moon, nav::THEME_DARK),
    ]
    .map(|(choice, glyph, text)| {
        Segment::new(text, move || theme() == choice, move || set_theme(choice)).with_glyph(glyph)
    });
    view! {
        <div class="preferences">
            <label class="preference">
                <Icon glyph=Glyph::Globe />
                <span class="visually-hidden">{t(nav::LANGUAGE)}</span>
                <select
                    class="input"
                    on:change=move |event| {
                        if let Ok(language) = event_target_value(&event).parse() {
                            locale::set_language(language);
                        }
                    }
                >
                    {languages}
                </select>
            </label>
            <Segments legend=nav::THEME segments=themes.into() />
        </div>
    }
}
