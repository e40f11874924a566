//! Weighs the praise and blame of a clause.
//!
//! Invariant: knows no entity. A clause is judged by its own words.

use super::effect::{Cue, Effect};
use super::scan::{Token, Word};
use super::trade::{self, Carried};

/// How many words a negation reaches.
const NEGATION_REACH: u8 = 6;
/// How many words "nobody" reaches where it begins the clause.
const FIRST_NEGATION_REACH: u8 = 14;
/// How many words "less" reaches.
const LESS_REACH: u8 = 3;
/// How many words what makes bad things go away reaches.
const RELIEF_REACH: u8 = 5;
/// How many words an intensifier or a diminisher reaches.
const BOOST_REACH: u8 = 3;
/// How many words "high" reaches to what is high, and the other way round.
const DEGREE_REACH: u8 = 4;
/// "Not good" is less bad than "bad".
const TURNED: f32 = -0.75;
/// What "a bit" leaves of the word behind it: neither praise nor blame by itself.
const DIMINISHED: f32 = 0.3;
/// How many words "no" reaches to what there is none of.
const NONE_REACH: u8 = 3;
/// How many words what is wanted or not waits for its degree ("prices at X have fallen").
const OPEN_REACH: u8 = 7;
/// How many words "gone from" reaches to the numbers.
const CHANGE_REACH: u8 = 8;
/// "Never without": what is always there.
const TWICE_TURNED: f32 = 0.5;
/// What is said of today counts more than what was.
const TODAY: f32 = 1.5;
/// What more or less of something wanted or unwanted weighs.
const DEGREE_WEIGHT: f32 = 0.75;
/// The opposite that is expected of what is set against a clause and has no known words.
pub(super) const EXPECTED: f32 = -0.8;
/// Praise that counts even behind a warning ("cannot recommend X highly enough").
const CERTAIN_PRAISE: f32 = 2.0;
/// What is left of praise and blame in a clause that says it is nothing special.
pub(super) const FAINT: f32 = 0.35;

/// What a clause says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tone {
    /// Praise less blame.
    pub(super) sum: f32,
    /// Praise and blame together.
    pub(super) weight: f32,
    /// Whether it denies something ("not as good as").
    pub(super) is_denied: bool,
    /// Whether it says that something is nothing special.
    pub(super) is_faint: bool,
}

impl Tone {
    /// Praise (above 0) or blame of so much.
    pub(super) fn of(sum: f32) -> Self {
        Self {
            sum,
            weight: sum.abs(),
            is_denied: false,
            is_faint: false,
        }
    }

    /// The same, `factor` times as strong.
    pub(super) fn times(self, factor: f32) -> Self {
        Self {
            sum: self.sum * factor,
            weight: self.weight * factor.abs(),
            ..self
        }
    }

    /// Both together.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            weight: self.weight + other.weight,
            is_denied: self.is_denied || other.is_denied,
            is_faint: self.is_faint || other.is_faint,
        }
    }

    /// What takes back so much of it.
    pub(super) fn taken_back(self, share: f32) -> Self {
        Self {
            sum: self.sum * -share,
            weight: self.weight * -share,
            ..self
        }
    }

    /// What may be expected of what is set against it.
    pub(super) fn opposite(self) -> Self {
        Self::of((self.sum * EXPECTED).clamp(-1.0, 1.0))
    }

    /// Whether it praises or blames at all.
    pub(super) fn is_heard(self) -> bool {
        self.weight > 0.0
    }
}

/// The tone of a clause's `tokens`, into which the clause before it hands `carried`.
pub(super) fn weigh(tokens: &[Token], carried: Carried) -> Tone {
    let mut reader = Reader::default();
    if carried.is_denied {
        reader.negate(FIRST_NEGATION_REACH);
    }
    let mut is_offering = carried.is_offering;
    for (at, token) in tokens.iter().enumerate() {
        if let Token::Word(word) = token {
            let rest = tokens.get(at + 1..).unwrap_or_default();
            if trade::is_topic(word, rest, is_offering) {
                reader.pass();
            } else {
                reader.read(word);
            }
            is_offering |= trade::offers(word, rest);
            reader.has_begun = true;
        }
    }
    reader.result()
}

