//! Tells whether a sentence advises choosing an entity, or advises against it.
//!
//! Advice is a verb whose object is the entity ("we recommend X", "avoid X"), or a noun that the
//! entity is ("X is the best choice", "our pick: X"). Praise, questions, conditions, the past and
//! what others recommend are no advice.
//!
//! Invariant: reads one sentence. If it has no name, the caller says whom it is about.

mod nouns;
mod verbs;
pub(super) mod words;

use super::scan::{Mark, Token};
use words::{Role, Words};

/// How far before its advice a subject may stand; it bounds the work.
const SUBJECT_REACH: usize = 60;
/// A pronoun stands so near the start of its clause.
const PRONOUN_REACH: usize = 2;

/// A piece of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Name(usize),
    Word(Role),
    Mark(Mark),
}

/// Gathers the advice of an answer.
pub(super) struct Advice {
    words: &'static Words,
    pieces: Vec<Piece>,
    votes: Vec<Votes>,
}

/// What has been advised about one entity.
#[derive(Clone, Copy, Default)]
struct Votes {
    is_advised: bool,
    is_advised_against: bool,
    /// Whether a sentence about it said so, and not only the line above it.
    is_stated: bool,
}

impl Advice {
    pub(super) fn new(words: &'static Words, entities: usize) -> Self {
        Self {
            words,
            pieces: Vec::new(),
            votes: vec![Votes::default(); entities],
        }
    }

    /// What the whole answer advises about an entity; none where it contradicts itself.
    pub(super) fn verdict(&self, owner: usize) -> Option<bool> {
        let votes = self.votes.get(owner)?;
        match (votes.is_advised, votes.is_advised_against) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }

    /// The same, if a sentence about the entity said so.
    pub(super) fn stated_verdict(&self, owner: usize) -> Option<bool> {
        self.verdict(owner).filter(|_| {
            let votes = self.votes.get(owner);
            votes.is_some_and(|votes| votes.is_stated)
        })
    }

    /// Reads a sentence, which is about `referent` where it does not say whom it is about.
    pub(super) fn read(&mut self, tokens: &[Token], referent: Option<usize>) {
        self.load(tokens);
        let votes = &mut self.votes;
        for pieces in parts(&self.pieces) {
            Part { pieces, referent }.read(|owner, advised| {
                cast(votes, owner, advised);
                if let Some(votes) = votes.get_mut(owner) {
                    votes.is_stated = true;
                }
            });
        }
    }

    /// Whether what stands under a line that names nobody is advised ("Our picks:") or advised
    /// against ("Tools to avoid").
    pub(super) fn of_lead(&mut self, tokens: &[Token]) -> Option<bool> {
        self.load(tokens);
        let is_question = self.pieces.contains(&Piece::Mark(Mark::Question));
        let is_other = |piece: &Piece| {
            matches!(
                piece,
                Piece::Name(_) | Piece::Word(Role::Block | Role::Condition | Role::But | Role::Who)
            )
        };
        if is_question || self.pieces.iter().any(is_other) {
            return None;
        }
        let part = Part {
            pieces: &self.pieces,
            referent: None,
        };
        (0..self.pieces.len()).find_map(|at| part.lead(at))
    }

    /// Advises what stands under a line that said so.
    pub(super) fn follow(&mut self, lead: bool, owner: usize) {
        cast(&mut self.votes, owner, lead);
    }

    fn load(&mut self, tokens: &[Token]) {
        self.pieces.clear();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let mut length = 1;
            self.pieces.push(match token {
                Token::Mention(owner) => Piece::Name(*owner),
                Token::Mark(mark) => Piece::Mark(*mark),
                Token::Word(_) => {
                    let (role, words) = self.words.role(|ahead| match tokens.get(at + ahead) {
                        Some(Token::Word(word)) => Some(word.hash),
                        _ => None,
                    });
                    length = words;
                    Piece::Word(role)
                }
            });
            at += length;
        }
    }
}

fn cast(votes: &mut [Votes], owner: usize, advised: bool) {
    if let Some(votes) = votes.get_mut(owner) {
        votes.is_advised |= advised;
        votes.is_advised_against |= !advised;
    }
}

