//! Suggestions from templates: sentences filled with what a wish says.
//!
//! Invariant: the same wish gives the same suggestions, in the same order, and nothing that a
//! wish says is taken for a place to be filled.

use app::model::suggestions::{PromptClass, Suggestion, SuggestionWish};
use app::validate::PROMPT;

use super::sentences::LanguageSentences;

/// Of a template that names a competitor, so many pairs are tried.
const PAIRS: usize = 200;

/// All that the templates give, the best of each class first; `None`: there are none in the
/// language that is wished for.
pub(super) fn candidates(wish: &SuggestionWish) -> Option<Vec<Suggestion>> {
    let sentences = LanguageSentences::in_language(&wish.language)?;
    let filling = Filling::of(wish, sentences);
    let mut candidates = Vec::new();
    for &class in PromptClass::ALL {
        let templates = sentences.of(class);
        if !filling.about.is_empty() {
            add(&mut candidates, wish, (class, templates.about), &filling);
            for audience in sentences.audiences {
                let filling = Filling {
                    audience,
                    ..filling
                };
                add(
                    &mut candidates,
                    wish,
                    (class, templates.by_audience),
                    &filling,
                );
            }
        }
        add(&mut candidates, wish, (class, templates.named), &filling);
    }
    let (min, max) = PROMPT;
    candidates.retain(|suggestion| (min..=max).contains(&suggestion.text.chars().count()));
    Some(candidates)
}

fn add(
    candidates: &mut Vec<Suggestion>,
    wish: &SuggestionWish,
    (class, sentences): (PromptClass, &[&str]),
    filling: &Filling<'_>,
) {
    let fill = |template: &str, competitor: &str| Suggestion {
        class,
        text: Filling {
            competitor,
            ..*filling
        }
        .fill(template),
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

/// What the places of a sentence are filled with.
#[derive(Clone, Copy)]
struct Filling<'a> {
    brand: &'a str,
    competitor: &'a str,
    audience: &'a str,
    /// What the questions are about, as typed; empty where it says nothing.
    about: &'a str,
    /// The same without an article.
    noun: &'a str,
}

impl<'a> Filling<'a> {
    fn of(wish: &'a SuggestionWish, sentences: &LanguageSentences) -> Self {
        let about = subject(&wish.about);
        Self {
            brand: &wish.brand,
            competitor: "",
            audience: "",
            about,
            noun: without_articles(about, sentences),
        }
    }

    fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len() + self.about.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (place, after) = after.split_once('}').unwrap_or((after, ""));
            match place {
                "I" => text.push_str(&capitalised(self.about)),
                "o" => text.push_str(before_sound(self.next(after), ("o", "u"), "o")),
                "y" => text.push_str(before_sound(self.next(after), ("y", "e"), "i")),
                place => text.push_str(self.value(place)),
            }
            // A name that ends with a point ends the sentence too.
            rest = match after.strip_prefix('.') {
                Some(behind) if text.ends_with('.') => behind,
                _ => after,
            };
        }
        text.push_str(rest);
        text
    }

    fn value(&self, place: &str) -> &'a str {
        match place {
            "i" => self.about,
            "n" => self.noun,
            "b" => self.brand,
            "a" => self.audience,
            _ => self.competitor,
        }
    }

    /// What comes into the next place of a sentence.
    fn next(&self, rest: &str) -> &'a str {
        let place = rest
            .split_once('{')
            .and_then(|(_, rest)| rest.split_once('}'));
        place.map_or("", |(place, _)| self.value(place))
    }
}

/// What the questions are about, without the signs that end a sentence; empty where it says
/// nothing.
fn subject(about: &str) -> &str {
    if !about.contains(char::is_alphanumeric) {
        return "";
    }
    about.trim_matches(|sign: char| sign.is_whitespace() || ".?!,;:¿¡".contains(sign))
}

/// A noun without the articles before it. A word with a capital, before another one, is of a
/// name.
fn without_articles<'a>(noun: &'a str, sentences: &LanguageSentences) -> &'a str {
    let mut noun = noun;
    while let Some((first, rest)) = noun.split_once(char::is_whitespace) {
        let rest = rest.trim_start();
        let lower = first.to_lowercase();
        let is_of_name = first != lower && rest.starts_with(char::is_uppercase);
        let is_opener = sentences.openers.contains(&lower.as_str()) && !is_of_name;
        if !is_opener && !sentences.articles.contains(&lower.as_str()) {
            break;
        }
        noun = rest;
    }
    noun
}

/// The text with a capital, if its first word has none at all ("iPhone cases" stays).
fn capitalised(text: &str) -> String {
    let first_word = text.split_whitespace().next().unwrap_or_default();
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if !first_word.contains(char::is_uppercase) => {
            first.to_uppercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

/// Of a word's two forms the one that the name behind it wants: the second before its own sound.
fn before_sound<'a>(name: &str, (usual, other): (&'a str, &'a str), sound: &str) -> &'a str {
    let folded = analysis::fold(name);
    let heard = folded.strip_prefix('h').unwrap_or(&folded);
    let Some(behind) = heard.strip_prefix(sound) else {
        return usual;
    };
    // In "iónico" it is no vowel, and "iPhone" is said in English.
    let is_glide = sound == "i" && behind.starts_with(['a', 'e', 'o', 'u']);
    let is_english = name.starts_with('i') && name[1..].starts_with(char::is_uppercase);
    if is_glide || is_english { usual } else { other }
}