/// A word of which more is better or worse ("price", "speed"), before a word says how much.
#[derive(Clone, Copy)]
struct Open {
    latent: f32,
    /// What it has been counted for.
    counted: f32,
    reach: u8,
}

#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what has been seen in the clause, each by itself"
)]
struct Reader {
    tone: Tone,
    /// Words that a negation, a relief and an intensifier still reach.
    negation: u8,
    relief: u8,
    boost: u8,
    strength: f32,
    /// More (1) or less (-1), and how many words it still reaches.
    degree: (f32, u8),
    open: Option<Open>,
    /// Two numbers are to come: the first of them, and how many words the change still reaches.
    change: Option<(Option<f32>, u8)>,
    certainty: Option<f32>,
    /// Whether a word has been read.
    has_begun: bool,
    /// Words since the negation.
    denied_for: u8,
    /// Whether the negation has turned something.
    has_turned: bool,
    is_faint: bool,
    /// Whether only a few are told of.
    is_few: bool,
    /// Whether it warns of somebody.
    is_warned: bool,
    /// Whether it is compared with all others, and whether it is less.
    is_compared: bool,
    is_less: bool,
}

impl Reader {
    fn read(&mut self, word: &Word) {
        let effect = word.entry.effect;
        let told = effect.degree != 0 && self.apply_degree(f32::from(effect.degree));
        match effect.cue {
            Cue::Negation if self.has_begun => self.negate(NEGATION_REACH),
            Cue::Negation => self.negate(FIRST_NEGATION_REACH),
            Cue::Without if self.negation > 0 && !self.has_turned => {
                self.negation = 0;
                self.count(TWICE_TURNED);
            }
            Cue::Without => self.negate(NEGATION_REACH),
            Cue::Less if !told => {
                self.is_less = true;
                self.negate(LESS_REACH);
            }
            Cue::Few => self.is_few = true,
            Cue::ThanRest => self.is_compared = true,
            Cue::Relief => {
                self.add(f32::from(effect.weight) / 4.0);
                self.relief = RELIEF_REACH + 1;
            }
            Cue::Intensifier => self.strengthen(1.4),
            Cue::Diminisher => self.strengthen(DIMINISHED),
            Cue::Hedge => self.doubt(0.6),
            Cue::Condition | Cue::Past => self.doubt(0.25),
            Cue::Now => self.certainty = (!self.has_begun).then_some(TODAY),
            Cue::And => self.negation = 0,
            Cue::Changes => self.change = Some((None, CHANGE_REACH + 1)),
            Cue::Faint => {
                self.is_faint = true;
                self.add(f32::from(effect.weight) / 4.0);
            }
            Cue::Tone | Cue::Beats | Cue::Loses | Cue::Prefers | Cue::Warning | Cue::Redress => {
                self.is_warned |= effect.cue == Cue::Warning;
                if word.is_denial {
                    self.count(f32::from(effect.weight) / 4.0);
                    self.tone.is_denied = true;
                } else {
                    self.say(effect);
                }
            }
            _ => {}
        }
        if effect.latent != 0 && effect.weight == 0 {
            self.name(f32::from(effect.latent));
        }
        if let Some(number) = word.number {
            self.count_up(number);
        }
        self.pass();
    }

    /// Goes on by a word.
    fn pass(&mut self) {
        self.negation = self.negation.saturating_sub(1);
        self.denied_for = self.denied_for.saturating_add(1);
        self.relief = self.relief.saturating_sub(1);
        self.boost = self.boost.saturating_sub(1);
        self.degree.1 = self.degree.1.saturating_sub(1);
        self.change = self
            .change
            .filter(|(_, reach)| *reach > 1)
            .map(|(number, reach)| (number, reach - 1));
        self.open = self.open.filter(|open| open.reach > 1).map(|open| Open {
            reach: open.reach - 1,
            ..open
        });
    }

