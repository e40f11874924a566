//! Reads an answer line by line and adds up what it says of each entity.

use super::advice::{self, Advice};
use super::clauses::{self, Clause, Clauses, Link, Relation};
use super::language::Language;
use super::layout::{self, Frame, Kind, Line, Outline};
use super::lexicon::{self, Lexicon};
use super::names::{self, After};
use super::scan::{self, Mark, Mention, Token};
use super::tone::{self, Tone};
use super::trade::Carried;

/// What an item under "Pros" or "Cons" weighs.
const LABEL_WEIGHT: f32 = 0.7;
/// What one word of praise leaves open.
const DOUBT: f32 = 1.0;
/// A sentence that may be about the last subject, but does not say so.
const LOOSE: f32 = 0.5;
/// What is left of praise and blame where a sentence says that it depends.
const BALANCED: f32 = 0.15;
/// The share that is taken back of a sentence if the next one begins with a contrast ("however").
const OUTWEIGHED: f32 = 0.6;
/// Advice is praise, and advice against is blame.
const ADVISED: f32 = 0.75;
/// Praise for an entity that people choose when they leave another one.
const LEFT_FOR: f32 = 0.5;
/// What a line such as "Favourites:" says of each name under it.
const LEAD_WEIGHT: f32 = 0.5;

pub(super) struct Reader {
    lexicon: &'static Lexicon,
    outline: Outline,
    clauses: Clauses,
    /// The sentence with the names that nobody watches.
    marked: Vec<Token>,
    /// Whether the last sentence said that it depends.
    was_balanced: bool,
    /// The subjects of the last sentence.
    last: Vec<usize>,
    /// The entity and tone of the part before a semicolon, or before "by contrast".
    before: Option<Said>,
    /// Whether the next sentence is the first of a paragraph after another.
    is_new_paragraph: bool,
    tallies: Vec<Tone>,
    advice: Advice,
}

/// What one sentence said of the one that it is about.
#[derive(Clone, Copy)]
struct Said {
    owner: usize,
    tone: Tone,
    /// Whether it ended in a semicolon.
    goes_on: bool,
    /// Whether it conceded something ("granted, it is small").
    concedes: bool,
}

/// Where a sentence stands.
#[derive(Clone, Copy)]
struct Place {
    kind: Kind,
    topic: Option<usize>,
    label: i8,
}

impl Reader {
    pub(super) fn new(language: Language, entities: usize) -> Self {
        Self {
            lexicon: lexicon::of(language),
            outline: Outline::default(),
            clauses: Clauses::default(),
            marked: Vec::new(),
            was_balanced: false,
            last: Vec::new(),
            before: None,
            is_new_paragraph: false,
            tallies: vec![Tone::default(); entities],
            advice: Advice::new(advice::words::of(language), entities),
        }
    }

    /// Reads `text` with its `mentions` in order.
    pub(super) fn read(&mut self, text: &str, mentions: &[Mention]) {
        let mut mentions = mentions;
        let mut tokens = Vec::new();
        let mut from = 0;
        while from < text.len() {
            let rest = text.get(from..).unwrap_or_default();
            let length = rest.find('\n').unwrap_or(rest.len());
            let line = layout::read(text, from, from + length);
            tokens.clear();
            let range = (line.from, line.to);
            let end = scan::line(text, range, &mut mentions, self.lexicon, &mut tokens);
            scan::join_phrases(&mut tokens, self.lexicon);
            self.line(line, &tokens);
            from = end.max(from + length) + usize::from(end <= from + length);
        }
    }

    /// What has been said of an entity, from -1 to 1.
    pub(super) fn score(&self, owner: usize) -> Option<f32> {
        let advised = match self.advice.stated_verdict(owner) {
            Some(true) => Tone::of(ADVISED),
            Some(false) => Tone::of(-ADVISED),
            None => Tone::default(),
        };
        let tally = self.tallies.get(owner)?.plus(advised);
        Some((tally.sum / (tally.weight + DOUBT)).clamp(-1.0, 1.0))
    }

    /// What has been advised about an entity.
    pub(super) fn recommended(&self, owner: usize) -> Option<bool> {
        self.advice.verdict(owner)
    }

