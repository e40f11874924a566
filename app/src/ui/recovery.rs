//! Whether the host answers again after it did not: one look every few seconds for all that wait
//! for it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;

const BETWEEN_LOOKS: Duration = Duration::from_secs(3);

/// Something that could not be loaded.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    number: usize,
    retry: Callback<()>,
}

static WAITING: LazyLock<ArcRwSignal<Vec<Waiting>>> =
    LazyLock::new(|| ArcRwSignal::new(Vec::new()));
static IS_LOOKING: AtomicBool = AtomicBool::new(false);

/// Runs `retry` each time the host is found to answer, for as long as the view lives that calls
/// this. Gives whether it is the first of those that wait now: one of them is enough to say so.
pub fn wait(retry: Callback<()>) -> Signal<bool> {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    WAITING.update(|waiting| waiting.push(Waiting { number, retry }));
    on_cleanup(move || WAITING.update(|waiting| waiting.retain(|other| other.number != number)));
    if !IS_LOOKING.swap(true, Ordering::Relaxed) {
        set_timeout(look, BETWEEN_LOOKS);
    }
    Signal::derive(move || {
        WAITING.with(|waiting| waiting.first().is_some_and(|first| first.number == number))
    })
}

fn look() {
    if WAITING.with_untracked(Vec::is_empty) {
        IS_LOOKING.store(false, Ordering::Relaxed);
        return;
    }
    spawn_local(async {
        if browser::host_answers().await {
            for waiting in WAITING.get_untracked() {
                // Its view may have gone with that of one before it.
                let _ = waiting.retry.try_run(());
            }
        }
        set_timeout(look, BETWEEN_LOOKS);
    });
}
