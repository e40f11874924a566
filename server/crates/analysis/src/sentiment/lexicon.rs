//! The words and phrases of one language, looked up by the hash of a folded word.
//!
//! They stand in `words/<language>/*.txt`, split by theme: lines `key: item, item, ...` that go
//! on where the next line is indented; `#` begins a comment. An item is a word or a phrase, and
//! words separated by `|` in a phrase stand for each other. In a phrase `#` stands for any number,
//! `@` for a name, `*` for up to three words or names, and `$set` for each word of the list
//! `set $set`. A key is a number (quarters of praise, below zero of blame), the name of a
//! [`Cue`](super::effect::Cue) with or without a number, or one of `up`, `down`, `wanted`,
//! `unwanted`, `pro`, `con`, `topic`, `trade`, `offers`, `pronoun`, `graded`, `function`, or
//! `number` with the number that a word is. What stands in several lists does all of it; of two
//! cues the later one counts.
//!
//! A word is named by its stem and a code for its endings: English `/a` adverb, `/c` comparison
//! and adverb, `/v` verb (`/ve` where the stem drops its e, `/vd` where it doubles its last
//! letter), `/n` plural. Spanish `/o` gender, number, adverb and superlative, `/s` a vowel and
//! `/l` a consonant before plural and adverb, `/r` gender after a consonant, `/ar`, `/er`, `/ir`
//! verbs.
//!
//! Invariant: knows no text and no entity. Built once for a process.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::advice::words;
use super::effect::{Cue, Effect, apply};
use super::inflection;
use super::language::Language;
use super::phrases::{Builder, Id, Phrases};

/// One word of a lexicon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a word may be any of these at once"
)]
pub(super) struct Entry {
    /// What it does by itself.
    pub(super) effect: Effect,
    /// Whether a sentence that begins with it goes on about the last subject.
    pub(super) is_pronoun: bool,
    /// Whether a sentence with it may advise something.
    pub(super) may_advise: bool,
    /// Whether it compares by itself ("better").
    pub(super) is_graded: bool,
    /// Whether it is one of the small words that tell the language.
    pub(super) is_function_word: bool,
    /// Whether phrases begin with it.
    pub(super) begins_phrase: bool,
    /// The number that it is; 0 for none.
    number: u8,
    /// What phrases know it by.
    pub(super) id: Id,
}

impl Entry {
    /// A word that has this effect and nothing else.
    pub(super) fn of(effect: Effect) -> Self {
        Self {
            effect,
            ..Self::default()
        }
    }

    /// The number that it is.
    pub(super) fn number(&self) -> Option<f32> {
        (self.number > 0).then(|| f32::from(self.number))
    }

    /// Whether it does nothing, so that it may be a part of a name.
    pub(super) fn is_unknown(&self) -> bool {
        let Effect {
            cue,
            weight,
            degree,
            latent,
            label,
            trade_role: _,
        } = self.effect;
        let is_plain = cue == Cue::Plain && weight == 0 && degree == 0 && latent == 0;
        is_plain && label == 0 && !self.is_pronoun && !self.is_function_word
    }
}

/// The lists of English.
const ENGLISH: &[&str] = &[
    include_str!("words/english/praise.txt"),
    include_str!("words/english/blame.txt"),
    include_str!("words/english/events.txt"),
    include_str!("words/english/trades.txt"),
    include_str!("words/english/idioms.txt"),
    include_str!("words/english/turns_good.txt"),
    include_str!("words/english/turns_bad.txt"),
    include_str!("words/english/turns_faint.txt"),
    include_str!("words/english/comparisons.txt"),
    include_str!("words/english/scenes_good.txt"),
    include_str!("words/english/scenes_bad.txt"),
    include_str!("words/english/adjectives.txt"),
    include_str!("words/english/sayings.txt"),
    include_str!("words/english/more_stays.txt"),
    include_str!("words/english/more_goods.txt"),
    include_str!("words/english/more_machines.txt"),
    include_str!("words/english/more_services.txt"),
    include_str!("words/english/more_words.txt"),
    include_str!("words/english/degrees.txt"),
    include_str!("words/english/grammar.txt"),
    include_str!("words/english/matters.txt"),
];

/// The lists of Spanish.
const SPANISH: &[&str] = &[
    include_str!("words/spanish/praise.txt"),
    include_str!("words/spanish/blame.txt"),
    include_str!("words/spanish/more_words.txt"),
    include_str!("words/spanish/praise_things.txt"),
    include_str!("words/spanish/praise_services.txt"),
    include_str!("words/spanish/blame_words.txt"),
    include_str!("words/spanish/blame_things.txt"),
    include_str!("words/spanish/blame_dealings.txt"),
    include_str!("words/spanish/blame_sayings.txt"),
    include_str!("words/spanish/blame_services.txt"),
    include_str!("words/spanish/sets.txt"),
    include_str!("words/spanish/happenings_good.txt"),
    include_str!("words/spanish/happenings_more_good.txt"),
    include_str!("words/spanish/rivals.txt"),
    include_str!("words/spanish/happenings_bad.txt"),
    include_str!("words/spanish/happenings_more_bad.txt"),
    include_str!("words/spanish/trades_good.txt"),
    include_str!("words/spanish/trades_bad.txt"),
    include_str!("words/spanish/ratios.txt"),
    include_str!("words/spanish/events.txt"),
    include_str!("words/spanish/trades.txt"),
    include_str!("words/spanish/idioms.txt"),
    include_str!("words/spanish/degrees.txt"),
    include_str!("words/spanish/grammar.txt"),
    include_str!("words/spanish/matters.txt"),
];