    fn line(&mut self, line: Line, tokens: &[Token]) {
        if line.kind == Kind::Blank {
            self.is_new_paragraph = true;
            return;
        }
        if line.kind != Kind::Prose {
            self.last.clear();
            self.before = None;
        }
        let label = label(tokens, true);
        let is_label_only = label.is_some_and(|(_, end)| is_over(tokens, end));
        let depth = line.depth + u32::from(is_label_only);
        self.outline.leave(depth);
        let above = self.outline.top();
        let owner = only_name(tokens, line.kind == Kind::Heading);
        if let (true, Some((label, _))) = (is_label_only, label) {
            let frame = Frame {
                owner: owner.or(above.owner),
                label,
                ..Frame::default()
            };
            self.outline.enter(depth, frame);
            return;
        }
        let is_heading = line.kind == Kind::Heading;
        let place = Place {
            kind: line.kind,
            topic: above.owner.filter(|_| !is_heading),
            label: if line.kind == Kind::Item {
                above.label
            } else {
                0
            },
        };
        let advice = self.led_by(line.kind, tokens, above.advice);
        let is_bare = !tokens.iter().any(|token| matches!(token, Token::Word(_)));
        if let (Kind::Item, true, Some(Token::Mention(owner))) =
            (line.kind, is_bare, tokens.first())
        {
            add(&mut self.tallies, *owner, Tone::of(above.tone));
        }
        self.sentences(place, tokens);
        // "What people say about X", without a stop, may head a list.
        let titles = line.kind == Kind::Prose
            && only_name(tokens, true).is_some()
            && !matches!(tokens.last(), Some(Token::Mark(_)));
        let frame = match line.kind {
            Kind::Heading => Frame {
                owner,
                advice: advice.filter(|_| owner.is_none()),
                ..Frame::default()
            },
            Kind::Lead => Frame {
                owner: owner.or(above.owner),
                advice,
                tone: lead_tone(tokens),
                ..Frame::default()
            },
            Kind::Item => Frame {
                owner: owner.or(above.owner),
                label: above.label,
                ..Frame::default()
            },
            Kind::Prose if titles => Frame {
                owner: owner.or(above.owner),
                ..Frame::default()
            },
            Kind::Blank | Kind::Row | Kind::Prose => Frame::default(),
        };
        if titles || matches!(line.kind, Kind::Heading | Kind::Lead | Kind::Item) {
            self.outline.enter(depth, frame);
        }
        self.is_new_paragraph = false;
    }

    /// What a line says of the entities that head the lines under it. The entities at the head of
    /// this line get what the line above says.
    fn led_by(&mut self, kind: Kind, tokens: &[Token], above: Option<bool>) -> Option<bool> {
        let head = tokens
            .iter()
            .find(|token| !matches!(token, Token::Mark(_)))
            .and_then(|token| match token {
                Token::Mention(owner) => Some(*owner),
                _ => None,
            });
        if let (Some(advised), Some(owner)) = (above, head)
            && matches!(kind, Kind::Item | Kind::Heading)
        {
            self.advice.follow(advised, owner);
        }
        match kind {
            Kind::Heading | Kind::Lead if may_advise(tokens) => self.advice.of_lead(tokens),
            Kind::Heading => above,
            _ => None,
        }
    }

    /// Reads what a sentence advises.
    fn advise(&mut self, place: Place, tokens: &[Token]) {
        let referent = match self.last.as_slice() {
            [] => place.topic,
            [only] => Some(*only),
            _ => None,
        };
        self.advice.read(tokens, referent);
    }

    fn sentences(&mut self, mut place: Place, tokens: &[Token]) {
        let ends = |token: &Token| {
            matches!(
                token,
                Token::Mark(Mark::Stop | Mark::Semicolon | Mark::Question | Mark::Cell)
            )
        };
        let mut after = After::Nothing;
        for sentence in tokens.split_inclusive(ends) {
            let mut sentence = sentence;
            if let Some((label, end)) = label(sentence, false) {
                place.label = label;
                if let Some(owner) = only_name(sentence.get(..end).unwrap_or_default(), false) {
                    self.last.clear();
                    self.last.push(owner);
                }
                sentence = sentence.get(end..).unwrap_or_default();
            }
            let is_question = matches!(sentence.last(), Some(Token::Mark(Mark::Question)));
            if sentence.iter().all(|token| matches!(token, Token::Mark(_))) {
                continue;
            }
            if !is_question && may_advise(sentence) {
                self.advise(place, sentence);
            }
            names::mark(sentence, after, &mut self.marked);
            after = match sentence.last() {
                Some(Token::Mark(Mark::Semicolon)) => After::Semicolon,
                Some(Token::Mark(Mark::Cell)) => After::Nothing,
                _ if place.kind == Kind::Prose => After::Stop,
                _ => After::Nothing,
            };
            let is_balanced = clauses::is_balanced(sentence);
            self.clauses.read(&self.marked, is_balanced);
            self.sentence(place, sentence, is_question);
            self.set_against(after);
            self.is_new_paragraph = false;
        }
    }

