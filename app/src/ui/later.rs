//! Views that are made in a task of their own: what stands first on a page is painted before what
//! stands below it is made.

use std::time::Duration;

use leptos::prelude::*;

use super::skeletons::{Shape, Skeletons};

/// What makes a view.
pub type Make = Box<dyn Fn() -> AnyView + Send + Sync>;

/// The view that `make` gives, some moments later; shapes until then, about as high, or nothing where
/// there are none. Those that follow one another are made one after the other.
pub fn later(shapes: &'static [Shape], make: Make) -> AnyView {
    let is_due = RwSignal::new(false);
    set_timeout(
        move || {
            // Its page may be gone by now.
            let _ = is_due.try_set(true);
        },
        Duration::ZERO,
    );
    let view = move || {
        if is_due.get() {
            make()
        } else if shapes.is_empty() {
            ().into_any()
        } else {
            view! { <Skeletons shapes /> }.into_any()
        }
    };
    view.into_any()
}

/// Whether what is made now has been painted; at first it has not.
pub fn is_painted() -> Signal<bool> {
    let is_painted = RwSignal::new(false);
    // The frame's own turn comes before it is painted, and the turn after that is later.
    request_animation_frame(move || {
        set_timeout(
            move || {
                let _ = is_painted.try_set(true);
            },
            Duration::ZERO,
        );
    });
    is_painted.into()
}
