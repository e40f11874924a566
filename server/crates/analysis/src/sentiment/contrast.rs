//! Weighs the clauses of a sentence against each other: "but" outweighs, "although" concedes, and a
//! contrast gives a clause of unknown words the opposite tone.
//!
//! Invariant: changes tones only, never whom a clause is about. Looks at a bounded number of
//! clauses around each contrast.

use super::clauses::{Clause, Clauses, Link, Relation};
use super::tone::{EXPECTED, FAINT, Tone};

/// What "but" leaves of what comes before it, if it says the opposite.
const BEFORE_BUT: f32 = 0.4;
/// What "but" adds to what comes after it.
const AFTER_BUT: f32 = 1.2;
/// The share that is left of a concession before the main clause, and of one after "despite".
const CONCEDED: f32 = 0.35;
/// What is left of what is conceded after the main clause.
const ADDED: f32 = 0.75;
/// Blame from which on the other of two names is expected to be praised.
const CLEAR_BLAME: f32 = -0.7;
/// How many clauses before and after a contrast it is about.
const REACH: usize = 8;

/// Settles the tones of all clauses.
pub(super) fn settle(clauses: &mut Clauses) {
    for at in 0..clauses.all.len() {
        let Some(clause) = clauses.all.get(at).copied() else {
            return;
        };
        match clause.link {
            Link::But => but(clauses, at),
            Link::Though | Link::Despite | Link::Contrast => {
                weigh_concession(clauses, at, clause.link);
            }
            Link::And if clause.is_elliptic && !clause.tone.is_heard() => {
                let before = at.checked_sub(1).and_then(|at| clauses.all.get(at));
                let says = before.map(|clause| clause.tone).unwrap_or_default();
                set(clauses, at, says);
            }
            Link::Relative if at == 0 => {
                let end = clauses.all.len().min(REACH);
                if changes_subject(clauses, 1, end) {
                    weigh_concession(clauses, at, Link::Contrast);
                }
            }
            Link::When if clauses.all.len() > 1 => scale(clauses, at, at + 1, CONCEDED),
            Link::And | Link::Relative => expect_opposite(clauses, at),
            Link::When | Link::None => {}
        }
        go_on(clauses, at);
    }
    lead_in(clauses);
}

/// What is told before anybody is named is only how it came to what is said of the one named
/// then: "the handle broke, and X sent another one".
fn lead_in(clauses: &mut Clauses) {
    let first = clauses
        .all
        .iter()
        .position(|clause| clause.subjects.0 < clause.subjects.1);
    let Some(first) = first.filter(|first| *first > 0) else {
        return;
    };
    for at in 0..first {
        // What had happened by then may be nobody's doing.
        if clauses
            .all
            .get(at)
            .is_some_and(|clause| clause.link == Link::When)
        {
            scale(clauses, at, at + 1, CONCEDED);
        }
    }
    let before = tone_of(clauses, 0, first);
    let end = end_of(clauses, first);
    let own = tone_of(clauses, first, end);
    if before.sum * own.sum < 0.0 {
        scale(clauses, 0, first, CONCEDED);
    }
}

/// What a clause without praise and blame of its own adds to the one before it: "fine, nothing
/// more", "reliable, not like Y".
fn go_on(clauses: &mut Clauses, at: usize) {
    let Some(clause) = clauses.all.get(at).copied() else {
        return;
    };
    if at == 0 || clause.tone.is_heard() {
        return;
    }
    if clause.tone.is_faint {
        scale(clauses, at - 1, at, FAINT);
    }
    let objects = clauses.objects.get(clause.objects.0..clause.objects.1);
    let is_unlike = |(_, relation): &(usize, Relation)| *relation == Relation::Unlike;
    if objects.unwrap_or_default().iter().any(is_unlike) {
        let says = tone_of(clauses, at - 1, at);
        set(clauses, at, says);
    }
}

/// The tone of the clauses from `from` to `to`.
fn tone_of(clauses: &Clauses, from: usize, to: usize) -> Tone {
    let all = clauses.all.get(from..to).unwrap_or_default();
    all.iter()
        .fold(Tone::default(), |sum, clause| sum.plus(clause.tone))
}

fn set(clauses: &mut Clauses, at: usize, tone: Tone) {
    if let Some(clause) = clauses.all.get_mut(at) {
        clause.tone = Tone {
            is_denied: clause.tone.is_denied,
            ..tone
        };
    }
}