    /// Gives what the clauses of a sentence say to those it is about.
    fn sentence(&mut self, place: Place, tokens: &[Token], is_question: bool) {
        let own = self
            .clauses
            .all
            .iter()
            .find(|clause| clause.subjects.0 < clause.subjects.1);
        let own = own.map(|clause| clause.subjects);
        let has_name = own.is_some() || !self.clauses.objects.is_empty();
        let inherited = self.inherited(place, tokens, has_name);
        // Clauses before the first subject are about it, those after are about the last. What
        // its clause is set against is about somebody else.
        let is_set_against = self
            .clauses
            .all
            .iter()
            .find(|clause| clause.subjects.0 < clause.subjects.1)
            .is_some_and(|clause| clause.link == Link::Contrast);
        let starts = |clause: &Clause| clause.link == Link::Contrast;
        let leads = self.clauses.all.first().is_some_and(starts);
        let mut current = own.filter(|_| leads || !is_set_against);
        let goes_on = matches!(tokens.last(), Some(Token::Mark(Mark::Semicolon)));
        let certainty = self.certainty(is_question, goes_on);
        for clause in &self.clauses.all {
            if clause.subjects.0 < clause.subjects.1 {
                current = Some(clause.subjects);
            }
            let is_item = clause.has_words || clause.subjects.0 < clause.subjects.1;
            let says = if place.label != 0 && is_item {
                Tone::of(f32::from(place.label) * LABEL_WEIGHT)
            } else {
                clause.tone.times(certainty)
            };
            let objects = clause.objects.0..clause.objects.1;
            let objects = self.clauses.objects.get(objects).unwrap_or_default();
            let is_left = objects
                .iter()
                .any(|(_, relation)| *relation == Relation::Leaves);
            let is_passed_over = objects
                .iter()
                .any(|(_, relation)| *relation == Relation::TurnedTo);
            let of_subject = match (is_left, is_passed_over) {
                (true, false) => says.plus(Tone::of(LEFT_FOR)),
                (false, true) => says.plus(Tone::of(-LEFT_FOR)),
                _ => says,
            };
            match current {
                Some((from, to)) => {
                    for owner in self.clauses.subjects.get(from..to).unwrap_or_default() {
                        add(&mut self.tallies, *owner, of_subject);
                    }
                }
                None => {
                    for owner in &self.last {
                        add(&mut self.tallies, *owner, of_subject.times(inherited));
                    }
                }
            }
            for (owner, relation) in objects {
                add(&mut self.tallies, *owner, of_object(says, *relation));
            }
        }
        self.remember(current, has_name);
    }

    /// What one of two parts says lets one expect the opposite of the other, if they are about
    /// two names: "X came at once; Y rang back in June".
    fn set_against(&mut self, after: After) {
        let owner = self.before.map(|before| before.owner);
        let said = self.clauses.said(owner).map(|(owner, tone)| Said {
            owner,
            tone,
            goes_on: after == After::Semicolon,
            concedes: self.clauses.concedes(),
        });
        let before = std::mem::replace(&mut self.before, said);
        let (Some(before), Some(said)) = (before, said) else {
            return;
        };
        let is_same = before.owner == said.owner;
        let is_outweighed = self.clauses.turns() || (before.goes_on && before.concedes);
        let share = if before.goes_on && self.clauses.is_balanced {
            // "...; the two cancel out".
            1.0 - BALANCED
        } else if is_same && is_outweighed && before.tone.sum * said.tone.sum < 0.0 {
            OUTWEIGHED
        } else {
            0.0
        };
        if share > 0.0 {
            let rest = before.tone.taken_back(share);
            add(&mut self.tallies, before.owner, rest);
            return;
        }
        if is_same || !(before.goes_on || self.clauses.contrasts()) {
            return;
        }
        match (before.tone.is_heard(), said.tone.is_heard()) {
            (true, false) => add(&mut self.tallies, said.owner, before.tone.opposite()),
            (false, true) => add(&mut self.tallies, before.owner, said.tone.opposite()),
            _ => {}
        }
    }

