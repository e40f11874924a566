//! Questions that are suggested for a project: from templates, or written by a model.
//!
//! [`templates`] fills sentences of its own, [`prompt`] writes the question to a model, [`reply`]
//! reads what comes back and believes none of it unseen; [`choose`] picks from either, class by
//! class, what nobody has asked yet ([`similar`]).
//!
//! Invariant: pure, no I/O. Every suggestion is one line of 15 to 500 characters. No two
//! suggestions are nearly the same, nor is one nearly the same as a present question.

mod choose;
mod names;
mod prompt;
mod reply;
mod sentences;
mod similar;
mod templates;
#[cfg(test)]
mod tests;

use app::model::suggestions::{Suggestion, SuggestionWish};

pub use prompt::{about_cost, question};
pub use similar::{Measure, Words};

/// Suggestions, and what became of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Class by class.
    pub suggestions: Vec<Suggestion>,
    /// Those of a model that were not taken although there was room: of no class, too short or
    /// long, said before.
    pub refused: usize,
}

/// As many as the wish wants from templates; `None`: there are none in its language.
pub fn from_templates(wish: &SuggestionWish) -> Option<Chosen> {
    let measure = Measure::new(&wish.language, &wish.about);
    let candidates = templates::candidates(wish)?;
    Some(choose::choose(
        candidates,
        &wish.existing,
        wish.count,
        &measure,
    ))
}

/// Whether there are templates in a language, by its ISO 639-1 code.
pub fn has_templates(language: &str) -> bool {
    sentences::LanguageSentences::in_language(language).is_some()
}

/// As many as the wish wants of what a model replied. Never panics.
pub fn from_reply(wish: &SuggestionWish, reply: &str) -> Chosen {
    let measure = Measure::new(&wish.language, &wish.about);
    let (candidates, unfit) = reply::candidates(wish, reply);
    let mut chosen = choose::choose(candidates, &wish.existing, wish.count, &measure);
    chosen.refused += unfit;
    chosen
}
