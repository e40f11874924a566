//! Advice by verbs: "we recommend X", "go with X", "avoid X".

use super::super::scan::Mark;
use super::words::Role;
use super::{PRONOUN_REACH, Part, Piece};

/// More pieces than stand between advice and its object.
const OBJECT_REACH: usize = 12;
/// More unknown words than stand between "recommend" and "such as X".
const UNKNOWN_REACH: usize = 4;

/// What stands before a verb.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of a word of its own"
)]
pub(super) struct Left {
    pub(super) is_negated: bool,
    pub(super) is_hedged: bool,
    pub(super) is_hard: bool,
    by_author: bool,
    would: bool,
    should: bool,
    can: bool,
    pub(super) is_infinitive: bool,
    pub(super) is_best: bool,
    has_object: bool,
    follows_who: bool,
    starts: bool,
}

/// What stands after a verb.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of a word of its own"
)]
pub(super) struct Right {
    pub(super) names: Vec<usize>,
    /// Where what was read ends.
    end: usize,
    pub(super) is_negated: bool,
    pub(super) is_against: bool,
    pub(super) is_pronoun: bool,
    /// Nothing is said to be advised.
    pub(super) is_empty: bool,
}

impl Part<'_> {
    pub(super) fn verb(&self, at: usize, role: Role) -> (Vec<usize>, Option<bool>) {
        let nothing = (Vec::new(), None);
        let left = self.left(at);
        if left.is_hedged || !left.accepts(role) {
            return nothing;
        }
        let right = self.right(at + 1);
        let is_against = right.is_against || matches!(role, Role::Avoid | Role::Against);
        let is_enough = || {
            let rest = self.pieces.get(right.end..).unwrap_or_default();
            rest.iter()
                .take(2)
                .any(|piece| *piece == Piece::Word(Role::Enough))
        };
        let is_negated = left.is_negated != right.is_negated && !is_enough();
        if is_against && is_negated {
            return nothing;
        }
        let is_relative = right.is_empty
            && (left.by_author
                || left.is_hard
                || matches!(role, Role::Advise | Role::Against | Role::Avoid));
        let owners = if !right.names.is_empty() {
            right.names
        } else if right.is_pronoun || left.has_object || is_relative {
            self.subject(at, true)
        } else {
            return nothing;
        };
        (owners, Some(!is_against && !is_negated))
    }

    /// Reads what stands before the verb at `at`.
    pub(super) fn left(&self, at: usize) -> Left {
        let mut left = Left::default();
        let mut from = at;
        while let Some(Piece::Word(role)) = self.before(from) {
            from -= 1;
            match role {
                Role::Adverb => {}
                Role::Best => left.is_best |= left.is_infinitive,
                Role::Negation | Role::Nor => left.is_negated = true,
                Role::Hedge => left.is_hedged = true,
                Role::Would => left.would = true,
                Role::Should => left.should = true,
                Role::Can => left.can = true,
                Role::Article => left.has_object = true,
                Role::To => left.is_infinitive = true,
                Role::Hard => {
                    (left.is_negated, left.is_hard) = (true, true);
                    break;
                }
                Role::Person => {
                    left.by_author = true;
                    break;
                }
                Role::PersonWould => {
                    (left.by_author, left.would) = (true, true);
                    break;
                }
                _ => {
                    from += 1;
                    break;
                }
            }
        }
        left.follows_who = self.before(from) == Some(&Piece::Word(Role::Who));
        left.starts = !left.is_infinitive
            && !left.by_author
            && matches!(
                self.before(from),
                None | Some(Piece::Mark(_) | Piece::Word(Role::And))
            );
        left
    }

    /// Reads what is advised, from `from` on.
    pub(super) fn right(&self, from: usize) -> Right {
        let mut right = Right::default();
        let (mut unknown, mut is_like) = (0, false);
        let mut at = from;
        while let Some(piece) = self.pieces.get(at).filter(|_| at - from < OBJECT_REACH) {
            match piece {
                Piece::Name(_) if unknown == 0 || is_like => {
                    right.names = self.group(at, &mut right.end);
                    return right;
                }
                Piece::Mark(Mark::Colon) => unknown = 0,
                Piece::Word(role) => match role {
                    Role::Avoid | Role::Against => right.is_against = true,
                    Role::Negation => right.is_negated = !right.is_negated,
                    Role::Nor => right.is_negated = true,
                    Role::Like if at > from => is_like = true,
                    Role::It => {
                        right.is_pronoun = at == from;
                        break;
                    }
                    Role::Other => unknown += 1,
                    Role::Filler
                    | Role::Article
                    | Role::Adverb
                    | Role::To
                    | Role::Choose
                    | Role::Use
                    | Role::Pick
                    | Role::Best
                    | Role::Good
                    | Role::Own
                    | Role::Noun => {}
                    Role::Block => return right,
                    _ => break,
                },
                _ => break,
            }
            if unknown > UNKNOWN_REACH {
                return right;
            }
            at += 1;
        }
        right.end = at;
        right.is_empty = unknown == 0;
        right
    }

    /// Whom a passive at `at` is about ("X should be avoided").
    pub(super) fn subject_of(&self, at: usize) -> Vec<usize> {
        let mut from = at;
        while let Some(role) = from.checked_sub(1).and_then(|before| self.role(before)) {
            match role {
                Role::Adverb | Role::Is | Role::Should | Role::Best | Role::To => from -= 1,
                _ => break,
            }
        }
        if from == at {
            return Vec::new();
        }
        self.subject(from, from <= PRONOUN_REACH)
    }
}

impl Left {
    /// Whether a verb with this before it advises something.
    pub(super) fn accepts(&self, role: Role) -> bool {
        let is_order = self.starts && !self.can;
        let is_counsel = (self.should && !self.follows_who)
            || (self.would && self.by_author)
            || (self.is_infinitive && self.is_best);
        match role {
            Role::Advise | Role::Against => true,
            Role::Recommend => self.by_author || self.starts || self.is_hard,
            Role::Use => is_counsel || (is_order && self.is_negated),
            _ => is_order || is_counsel,
        }
    }
}
