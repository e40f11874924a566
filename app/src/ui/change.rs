//! A change against the period before, in words. What noise may have made is grey and has no
//! arrow.

use leptos::prelude::*;

use super::locale::t;
use crate::texts::kit;

/// Whether a change is for the better, beyond noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Better, beyond noise.
    Better,
    /// Worse, beyond noise.
    Worse,
    /// Noise may have made it, or there is nothing to compare with.
    Unclear,
}

impl Direction {
    /// The class that colours it.
    const fn class(self) -> &'static str {
        match self {
            Self::Better => "change is-better",
            Self::Worse => "change is-worse",
            Self::Unclear => "change",
        }
    }
}

/// A change in words: `9 points`, `no clear change`, `new`. The arrow is drawn.
#[component]
pub fn Change(
    /// The words, without an arrow.
    words: String,
    /// Whether it is for the better.
    direction: Direction,
) -> impl IntoView {
    let spoken = match direction {
        Direction::Better => Some(kit::BETTER),
        Direction::Worse => Some(kit::WORSE),
        Direction::Unclear => None,
    };
    let spoken = spoken.map(|text| view! { <span class="visually-hidden">{t(text)}" "</span> });
    view! {
        <span class=direction.class()>
            {spoken}
            {words}
        </span>
    }
}
