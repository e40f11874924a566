//! How an answer speaks of an entity: a classifier by rules over word lists, for English and
//! Spanish.
//!
//! The way of an answer: [`language`] tells what to read it with; [`layout`] tells lines apart
//! and whose heading they stand under; [`scan`] cuts a line into words, names and [`rating`]s
//! and looks them up in the [`lexicon`] and its [`phrases`]; [`names`] finds the names that nobody
//! watches; [`clauses`] tells whom each clause is about, [`tone`] what it says and [`contrast`]
//! what it weighs beside the others, [`trade`] what is only dealt in; [`advice`] tells what is
//! advised; [`reader`] adds up. What it cannot do stands in docs/ANALYSIS.md.
//!
//! Invariant: no I/O and no model. Linear in the length of the answer, and no panic on any
//! text. What it says is no judge's verdict and must not be shown as one.

mod advice;
mod clauses;
mod contrast;
mod effect;
mod inflection;
mod language;
mod layout;
mod lexicon;
mod names;
mod numbers;
mod phrases;
mod rating;
mod reader;
mod rows;
mod scan;
mod score;
mod starts;
mod tone;
mod trade;

pub use language::Language;
pub use score::Score;

use contract::answer::Sentiment;

use reader::Reader;
use scan::Mention;

/// Version of the rules and word lists. It goes up whenever the same answer may get another
/// score.
pub const CLASSIFIER_VERSION: i32 = 4;

/// What the classifier says about one entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attitude {
    /// The class.
    pub sentiment: Sentiment,
    /// From -1 (blame only) to 1 (praise only).
    pub score: Score,
    /// Whether the text advises choosing the entity (true) or advises against it (false); none
    /// where it does neither or both. Praise alone is no advice.
    pub recommended: Option<bool>,
}

/// A score so far from 0 is praise or blame.
const THRESHOLD: f32 = 0.26;

impl Attitude {
    fn new(score: f32, recommended: Option<bool>) -> Self {
        let sentiment = if score >= THRESHOLD {
            Sentiment::Positive
        } else if score <= -THRESHOLD {
            Sentiment::Negative
        } else {
            Sentiment::Neutral
        };
        Self {
            sentiment,
            score: f64::from(score).into(),
            recommended,
        }
    }
}

/// How `text` speaks of each of the entities that are named at `spans` (byte offsets, one list
/// an entity, as in [`Finding::spans`](super::Finding)). `None` for an entity without a usable
/// span, and for all if the text is neither English nor Spanish.
///
/// `language` is taken as it is; without it the text decides. All entities that are watched
/// belong into one call: a clause about one of them must not count for another.
pub fn attitudes<S: AsRef<[(usize, usize)]>>(
    text: &str,
    language: Option<Language>,
    spans: &[S],
) -> Vec<Option<Attitude>> {
    let mut mentions: Vec<Mention> = Vec::new();
    for (owner, spans) in spans.iter().enumerate() {
        for &(start, end) in spans.as_ref() {
            if start < end && text.get(start..end).is_some() {
                mentions.push(Mention { start, end, owner });
            }
        }
    }
    mentions.sort_unstable_by_key(|mention| (mention.start, mention.end));
    let nothing = vec![None; spans.len()];
    if mentions.is_empty() {
        return nothing;
    }
    let Some(language) = language.or_else(|| Language::of(text)) else {
        return nothing;
    };
    let mut reader = Reader::new(language, spans.len());
    reader.read(text, &mentions);
    let mut found = nothing;
    for mention in &mentions {
        if let (Some(found), Some(score)) =
            (found.get_mut(mention.owner), reader.score(mention.owner))
        {
            *found = Some(Attitude::new(score, reader.recommended(mention.owner)));
        }
    }
    found
}

/// How `text` speaks of the one entity that is named at `spans`: [`attitudes`] where no other
/// entity is watched.
pub fn attitude(
    text: &str,
    language: Option<Language>,
    spans: &[(usize, usize)],
) -> Option<Attitude> {
    attitudes(text, language, &[spans]).pop().flatten()
}

/// Words of praise less words of blame, without any rule and wherever they stand: the plain
/// keyword list that the classifier is measured against.
pub fn keyword_balance(text: &str, language: Language) -> i32 {
    let lexicon = lexicon::of(language);
    let mut balance = 0;
    scan::words(text, |hash| {
        balance += i32::from(lexicon.entry(hash).effect.weight.signum());
    });
    balance
}

#[cfg(test)]
mod tests;
