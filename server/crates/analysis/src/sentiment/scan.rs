//! Cuts a line into words, mentions and the marks that part clauses.
//!
//! Invariant: every byte is looked at a bounded number of times. Words are folded and hashed as
//! they are read, so none is copied.

use super::effect::{Cue, Effect, TradeRole};
use super::lexicon::{self, Entry, Lexicon};
use super::numbers;
use super::phrases::{self, Id};
use super::rating;

/// Where an entity is named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The number of the entity.
    pub(super) owner: usize,
}

/// A piece of a line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token {
    /// A word and what it does.
    Word(Word),
    /// The entity with this number is named.
    Mention(usize),
    /// A mark that may end a clause.
    Mark(Mark),
}

impl Token {
    /// Whether it names an entity, or looks as if it named one that nobody watches.
    fn may_be_name(&self) -> bool {
        match self {
            Self::Mention(_) => true,
            Self::Word(word) => word.is_capital && word.entry.is_unknown(),
            Self::Mark(_) => false,
        }
    }
}

/// A word.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells one thing of the word, and they go together in any way"
)]
pub(super) struct Word {
    pub(super) hash: u64,
    pub(super) entry: Entry,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
    /// Whether it may stand between the capitals of a name ("of", "de", "&").
    pub(super) is_joiner: bool,
    /// Whether it stands for a phrase that denies ("not worth it"): what denies it too does not
    /// turn it ("no vale nada").
    pub(super) is_denial: bool,
    /// Whether it is part of a phrase already.
    is_joined: bool,
    /// The number that it is, in digits or not.
    pub(super) number: Option<f32>,
}

/// What parts clauses and sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A comma, dash or bracket.
    Comma,
    Colon,
    /// Between the cells of a table.
    Cell,
    Semicolon,
    /// A full stop, an exclamation mark.
    Stop,
    Question,
}

/// Calls `each` with the hash of each word of `text`.
pub(super) fn words(text: &str, mut each: impl FnMut(u64)) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (hash, length) = word_at(rest);
        if length == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
        } else {
            each(hash);
            at += length;
        }
    }
}

