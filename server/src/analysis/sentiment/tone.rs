//! Weighs the praise and blame of a clause.
//!
//! Invariant: knows no entity. A clause is judged by its own words.

use super::lexicon::Cue;
use super::scan::{Token, Word};

/// How many words a negation reaches.
const NEGATION_REACH: u8 = 6;
/// How many words "less" reaches.
const LESS_REACH: u8 = 3;
/// How many words what makes bad things go away reaches.
const RELIEF_REACH: u8 = 5;
/// How many words an intensifier reaches.
const BOOST_REACH: u8 = 3;
/// "Not good" is less bad than "bad".
const TURNED: f32 = -0.75;

/// What a clause says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tone {
    /// Praise less blame.
    pub(super) sum: f32,
    /// Praise and blame together.
    pub(super) weight: f32,
}

impl Tone {
    /// The same, `factor` times as strong.
    pub(super) fn times(self, factor: f32) -> Self {
        Self {
            sum: self.sum * factor,
            weight: self.weight * factor.abs(),
        }
    }
}

/// The tone of a clause's `tokens`.
pub(super) fn weigh(tokens: &[Token]) -> Tone {
    let mut reader = Reader::default();
    for token in tokens {
        if let Token::Word(word) = token {
            reader.read(word);
        }
    }
    reader.tone.times(reader.certainty.unwrap_or(1.0))
}

#[derive(Default)]
struct Reader {
    tone: Tone,
    /// Words that a negation, a relief and an intensifier still reach.
    negation: u8,
    relief: u8,
    boost: u8,
    strength: f32,
    certainty: Option<f32>,
}

impl Reader {
    fn read(&mut self, word: &Word) {
        match word.entry.cue {
            Cue::Negation => self.negate(NEGATION_REACH),
            Cue::Less => self.negate(LESS_REACH),
            Cue::Relief => self.relief = RELIEF_REACH + 1,
            Cue::Intensifier => self.strengthen(1.4),
            Cue::Diminisher => self.strengthen(0.6),
            Cue::Hedge => self.doubt(0.6),
            Cue::Condition | Cue::Past => self.doubt(0.25),
            Cue::And => self.negation = 0,
            Cue::Tone | Cue::Beats | Cue::Loses | Cue::Prefers | Cue::Warning | Cue::Leaves => {
                self.add(f32::from(word.entry.weight) / 4.0);
            }
            _ => {}
        }
        self.negation = self.negation.saturating_sub(1);
        self.relief = self.relief.saturating_sub(1);
        self.boost = self.boost.saturating_sub(1);
    }

    fn negate(&mut self, reach: u8) {
        self.negation = reach + 1;
    }

    fn strengthen(&mut self, factor: f32) {
        let before = if self.boost > 0 { self.strength } else { 1.0 };
        self.strength = (before * factor).clamp(0.4, 2.0);
        self.boost = BOOST_REACH + 1;
    }

    fn doubt(&mut self, factor: f32) {
        let before = self.certainty.unwrap_or(1.0);
        self.certainty = Some(before.min(factor));
    }

    fn add(&mut self, weight: f32) {
        let mut weight = weight;
        if self.boost > 0 {
            weight *= self.strength;
            self.boost = 0;
        }
        if self.negation > 0 || (self.relief > 0 && weight < 0.0) {
            weight *= TURNED;
        }
        self.tone.sum += weight;
        self.tone.weight += weight.abs();
    }
}
