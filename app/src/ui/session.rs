//! Who is there: one signal for the whole page, asked of the host at the start. A session that is
//! lost leaves it as it is: the page stays, and its calls wait (`api/waiting.rs`), until the person
//! has signed in again or leaves.

use std::sync::LazyLock;

use chrono::{NaiveDate, Utc};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::api::error::ApiError;
use crate::api::waiting;
use crate::model::account::{Role, SessionView, UserView, WorkspaceView};

/// What is known of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionState {
    /// The host has not answered yet.
    Loading,
    /// The host did not answer, or not sensibly.
    Failed(ApiError),
    /// The host's answer.
    Known(SessionView),
}

static SESSION: LazyLock<ArcRwSignal<SessionState>> =
    LazyLock::new(|| ArcRwSignal::new(SessionState::Loading));

/// The session; what reads it here follows it.
pub fn state() -> SessionState {
    SESSION.get()
}

/// The host's answer, where there is one.
pub fn known() -> Option<SessionView> {
    match SESSION.get() {
        SessionState::Known(session) => Some(session),
        SessionState::Loading | SessionState::Failed(_) => None,
    }
}

/// The user, where one is signed in.
pub fn user() -> Option<UserView> {
    known()?.user
}

/// Whether the user is an admin of the instance.
pub fn is_admin() -> bool {
    user().is_some_and(|user| user.is_admin)
}

/// The chosen workspace.
pub fn workspace() -> Option<WorkspaceView> {
    known()?.workspace
}

/// What day it is in the workspace.
pub fn today() -> NaiveDate {
    known().map_or_else(|| Utc::now().date_naive(), |session| session.today)
}

/// Whether the user may do in the workspace what `role` may.
pub fn may(role: Role) -> bool {
    workspace().is_some_and(|workspace| workspace.role >= role)
}

/// Whether the host knows this session no more, and the person may sign in again above the page.
pub fn is_lost() -> bool {
    waiting::is_going_on()
}

/// Asks the host who is there. What was on the page goes.
pub fn load() {
    waiting::forget();
    SESSION.set(SessionState::Loading);
    spawn_local(ask());
}

/// The same, to wait for before there is a page.
pub async fn ask() {
    match api::accounts::session().await {
        Ok(session) => set(session),
        Err(error) => SESSION.set(SessionState::Failed(error)),
    }
}

/// Asks the host again, while the page stays as it is. That nobody is there any more, the next
/// call finds out.
pub fn refresh() {
    spawn_local(async {
        if let Ok(session) = api::accounts::session().await
            && session.user.is_some()
        {
            set(session);
        }
    });
}

/// Takes over a session that the host sent.
pub fn set(session: SessionView) {
    if session.user.is_some() {
        waiting::guard();
    }
    SESSION.set(SessionState::Known(session));
}

/// The same person is back in the same workspace: the page goes on, and what waited is asked.
pub fn resume(session: SessionView) {
    let is_other = SESSION.with_untracked(
        |state| !matches!(state, SessionState::Known(before) if *before == session),
    );
    if is_other {
        set(session);
    }
    waiting::end();
}

/// The person leaves to the sign-in page: the host no longer knows this session.
pub fn leave() {
    let had_user = SESSION.with_untracked(
        |state| matches!(state, SessionState::Known(session) if session.user.is_some()),
    );
    if had_user {
        waiting::forget();
        SESSION.update(|state| {
            if let SessionState::Known(session) = state {
                session.user = None;
                session.workspace = None;
                session.workspaces.clear();
            }
        });
    }
}