/// The words and phrases of a language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashMap<u64, Entry, BuildHasherDefault<Hashed>>,
    pub(super) phrases: Phrases,
}

/// The lexicon of `language`.
pub(super) fn of(language: Language) -> &'static Lexicon {
    static LEXICONS: LazyLock<[Lexicon; 2]> = LazyLock::new(|| {
        [
            Lexicon::new(ENGLISH, words::ENGLISH_TRIGGERS),
            Lexicon::new(SPANISH, words::SPANISH_TRIGGERS),
        ]
    });
    let [english, spanish] = &*LEXICONS;
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
}

impl Lexicon {
    fn new(files: &[&str], triggers: &str) -> Self {
        let mut lexicon = Self::default();
        let mut phrases = Builder::default();
        for (key, items) in files.iter().flat_map(|file| lists(file)) {
            for item in items.split(',') {
                lexicon.put(&key, item.trim(), &mut phrases);
            }
        }
        for word in triggers.split_whitespace() {
            inflection::forms(word, |form| {
                lexicon.words.entry(hash(form)).or_default().may_advise = true;
            });
        }
        let words = &mut lexicon.words;
        lexicon.phrases = phrases.file(|word, id, begins| {
            let entry = words.entry(word).or_default();
            (entry.id, entry.begins_phrase) = (id, begins);
        });
        words.shrink_to_fit();
        lexicon
    }

    /// Puts one item of the list under `key` in.
    fn put(&mut self, key: &str, item: &str, phrases: &mut Builder) {
        if let Some(set) = key.strip_prefix("set ") {
            phrases.put_in_set(item, set);
            return;
        }
        if key.starts_with("number ") {
            phrases.put_in_set(item, "#");
        }
        if item.contains([' ', '|']) {
            let mut effect = Effect::default();
            if apply(key, &mut effect) {
                phrases.put(item, effect);
            }
            return;
        }
        inflection::forms(item, |form| {
            let entry = self.words.entry(hash(form)).or_default();
            match key {
                "pronoun" => entry.is_pronoun = true,
                "function" => entry.is_function_word = true,
                "graded" => entry.is_graded = true,
                key => match key.strip_prefix("number ").map(str::parse) {
                    Some(number) => entry.number = number.unwrap_or_default(),
                    None => {
                        apply(key, &mut entry.effect);
                    }
                },
            }
        });
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
            // What only stands within phrases is no word of the language for that.
            Some(entry) => usize::from(Entry { id: 0, ..*entry } != Entry::default()),
            None => 0,
        }
    }
}

/// The lists of a file: their keys and their items, separated by commas.
fn lists(file: &str) -> impl Iterator<Item = (String, String)> {
    let mut lists: Vec<(String, String)> = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(' ') {
            if let Some((_, items)) = lists.last_mut() {
                items.push(' ');
                items.push_str(line.trim());
            }
        } else if let Some((key, items)) = line.split_once(':') {
            lists.push((key.to_owned(), items.trim().to_owned()));
        }
    }
    lists.into_iter()
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
            assert!(spanish.entry(hash(word)).effect.weight > 0, "{word}");
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
            assert!(english.entry(hash(word)).effect.weight < 0, "{word}");
        }
    }

    #[test]
    fn each_language_has_hundreds_of_words_on_both_sides() {
        for language in [Language::English, Language::Spanish] {
            let words = &of(language).words;
            let praise = words.values().filter(|entry| entry.effect.weight > 0);
            let blame = words.values().filter(|entry| entry.effect.weight < 0);
            assert!(praise.count() >= 500, "{language:?}");
            assert!(blame.count() >= 500, "{language:?}");
        }
    }

    #[test]
    fn every_item_is_folded_and_every_key_and_code_known() {
        for file in ENGLISH.iter().chain(SPANISH) {
            for (key, items) in lists(file) {
                let is_known = matches!(key.as_str(), "pronoun" | "function" | "graded")
                    || key.starts_with("number ")
                    || key.starts_with("set $");
                assert!(is_known || apply(&key, &mut Effect::default()), "{key}");
                for word in items.split(',').flat_map(str::split_whitespace) {
                    for word in word.split('|') {
                        let (stem, code) = word.split_once('/').unwrap_or((word, ""));
                        let letters =
                            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '\'';
                        let name = stem.strip_prefix('$').unwrap_or(stem);
                        let is_folded =
                            matches!(stem, "&" | "#" | "*" | "@") || name.chars().all(letters);
                        assert!(!stem.is_empty() && is_folded, "{word}");
                        assert!(inflection::is_known(code), "{word}");
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_put_in_twice_to_say_the_opposite() {
        for files in [ENGLISH, SPANISH] {
            let mut signs: HashMap<String, i8> = HashMap::new();
            for (key, items) in files.iter().flat_map(|file| lists(file)) {
                let Ok(weight) = key.parse::<i8>() else {
                    continue;
                };
                for item in items.split(',') {
                    let sign = signs.entry(item.trim().to_owned()).or_insert(weight);
                    assert_eq!(sign.signum(), weight.signum(), "{item}");
                }
            }
        }
    }
}
