//! The phrases of a lexicon and where they stand in a text.
//!
//! A phrase is a row of places. In a place stands one word or one of several, and some stand for
//! more: [`NUMBER`] for any number, [`NAME`] for a name, the id of a set for each word of the set,
//! and a gap for up to [`GAP_REACH`] words or names. Words are named by small numbers, so that all
//! phrases stand in a few flat rows. They are found by the two words that they begin with.
//!
//! Invariant: a phrase has few gaps, so that looking for it takes a bounded number of steps.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::effect::Effect;
use super::inflection;
use super::lexicon::{Hashed, hash};
use super::rows::{Rows, index, number};
use super::starts::{Second, Seconds, Start, mask_of};

/// The number of a word, a set, or what else may stand in a place or in a text.
pub(super) type Id = u32;

/// Stands for a word that is in no phrase, and for the second word where there is none.
pub(super) const NOTHING: Id = 0;
/// Stands for a name.
pub(super) const NAME: Id = 1;
/// Stands for any number.
pub(super) const NUMBER: Id = 2;
/// The number of the first word.
const FIRST_WORD: Id = 3;
/// How many words or names may stand in a gap.
const GAP_REACH: usize = 3;

/// What stands in one place of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Some words or names, or none.
    Gap,
    One(Id),
    /// One of the choices with this number.
    OneOf(u32),
}

/// A row of places and what it does.
#[derive(Debug)]
struct Phrase {
    /// Where its places begin.
    from: u32,
    /// How many places it has.
    length: u8,
    /// How many of them are no gaps.
    own: u8,
    effect: Effect,
}

/// Where a phrase has been found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) effect: Effect,
    /// How many tokens it spans, with its gaps.
    pub(super) length: usize,
    /// A bit for each token that is its own and not in a gap.
    own: u64,
}

impl Found {
    /// How many of the tokens belong to the phrase.
    fn words(self) -> u32 {
        self.own.count_ones()
    }

    /// Whether the token that stands so far behind the first belongs to the phrase.
    pub(super) fn owns(self, ahead: usize) -> bool {
        bit(ahead).is_some_and(|bit| self.own & bit != 0)
    }
}

/// All phrases of a language.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    all: Vec<Phrase>,
    places: Vec<Place>,
    /// The ids that stand for each other in a place, in order.
    choices: Rows<Id>,
    /// What phrases may have in the place of a word: itself, the sets that it is in, any number.
    ways: Rows<Id>,
    /// By their first words the second words of phrases, in order, each with the phrase.
    plain: Seconds,
    /// The same for phrases with a gap behind their first word: with the word behind the gap.
    gapped: Seconds,
}

impl Phrases {
    /// The longest phrase at this place that `fits`. The words of the text are `seen_at(0)`,
    /// `seen_at(1)` and so on. Among phrases of equal length, one without a gap wins. `fits` gets
    /// what a phrase does and how many tokens it spans.
    pub(super) fn find(
        &self,
        seen_at: impl Fn(usize) -> Option<Id>,
        fits: impl Fn(Effect, usize) -> bool,
    ) -> Option<Found> {
        let firsts = self.ways.row(seen_at(0)?);
        let third = seen_at(2).map(|third| self.ways.row(third));
        let thirds = third.unwrap_or_default().iter();
        let thirds = thirds.fold(0, |mask, third| mask | mask_of(*third));
        let mut best = None;
        let mut look = |seconds: &Seconds, seen: &[Id]| {
            for first in firsts {
                let mask = seconds.mask(*first);
                for second in seen.iter().filter(|second| mask & mask_of(**second) != 0) {
                    let row = seconds.row(*first, *second);
                    best = self.best_of((row, thirds), best, &seen_at, &fits);
                }
            }
        };
        if let Some(second) = seen_at(1) {
            look(&self.plain, self.ways.row(second));
        }
        if firsts.iter().any(|first| self.gapped.mask(*first) != 0) {
            for second in (1..=GAP_REACH + 1).map_while(&seen_at) {
                look(&self.gapped, self.ways.row(second));
            }
        }
        look(&self.plain, &[NOTHING]);
        best
    }

    /// The phrase of `row` that is there (`thirds` are the bits of the third word), fits and has more words than `best`, or else `best`.
    /// If several take the same tokens, what they do adds up.
    fn best_of(
        &self,
        (row, thirds): (&[Second], u64),
        best: Option<Found>,
        seen_at: &impl Fn(usize) -> Option<Id>,
        fits: &impl Fn(Effect, usize) -> bool,
    ) -> Option<Found> {
        let beaten = best.map_or(0, Found::words);
        let mut own: Option<Found> = None;
        let may_be = |second: &&Second| second.thirds == 0 || second.thirds & thirds != 0;
        for second in row.iter().filter(may_be) {
            let Some(phrase) = self.all.get(index(second.phrase)) else {
                continue;
            };
            let words = u32::from(phrase.own);
            // Those with more words come first.
            if words <= beaten || own.is_some_and(|own| words < own.words()) {
                break;
            }
            let Some((length, bits)) = self.fit_all(phrase, seen_at) else {
                continue;
            };
            if !fits(phrase.effect, length) {
                continue;
            }
            match &mut own {
                None => {
                    own = Some(Found {
                        effect: phrase.effect,
                        length,
                        own: bits,
                    });
                }
                Some(found) if found.own == bits => {
                    found.effect = found.effect.and(phrase.effect);
                }
                Some(_) => {}
            }
        }
        own.or(best)
    }

