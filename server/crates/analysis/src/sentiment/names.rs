//! Finds names of no entity, so that praise and blame of them counts for no entity.
//!
//! A name is a run of words with capitals that the lexicon does not know. In a sentence with a
//! watched name such a run becomes a mention of [`STRANGER`].
//!
//! Invariant: adds and removes no watched mention. Looks at each token a bounded number of
//! times.

use super::effect::Cue;
use super::scan::{Mark, Token, Word};

/// The owner of a name that nobody watches.
pub(super) const STRANGER: usize = usize::MAX;

/// How many words may stand between "than" and a name behind a preposition.
const RELATION_REACH: usize = 5;

/// How many words may stand between a semicolon and a name behind a preposition.
const OTHER_REACH: usize = 4;

/// What a sentence follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing: it begins a line, which may be a title.
    Nothing,
    Stop,
    /// A semicolon, after which a capital is that of a name.
    Semicolon,
}

/// Puts `tokens` into `marked`, with mentions of strangers in the place of their words.
pub(super) fn mark(tokens: &[Token], after: After, marked: &mut Vec<Token>) {
    marked.clear();
    let has_mention = tokens
        .iter()
        .any(|token| matches!(token, Token::Mention(_)));
    let mut place = Place {
        begins: after != After::Semicolon,
        since_relation: RELATION_REACH,
        opens: true,
        is_after_semicolon: after == After::Semicolon,
        words_of_other: (after == After::Semicolon).then_some(0),
        ..Place::default()
    };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if has_mention && place.has_rivals(token) {
            marked.push(Token::Mention(STRANGER));
            at += 1;
            place.pass_name();
            continue;
        }
        let run = run_length(tokens.get(at..).unwrap_or_default());
        let rest = tokens.get(at + run..).unwrap_or_default();
        // Who is named first in a sentence without watched names has it for himself.
        let may_be = has_mention
            || match after {
                After::Nothing => place.words <= 2 && goes_on_after(tokens),
                After::Stop => {
                    let is_contrasted = rest.get(1).is_some_and(sets_against);
                    place.words <= 2 && (run > 1 || is_contrasted)
                }
                After::Semicolon => place.words <= OTHER_REACH,
            };
        if run > 0 && may_be && place.has_name(run, rest) {
            marked.push(Token::Mention(STRANGER));
            at += run;
            place.pass_name();
            continue;
        }
        // What is part of a run that is no name cannot be one by itself.
        marked.extend_from_slice(tokens.get(at..at + run.max(1)).unwrap_or_default());
        place.pass(token);
        at += run.max(1);
    }
}

fn goes_on_after(tokens: &[Token]) -> bool {
    matches!(tokens.last(), Some(Token::Mark(Mark::Semicolon)))
}

/// What stands before a run of words with capitals.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells one thing of the place, and they go together in any way"
)]
struct Place {
    /// Whether a sentence begins here.
    begins: bool,
    words: usize,
    since_relation: usize,
    /// Whether a preposition stands directly before, and whether a clause begins with it.
    has_preposition: bool,
    opens: bool,
    is_opened: bool,
    /// Whether a word that begins a clause stands directly before, with a preposition at most.
    follows_link: bool,
    is_after_semicolon: bool,
    /// Words since a semicolon or since what sets its clause against another.
    words_of_other: Option<usize>,
}

impl Place {
    fn pass_name(&mut self) {
        self.words_of_other = None;
        self.begins = false;
        self.has_preposition = false;
        self.opens = false;
        self.is_opened = false;
        self.follows_link = false;
    }

