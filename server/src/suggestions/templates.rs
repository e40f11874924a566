//! Suggestions from templates: sentences filled with what a wish says.
//!
//! Invariant: the same wish gives the same suggestions, in the same order, and nothing that a
//! wish says is taken for a place to be filled.

use app::model::suggestions::{PromptClass, Suggestion, SuggestionWish};
use app::model::validate::PROMPT;

use super::bank::{Bank, ENGLISH, SPANISH};

/// Of a template that names a competitor, so many pairs are tried.
const PAIRS: usize = 200;

/// All that the templates give, the best of each class first, and the code of their language:
/// English where there are none in the one that is wished for.
pub(super) fn candidates(wish: &SuggestionWish) -> (Vec<Suggestion>, &'static str) {
    let (bank, language): (&Bank, _) = match wish.language.as_str() {
        "es" => (&SPANISH, "es"),
        _ => (&ENGLISH, "en"),
    };
    let about = subject(wish);
    let mut candidates = Vec::new();
    for class in PromptClass::ALL {
        let templates = bank.of(class);
        if !about.is_empty() {
            add(&mut candidates, wish, class, templates.about);
        }
        add(&mut candidates, wish, class, templates.named);
    }
    let (min, max) = PROMPT;
    candidates.retain(|suggestion| (min..=max).contains(&suggestion.text.chars().count()));
    (candidates, language)
}

fn add(
    candidates: &mut Vec<Suggestion>,
    wish: &SuggestionWish,
    class: PromptClass,
    sentences: &[&str],
) {
    let fill = |template: &str, competitor: &str| Suggestion {
        class,
        text: filled(template, wish, competitor),
    };
    let (rival, plain): (Vec<&str>, Vec<&str>) = sentences
        .iter()
        .partition(|template| template.contains("{c}"));
    candidates.extend(plain.iter().map(|template| fill(template, "")));
    if rival.is_empty() || wish.competitors.is_empty() {
        return;
    }
    // Each competitor has its turn before one comes again, with another sentence.
    let (sentences, competitors) = (rival.len(), wish.competitors.len());
    for pair in 0..(sentences * competitors).min(PAIRS) {
        let (round, turn) = (pair / competitors, pair % competitors);
        let template = rival[(round + turn) % sentences];
        candidates.push(fill(template, &wish.competitors[turn]));
    }
}

/// What the questions are about, without the sign that ends a sentence; empty where it says
/// nothing.
fn subject(wish: &SuggestionWish) -> &str {
    let about = wish.about.trim();
    if !about.contains(char::is_alphanumeric) {
        return "";
    }
    about.trim_end_matches(['.', '?', '!', ',', ';', ':', ' '])
}

/// The template with `{i}` what it is about, `{b}` the brand, `{c}` the competitor.
fn filled(template: &str, wish: &SuggestionWish, competitor: &str) -> String {
    let about = subject(wish);
    let mut text = String::with_capacity(template.len() + about.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(match place {
            "i" => about,
            "b" => &wish.brand,
            _ => competitor,
        });
        rest = after;
    }
    text.push_str(rest);
    text
}