    /// Where `phrase` ends, and its bits, if its words stand from the first on: those by which it
    /// has been found are known to.
    fn fit_all(
        &self,
        phrase: &Phrase,
        seen_at: &impl Fn(usize) -> Option<Id>,
    ) -> Option<(usize, u64)> {
        let from = index(phrase.from);
        let places = self.places.get(from..from + usize::from(phrase.length))?;
        match places {
            [_] => Some((1, 0b1)),
            [_, Place::Gap, ..] | [] => {
                let (end, own) = self.fit(places.get(1..)?, 1, seen_at)?;
                Some((end, own | 0b1))
            }
            [_, _, rest @ ..] => {
                let (end, own) = self.fit(rest, 2, seen_at)?;
                Some((end, own | 0b11))
            }
        }
    }

    /// Where `places` end if they stand at `at`, and a bit for each that is no gap.
    fn fit(
        &self,
        places: &[Place],
        at: usize,
        seen_at: &impl Fn(usize) -> Option<Id>,
    ) -> Option<(usize, u64)> {
        let Some((place, rest)) = places.split_first() else {
            return Some((at, 0));
        };
        if *place == Place::Gap {
            return (0..=GAP_REACH)
                .take_while(|skipped| *skipped == 0 || seen_at(at + skipped - 1).is_some())
                .find_map(|skipped| self.fit(rest, at + skipped, seen_at));
        }
        if !self.takes(*place, seen_at(at)?) {
            return None;
        }
        let (end, own) = self.fit(rest, at + 1, seen_at)?;
        Some((end, own | bit(at)?))
    }

    /// The bits of the words that may be the third one of a phrase without a gap before it; 0 if
    /// there is none or any may.
    fn thirds(&self, phrase: u32) -> u64 {
        let phrase = self.all.get(index(phrase));
        let at = phrase.filter(|phrase| phrase.length > 2);
        match at.and_then(|phrase| self.places.get(index(phrase.from) + 2)) {
            Some(Place::One(id)) => mask_of(*id),
            Some(Place::OneOf(choice)) => {
                let choices = self.choices.row(*choice).iter();
                choices.fold(0, |mask, id| mask | mask_of(*id))
            }
            Some(Place::Gap) | None => 0,
        }
    }

    /// Whether `seen` may stand in `place`.
    fn takes(&self, place: Place, seen: Id) -> bool {
        let ways = self.ways.row(seen);
        match place {
            Place::Gap => true,
            Place::One(id) => ways.contains(&id),
            Place::OneOf(choice) => {
                let choices = self.choices.row(choice);
                ways.iter().any(|way| choices.binary_search(way).is_ok())
            }
        }
    }
}

/// Puts phrases together.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// The ids of words and sets by their hashes.
    ids: HashMap<u64, Id, BuildHasherDefault<Hashed>>,
    phrases: Phrases,
    starts: Vec<Start>,
    /// Words and the sets that they are in.
    members: Vec<(Id, Id)>,
    /// Choices as they are written, by the hashes of that.
    known: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
    choices: Vec<(u32, Id)>,
}

impl Builder {
    /// Adds `item` with all ways to say it.
    pub(super) fn put(&mut self, item: &str, effect: Effect) {
        let from = self.phrases.places.len();
        let (mut length, mut own) = (0_u8, 0_u8);
        let mut starts: Vec<&str> = Vec::with_capacity(2);
        let mut is_gapped = false;
        for place in item.split_whitespace() {
            let filled = self.place(place);
            if filled == Place::Gap {
                is_gapped |= own == 1;
            } else {
                own = own.saturating_add(1);
                if starts.len() < 2 {
                    starts.push(place);
                }
            }
            length = length.saturating_add(1);
            self.phrases.places.push(filled);
        }
        let phrase = number(self.phrases.all.len());
        self.phrases.all.push(Phrase {
            from: number(from),
            length,
            own,
            effect,
        });
        let mut starts = starts.into_iter();
        let firsts = starts.next().map(|place| self.ids(place));
        let seconds = starts.next().map_or(vec![NOTHING], |place| self.ids(place));
        for first in firsts.into_iter().flatten() {
            self.starts.extend(seconds.iter().map(|second| Start {
                is_gapped,
                first,
                second: *second,
                lacks: u8::MAX - own,
                phrase,
            }));
        }
    }

    /// Puts a word into a set; that of numbers is `#`.
    pub(super) fn put_in_set(&mut self, word: &str, set: &str) {
        let set = self.id(set);
        for word in self.ids(word) {
            self.members.push((word, set));
        }
    }

