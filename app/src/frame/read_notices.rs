//! Which notices need somebody, and which were seen: of those the browser keeps the newest one, for
//! each workspace.

use std::sync::LazyLock;

use leptos::prelude::*;

use crate::ui::{browser, session};

/// The newest one that was seen in this window, under which key: browsers may keep nothing.
static SEEN: LazyLock<ArcRwSignal<Option<(String, i64)>>> =
    LazyLock::new(|| ArcRwSignal::new(None));

/// What the host has told of notices since the session was asked for: the newest first.
static TOLD: LazyLock<ArcRwSignal<Option<Vec<i64>>>> = LazyLock::new(|| ArcRwSignal::new(None));

/// Takes over which notices need somebody now.
pub fn hear(needs: Vec<i64>) {
    if TOLD.with_untracked(|told| told.as_ref() != Some(&needs)) {
        TOLD.set(Some(needs));
    }
}

/// Forgets what was told: another workspace is shown.
pub fn forget() {
    TOLD.set(None);
}

/// The notices about what does not work any more, the newest first; what reads it here follows it.
pub fn needs() -> Vec<i64> {
    let told = TOLD.get();
    told.unwrap_or_else(|| session::known().map_or_else(Vec::new, |session| session.needs))
}

fn key() -> Option<String> {
    let workspace = session::workspace()?;
    Some(format!("parallax.notices.{}", workspace.id))
}

/// Notes that all notices up to this one are seen.
pub fn note(newest: i64) {
    if let Some(key) = untrack(key) {
        browser::store(&key, &newest.to_string());
        SEEN.set(Some((key, newest)));
    }
}

/// How many notices about what does not work any more were not seen yet; what reads it here
/// follows it.
pub fn unread() -> usize {
    let Some(key) = key() else {
        return 0;
    };
    let here = SEEN.with(|seen| {
        let (of, newest) = seen.as_ref()?;
        (*of == key).then_some(*newest)
    });
    // Another window may have seen more.
    let stored = browser::stored(&key).and_then(|seen| seen.parse().ok());
    let seen: Option<i64> = here.max(stored);
    let is_unread = |id: &&i64| seen.is_none_or(|seen| **id > seen);
    needs().iter().filter(is_unread).count()
}
