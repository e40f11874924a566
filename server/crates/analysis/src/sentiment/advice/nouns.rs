//! Advice by nouns and participles: "X is the best choice", "our pick: X", "X is recommended".

use super::super::scan::Mark;
use super::words::Role;
use super::{PRONOUN_REACH, Part, Piece};

/// More pieces than stand between "our pick" and "is X".
const PREDICATE_REACH: usize = 9;

impl Part<'_> {
    /// "Our pick", "top pick".
    pub(super) fn is_noun(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|before| self.role(before))
            .is_some_and(|role| matches!(role, Role::Own | Role::Best | Role::Filler | Role::Good))
    }

    /// "X is recommended", "Recommended: X", "X - highly recommended".
    pub(super) fn advised(&self, at: usize) -> (Vec<usize>, Option<bool>) {
        let (mut is_negated, mut is_hedged, mut has_verb) = (false, false, false);
        let mut from = at;
        while let Some(role) = from.checked_sub(1).and_then(|before| self.role(before)) {
            match role {
                Role::Negation => is_negated = true,
                Role::Hedge | Role::Can => is_hedged = true,
                Role::Is | Role::Would => has_verb = true,
                Role::Adverb | Role::Article | Role::Filler | Role::Choice | Role::Best => {}
                _ => break,
            }
            from -= 1;
        }
        if is_hedged {
            return (Vec::new(), None);
        }
        let takes_object = match self.pieces.get(at + 1) {
            Some(Piece::Mark(Mark::Colon)) => true,
            Some(Piece::Word(role)) => matches!(
                role,
                Role::To | Role::Choose | Role::Use | Role::Pick | Role::Filler | Role::Avoid
            ),
            _ => false,
        };
        if takes_object {
            let right = self.right(at + 1);
            if !right.names.is_empty() {
                return (right.names, Some(is_negated == right.is_against));
            }
        }
        is_negated |= self.is_denied(from);
        let starts = matches!(self.before(from), None | Some(Piece::Mark(_)));
        let ends = match self.pieces.get(at + 1) {
            None | Some(Piece::Mark(_)) => true,
            Some(Piece::Word(role)) => matches!(role, Role::Prep | Role::And | Role::Adverb),
            Some(Piece::Name(_)) => false,
        };
        let owners = if has_verb || is_negated {
            self.subject(from, from <= PRONOUN_REACH)
        } else if starts && ends {
            self.subject(from, true)
        } else {
            Vec::new()
        };
        (owners, Some(!is_negated))
    }

    /// "X is the best choice", "our pick: X", "X, my recommendation".
    pub(super) fn noun(&self, at: usize) -> (Vec<usize>, Option<bool>) {
        let nothing = (Vec::new(), None);
        let phrase = self.phrase(at);
        let Some(noun_advice) = phrase.noun_advice() else {
            return nothing;
        };
        let mut link = self.link(phrase.from);
        link.is_negated |= self.is_denied(link.from);
        if link.is_hedged {
            return nothing;
        }
        let advised = match (noun_advice, link.is_negated) {
            (NounAdvice::Chosen, is_negated) => !is_negated,
            (NounAdvice::Shunned, false) | (NounAdvice::Praised, true) => false,
            (NounAdvice::Shunned, true) | (NounAdvice::Praised, false) => return nothing,
        };
        if link.has_verb || link.is_negated {
            let owners = self.subject(link.from, link.from <= PRONOUN_REACH);
            return (owners, Some(advised));
        }
        if let Some(Piece::Name(owner)) = self.before(phrase.from)
            && phrase.from >= 2
            && self.role(phrase.from - 2) == Some(Role::Makes)
        {
            return (vec![*owner], Some(advised));
        }
        if !matches!(
            self.before(phrase.from),
            None | Some(Piece::Mark(_) | Piece::Word(Role::And | Role::Adverb))
        ) {
            return nothing;
        }
        if let Some((names, is_for)) = self.predicate(phrase.to) {
            return (names, Some(advised == is_for));
        }
        (self.subject(phrase.from, true), Some(advised))
    }

    /// The words around the noun at `at`.
    fn phrase(&self, at: usize) -> Phrase {
        let mut phrase = Phrase {
            from: at,
            to: at + 1,
            is_advice: matches!(self.role(at), Some(Role::Noun | Role::Pick)),
            ..Phrase::default()
        };
        while let Some(role) = phrase.from.checked_sub(1).and_then(|b| self.role(b)) {
            match role {
                Role::Own => phrase.is_own = true,
                Role::Best => phrase.is_best = true,
                Role::Good => phrase.is_good = true,
                Role::Bad => phrase.is_bad = true,
                Role::Filler | Role::Article | Role::Adverb => {}
                _ => break,
            }
            phrase.from -= 1;
        }
        // "La opción ideal".
        let mut after = at + 1;
        while self.role(after) == Some(Role::Adverb) {
            after += 1;
        }
        match self.role(after) {
            Some(Role::Best) => phrase.is_best = true,
            Some(Role::Bad) => phrase.is_bad = true,
            Some(Role::Good) => phrase.is_good = true,
            _ => return phrase,
        }
        phrase.to = after + 1;
        phrase
    }

    /// What joins the phrase that begins at `at` to its subject.
    fn link(&self, at: usize) -> Link {
        let mut link = Link {
            from: at,
            ..Link::default()
        };
        while let Some(role) = link.from.checked_sub(1).and_then(|b| self.role(b)) {
            match role {
                Role::Is | Role::Would => link.has_verb = true,
                Role::Negation => link.is_negated = true,
                Role::Hedge | Role::Can => link.is_hedged = true,
                Role::Adverb | Role::Should => {}
                _ => break,
            }
            link.from -= 1;
        }
        link
    }

    /// The names after "is" or a colon, and whether they are meant ("our pick for teams is
    /// X") or not ("my advice is to avoid X").
    fn predicate(&self, from: usize) -> Option<(Vec<usize>, bool)> {
        let rest = self.pieces.get(from..)?;
        for (offset, piece) in rest.iter().take(PREDICATE_REACH).enumerate() {
            match piece {
                Piece::Mark(Mark::Colon) | Piece::Word(Role::Is | Role::Would) => {
                    let mut next = from + offset + 1;
                    while matches!(self.role(next), Some(Role::Is | Role::Would)) {
                        next += 1;
                    }
                    let right = self.right(next);
                    let is_for = !right.is_negated && !right.is_against;
                    return (!right.names.is_empty()).then_some((right.names, is_for));
                }
                Piece::Name(owner) if offset == 0 => return Some((vec![*owner], true)),
                Piece::Name(_) => return None,
                _ => {}
            }
        }
        None
    }
}

/// A noun of choice with what is said of it.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of a word of its own"
)]
struct Phrase {
    from: usize,
    to: usize,
    is_advice: bool,
    is_own: bool,
    is_best: bool,
    is_good: bool,
    is_bad: bool,
}

/// What a noun of choice makes of what it is said of.
enum NounAdvice {
    Chosen,
    /// Praised only: "a good choice".
    Praised,
    Shunned,
}

impl Phrase {
    fn noun_advice(&self) -> Option<NounAdvice> {
        if self.is_bad {
            Some(NounAdvice::Shunned)
        } else if self.is_own || self.is_best {
            Some(NounAdvice::Chosen)
        } else if self.is_good {
            Some(NounAdvice::Praised)
        } else if self.is_advice && self.from + 1 == self.to {
            Some(NounAdvice::Chosen)
        } else {
            None
        }
    }
}

/// What joins a phrase to its subject.
#[derive(Default)]
struct Link {
    from: usize,
    has_verb: bool,
    is_negated: bool,
    is_hedged: bool,
}
