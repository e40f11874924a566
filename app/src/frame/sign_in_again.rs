//! The window above a page whose session was lost: who was there signs in again, and the page goes
//! on with everything that was typed in it.
//!
//! Invariant: what becomes of the page is `come_back`'s business.

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::come_back::ComeBack;
use crate::address::at;
use crate::api;
use crate::api::error::{ApiError, ErrorCode, FieldError};
use crate::model::account::{SessionView, SignIn};
use crate::texts::accounts;
use crate::ui::locale::{language, language_now};
use crate::ui::part::part;
use crate::ui::{
    Button, ErrorSummary, Notice, Submission, SubmitButton, TextField, Tone, Words, browser,
    session, t, unsaved,
};

/// The path of the field.
const PASSWORD: &str = "password";

part! {
    signin: pub(super) fn sign_in_window((): ()) {
        view! { <SignInAgain /> }
    }
}

/// The window, and how it goes.
#[derive(Clone, Copy)]
struct Return {
    window: NodeRef<html::Dialog>,
    begin_anew: Callback<()>,
    is_looking: StoredValue<bool>,
    /// Whether it is said that something would be lost.
    is_warned: RwSignal<bool>,
}

impl Return {
    fn new() -> Self {
        let navigate = use_navigate();
        let begin_anew = move |()| {
            session::load();
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate("/", options);
        };
        Self {
            window: NodeRef::new(),
            begin_anew: Callback::new(begin_anew),
            is_looking: StoredValue::new(false),
            is_warned: RwSignal::new(false),
        }
    }

    /// Leaves to the sign-in page, unless something would be lost: then it says so, and stays.
    fn leave(self) {
        if unsaved::is_any() {
            self.is_warned.set(true);
        } else {
            session::leave();
        }
    }

    /// It was closed in another way than by the key: by *Back* of a phone.
    fn closed(self) {
        if !untrack(session::is_lost) {
            return;
        }
        self.leave();
        if let Some(window) = self.window.get_untracked()
            && untrack(session::is_lost)
        {
            let _ = window.show_modal();
        }
    }

    /// Somebody is signed in, here or in another window of the browser.
    fn take_over(self, now: SessionView) {
        let Some(page) = untrack(session::known) else {
            return;
        };
        match ComeBack::of(&page, &now) {
            ComeBack::NotYet => {}
            ComeBack::GoesOn => {
                session::resume(now);
                // Closed before it is gone: the focus is back where it was.
                if let Some(window) = self.window.get_untracked() {
                    window.close();
                }
            }
            ComeBack::ChooseFirst(_) | ComeBack::Anew => self.begin_anew.run(()),
        }
    }

    /// Asks whether somebody has signed in meanwhile; a window that comes to the front and gets the
    /// focus asks once.
    fn look(self) {
        if self.is_looking.get_value() {
            return;
        }
        self.is_looking.set_value(true);
        spawn_local(async move {
            let found = api::accounts::session().await;
            let is_gone = self.is_looking.try_set_value(false).is_some();
            if let Ok(now) = found
                && !is_gone
            {
                self.take_over(now);
            }
        });
    }
}

/// Signs in, and chooses the workspace that the page is of.
async fn sign_in(draft: SignIn) -> Result<SessionView, ApiError> {
    let page = untrack(session::known);
    let entered = api::accounts::sign_in(draft).await.map_err(in_words)?;
    match page.map(|page| ComeBack::of(&page, &entered)) {
        Some(ComeBack::ChooseFirst(workspace)) => api::accounts::choose_workspace(workspace).await,
        _ => Ok(entered),
    }
}

/// The address is as it was, so it is the password that is wrong.
fn in_words(error: ApiError) -> ApiError {
    if error.code != ErrorCode::Unauthorized {
        return error;
    }
    let language = language_now();
    let wrong = FieldError {
        field: PASSWORD.to_owned(),
        message: accounts::PASSWORD_NOT_RIGHT.get(language).to_owned(),
    };
    ApiError::invalid(language, vec![wrong])
}

/// The window: made anew each time that the session is lost.
#[component]
fn SignInAgain() -> impl IntoView {
    let back = Return::new();
    let window = back.window;
    let form = Submission::new();
    let email = untrack(session::user)
        .map(|user| user.email)
        .unwrap_or_default();
    let password = RwSignal::new(String::new());
    Effect::new(move |_| {
        if let Some(window) = window.get()
            && !window.open()
        {
            let _ = window.show_modal();
            if let Some(field) = browser::element(&form.id_of(PASSWORD)) {
                let _ = field.focus();
            }
        }
    });
    for event in ["focus", "visibilitychange"] {
        let listener = window_event_listener_untyped(event, move |_| {
            if !document().hidden() {
                back.look();
            }
        });
        on_cleanup(move || listener.remove());
    }
    let not_now = Words::new(move || {
        let text = if back.is_warned.get() {
            accounts::LEAVE_UNSAVED
        } else {
            accounts::NOT_NOW
        };
        text.get(language()).to_owned()
    });
    let not_now_pressed = move |()| {
        if back.is_warned.get_untracked() {
            session::leave();
        } else {
            back.leave();
        }
    };
    let wanted = email.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let draft = SignIn {
            email: wanted.clone(),
            password: password.get_untracked(),
        };
        form.run(sign_in(draft), move |now| back.take_over(now));
    };
    view! {
        <dialog
            node_ref=window
            class="dialog"
            aria-labelledby="signed-out"
            aria-describedby="signed-out-lead"
            // Escape leads to the sign-in page, as the button does, where nothing is lost by it. A
            // press beside the window does nothing.
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.prevent_default();
                    back.leave();
                }
            }
            on:close=move |_| back.closed()
        >
            <form class="dialog-frame" novalidate on:submit=submit>
                <header class="dialog-head">
                    <h2 id="signed-out">{t(accounts::SIGNED_OUT)}</h2>
                </header>
                <div class="dialog-body">
                    <p id="signed-out-lead">{t(accounts::SIGNED_OUT_LEAD)}</p>
                    <ErrorSummary form />
                    <div class="field">
                        <label for="signed-out-email">{t(accounts::EMAIL)}</label>
                        <input
                            id="signed-out-email"
                            class="input"
                            type="email"
                            autocomplete="username"
                            readonly
                            value=email
                        />
                    </div>
                    <TextField
                        label=accounts::PASSWORD
                        value=password
                        form
                        path=PASSWORD
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                </div>
                <Show when=move || back.is_warned.get()>
                    <div role="alert">
                        <Notice tone=Tone::Warning>{t(accounts::NOT_SAVED)}</Notice>
                    </div>
                </Show>
                <footer class="dialog-actions">
                    <Button label=not_now on_press=not_now_pressed />
                    <SubmitButton label=accounts::SIGN_IN form />
                </footer>
                <p class="door-other">
                    // The whole page is loaded: nothing of who was here goes along.
                    <a href=at("/sign-in") rel="external">
                        {t(accounts::SIGN_IN_AS_OTHER)}
                    </a>
                </p>
            </form>
        </dialog>
    }
}
