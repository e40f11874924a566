//! The frame around every page: what guests see, what members see, and the way between.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::HtmlElement;
use leptos_router::NavigateOptions;
use leptos_router::components::Router;
use leptos_router::hooks::{use_location, use_navigate};

use super::pages::{GuestRoutes, MemberRoutes};
use super::preferences::Preferences;
use super::shortcuts::Shortcuts;
use super::side_bar::{SideBar, TopBar};
use super::{early_card, live_runs, paths, redirects, return_to_place, sign_in_again};
use crate::address::{self, at, page_of};
use crate::api::error::ApiError;
use crate::model::ids::{UserId, WorkspaceId};
use crate::texts::{accounts, nav};
use crate::ui::layout::note_page_change;
use crate::ui::part::there_unseen;
use crate::ui::session::{self, SessionState};
use crate::ui::toast::Toasts;
use crate::ui::{ErrorPanel, Skeleton, browser, locale, t};

/// Puts the application in the place of what the page came with: its skeleton, the card of the sign-in
/// page, or the sentence of a project.
pub fn mount() {
    console_error_panic_hook::set_once();
    lead_on();
    return_to_place::follow();
    crate::ui::theme::apply();
    crate::ui::theme::follow_system();
    crate::ui::theme::print_in_light();
    let language = locale::language_now();
    locale::set_document_language(language);
    // The framework has no executor before something is mounted.
    wasm_bindgen_futures::spawn_local(async move {
        let has_texts = locale::load(language).await;
        if has_texts {
            // Until it is known what comes, what is there stays: nothing is shown in between.
            session::ask().await;
            leptos::mount::mount_to_body(App);
            early_card::hand_over();
            if let Some(before) = came_with_page() {
                early_card::leave(before);
            }
        } else if let (Some(before), Some(failed)) =
            (came_with_page(), browser::element("not-loaded"))
        {
            before.remove();
            failed.set_hidden(false);
        }
    });
}

fn came_with_page() -> Option<HtmlElement> {
    browser::element("skeleton").or_else(|| browser::element("early"))
}

/// An old address becomes the present one before the router reads it.
fn lead_on() {
    let location = window().location();
    let (Ok(path), Ok(search)) = (location.pathname(), location.search()) else {
        return;
    };
    if let Some(target) = redirects::moved(page_of(&path), &search)
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&at(&target)));
    }
}

/// What there is to show, before any page is looked at.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Loading,
    Failed(ApiError),
    Guest,
    /// Another person or workspace is another stage: nothing of the former may stay on the screen.
    Member(UserId, Option<WorkspaceId>),
}

impl Stage {
    fn of(state: SessionState) -> Self {
        match state {
            SessionState::Loading => Self::Loading,
            SessionState::Failed(error) => Self::Failed(error),
            SessionState::Known(session) => match session.user {
                None => Self::Guest,
                Some(user) => {
                    Self::Member(user.id, session.workspace.map(|workspace| workspace.id))
                }
            },
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
        Stage::Member(_, workspace) => {
            if let Some(workspace) = workspace {
                live_runs::follow(workspace);
            }
            view! {
                <div class="shell">
                    <TopBar />
                    <SideBar />
                    <main id="content" tabindex="-1">
                        {confirm_address}
                        <MemberRoutes />
                    </main>
                    <Shortcuts />
                    {move || {
                        session::is_lost()
                            .then(|| there_unseen(sign_in_again::sign_in_window, ()))
                    }}
                </div>
            }
            .into_any()
        }
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
            Stage::Member(..) if paths::is_for_guests(path) => {
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
            note_page_change();
        }
        now
    });
}
