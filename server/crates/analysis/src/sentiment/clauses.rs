//! Cuts a sentence into clauses and tells whom each is about.
//!
//! Invariant: a clause has subjects, which its words are about, and objects, which its
//! subjects are compared with. A name that is neither gets nothing of it.

use super::contrast;
use super::effect::Cue;
use super::names::STRANGER;
use super::scan::{Mark, Token, Word};
use super::tone::{self, Tone};
use super::trade::Carried;

/// How a clause stands to the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Link {
    #[default]
    None,
    But,
    Though,
    Despite,
    Contrast,
    Relative,
    When,
    And,
}

/// How an object stands to the subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Than,
    As,
    Unlike,
    Leaves,
    TurnedTo,
    /// Better or worse: the tone says which.
    Against,
}

/// A part of a sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clause {
    pub(super) link: Link,
    /// Ranges in [`Clauses::subjects`] and [`Clauses::objects`].
    pub(super) subjects: (usize, usize),
    pub(super) objects: (usize, usize),
    pub(super) tone: Tone,
    pub(super) has_words: bool,
    /// Whether it leaves out what it says ("and on Y for the rest").
    pub(super) is_elliptic: bool,
}

/// The clauses of one sentence. Kept from sentence to sentence, so that nothing is allocated
/// anew.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) all: Vec<Clause>,
    pub(super) subjects: Vec<usize>,
    pub(super) objects: Vec<(usize, Relation)>,
    /// Whether the sentence says that praise and blame are in balance.
    pub(super) is_balanced: bool,
    /// Whom the last clause names at its very end.
    ends_with: Option<usize>,
}

/// More names than a sentence of a person has; it bounds the work.
const MOST_NAMES: usize = 32;
/// How many words may stand between "than" and the name.
const RELATION_REACH: usize = 4;
/// What "more ... than" weighs where the words between are not known.
const BARE_COMPARISON: f32 = 0.5;

impl Clauses {
    /// Reads the sentence `tokens`, in which strangers are marked.
    pub(super) fn read(&mut self, tokens: &[Token], is_balanced: bool) {
        self.is_balanced = is_balanced;
        self.all.clear();
        self.subjects.clear();
        self.objects.clear();
        self.ends_with = None;
        let mut from = 0;
        let mut cutter = Cutter::default();
        let mut carried = Carried::default();
        let last_or = tokens.iter().rposition(|token| is_cue(token, Cue::Or));
        let or_comes = |from: usize| last_or.is_some_and(|last| last >= from);
        for (at, token) in tokens.iter().enumerate() {
            if at > from && cutter.cuts_before(token, tokens.get(at + 1..).unwrap_or_default()) {
                let clause = tokens.get(from..at).unwrap_or_default();
                carried = self.push(clause, or_comes(from), carried);
                from = at;
                cutter = Cutter::default();
            }
            cutter.pass(token);
        }
        let clause = tokens.get(from..).unwrap_or_default();
        self.push(clause, or_comes(from), carried);
        contrast::settle(self);
    }

    /// The one that the sentence is about, if it is one alone and nobody is compared with, and
    /// what is said of it. Where it names none, it is about `last`.
    pub(super) fn said(&self, last: Option<usize>) -> Option<(usize, Tone)> {
        let owner = self.subjects.first().copied().or(last)?;
        let is_alone = self.objects.is_empty() && self.subjects.iter().all(|one| *one == owner);
        let tones = self.all.iter().map(|clause| clause.tone);
        is_alone.then(|| (owner, tones.fold(Tone::default(), Tone::plus)))
    }

    /// Whether the sentence begins with what sets it against the one before.
    pub(super) fn contrasts(&self) -> bool {
        let first = self.all.first();
        first.is_some_and(|clause| matches!(clause.link, Link::But | Link::Contrast))
    }

    /// Whether a "however" stands before all that is said.
    pub(super) fn turns(&self) -> bool {
        let said = self
            .all
            .iter()
            .take_while(|clause| clause.link != Link::But);
        let silent = said.filter(|clause| !clause.tone.is_heard()).count();
        let turn = self.all.get(silent);
        turn.is_some_and(|clause| clause.link == Link::But)
    }