    /// How far a sentence counts: a question not at all, and little where it depends.
    fn certainty(&mut self, is_question: bool, goes_on: bool) -> f32 {
        let is_balanced = self.clauses.is_balanced || self.was_balanced;
        let names_nobody = self.clauses.subjects.is_empty() && self.clauses.objects.is_empty();
        self.was_balanced = self.clauses.is_balanced && (names_nobody || goes_on);
        match (is_question, is_balanced) {
            (true, _) => 0.0,
            (false, true) => BALANCED,
            (false, false) => 1.0,
        }
    }

    /// How far a sentence without a subject of its own is about those in `last`; puts the
    /// topic there if it is the one.
    fn inherited(&mut self, place: Place, tokens: &[Token], has_name: bool) -> f32 {
        if self.last.is_empty() {
            // An item that only compares with somebody else is still the topic's.
            self.last.extend(place.topic);
            return 1.0;
        }
        let stays = place.topic.is_some_and(|topic| self.last.contains(&topic));
        if stays || place.kind == Kind::Row || place.label != 0 || begins_with_pronoun(tokens) {
            1.0
        } else if self.is_new_paragraph || has_name {
            0.0
        } else if self.clauses.turns() || self.before.is_some_and(|before| before.goes_on) {
            1.0
        } else {
            LOOSE
        }
    }

    fn remember(&mut self, subjects: Option<(usize, usize)>, has_name: bool) {
        if let Some((from, to)) = subjects {
            self.last.clear();
            let subjects = self.clauses.subjects.get(from..to).unwrap_or_default();
            self.last.extend_from_slice(subjects);
        } else if has_name {
            self.last.clear();
        }
    }
}

fn add(tallies: &mut [Tone], owner: usize, tone: Tone) {
    if let Some(tally) = tallies.get_mut(owner) {
        tally.sum += tone.sum;
        tally.weight += tone.weight;
    }
}

/// What a clause says of the one that its subject is compared with.
fn of_object(says: Tone, relation: Relation) -> Tone {
    match relation {
        Relation::Than | Relation::Against => says.times(-0.8),
        Relation::Unlike => says.times(-0.6),
        Relation::As if says.is_denied => says.times(-0.8),
        Relation::As => says,
        Relation::TurnedTo => says.plus(Tone::of(LEFT_FOR)),
        Relation::Leaves => Tone::of(-1.0),
    }
}

/// What a line without a name says of the entities under it.
fn lead_tone(tokens: &[Token]) -> f32 {
    if only_name(tokens, false).is_some() {
        return 0.0;
    }
    let says = tone::weigh(tokens, Carried::default()).sum;
    if says.abs() < 1.0 {
        0.0
    } else {
        LEAD_WEIGHT * says.signum()
    }
}

/// The first entity that is named, or the only one.
fn only_name(tokens: &[Token], must_be_only: bool) -> Option<usize> {
    let mut names = tokens.iter().filter_map(|token| match token {
        Token::Mention(owner) => Some(*owner),
        _ => None,
    });
    let first = names.next()?;
    (!must_be_only || names.all(|other| other == first)).then_some(first)
}

/// The label that `tokens` begin with ("Pros:", "Main drawbacks:") and where what follows it
/// begins. A whole line may be a label without a colon.
fn label(tokens: &[Token], is_line: bool) -> Option<(i8, usize)> {
    let mut label = 0;
    let mut words = 0;
    for (index, token) in tokens.iter().enumerate().take(10) {
        match token {
            Token::Mark(Mark::Colon) => return (label != 0).then_some((label, index + 1)),
            Token::Mark(_) => return None,
            Token::Word(word) => {
                words += 1;
                if word.entry.effect.label != 0 {
                    // "Pros and cons" is neither.
                    if label != 0 && label != word.entry.effect.label {
                        return None;
                    }
                    label = word.entry.effect.label;
                }
            }
            Token::Mention(_) => {}
        }
        if words > 5 {
            return None;
        }
    }
    (is_line && label != 0 && words <= 2 && tokens.len() <= 2).then_some((label, tokens.len()))
}

/// Whether a word stands there without which there is no advice.
fn may_advise(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token, Token::Word(word) if word.entry.may_advise))
}

fn is_over(tokens: &[Token], from: usize) -> bool {
    let rest = tokens.get(from..).unwrap_or_default();
    rest.iter().all(|token| matches!(token, Token::Mark(_)))
}

fn begins_with_pronoun(tokens: &[Token]) -> bool {
    let first = tokens.iter().find_map(|token| match token {
        Token::Word(word) => Some(word.entry.is_pronoun),
        _ => None,
    });
    first.unwrap_or(false)
}
