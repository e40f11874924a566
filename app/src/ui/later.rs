//! Views that can wait: what stands below the first screen is made once the first screen is painted.

use std::time::Duration;

use leptos::prelude::*;

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