    /// Whether it begins by conceding something.
    pub(super) fn concedes(&self) -> bool {
        let first = self.all.first();
        first.is_some_and(|clause| matches!(clause.link, Link::Though | Link::Despite))
    }

    /// The subjects that a clause names itself.
    pub(super) fn subjects_of(&self, clause: &Clause) -> &[usize] {
        let (from, to) = clause.subjects;
        self.subjects.get(from..to).unwrap_or_default()
    }

    /// Adds the clause `tokens`, and tells what it hands on.
    fn push(&mut self, tokens: &[Token], or_comes: bool, carried: Carried) -> Carried {
        let (subjects, objects) = (self.subjects.len(), self.objects.len());
        let link = link_of(tokens);
        let is_graded = self.name(tokens);
        if let (Link::Relative, Some(owner)) = (link, self.ends_with)
            && self.subjects.len() == subjects
            && self.objects.len() == objects
        {
            // "Y, which costs more": about the name directly before.
            self.subjects.push(owner);
        }
        self.ends_with = match tokens.last() {
            Some(Token::Mention(owner)) => Some(*owner),
            _ => None,
        };
        let has_object = self.objects.len() > objects;
        let carried = carried.into_clause(tokens, or_comes);
        let mut tone = tone::weigh(tokens, carried);
        let is_faint = tokens.iter().any(|token| is_cue(token, Cue::Faint));
        if has_object && !tone.is_heard() && (!is_faint || is_graded) {
            tone = bare_comparison(tokens, is_graded, tone);
        }
        self.all.push(Clause {
            link,
            subjects: (subjects, self.subjects.len()),
            objects: (objects, self.objects.len()),
            tone,
            has_words: tokens.iter().any(|token| matches!(token, Token::Word(_))),
            is_elliptic: is_elliptic(tokens),
        });
        carried.out_of(tokens)
    }

    /// Finds the subjects and objects of a clause and tells whether it grades anything.
    fn name(&mut self, tokens: &[Token]) -> bool {
        let (first_subject, first_object) = (self.subjects.len(), self.objects.len());
        let mut relation: Option<(Relation, usize)> = None;
        let mut joins: Option<Option<Relation>> = None;
        let mut is_graded = false;
        let mut prefers = false;
        let (mut is_leaving, mut has_left, mut is_denied) = (false, false, false);
        for token in tokens {
            match token {
                Token::Word(word) => {
                    let cue = word.entry.effect.cue;
                    let near = relation.filter(|(_, reach)| *reach > 1);
                    relation = near.map(|(relation, reach)| (relation, reach - 1));
                    match cue {
                        Cue::Than => relation = Some((Relation::Than, RELATION_REACH)),
                        Cue::ThanIfGraded if is_graded => {
                            relation = Some((Relation::Than, RELATION_REACH));
                        }
                        Cue::Over if is_graded => relation = Some((Relation::Than, 1)),
                        Cue::As => relation = Some((Relation::As, 1)),
                        Cue::Unlike => relation = Some((Relation::Unlike, RELATION_REACH)),
                        // What is not left is kept.
                        Cue::Leaves => {
                            let kept = if is_denied {
                                Relation::TurnedTo
                            } else {
                                Relation::Leaves
                            };
                            relation = Some((kept, RELATION_REACH));
                            is_leaving = true;
                        }
                        Cue::TurnsTo => relation = Some((Relation::TurnedTo, RELATION_REACH)),
                        Cue::Beats | Cue::Loses => relation = Some((Relation::Against, usize::MAX)),
                        Cue::Prefers => prefers = true,
                        _ => {}
                    }
                    is_denied |= cue == Cue::Negation && !is_leaving;
                    is_graded |= grades(word);
                    if !cue.joins() {
                        joins = None;
                    }
                }
                Token::Mention(owner) => {
                    let subjects = self.subjects.get(first_subject..).unwrap_or_default();
                    let has_subject = subjects.iter().any(|subject| *subject != STRANGER)
                        || (*owner == STRANGER && !subjects.is_empty());
                    let role = match (relation, joins) {
                        (Some((relation, _)), _) => Some(Some(relation)),
                        (None, Some(role)) => Some(role),
                        (None, None) if has_left && is_denied => Some(Some(Relation::Leaves)),
                        (None, None) if has_left => Some(Some(Relation::TurnedTo)),
                        (None, None) if prefers && !subjects.is_empty() => {
                            Some(Some(Relation::Than))
                        }
                        (None, None) if !has_subject => {
                            // A stranger speaks of the name behind it ("Y ranks X first").
                            self.subjects.truncate(first_subject);
                            Some(None)
                        }
                        (None, None) => None,
                    };
                    if let Some(role) = role {
                        self.add(*owner, role, first_subject, first_object);
                    }
                    // "Left X for Y".
                    has_left |= is_leaving && relation.is_some();
                    relation = None;
                    joins = role;
                }
                // "Unlike Y, X is ...": what follows is not compared any more.
                Token::Mark(_) => {
                    joins = joins.filter(Option::is_none);
                    // "Unlike most, X is ..." names nobody to compare with.
                    relation = relation.filter(|(relation, _)| *relation != Relation::Unlike);
                }
            }
        }
        is_graded
    }

