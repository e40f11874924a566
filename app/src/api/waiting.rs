//! The calls of this page that wait until somebody has signed in again.
//!
//! Invariant: knows neither who is there nor how they sign in: `ui/session.rs` tells it.

use std::cell::RefCell;
use std::future::poll_fn;
use std::sync::LazyLock;
use std::task::{Poll, Waker};

use leptos::prelude::*;

use super::brought;
use super::gate::{Gate, Sent, Way};

/// What is asked while the others wait.
const ABOUT_THE_SESSION: [&str; 3] = [
    "accounts/session",
    "accounts/sign-in",
    "accounts/choose-workspace",
];

static IS_SHUT: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

thread_local! {
    static GATE: RefCell<Gate> = const { RefCell::new(Gate::new()) };
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
    /// What is to be loaded again when they are back.
    static LATER: RefCell<Vec<RwSignal<u32>>> = const { RefCell::new(Vec::new()) };
}

/// Whether calls wait; what reads it here follows it.
pub fn is_going_on() -> bool {
    IS_SHUT.get()
}

/// Whether calls wait at this moment.
pub fn is_going_on_now() -> bool {
    IS_SHUT.get_untracked()
}

/// Somebody is there: from now on calls wait for them when their session is gone.
pub fn guard() {
    change(Gate::guard);
}

/// They are back: what waits is sent.
pub fn end() {
    change(Gate::open);
    LATER.take().into_iter().for_each(count_on);
}

/// They have left: what waits is never sent.
pub fn forget() {
    brought::forget();
    change(Gate::forget);
    LATER.set(Vec::new());
}

/// Has a value loaded again by counting its version on. While calls wait, that is done once, at the
/// end: what looks every few seconds would else ask hundreds of times at once.
pub fn count_on(version: RwSignal<u32>) {
    if is_going_on_now() {
        LATER.with_borrow_mut(|later| {
            if !later.contains(&version) {
                later.push(version);
            }
        });
    } else {
        let _ = version.try_update(|version| *version = version.wrapping_add(1));
    }
}

fn change(how: fn(&mut Gate)) {
    GATE.with_borrow_mut(how);
    publish();
}

/// Tells the page and the calls what has become of the gate.
fn publish() {
    let is_shut = GATE.with_borrow(Gate::is_shut);
    if IS_SHUT.get_untracked() != is_shut {
        IS_SHUT.set(is_shut);
    }
    if !is_shut {
        for call in WAITING.take() {
            call.wake();
        }
    }
}

/// Whether a call waits where the others do.
pub(super) fn waits(path: &str) -> bool {
    !is_going_on_now() || ABOUT_THE_SESSION.iter().all(|end| !path.ends_with(end))
}

/// The present time.
pub(super) fn now() -> Sent {
    GATE.with_borrow(Gate::now)
}

/// Whether the person has left in whose time a call was sent: what comes back of it is for nobody.
pub(super) fn is_gone(sent: Sent) -> bool {
    GATE.with_borrow(|gate| gate.way(sent)) == Way::Gone
}

/// Waits until a call may be sent that was wanted or sent then.
pub(super) async fn turn(since: Sent) -> Sent {
    poll_fn(|context| match GATE.with_borrow(|gate| gate.way(since)) {
        Way::Free(now) => Poll::Ready(now),
        Way::Shut => {
            WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
            Poll::Pending
        }
        Way::Gone => Poll::Pending,
    })
    .await
}

/// The host knows the session no more by which a call was sent. Gives whether to send it again
/// when it is its turn.
pub(super) fn refuse(sent: Sent) -> bool {
    let is_again = GATE.with_borrow_mut(|gate| gate.refuse(sent));
    publish();
    is_again
}
