//! Cuts a sentence into clauses and tells whom each is about.
//!
//! Invariant: a clause has subjects, which its words are about, and objects, which its
//! subjects are compared with. A name that is neither gets nothing of it.

use super::lexicon::Cue;
use super::scan::{Mark, Token};
use super::tone::{self, Tone};

/// How a clause stands to the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Link {
    #[default]
    None,
    But,
    Though,
}

/// How an object stands to the subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Than,
    As,
    Unlike,
    Leaves,
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
}

/// The clauses of one sentence. Kept from sentence to sentence, so that nothing is allocated
/// anew.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) all: Vec<Clause>,
    pub(super) subjects: Vec<usize>,
    pub(super) objects: Vec<(usize, Relation)>,
}

/// More names than a sentence of a person has; it bounds the work.
const MOST_NAMES: usize = 32;
/// How many words may stand between "than" and the name.
const RELATION_REACH: usize = 4;

impl Clauses {
    /// Reads the sentence `tokens`.
    pub(super) fn read(&mut self, tokens: &[Token]) {
        self.all.clear();
        self.subjects.clear();
        self.objects.clear();
        let mut from = 0;
        let mut cutter = Cutter::default();
        for (at, token) in tokens.iter().enumerate() {
            if at > from && cutter.cuts_before(token, tokens.get(at + 1..).unwrap_or_default()) {
                self.push(tokens.get(from..at).unwrap_or_default());
                from = at;
                cutter = Cutter::default();
            }
            cutter.pass(token);
        }
        self.push(tokens.get(from..).unwrap_or_default());
    }

    fn push(&mut self, tokens: &[Token]) {
        let (subjects, objects) = (self.subjects.len(), self.objects.len());
        self.name(tokens);
        self.all.push(Clause {
            link: link_of(tokens),
            subjects: (subjects, self.subjects.len()),
            objects: (objects, self.objects.len()),
            tone: tone::weigh(tokens),
            has_words: tokens.iter().any(|token| matches!(token, Token::Word(_))),
        });
    }

    /// Finds the subjects and objects of a clause.
    fn name(&mut self, tokens: &[Token]) {
        let (first_subject, first_object) = (self.subjects.len(), self.objects.len());
        let mut relation: Option<(Relation, usize)> = None;
        let mut joins: Option<Option<Relation>> = None;
        let mut is_graded = false;
        let mut prefers = false;
        for token in tokens {
            match token {
                Token::Word(word) => {
                    let cue = word.entry.cue;
                    let near = relation.filter(|(_, reach)| *reach > 1);
                    relation = near.map(|(relation, reach)| (relation, reach - 1));
                    match cue {
                        Cue::Than => relation = Some((Relation::Than, RELATION_REACH)),
                        Cue::ThanIfGraded if is_graded => {
                            relation = Some((Relation::Than, 2));
                        }
                        Cue::Over if is_graded => relation = Some((Relation::Than, 1)),
                        Cue::As => relation = Some((Relation::As, 1)),
                        Cue::Unlike => relation = Some((Relation::Unlike, RELATION_REACH)),
                        Cue::Leaves => relation = Some((Relation::Leaves, RELATION_REACH)),
                        Cue::Beats | Cue::Loses => relation = Some((Relation::Against, usize::MAX)),
                        Cue::Prefers => prefers = true,
                        _ => {}
                    }
                    is_graded |= matches!(cue, Cue::Intensifier | Cue::Less | Cue::Prefers);
                    if cue != Cue::And {
                        joins = None;
                    }
                }
                Token::Mention(owner) => {
                    let has_subject = self.subjects.len() > first_subject;
                    let role = match (relation, joins) {
                        (Some((relation, _)), _) => Some(Some(relation)),
                        (None, Some(role)) => Some(role),
                        (None, None) if !has_subject => Some(None),
                        (None, None) if prefers => Some(Some(Relation::Than)),
                        (None, None) => None,
                    };
                    if let Some(role) = role {
                        self.add(*owner, role, first_subject, first_object);
                    }
                    relation = None;
                    joins = role;
                }
                // "Unlike Y, X is ...": what follows is not compared any more.
                Token::Mark(_) => joins = joins.filter(Option::is_none),
            }
        }
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

fn link_of(tokens: &[Token]) -> Link {
    for token in tokens {
        if let Token::Word(word) = token {
            return match word.entry.cue {
                Cue::But => Link::But,
                Cue::Though => Link::Though,
                _ => Link::None,
            };
        }
    }
    Link::None
}

/// Decides where a clause ends.
#[derive(Default)]
struct Cutter {
    /// Words that are more than "and".
    words: usize,
    words_since_name: usize,
    names: usize,
    last_name: Option<usize>,
    /// After "unlike": the clause goes on until its subject has been named.
    waits_for_subject: bool,
}

impl Cutter {
    fn cuts_before(&self, token: &Token, rest: &[Token]) -> bool {
        match token {
            Token::Mark(Mark::Comma | Mark::Colon) => self.words > 0 && !self.waits_for_subject,
            Token::Word(word) => match word.entry.cue {
                Cue::But | Cue::Though | Cue::Because => true,
                Cue::And => {
                    let other = rest.iter().take(3).find_map(|token| match token {
                        Token::Mention(owner) => Some(*owner),
                        _ => None,
                    });
                    self.words_since_name >= 2
                        && self.last_name.is_some()
                        && other.is_some_and(|owner| Some(owner) != self.last_name)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn pass(&mut self, token: &Token) {
        match token {
            Token::Word(word) => {
                self.words += usize::from(word.entry.cue != Cue::And);
                self.words_since_name += 1;
                self.waits_for_subject |= word.entry.cue == Cue::Unlike && self.names == 0;
            }
            Token::Mention(owner) => {
                self.names += 1;
                self.words_since_name = 0;
                self.last_name = Some(*owner);
                self.waits_for_subject &= self.names < 2;
            }
            Token::Mark(_) => {}
        }
    }
}