    fn add(&mut self, owner: usize, role: Option<Relation>, subject: usize, object: usize) {
        let subjects = self.subjects.get(subject..).unwrap_or_default();
        let objects = self.objects.get(object..).unwrap_or_default();
        let is_known = subjects.contains(&owner) || objects.iter().any(|(o, _)| *o == owner);
        if is_known || subjects.len() + objects.len() >= MOST_NAMES {
            return;
        }
        match role {
            None => self.subjects.push(owner),
            Some(relation) => self.objects.push((owner, relation)),
        }
    }
}

fn grades(word: &Word) -> bool {
    let cue = word.entry.effect.cue;
    word.entry.is_graded || matches!(cue, Cue::Intensifier | Cue::Less | Cue::Prefers)
}

fn is_cue(token: &Token, cue: Cue) -> bool {
    matches!(token, Token::Word(word) if word.entry.effect.cue == cue)
}

/// Whether `tokens` say that it depends, or that some see it so and others otherwise.
pub(super) fn is_balanced(tokens: &[Token]) -> bool {
    let of_some = tokens.iter().position(|token| is_cue(token, Cue::Some));
    let after = of_some
        .and_then(|at| tokens.get(at + 1..))
        .unwrap_or_default();
    let is_parted = after
        .iter()
        .any(|token| is_cue(token, Cue::Others) || is_cue(token, Cue::Some));
    is_parted || tokens.iter().any(|token| is_cue(token, Cue::Balance))
}

/// What a comparison of unknown words says. "More ... than" praises, "less ... than" blames, and
/// "nobody ... like X" praises X.
fn bare_comparison(tokens: &[Token], is_graded: bool, tone: Tone) -> Tone {
    let is_beside = |token: &Token| {
        let cues = [Cue::Than, Cue::Over, Cue::Unlike];
        cues.iter().any(|cue| is_cue(token, *cue))
    };
    let compares = tokens
        .iter()
        .any(|token| is_beside(token) || (is_graded && is_cue(token, Cue::ThanIfGraded)));
    let sum = if tone.is_denied && tokens.iter().any(|token| is_cue(token, Cue::Less)) {
        -BARE_COMPARISON
    } else if tone.is_denied {
        BARE_COMPARISON * -1.5
    } else if compares && is_graded {
        BARE_COMPARISON
    } else {
        return tone;
    };
    Tone {
        is_denied: tone.is_denied,
        ..Tone::of(sum)
    }
}