fn scale(clauses: &mut Clauses, from: usize, to: usize, factor: f32) {
    for clause in clauses.all.get_mut(from..to).unwrap_or_default() {
        clause.tone = clause.tone.times(factor);
    }
}

/// Whether a clause from `from` to `to` names a subject that none before it does.
fn changes_subject(clauses: &Clauses, from: usize, to: usize) -> bool {
    let before = clauses.all.get(..from).unwrap_or_default();
    let known: Option<&Clause> = before
        .iter()
        .rev()
        .take(REACH)
        .find(|clause| clause.subjects.0 < clause.subjects.1);
    let Some(known) = known else {
        return false;
    };
    let own = clauses.all.get(from..to).unwrap_or_default();
    own.iter()
        .flat_map(|clause| clauses.subjects_of(clause))
        .any(|subject| !clauses.subjects_of(known).contains(subject))
}

/// Where the clauses end that go on with the one at `at`: before the next contrast.
fn end_of(clauses: &Clauses, at: usize) -> usize {
    let rest = clauses.all.get(at + 1..).unwrap_or_default();
    let next = rest.iter().take(REACH).position(|clause| {
        matches!(
            clause.link,
            Link::But | Link::Though | Link::Despite | Link::Contrast
        )
    });
    next.map_or(clauses.all.len().min(at + REACH), |next| at + 1 + next)
}

/// What is blamed in one of two clauses about two names lets one expect praise of the other:
/// "X lost the files, and Y found them".
fn expect_opposite(clauses: &mut Clauses, at: usize) {
    if at == 0 || !changes_subject(clauses, at, at + 1) {
        return;
    }
    let before = tone_of(clauses, at - 1, at);
    let own = tone_of(clauses, at, at + 1);
    if !own.is_heard() && before.sum <= CLEAR_BLAME {
        set(clauses, at, Tone::of(before.sum * EXPECTED));
    } else if !before.is_heard() && own.sum <= CLEAR_BLAME {
        set(clauses, at - 1, Tone::of(own.sum * EXPECTED));
    }
}

fn but(clauses: &mut Clauses, at: usize) {
    let from = at.saturating_sub(REACH);
    let end = end_of(clauses, at);
    let before = tone_of(clauses, from, at);
    let after = tone_of(clauses, at, end);
    let is_another = changes_subject(clauses, at, end);
    if !after.is_heard() {
        if before.is_heard() && at > 0 {
            if !is_another {
                scale(clauses, from, at, BEFORE_BUT);
            }
            set(clauses, at, Tone::of(before.sum * EXPECTED));
        }
        return;
    }
    if is_another {
        if !before.is_heard() && at > 0 {
            set(clauses, at - 1, Tone::of(after.sum * EXPECTED));
        }
        return;
    }
    if before.sum * after.sum < 0.0 {
        scale(clauses, from, at, BEFORE_BUT);
    }
    scale(clauses, at, end, AFTER_BUT);
}

/// A clause that concedes something, or is set against another one.
fn weigh_concession(clauses: &mut Clauses, at: usize, link: Link) {
    let (says, is_first) = match clauses.all.get(at) {
        Some(clause) => (clause.tone, at == 0),
        None => return,
    };
    let count = clauses.all.len().min(at + REACH);
    let main = if is_first {
        tone_of(clauses, 1, count)
    } else {
        tone_of(clauses, at.saturating_sub(REACH), at)
    };
    let is_another = if is_first {
        changes_subject(clauses, 1, count)
    } else {
        changes_subject(clauses, at, at + 1)
    };
    match (says.is_heard(), main.is_heard()) {
        (true, true) if !is_another => {
            let factor = if is_first || link == Link::Despite {
                CONCEDED
            } else {
                ADDED
            };
            scale(clauses, at, at + 1, factor);
        }
        (true, false) => {
            let main = if is_first { 1 } else { at - 1 };
            if main < count {
                set(clauses, main, Tone::of(says.sum * EXPECTED));
                if !is_another {
                    scale(clauses, at, at + 1, CONCEDED);
                }
            }
        }
        (false, true) if is_another => set(clauses, at, Tone::of(main.sum * EXPECTED)),
        _ => {}
    }
}
