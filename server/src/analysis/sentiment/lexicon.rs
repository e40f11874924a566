//! The words and phrases of one language, looked up by the hash of a folded word.
//!
//! They stand in `words/<language>/*.txt`, split by theme: lines `key: item, item, ...` that go
//! on where the next line is indented; `#` begins a comment. An item is a word or a phrase, and
//! words separated by `|` in a phrase stand for each other. A key is a number (quarters of
//! praise, below zero of blame), the name of a [`Cue`] with or without a number, or one of
//! `up`, `down`, `wanted`, `unwanted`, `pro`, `con`, `pronoun`, `graded`, `function`. What stands in
//! several lists does all of it; of two cues the later one counts.
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
use std::ops::Range;
use std::sync::LazyLock;

use super::advice::words;
use super::inflection;
use super::language::Language;

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
    /// Turns what follows, and what is turned already back ("never without").
    Without,
    /// Makes the rest of its clause less certain.
    Hedge,
    /// Outweighs the clause before it.
    But,
    /// Concedes its own clause.
    Though,
    /// The same, wherever it stands ("in spite of").
    Despite,
    /// Sets its own clause against another one ("whereas").
    Contrast,
    /// Tells when something happened, which may be nobody's doing.
    When,
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
    /// Compares with all others ("than most").
    ThanRest,
    /// Sets its sentence's subject apart from the name that follows ("unlike Y").
    Unlike,
    /// What follows it is left for something else.
    Leaves,
    /// What follows it is turned to ("moved to X").
    TurnsTo,
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
    /// Tells of today, after former times.
    Now,
    /// Praise that is none ("it does the job").
    Faint,
    /// Praise and blame are said to be in balance ("it depends").
    Balance,
    /// Says the same of another name ("and Y too").
    Likewise,
    /// Begins a clause about the noun before it ("the files that Y lost").
    Relative,
    /// Comes before a name that has a clause of its own ("and on Y").
    Preposition,
    /// Joins.
    And,
}

/// What a word or phrase does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// What it does to the words around it.
    pub(super) cue: Cue,
    /// Quarters of praise, below zero of blame.
    pub(super) weight: i8,
    /// 1 if it tells of more ("high", "rose"), -1 of less.
    pub(super) degree: i8,
    /// 1 if more of it is better ("quality"), -1 if less of it is ("waiting time").
    pub(super) latent: i8,
    /// 1 if it can head a list of advantages, -1 one of disadvantages.
    pub(super) label: i8,
}

impl Effect {
    /// Whether it can head a list and does nothing else.
    pub(super) fn is_label(self) -> bool {
        let other = Self { label: 0, ..self };
        self.label != 0 && other == Self::default()
    }

    /// What is in two lists does what both say; of two cues the later one counts.
    fn and(self, later: Self) -> Self {
        let says_more = later.degree != 0 || later.latent != 0 || later.label != 0;
        let pick = |later: i8, own: i8| if later == 0 { own } else { later };
        Self {
            cue: if says_more { self.cue } else { later.cue },
            weight: if says_more { self.weight } else { later.weight },
            degree: pick(later.degree, self.degree),
            latent: pick(later.latent, self.latent),
            label: pick(later.label, self.label),
        }
    }
}

/// One word of a lexicon.
#[derive(Clone, Copy, Debug, Default)]
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
    begins_phrase: bool,
}

impl Entry {
    /// A word that has this effect and nothing else.
    pub(super) fn of(effect: Effect) -> Self {
        Self {
            effect,
            ..Self::default()
        }
    }

    /// Whether it does nothing, so that it may be a part of a name.
    pub(super) fn is_unknown(&self) -> bool {
        let Effect {
            cue,
            weight,
            degree,
            latent,
            label,
        } = self.effect;
        let is_plain = cue == Cue::Plain && weight == 0 && degree == 0 && latent == 0;
        is_plain && label == 0 && !self.is_pronoun && !self.is_function_word
    }
}

/// Some words in a row.
#[derive(Debug)]
pub(super) struct Phrase {
    words: Vec<u64>,
    pub(super) effect: Effect,
}

impl Phrase {
    /// Number of its words.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }
}

const ENGLISH: &[&str] = &[
    include_str!("words/english/praise.txt"),
    include_str!("words/english/blame.txt"),
    include_str!("words/english/events.txt"),
    include_str!("words/english/trades.txt"),
    include_str!("words/english/idioms.txt"),
    include_str!("words/english/degrees.txt"),
    include_str!("words/english/grammar.txt"),
];

const SPANISH: &[&str] = &[
    include_str!("words/spanish/praise.txt"),
    include_str!("words/spanish/blame.txt"),
    include_str!("words/spanish/events.txt"),
    include_str!("words/spanish/trades.txt"),
    include_str!("words/spanish/idioms.txt"),
    include_str!("words/spanish/degrees.txt"),
    include_str!("words/spanish/grammar.txt"),
];

