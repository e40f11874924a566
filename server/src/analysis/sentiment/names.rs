//! Finds names that nobody watches, so that what is said of them counts for nobody else.
//!
//! A name is a run of words with capitals that the lexicon does not know. In a sentence with a
//! watched name such a run becomes a mention of [`STRANGER`].
//!
//! Invariant: adds and removes no watched mention. Looks at each token a bounded number of
//! times.

use super::lexicon::Cue;
use super::scan::{Mark, Token, Word};

/// The owner of a name that nobody watches.
pub(super) const STRANGER: usize = usize::MAX;

/// How many words may stand between "than" and a name behind a preposition.
const RELATION_REACH: usize = 5;

/// Puts `tokens` into `marked`, with mentions of strangers in the place of their words.
pub(super) fn mark(tokens: &[Token], marked: &mut Vec<Token>) {
    marked.clear();
    if !tokens
        .iter()
        .any(|token| matches!(token, Token::Mention(_)))
    {
        marked.extend_from_slice(tokens);
        return;
    }
    let mut begins = true;
    let mut since_relation = RELATION_REACH;
    let mut before: Option<Word> = None;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let run = run_length(tokens.get(at..).unwrap_or_default());
        let rest = tokens.get(at + run..).unwrap_or_default();
        if run > 0 && is_name(run, begins, before, since_relation, rest) {
            marked.push(Token::Mention(STRANGER));
            at += run;
            (begins, before) = (false, None);
            continue;
        }
        // What is part of a run that is no name cannot be one by itself.
        for token in tokens.get(at..at + run.max(1)).unwrap_or_default() {
            marked.push(*token);
        }
        match token {
            Token::Word(word) => {
                since_relation = if is_relation(word.entry.effect.cue) {
                    0
                } else {
                    since_relation.saturating_add(1)
                };
                (begins, before) = (false, Some(*word));
            }
            Token::Mark(Mark::Comma) => before = None,
            Token::Mark(_) => (begins, before) = (true, None),
            Token::Mention(_) => (begins, before) = (false, None),
        }
        at += run.max(1);
    }
}

fn is_relation(cue: Cue) -> bool {
    matches!(
        cue,
        Cue::Than | Cue::ThanIfGraded | Cue::As | Cue::Unlike | Cue::Beats | Cue::Loses | Cue::Over
    )
}

/// How many tokens at the start of `tokens` look like a name.
fn run_length(tokens: &[Token]) -> usize {
    let mut end = 0;
    let mut at = 0;
    while let Some(Token::Word(word)) = tokens.get(at) {
        let is_first = end == 0;
        let fits = word.is_capital && (!is_first || word.entry.is_unknown());
        if fits {
            end = at + 1;
        } else if is_first || at > end {
            // One small word may join the parts of a name.
            break;
        } else if !matches!(word.entry.effect.cue, Cue::And | Cue::Preposition) {
            break;
        } else if !word.is_joiner {
            break;
        }
        at += 1;
    }
    end
}

/// Whether a run of `run` words with capitals is a name where it stands.
fn is_name(
    run: usize,
    begins: bool,
    before: Option<Word>,
    since_relation: usize,
    rest: &[Token],
) -> bool {
    let follows_place = before.is_some_and(|word| word.entry.effect.cue == Cue::Preposition);
    if follows_place && since_relation >= RELATION_REACH {
        return false;
    }
    if !begins || run > 1 {
        return true;
    }
    // The first word of a sentence has a capital anyway: a name goes on with a verb.
    match rest.first() {
        Some(Token::Word(next)) => {
            !next.is_capital && !matches!(next.entry.effect.cue, Cue::Preposition | Cue::And)
        }
        _ => false,
    }
}
