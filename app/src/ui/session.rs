//! Who is there: one signal for the whole page, asked of the host at the start.

use std::sync::LazyLock;

use chrono::{NaiveDate, Utc};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::api::error::ApiError;
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

/// Asks the host who is there.
pub fn load() {
    SESSION.set(SessionState::Loading);
    spawn_local(async {
        SESSION.set(match api::accounts::session().await {
            Ok(session) => SessionState::Known(session),
            Err(error) => SessionState::Failed(error),
        });
    });
}

/// Asks the host again, while the page stays as it is.
pub fn refresh() {
    spawn_local(async {
        if let Ok(session) = api::accounts::session().await {
            set(session);
        }
    });
}

/// Takes over a session that the host sent.
pub fn set(session: SessionView) {
    SESSION.set(SessionState::Known(session));
}

/// The host no longer knows this session: the user has to sign in again.
pub fn expired() {
    let had_user = SESSION.with_untracked(
        |state| matches!(state, SessionState::Known(session) if session.user.is_some()),
    );
    if had_user {
        SESSION.update(|state| {
            if let SessionState::Known(session) = state {
                session.user = None;
                session.workspace = None;
                session.workspaces.clear();
            }
        });
    }
}