    /// A word of degree ("more", "less"). It belongs to the word before it or to the next one.
    fn apply_degree(&mut self, degree: f32) -> bool {
        if let Some(open) = self.open.take() {
            if open.counted != 0.0 && degree < 0.0 {
                // "Complaints have fallen": what they were counted for is taken back.
                self.tone.sum -= open.counted;
                self.tone.weight -= open.counted.abs();
            }
            self.add(degree * open.latent * DEGREE_WEIGHT);
            return true;
        }
        self.degree = (degree, DEGREE_REACH + 1);
        false
    }

    /// A number, which may be more or less than the one before the change.
    fn count_up(&mut self, number: f32) {
        self.change = match self.change {
            Some((Some(before), _)) if before < number => {
                self.apply_degree(1.0);
                None
            }
            Some((Some(before), _)) if before > number => {
                self.apply_degree(-1.0);
                None
            }
            Some((None, reach)) => Some((Some(number), reach)),
            _ => None,
        };
    }

    /// Something wanted or unwanted by itself.
    fn name(&mut self, latent: f32) {
        if self.degree.1 > 0 {
            self.add(self.degree.0 * latent * DEGREE_WEIGHT);
            self.degree.1 = 0;
        } else if self.negation > 0 && self.denied_for <= NONE_REACH && !self.has_turned {
            // None of it is less of it.
            self.count(-latent * DEGREE_WEIGHT);
        } else if self.relief > 0 && latent < 0.0 {
            self.count(DEGREE_WEIGHT);
        } else {
            self.open = Some(Open {
                latent,
                counted: 0.0,
                reach: OPEN_REACH,
            });
        }
    }

    /// A word of praise or blame.
    fn say(&mut self, effect: Effect) {
        let weight = f32::from(effect.weight) / 4.0;
        let is_less = self.degree.1 > 0 && self.degree.0 < 0.0;
        if effect.latent != 0 && is_less && self.negation == 0 {
            self.degree.1 = 0;
            self.count(f32::from(-effect.latent) * DEGREE_WEIGHT);
            return;
        }
        let counted = self.add(weight);
        if effect.latent != 0 {
            self.open = Some(Open {
                latent: f32::from(effect.latent),
                counted,
                reach: OPEN_REACH,
            });
        }
    }

    fn negate(&mut self, reach: u8) {
        self.negation = reach + 1;
        self.denied_for = 0;
        self.has_turned = false;
        self.tone.is_denied = true;
    }

    fn strengthen(&mut self, factor: f32) {
        let before = if self.boost > 0 { self.strength } else { 1.0 };
        self.strength = (before * factor).clamp(DIMINISHED, 2.0);
        self.boost = BOOST_REACH + 1;
    }

    fn doubt(&mut self, factor: f32) {
        let before = self.certainty.unwrap_or(1.0);
        self.certainty = Some(before.min(factor));
    }

    /// Counts `weight` as the words before it have it, and tells for how much.
    fn add(&mut self, weight: f32) -> f32 {
        let mut weight = weight;
        if self.boost > 0 {
            weight *= self.strength;
            self.boost = 0;
        }
        if self.negation > 0 || (self.relief > 0 && weight < 0.0) {
            weight *= TURNED;
            self.has_turned = true;
        }
        if self.is_few && weight > 0.0 {
            weight *= TURNED;
        }
        self.count(weight);
        weight
    }

    fn count(&mut self, weight: f32) {
        // "I would not trust X to look after a cat": no praise.
        if self.is_warned && weight > 0.0 && weight < CERTAIN_PRAISE {
            return;
        }
        self.tone.sum += weight;
        self.tone.weight += weight.abs();
    }

    fn result(self) -> Tone {
        let mut says = self.tone;
        if self.is_compared && !says.is_heard() {
            let is_worse = self.is_less || says.is_denied;
            says = says.plus(Tone::of(if is_worse {
                -DEGREE_WEIGHT
            } else {
                DEGREE_WEIGHT
            }));
        }
        let mut tone = says.times(self.certainty.unwrap_or(1.0));
        if self.is_faint {
            tone.is_faint = true;
            tone.sum *= FAINT;
        }
        tone
    }
}