fn link_of(tokens: &[Token]) -> Link {
    for token in tokens {
        if let Token::Word(word) = token {
            let link = match word.entry.effect.cue {
                Cue::But => Link::But,
                Cue::Though => Link::Though,
                Cue::Despite => Link::Despite,
                Cue::Contrast => Link::Contrast,
                cue if cue.joins() => Link::And,
                Cue::When => Link::When,
                Cue::Relative | Cue::ThanIfGraded => Link::Relative,
                _ => Link::None,
            };
            // What is put right outweighs what went wrong.
            let is_redress = matches!(link, Link::None | Link::And)
                && tokens.iter().any(|token| is_cue(token, Cue::Redress));
            return if is_redress { Link::But } else { link };
        }
    }
    Link::None
}

/// Whether `tokens` are "and", a preposition and a name, as in "and on Y for the rest", or say
/// the same of another name, as in "and Y too".
fn is_elliptic(tokens: &[Token]) -> bool {
    let [and, preposition, name, ..] = tokens else {
        return false;
    };
    let is_bare = is_cue(preposition, Cue::Preposition) && matches!(name, Token::Mention(_));
    let is_same = || tokens.iter().any(|token| is_cue(token, Cue::Likewise));
    is_cue(and, Cue::And) && (is_bare || is_same())
}

/// Decides where a clause ends.
#[derive(Default)]
struct Cutter {
    /// Words that are more than "and".
    words: usize,
    words_since_name: usize,
    names: usize,
    last_name: Option<usize>,
    is_graded: bool,
    /// After "unlike": the clause goes on until its subject has been named.
    waits_for_subject: bool,
    /// Within "X, unlike Y, ...": the clause goes on behind it.
    is_inserted: bool,
}

impl Cutter {
    fn cuts_before(&self, token: &Token, rest: &[Token]) -> bool {
        match token {
            Token::Mark(Mark::Comma | Mark::Colon) => {
                self.words > 0 && !self.waits_for_subject && !self.is_inserted
            }
            Token::Word(word) => match word.entry.effect.cue {
                Cue::But
                | Cue::Though
                | Cue::Despite
                | Cue::Contrast
                | Cue::Because
                | Cue::When => true,
                // "The files that Y lost" are another clause.
                Cue::Relative => self.names_another(rest),
                Cue::ThanIfGraded => !self.is_graded && self.names_another(rest),
                cue if cue.joins() => self.begins_another(rest),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether `rest`, after "and", is a clause about another name rather than only joins it.
    fn begins_another(&self, rest: &[Token]) -> bool {
        let other = rest
            .iter()
            .take(3)
            .enumerate()
            .find_map(|(at, token)| match token {
                Token::Mention(owner) => Some((at, *owner)),
                _ => None,
            });
        let Some((at, owner)) = other else {
            return false;
        };
        let is_said = rest.get(..at).unwrap_or_default().iter().any(
            |token| matches!(token, Token::Word(word) if !word.entry.is_function_word && !is_cue(token, Cue::Preposition)),
        );
        let is_apart = self.words_since_name >= 2 || is_said;
        is_apart && self.last_name.is_some_and(|last| last != owner)
    }

    /// Whether `rest` begins with another name than the last one, or with an article and one.
    fn names_another(&self, rest: &[Token]) -> bool {
        let name = rest.iter().take(2).find_map(|token| match token {
            Token::Mention(owner) => Some(*owner),
            _ => None,
        });
        let is_far = matches!(rest, [Token::Word(word), ..] if !word.entry.is_function_word);
        self.last_name
            .is_some_and(|last| !is_far && name.is_some_and(|name| name != last))
    }

    fn pass(&mut self, token: &Token) {
        match token {
            Token::Word(word) => {
                self.words += usize::from(!word.entry.effect.cue.joins());
                self.words_since_name += 1;
                self.is_graded |= grades(word);
                let is_unlike = word.entry.effect.cue == Cue::Unlike;
                self.waits_for_subject |= is_unlike && self.names == 0;
                self.is_inserted |= is_unlike && self.names > 0;
            }
            Token::Mention(owner) => {
                self.names += 1;
                self.words_since_name = 0;
                self.last_name = Some(*owner);
                self.waits_for_subject &= self.names < 2;
            }
            Token::Mark(_) => self.is_inserted = false,
        }
    }
}
