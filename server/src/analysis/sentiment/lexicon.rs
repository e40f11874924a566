//! The words and phrases of one language, looked up by the hash of a folded word.
//!
//! The lists name a word by its stem and a code for its endings:
//! English `/a` adverb, `/c` comparison and adverb, `/v` verb (`/ve` where the stem drops its
//! e), `/n` plural. Spanish `/o` gender, number, adverb and superlative, `/s` a vowel and `/l`
//! a consonant before plural and adverb, `/r` gender after a consonant, `/ar`, `/er`, `/ir`
//! verbs. Words separated by `|` in a phrase stand for each other.
//!
//! Invariant: knows no text and no entity. Built once for a process.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::inflection;
use super::language::Language;
use super::{english, spanish};

/// What a word or phrase does to the words around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cue {
    /// Nothing.
    #[default]
    Plain,
    /// Praises or blames, by its weight.
    Tone,
    /// Turns what follows.
    Negation,
    /// Turns what follows directly ("less reliable").
    Less,
    /// Strengthens what follows.
    Intensifier,
    /// Weakens what follows.
    Diminisher,
    /// Makes the rest of its clause less certain.
    Hedge,
    /// Outweighs the clause before it.
    But,
    /// Concedes its own clause.
    Though,
    /// Begins a reason.
    Because,
    /// Begins a condition, which tells nothing.
    Condition,
    /// Comes before what something is compared with.
    Than,
    /// The same in a word that means much else, if something is graded ("más que").
    ThanIfGraded,
    /// The same, if a name follows directly ("prefers X over Y").
    Over,
    /// Comes before an equal ("as good as Y").
    As,
    /// Sets its sentence's subject apart from the name that follows ("unlike Y").
    Unlike,
    /// What follows it is left for something else.
    Leaves,
    /// Its subject is better than the name that follows.
    Beats,
    /// Its subject is worse than the name that follows.
    Loses,
    /// Its first name is better than its second ("prefers X to Y").
    Prefers,
    /// Blames the name that follows directly ("avoid X").
    Warning,
    /// Makes something bad go away ("solves problems").
    Relief,
    /// Tells of former times.
    Past,
    /// Joins.
    And,
}

/// One word of a lexicon.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    /// What it does.
    pub(super) cue: Cue,
    /// Quarters of praise, below zero of blame.
    pub(super) weight: i8,
    /// 1 if it can head a list of advantages, -1 one of disadvantages.
    pub(super) label: i8,
    /// Whether a sentence that begins with it goes on about the last subject.
    pub(super) is_pronoun: bool,
    /// Whether a sentence with it may advise something.
    pub(super) may_advise: bool,
    /// Whether it is one of the small words that tell the language.
    is_function_word: bool,
    /// Its phrases: a range in [`Lexicon::phrases`].
    phrases: (u32, u32),
}

/// Some words in a row.
#[derive(Debug)]
pub(super) struct Phrase {
    words: Vec<u64>,
    pub(super) cue: Cue,
    pub(super) weight: i8,
}

impl Phrase {
    /// Number of its words.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }
}

/// The lists of a language as they are written down.
pub(super) struct Source {
    pub(super) function_words: &'static str,
    pub(super) tones: &'static [(i8, &'static str)],
    pub(super) cues: &'static [(Cue, &'static str)],
    pub(super) pronouns: &'static str,
    pub(super) pro_labels: &'static str,
    pub(super) con_labels: &'static str,
    pub(super) triggers: &'static str,
    pub(super) phrases: &'static [(Cue, i8, &'static [&'static str])],
}

/// The words and phrases of a language.
#[derive(Debug)]
pub(super) struct Lexicon {
    words: HashMap<u64, Entry, BuildHasherDefault<Hashed>>,
    phrases: Vec<Phrase>,
}

/// The lexicon of `language`.
pub(super) fn of(language: Language) -> &'static Lexicon {
    static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&english::SOURCE));
    static SPANISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&spanish::SOURCE));
    match language {
        Language::English => &ENGLISH,
        Language::Spanish => &SPANISH,
    }
}

impl Lexicon {
    fn new(source: &Source) -> Self {
        let mut words: HashMap<u64, Entry, BuildHasherDefault<Hashed>> = HashMap::default();
        for (weight, list) in source.tones {
            each_word(list, |hash| {
                let entry = words.entry(hash).or_default();
                (entry.cue, entry.weight) = (Cue::Tone, *weight);
            });
        }
        for (cue, list) in source.cues {
            each_word(list, |hash| {
                let entry = words.entry(hash).or_default();
                (entry.cue, entry.weight) = (*cue, 0);
            });
        }
        each_word(source.pronouns, |hash| {
            words.entry(hash).or_default().is_pronoun = true;
        });
        each_word(source.triggers, |hash| {
            words.entry(hash).or_default().may_advise = true;
        });
        each_word(source.function_words, |hash| {
            words.entry(hash).or_default().is_function_word = true;
        });
        for (label, list) in [(1, source.pro_labels), (-1, source.con_labels)] {
            each_word(list, |hash| words.entry(hash).or_default().label = label);
        }

        let mut phrases = Vec::new();
        for (cue, weight, list) in source.phrases {
            for words in list.iter().flat_map(|phrase| spelt_out(phrase)) {
                phrases.push(Phrase {
                    words,
                    cue: *cue,
                    weight: *weight,
                });
            }
        }
        // Phrases that begin alike stand together, the longest first.
        phrases.sort_by_key(|phrase| {
            let first = phrase.words.first().copied().unwrap_or_default();
            (first, std::cmp::Reverse(phrase.words.len()))
        });
        for (index, phrase) in (0_u32..).zip(&phrases) {
            let Some(first) = phrase.words.first() else {
                continue;
            };
            let range = &mut words.entry(*first).or_default().phrases;
            if range.0 == range.1 {
                range.0 = index;
            }
            range.1 = index + 1;
        }
        Self { words, phrases }
    }