    /// The phrases, after the last has been put in. `tell` is told the hash and the id of each
    /// word, and whether phrases begin with it.
    pub(super) fn file(mut self, mut tell: impl FnMut(u64, Id, bool)) -> Phrases {
        let mut phrases = self.phrases;
        let ids = number(self.ids.len()) + FIRST_WORD;
        // Each word comes before its sets.
        self.members.extend((NAME..ids).map(|id| (id, NOTHING)));
        self.members.sort_unstable();
        self.members.dedup();
        self.starts.sort_unstable();
        self.starts.dedup();
        let gapped = self.starts.partition_point(|start| !start.is_gapped);
        let (plain, gapped) = self.starts.split_at_checked(gapped).unwrap_or_default();
        phrases.choices = Rows::new(number(self.known.len()), self.choices.into_iter());
        phrases.plain = Seconds::new(ids, plain, |start| phrases.thirds(start.phrase));
        phrases.gapped = Seconds::new(ids, gapped, |_| 0);
        let ways = self.members.into_iter();
        phrases.ways = Rows::new(
            ids,
            ways.map(|(word, set)| (word, if set == NOTHING { word } else { set })),
        );
        phrases.all.shrink_to_fit();
        phrases.places.shrink_to_fit();
        for (hash, id) in self.ids {
            let begins = phrases
                .ways
                .row(id)
                .iter()
                .any(|way| phrases.plain.mask(*way) != 0 || phrases.gapped.mask(*way) != 0);
            tell(hash, id, begins);
        }
        phrases
    }

    /// What is written as `place`.
    fn place(&mut self, place: &str) -> Place {
        if place == "*" {
            return Place::Gap;
        }
        let written = hash(place);
        if let Some(choice) = self.known.get(&written) {
            return Place::OneOf(*choice);
        }
        let mut ids = self.ids(place);
        ids.sort_unstable();
        ids.dedup();
        if let [only] = ids.as_slice() {
            return Place::One(*only);
        }
        let choice = number(self.known.len());
        self.known.insert(written, choice);
        self.choices.extend(ids.into_iter().map(|id| (choice, id)));
        Place::OneOf(choice)
    }

    /// The ids of all words that may stand in a place.
    fn ids(&mut self, place: &str) -> Vec<Id> {
        let mut ids = Vec::new();
        for word in place.split('|') {
            inflection::forms(word, |form| ids.push(self.id(form)));
        }
        ids
    }

    /// The id of a word or a set, or of what else stands for more.
    fn id(&mut self, word: &str) -> Id {
        match word {
            "@" => return NAME,
            "#" => return NUMBER,
            _ => {}
        }
        let next = number(self.ids.len()) + FIRST_WORD;
        let id = *self.ids.entry(hash(word)).or_insert(next);
        if id == next && word.bytes().all(|byte| byte.is_ascii_digit()) {
            self.members.push((id, NUMBER));
        }
        id
    }
}

/// The bit of the token that stands so far behind the first.
fn bit(ahead: usize) -> Option<u64> {
    1_u64.checked_shl(u32::try_from(ahead).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many tokens the phrase at the start of `text` spans, and how many words it has.
    fn found(phrases: &[&str], text: &str) -> Option<(usize, u32)> {
        let mut builder = Builder::default();
        for word in ["dos", "tres"] {
            builder.put_in_set(word, "$some");
        }
        builder.put_in_set("nine", "#");
        for phrase in phrases {
            builder.put(phrase, Effect::default());
        }
        let mut ids = HashMap::new();
        let phrases = builder.file(|hash, id, _| {
            ids.insert(hash, id);
        });
        let seen: Vec<_> = text
            .split(' ')
            .map(|word| match word {
                "X" => NAME,
                "7" => NUMBER,
                word => ids.get(&hash(word)).copied().unwrap_or_default(),
            })
            .collect();
        let found = phrases.find(|at| seen.get(at).copied(), |_, _| true)?;
        Some((found.length, found.words()))
    }

    #[test]
    fn places_stand_for_numbers_names_sets_and_gaps() {
        let phrases = [
            "within # days",
            "put * to shame",
            "en $some dias",
            "beats @ by|in",
        ];
        for (text, length) in [
            ("within 7 days again", Some((3, 3))),
            ("within nine days again", Some((3, 3))),
            ("within many days", None),
            ("put all the others to shame", Some((6, 3))),
            ("put X to shame", Some((4, 3))),
            ("put to shame", Some((3, 3))),
            ("put all of the others to shame", None),
            ("en tres dias", Some((3, 3))),
            ("en cinco dias", None),
            ("beats X in", Some((3, 3))),
            ("beats in", None),
        ] {
            assert_eq!(found(&phrases, text), length, "{text}");
        }
    }

    #[test]
    fn the_phrase_with_the_most_words_counts() {
        let phrases = ["so so", "so * good at all", "so so good"];
        assert_eq!(found(&phrases, "so so good at all"), Some((5, 4)));
        assert_eq!(found(&phrases, "so so good"), Some((3, 3)));
    }
}