/// The parts of a sentence before and after "but", without those that set a condition.
fn parts(pieces: &[Piece]) -> impl Iterator<Item = &[Piece]> {
    let is_conditional = |part: &&[Piece]| {
        // "Sí, ..." looks like a condition where accents are not told apart.
        let rest = match part {
            [
                Piece::Word(Role::Condition),
                Piece::Mark(Mark::Comma),
                rest @ ..,
            ] => rest,
            part => part,
        };
        rest.contains(&Piece::Word(Role::Condition))
    };
    pieces
        .split(|piece| *piece == Piece::Word(Role::But))
        .filter(move |part| !is_conditional(part))
}

/// A part of a sentence.
struct Part<'a> {
    pieces: &'a [Piece],
    referent: Option<usize>,
}

impl Part<'_> {
    fn read(&self, mut vote: impl FnMut(usize, bool)) {
        for (at, piece) in self.pieces.iter().enumerate() {
            let Piece::Word(role) = piece else { continue };
            let (owners, advised) = match role {
                Role::Pick if self.is_noun(at) => self.noun(at),
                Role::Recommend
                | Role::Advise
                | Role::Choose
                | Role::Use
                | Role::Pick
                | Role::Avoid
                | Role::Against => self.verb(at, *role),
                Role::Advised => self.advised(at),
                Role::Avoided => (self.subject_of(at), Some(false)),
                Role::Noun | Role::Choice => self.noun(at),
                _ => continue,
            };
            if let Some(advised) = advised {
                for owner in owners {
                    vote(owner, advised);
                }
            }
        }
    }

    fn role(&self, at: usize) -> Option<Role> {
        match self.pieces.get(at) {
            Some(Piece::Word(role)) => Some(*role),
            _ => None,
        }
    }

    fn before(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(at.checked_sub(1)?)
    }

    /// The names that are joined to the one at `at`, and where they end.
    fn group(&self, at: usize, end: &mut usize) -> Vec<usize> {
        let mut names = Vec::new();
        let mut next = Some(at);
        while let Some(at) = next {
            if let Some(Piece::Name(owner)) = self.pieces.get(at) {
                names.push(*owner);
            }
            *end = at + 1;
            next = self.joined(at + 1);
        }
        names
    }

    /// Where the name stands that "and" or a comma at `at` joins to the one before.
    fn joined(&self, at: usize) -> Option<usize> {
        let mut to = at;
        let has_comma = self.pieces.get(to) == Some(&Piece::Mark(Mark::Comma));
        to += usize::from(has_comma);
        let has_and = matches!(self.role(to), Some(Role::And | Role::Nor));
        to += usize::from(has_and);
        while matches!(self.role(to), Some(Role::Filler | Role::Article)) && to < at + 4 {
            to += 1;
        }
        if !(has_comma || has_and) || !matches!(self.pieces.get(to), Some(Piece::Name(_))) {
            return None;
        }
        // "We recommend X, Y is too slow" is no list.
        let ends = match self.pieces.get(to + 1) {
            None | Some(Piece::Mark(_)) => true,
            Some(Piece::Word(role)) => matches!(role, Role::And | Role::Nor | Role::Prep),
            Some(Piece::Name(_)) => false,
        };
        (has_and || ends).then_some(to)
    }

    /// Whom the clause before `before` is about: the names nearest to it, or the referent.
    fn subject(&self, before: usize, may_refer: bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = before.saturating_sub(SUBJECT_REACH);
        while at < before {
            if !matches!(self.pieces.get(at), Some(Piece::Name(_))) {
                at += 1;
                continue;
            }
            let is_compared = self.before(at) == Some(&Piece::Word(Role::Prep));
            let names = self.group(at, &mut at);
            if !is_compared && at <= before {
                found = names;
            }
        }
        if found.is_empty() && may_refer {
            found.extend(self.referent);
        }
        found
    }

    /// Whether "neither" turns what is said of those before `before`.
    fn is_denied(&self, before: usize) -> bool {
        let from = before.saturating_sub(SUBJECT_REACH);
        let pieces = self.pieces.get(from..before).unwrap_or_default();
        pieces.contains(&Piece::Word(Role::Nor))
    }

    /// What the word at `at` of a line without names says of what stands under it.
    fn lead(&self, at: usize) -> Option<bool> {
        match self.role(at)? {
            role @ (Role::Recommend | Role::Advise) => {
                let left = self.left(at);
                (!left.is_hedged && left.accepts(role)).then_some(!left.is_negated)
            }
            Role::Noun => Some(true),
            Role::Pick if self.is_noun(at) => Some(true),
            Role::Advised => Some(!self.left(at).is_negated),
            Role::Avoid | Role::Against => Some(false),
            _ => None,
        }
    }
}