    /// What the word with this hash does; nothing if it is not in the lexicon.
    pub(super) fn entry(&self, hash: u64) -> Entry {
        self.words.get(&hash).copied().unwrap_or_default()
    }

    /// How much the word with this hash speaks for the language: 2 for its small words, 1 for
    /// others of the lexicon.
    pub(super) fn familiarity(&self, hash: u64) -> usize {
        match self.words.get(&hash) {
            Some(entry) if entry.is_function_word => 2,
            Some(_) => 1,
            None => 0,
        }
    }

    /// The phrases that begin with the word of `entry` and go on with `hash_at(1)`,
    /// `hash_at(2)` and so on, longest first.
    pub(super) fn phrases<'a>(
        &'a self,
        entry: Entry,
        hash_at: impl Fn(usize) -> Option<u64> + 'a,
    ) -> impl Iterator<Item = &'a Phrase> + 'a {
        let range = entry.phrases.0 as usize..entry.phrases.1 as usize;
        let candidates = self.phrases.get(range).unwrap_or_default();
        candidates.iter().filter(move |phrase| {
            let rest = phrase.words.iter().enumerate().skip(1);
            rest.into_iter()
                .all(|(at, word)| hash_at(at) == Some(*word))
        })
    }
}

fn each_word(list: &str, mut add: impl FnMut(u64)) {
    for word in list.split_whitespace() {
        inflection::forms(word, |form| add(hash(form)));
    }
}

/// All ways to say a phrase, as hashes.
pub(super) fn spelt_out(phrase: &str) -> Vec<Vec<u64>> {
    let mut ways = vec![Vec::new()];
    for place in phrase.split_whitespace() {
        let mut choices = Vec::new();
        for word in place.split('|') {
            inflection::forms(word, |form| choices.push(hash(form)));
        }
        ways = ways
            .iter()
            .flat_map(|way| {
                choices.iter().map(move |choice| {
                    let mut longer = way.clone();
                    longer.push(*choice);
                    longer
                })
            })
            .collect();
    }
    ways
}

/// The hash of a folded word (FNV-1a).
pub(super) fn hash(word: &str) -> u64 {
    word.bytes().fold(HASH_START, hash_byte)
}

/// The hash of no letters.
pub(super) const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

/// A hash with one more byte.
pub(super) fn hash_byte(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Takes the hashes as they are.
#[derive(Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().copied().fold(self.0, hash_byte);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_all_their_forms() {
        let spanish = of(Language::Spanish);
        for word in [
            "rapida",
            "rapidos",
            "rapidamente",
            "encantadora",
            "destacan",
            "fiables",
        ] {
            assert!(spanish.entry(hash(word)).weight > 0, "{word}");
        }
        let english = of(Language::English);
        for word in [
            "crashes",
            "crashing",
            "slower",
            "failed",
            "complaints",
            "terribly",
        ] {
            assert!(english.entry(hash(word)).weight < 0, "{word}");
        }
    }

    #[test]
    fn each_language_has_its_250_words() {
        for source in [&english::SOURCE, &spanish::SOURCE] {
            let words: usize = source
                .tones
                .iter()
                .map(|(_, list)| list.split_whitespace().count())
                .sum();
            assert!(words >= 250, "{words}");
        }
    }

    #[test]
    fn every_written_word_is_folded_and_every_code_known() {
        for source in [&english::SOURCE, &spanish::SOURCE] {
            let lists = source.tones.iter().map(|(_, list)| *list);
            let cues = source.cues.iter().map(|(_, list)| *list);
            let phrases = source
                .phrases
                .iter()
                .flat_map(|(_, _, list)| list.iter().copied());
            for word in lists
                .chain(cues)
                .chain(phrases)
                .flat_map(str::split_whitespace)
            {
                for word in word.split('|') {
                    let (stem, code) = word.split_once('/').unwrap_or((word, ""));
                    let letters = |c: char| c.is_ascii_lowercase() || c == '\'' || word == "&";
                    assert!(!stem.is_empty() && stem.chars().all(letters), "{word}");
                    assert!(inflection::is_known(code), "{word}");
                }
            }
        }
    }
}