    fn pass(&mut self, token: &Token) {
        match token {
            Token::Word(word) => {
                let cue = word.entry.effect.cue;
                self.words += 1;
                self.since_relation = if is_relation(cue) {
                    0
                } else {
                    self.since_relation.saturating_add(1)
                };
                let is_preposition = cue == Cue::Preposition;
                let was_open = self.opens;
                // An article between a preposition and a name changes nothing.
                let is_article = word.entry.is_function_word && self.has_preposition;
                self.is_opened = (is_preposition && self.opens) || (is_article && self.is_opened);
                self.has_preposition = is_preposition || is_article;
                self.opens = cue.joins()
                    || matches!(cue, Cue::But | Cue::Contrast)
                    || (was_open && cue == Cue::Article)
                    || (self.words == 1 && cue == Cue::Relative);
                self.follows_link =
                    matches!(cue, Cue::Contrast | Cue::Relative | Cue::When | Cue::Though)
                        || (is_preposition && (self.follows_link || was_open));
                self.begins = false;
                self.words_of_other = if matches!(cue, Cue::But | Cue::Contrast) {
                    Some(0)
                } else {
                    self.words_of_other.map(|words| words + 1)
                };
            }
            Token::Mark(mark) => {
                self.begins = *mark != Mark::Comma;
                self.has_preposition = false;
                self.opens = true;
                self.is_opened = false;
            }
            Token::Mention(_) => self.pass_name(),
        }
    }

    /// Whether `token` stands for rivals that are not named: at the start of a clause or in a
    /// comparison.
    fn has_rivals(&self, token: &Token) -> bool {
        let is_meant = self.opens || self.follows_link || self.since_relation < RELATION_REACH;
        is_meant && matches!(token, Token::Word(word) if word.entry.effect.cue == Cue::Others)
    }

    /// Whether a run of `run` words with capitals is a name here, before `rest`.
    fn has_name(&self, run: usize, rest: &[Token]) -> bool {
        // "In Lisbon, X is ..." tells where; "with Y the trouble begins" tells of whom.
        let goes_on = matches!(rest.first(), Some(Token::Word(_)));
        // "The one from Y is ...", set against what comes before.
        let is_other = goes_on
            && self
                .words_of_other
                .is_some_and(|words| words <= OTHER_REACH);
        let opens_clause = is_other || self.is_opened && (goes_on || self.is_after_semicolon);
        if self.has_preposition && self.since_relation >= RELATION_REACH && !opens_clause {
            return false;
        }
        if !self.begins || run > 1 {
            return true;
        }
        // The first word of a sentence has a capital anyway: a name goes on with a verb.
        match rest.first() {
            Some(Token::Word(next)) => {
                let cue = next.entry.effect.cue;
                let is_noun = cue.joins() || matches!(cue, Cue::Preposition | Cue::Article);
                !next.is_capital && !is_noun
            }
            // "Y, by contrast, ..."
            Some(Token::Mark(Mark::Comma)) => rest.get(1).is_some_and(sets_against),
            _ => false,
        }
    }
}

fn sets_against(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if matches!(word.entry.effect.cue, Cue::But | Cue::Contrast | Cue::Unlike))
}

fn is_relation(cue: Cue) -> bool {
    matches!(
        cue,
        Cue::Than | Cue::ThanIfGraded | Cue::As | Cue::Unlike | Cue::Beats | Cue::Loses | Cue::Over
    )
}

/// Whether a name can begin with `word`: with one that the lexicon knows ("Best Motors") only
/// if another capital follows.
fn may_begin(word: &Word, next: Option<&Token>) -> bool {
    let is_followed =
        matches!(next, Some(Token::Word(next)) if next.is_capital && next.entry.is_unknown());
    word.entry.is_unknown() || (is_followed && !word.entry.is_function_word)
}

/// How many tokens at the start of `tokens` look like a name.
fn run_length(tokens: &[Token]) -> usize {
    let mut end = 0;
    let mut at = 0;
    while let Some(Token::Word(word)) = tokens.get(at) {
        let is_first = end == 0;
        let fits = word.is_capital && (!is_first || may_begin(word, tokens.get(at + 1)));
        if fits {
            end = at + 1;
        } else if is_first || at > end || !word.is_joiner {
            // One small word may join the parts of a name.
            break;
        }
        at += 1;
    }
    end
}