/// The words and phrases of a language.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashMap<u64, Entry, BuildHasherDefault<Hashed>>,
    /// Phrases that begin with the same two words stand together, the longest first.
    phrases: Vec<Phrase>,
    /// Where the phrases stand that begin with two words.
    pairs: HashMap<u64, Range<usize>, BuildHasherDefault<Hashed>>,
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
        for (key, items) in files.iter().flat_map(|file| lists(file)) {
            for item in items.split(',') {
                lexicon.put(&key, item.trim());
            }
        }
        for word in triggers.split_whitespace() {
            inflection::forms(word, |form| {
                lexicon.words.entry(hash(form)).or_default().may_advise = true;
            });
        }
        lexicon.file_phrases();
        lexicon
    }

    /// Puts one item of the list under `key` in.
    fn put(&mut self, key: &str, item: &str) {
        if item.contains([' ', '|']) {
            let mut effect = Effect::default();
            if apply(key, &mut effect) {
                self.phrases.extend(
                    spelt_out(item)
                        .into_iter()
                        .map(|words| Phrase { words, effect }),
                );
            }
            return;
        }
        inflection::forms(item, |form| {
            let entry = self.words.entry(hash(form)).or_default();
            match key {
                "pronoun" => entry.is_pronoun = true,
                "function" => entry.is_function_word = true,
                "graded" => entry.is_graded = true,
                key => {
                    apply(key, &mut entry.effect);
                }
            }
        });
    }

    /// Lets each word find its phrases.
    fn file_phrases(&mut self) {
        let start = |phrase: &Phrase| match phrase.words.as_slice() {
            [first, second, ..] => (*first, pair(*first, *second)),
            [only] => (*only, pair(*only, ALONE)),
            [] => (ALONE, ALONE),
        };
        self.phrases.sort_by(|one, other| {
            let longer = other.words.len().cmp(&one.words.len());
            let pairs = start(one).1.cmp(&start(other).1);
            pairs.then(longer).then_with(|| one.words.cmp(&other.words))
        });
        self.phrases.dedup_by(|later, phrase| {
            let is_same = later.words == phrase.words;
            if is_same {
                phrase.effect = phrase.effect.and(later.effect);
            }
            is_same
        });
        for (index, phrase) in self.phrases.iter().enumerate() {
            let (first, pair) = start(phrase);
            self.words.entry(first).or_default().begins_phrase = true;
            self.pairs.entry(pair).or_insert(index..index).end = index + 1;
        }
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

    /// The phrases that begin with two words.
    fn beginning(&self, first: u64, second: u64) -> &[Phrase] {
        let range = self.pairs.get(&pair(first, second)).cloned();
        let range = range.unwrap_or_default();
        self.phrases.get(range).unwrap_or_default()
    }

    /// The phrases that begin with the word `first` and go on with `hash_at(1)`, `hash_at(2)`
    /// and so on, longest first.
    pub(super) fn phrases<'a>(
        &'a self,
        (first, entry): (u64, Entry),
        hash_at: impl Fn(usize) -> Option<u64> + 'a,
    ) -> impl Iterator<Item = &'a Phrase> + 'a {
        let (pairs, alone) = if entry.begins_phrase {
            let pairs = hash_at(1).map(|second| self.beginning(first, second));
            (pairs.unwrap_or_default(), self.beginning(first, ALONE))
        } else {
            Default::default()
        };
        pairs.iter().chain(alone).filter(move |phrase| {
            let rest = phrase.words.iter().enumerate().skip(2);
            rest.into_iter()
                .all(|(at, word)| hash_at(at) == Some(*word))
        })
    }
}

/// Stands for the second word where there is none.
const ALONE: u64 = 0;

/// The hash of two words in a row.
fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(21).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ second
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

/// Adds what `key` stands for to `effect`; false if it stands for nothing.
fn apply(key: &str, effect: &mut Effect) -> bool {
    let (name, weight) = match key.split_once(' ') {
        Some((name, weight)) => (name, weight.parse().ok()),
        None => match key.parse() {
            Ok(weight) => ("tone", Some(weight)),
            Err(_) => (key, None),
        },
    };
    match name {
        "up" => effect.degree = 1,
        "down" => effect.degree = -1,
        "wanted" => effect.latent = 1,
        "unwanted" => effect.latent = -1,
        "pro" => effect.label = 1,
        "con" => effect.label = -1,
        name => {
            let Some((_, cue)) = CUES.iter().find(|(known, _)| *known == name) else {
                return false;
            };
            (effect.cue, effect.weight) = (*cue, weight.unwrap_or_default());
        }
    }
    true
}

const CUES: &[(&str, Cue)] = &[
    ("plain", Cue::Plain),
    ("tone", Cue::Tone),
    ("negation", Cue::Negation),
    ("without", Cue::Without),
    ("less", Cue::Less),
    ("intensifier", Cue::Intensifier),
    ("diminisher", Cue::Diminisher),
    ("hedge", Cue::Hedge),
    ("but", Cue::But),
    ("though", Cue::Though),
    ("despite", Cue::Despite),
    ("contrast", Cue::Contrast),
    ("because", Cue::Because),
    ("condition", Cue::Condition),
    ("than", Cue::Than),
    ("than_if_graded", Cue::ThanIfGraded),
    ("over", Cue::Over),
    ("as", Cue::As),
    ("than_rest", Cue::ThanRest),
    ("when", Cue::When),
    ("unlike", Cue::Unlike),
    ("leaves", Cue::Leaves),
    ("turns_to", Cue::TurnsTo),
    ("beats", Cue::Beats),
    ("loses", Cue::Loses),
    ("prefers", Cue::Prefers),
    ("warning", Cue::Warning),
    ("relief", Cue::Relief),
    ("past", Cue::Past),
    ("now", Cue::Now),
    ("faint", Cue::Faint),
    ("balance", Cue::Balance),
    ("likewise", Cue::Likewise),
    ("relative", Cue::Relative),
    ("preposition", Cue::Preposition),
    ("and", Cue::And),
];

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
                let is_known = matches!(key.as_str(), "pronoun" | "function" | "graded");
                assert!(is_known || apply(&key, &mut Effect::default()), "{key}");
                for word in items.split(',').flat_map(str::split_whitespace) {
                    for word in word.split('|') {
                        let (stem, code) = word.split_once('/').unwrap_or((word, ""));
                        let letters =
                            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '\'';
                        let is_folded = stem == "&" || stem.chars().all(letters);
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