/// Adds the tokens of `text[from..to]` to `tokens`. `mentions` are in order and do not
/// overlap; those used up are taken off. Returns where reading ended: at `to`, or at the end
/// of a mention that reaches beyond it.
pub(super) fn line(
    text: &str,
    (from, to): (usize, usize),
    mentions: &mut &[Mention],
    lexicon: &Lexicon,
    tokens: &mut Vec<Token>,
) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < to {
        while let Some((mention, rest)) = mentions.split_first()
            && mention.start <= at
        {
            *mentions = rest;
            if mention.end > at {
                tokens.push(Token::Mention(mention.owner));
                at = mention.end;
            }
        }
        if at >= to {
            break;
        }
        // A word ends where a name begins.
        let limit = mentions.first().map_or(to, |mention| mention.start.min(to));
        let Some(rest) = text.get(at..limit) else {
            at += 1;
            continue;
        };
        let byte = bytes.get(at).copied().unwrap_or_default();
        if let Some(skipped) = address_length(bytes.get(at..to).unwrap_or_default()) {
            at += skipped;
            drop_until(mentions, at);
            continue;
        }
        if let Some((effect, length)) = verdict_at(byte, rest) {
            tokens.push(Token::Word(Word::verdict(effect)));
            at += length;
            continue;
        }
        let (hash, length) = word_at(rest);
        if let Some((number, whole)) = numbers::at(rest, length) {
            // Phrases may name a number in digits, but none with a point.
            let hash = if whole == length {
                hash
            } else {
                lexicon::HASH_START
            };
            let mut entry = lexicon.entry(hash);
            if entry.id == phrases::NOTHING {
                entry.id = phrases::NUMBER;
                entry.begins_phrase = true;
            }
            tokens.push(Token::Word(Word {
                hash,
                entry,
                number: Some(number),
                ..Word::verdict(Effect::default())
            }));
            at += whole;
            continue;
        }
        if length > 0 {
            // What is left of a possessive.
            if length > 1 || !matches!(tokens.last(), Some(Token::Mention(_))) || byte != b's' {
                let entry = lexicon.entry(hash);
                tokens.push(Token::Word(Word {
                    hash,
                    entry,
                    is_capital: begins_with_capital(rest),
                    is_joiner: matches!(rest.get(..length), Some("&" | "of" | "de" | "del" | "y")),
                    is_denial: false,
                    is_joined: false,
                    number: entry.number(),
                }));
            }
            at += length;
            continue;
        }
        if let Some(mark) = mark_at(text.get(at..to).unwrap_or_default()) {
            tokens.push(Token::Mark(mark));
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    at
}

impl Word {
    /// What stands for a word that only has this effect.
    fn verdict(effect: Effect) -> Self {
        Self {
            hash: lexicon::HASH_START,
            entry: Entry::of(effect),
            is_capital: false,
            is_joiner: false,
            is_denial: false,
            is_joined: false,
            number: None,
        }
    }
}

/// A rating or sign where one may begin: at a digit or beyond ASCII.
fn verdict_at(byte: u8, rest: &str) -> Option<(Effect, usize)> {
    (byte.is_ascii_digit() || byte >= 0xE2)
        .then(|| rating::at(rest))
        .flatten()
}

fn begins_with_capital(word: &str) -> bool {
    match word.as_bytes().first() {
        Some(byte) if byte.is_ascii() => byte.is_ascii_uppercase(),
        _ => word.chars().next().is_some_and(char::is_uppercase),
    }
}

fn drop_until(mentions: &mut &[Mention], at: usize) {
    while let Some((mention, rest)) = mentions.split_first()
        && mention.start < at
    {
        *mentions = rest;
    }
}

/// The length of a link target or of a bare URL at the start of `rest`.
fn address_length(rest: &[u8]) -> Option<usize> {
    let is_target = rest.starts_with(b"](");
    if !is_target && !rest.starts_with(b"http://") && !rest.starts_with(b"https://") {
        return None;
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || (is_target && *byte == b')');
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    Some(length.max(1))
}

/// The hash and the length of the word at the start of `rest`; length 0 if there is none.
fn word_at(rest: &str) -> (u64, usize) {
    let bytes = rest.as_bytes();
    let mut hash = lexicon::HASH_START;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() || (byte == b'&' && at == 0) {
            hash = lexicon::hash_byte(hash, byte.to_ascii_lowercase());
            at += 1;
        } else if byte == b'\'' && at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
        {
            hash = lexicon::hash_byte(hash, b'\'');
            at += 1;
        } else if byte.is_ascii() {
            break;
        } else {
            let Some(character) = rest.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            match folded(character) {
                Letter::Plain(plain) => hash = lexicon::hash_byte(hash, plain),
                Letter::Apostrophe if at > 0 => hash = lexicon::hash_byte(hash, b'\''),
                Letter::Invisible if at > 0 => {}
                Letter::Other => {
                    hash = character
                        .encode_utf8(&mut [0; 4])
                        .bytes()
                        .fold(hash, lexicon::hash_byte);
                }
                _ => break,
            }
            at += character.len_utf8();
        }
    }
    (hash, at)
}

enum Letter {
    /// A letter that stands for this one.
    Plain(u8),
    /// A letter of another alphabet.
    Other,
    Apostrophe,
    /// An accent that stands apart, a soft hyphen.
    Invisible,
    /// No letter.
    None,
}

fn folded(character: char) -> Letter {
    match character {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'Á' | 'À' | 'Â' | 'Ä' | 'Ã' | 'Å' => {
            Letter::Plain(b'a')
        }
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => Letter::Plain(b'e'),
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => Letter::Plain(b'i'),
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'Ó' | 'Ò' | 'Ô' | 'Ö' | 'Õ' => Letter::Plain(b'o'),
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => Letter::Plain(b'u'),
        'ñ' | 'Ñ' => Letter::Plain(b'n'),
        'ç' | 'Ç' => Letter::Plain(b'c'),
        '’' | 'ʼ' => Letter::Apostrophe,
        '\u{0300}'..='\u{036F}' | '\u{00AD}' | '\u{200B}'..='\u{200D}' => Letter::Invisible,
        _ if character.is_alphanumeric() => Letter::Other,
        _ => Letter::None,
    }
}

/// The mark at the start of `rest`.
fn mark_at(rest: &str) -> Option<Mark> {
    let mut characters = rest.chars();
    let mark = match characters.next()? {
        ',' | '(' | ')' | '—' | '–' | '，' | '、' => Mark::Comma,
        '-' if characters.next() == Some(' ') => Mark::Comma,
        ':' | '：' | '→' => Mark::Colon,
        '|' => Mark::Cell,
        '?' => Mark::Question,
        ';' => Mark::Semicolon,
        '!' | '。' | '…' => Mark::Stop,
        '.' if ends_sentence(characters.as_str()) => Mark::Stop,
        _ => return None,
    };
    Some(mark)
}

/// Whether a full stop with `rest` after it ends a sentence: a small letter goes on with it
/// ("vs. others").
fn ends_sentence(rest: &str) -> bool {
    let closing = |c: char| {
        matches!(
            c,
            '*' | '_' | '"' | '”' | '»' | ')' | '\'' | '’' | ']' | '[' | '.'
        )
    };
    let mut next = rest.chars().take(12).skip_while(|c| closing(*c));
    match next.next() {
        None => true,
        Some(c) if c.is_whitespace() => !next
            .find(|c| c.is_alphanumeric())
            .is_some_and(char::is_lowercase),
        Some(_) => false,
    }
}

/// Puts phrases in the place of their words: the first word takes on what the phrase does, the
/// others nothing.
pub(super) fn join_phrases(tokens: &mut [Token], lexicon: &Lexicon) {
    let mut at = 0;
    while at < tokens.len() {
        at += phrase_at(tokens, at, lexicon).unwrap_or(1);
    }
}

/// Joins the phrase that begins at `at` and tells how many words it has before its first gap.
fn phrase_at(tokens: &mut [Token], at: usize, lexicon: &Lexicon) -> Option<usize> {
    let Some(Token::Word(word)) = tokens.get(at) else {
        return None;
    };
    if word.is_joined || !word.entry.begins_phrase {
        return None;
    }
    let names_follow = |length: usize| {
        let after = tokens.get(at + length..).unwrap_or_default();
        after.iter().take(3).any(Token::may_be_name)
    };
    let found = lexicon.phrases.find(
        |ahead| seen(tokens.get(at + ahead)?),
        |effect, length| {
            let needs_name = matches!(effect.cue, Cue::Warning | Cue::Leaves | Cue::TurnsTo);
            !needs_name || names_follow(length)
        },
    )?;
    if found.effect.is_label() {
        // A label says nothing by itself where it is none.
        if let Some(Token::Word(word)) = tokens.get_mut(at) {
            word.entry.effect.label = found.effect.label;
        }
        return Some(1);
    }
    let range = at..at + found.length;
    let words = tokens.get_mut(range)?.iter_mut().enumerate();
    let own = words.filter(|(ahead, _)| found.owns(*ahead));
    let mut effect = found.effect;
    let mut is_topic = false;
    for (ahead, token) in own {
        if let Token::Word(word) = token {
            is_topic |= word.entry.effect.trade_role == TradeRole::Topic;
            let denies = matches!(word.entry.effect.cue, Cue::Negation | Cue::Without);
            word.is_denial = ahead == 0 && denies && effect.weight != 0;
            word.is_joined = true;
            word.entry.effect = std::mem::take(&mut effect);
        }
    }
    // A phrase with what may be dealt in may be dealt in too.
    if let Some(Token::Word(word)) = tokens.get_mut(at)
        && is_topic
        && word.entry.effect.trade_role == TradeRole::None
    {
        word.entry.effect.trade_role = TradeRole::Topic;
    }
    (1..=found.length).find(|ahead| !found.owns(*ahead))
}

/// What a phrase may find in the place of `token`; none where it cannot go on.
fn seen(token: &Token) -> Option<Id> {
    match token {
        Token::Word(word) if word.is_joined => None,
        Token::Word(word) => Some(word.entry.id),
        Token::Mention(_) => Some(phrases::NAME),
        Token::Mark(_) => None,
    }
}
