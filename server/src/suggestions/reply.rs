//! What a model suggested, taken apart and believed only where it fits the wish.
//!
//! Invariant: no bytes make it panic, and what it lets through is one clean line within the
//! limits of a question, of a class that its names agree with.

use app::model::suggestions::{PromptClass, Suggestion, SuggestionWish};
use app::validate::PROMPT;
use serde_json::Value;

use super::names::Names;
use super::similar::is_in_other_language;
use crate::structured;

/// More of a reply is not looked at: at most 25 questions are asked for.
const MOST: usize = 60;
/// Signs of markup and of places to be filled; no customer types them.
const SIGNS: [char; 5] = ['<', '>', '{', '}', '`'];
/// What links look like.
const LINKS: [&str; 2] = ["://", "www."];

/// The questions in a reply that will do, and how many will not.
pub(super) fn candidates(wish: &SuggestionWish, reply: &str) -> (Vec<Suggestion>, usize) {
    let brand = std::iter::once(&wish.brand).chain(&wish.aliases);
    let brand = Names::of(brand.map(String::as_str));
    let competitors = Names::of(wish.competitors.iter().map(String::as_str));
    let mut unfit = 0;
    let mut found = Vec::new();
    for entry in structured::entries(reply, "questions").iter().take(MOST) {
        match candidate(wish, entry, &brand, &competitors) {
            Some(suggestion) => found.push(suggestion),
            None => unfit += 1,
        }
    }
    (found, unfit)
}

fn candidate(
    wish: &SuggestionWish,
    entry: &Value,
    brand: &Names,
    competitors: &Names,
) -> Option<Suggestion> {
    let class = PromptClass::from_word(entry.get("class")?.as_str()?)?;
    let text = line(entry.get("question")?.as_str()?)?;
    let (min, max) = PROMPT;
    let is_wrong = !(min..=max).contains(&text.chars().count())
        || text.contains(SIGNS)
        || LINKS.iter().any(|link| text.contains(link))
        || !text.contains(char::is_alphabetic)
        || is_in_other_language(&wish.language, &text);
    if is_wrong {
        return None;
    }
    let names_both = brand.stand_in(&text) && competitors.stand_in(&text);
    let is_versus = class == PromptClass::BrandVsCompetitor;
    (names_both == is_versus).then_some(Suggestion { class, text })
}

/// A text as one line. `None` if it has invisible characters or characters that change the
/// direction of writing, because two different questions could then look the same.
fn line(text: &str) -> Option<String> {
    let is_hidden = |letter: char| {
        matches!(letter,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
            || (letter.is_control() && !letter.is_whitespace())
    };
    if text.contains(is_hidden) {
        return None;
    }
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
