//! Takes the key out of everything that comes back from a provider.
//!
//! Invariant: no string that is kept contains the key. None decodes to it as JSON (once, or text in
//! text), as an address with percent signs, as HTML with character references, or as one of these
//! two in JSON. Text that offsets count in keeps its length. For a body that is the decoded text.
//! For a text that was read from a body it is the text itself, with its escapes.
//!
//! The body is cleaned before anything reads it, so that neither a limit of length cuts a key in
//! two nor a field is forgotten. What adapters put together from pieces is cleaned once more.

use std::ops::Range;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};

use super::models::ListedModel;
use super::{Access, Answer, Citation, Failure};

/// Shorter texts are no secrets, and would tear holes into words.
const SHORTEST: usize = 8;
const STAR: u8 = b'*';
/// Nobody packs JSON into a text of JSON more than four times.
const MOST_SLASHES: usize = 16;
/// Nor an address into an address.
const MOST_PERCENTS: usize = 4;
/// The longest references to characters that a key may have.
const REFERENCE: usize = 9;
/// Characters with a name in HTML, as far as keys contain them or they are escaped.
const NAMED: [(&[u8], u8); 10] = [
    (b"amp;", b'&'),
    (b"lt;", b'<'),
    (b"gt;", b'>'),
    (b"quot;", b'"'),
    (b"apos;", b'\''),
    (b"sol;", b'/'),
    (b"plus;", b'+'),
    (b"equals;", b'='),
    (b"lowbar;", b'_'),
    (b"period;", b'.'),
];

/// Knows the key of an access, and hides it.
#[derive(Clone)]
pub(super) struct Redactor {
    key: Option<SecretString>,
}

impl Redactor {
    /// For what comes back from `access`.
    pub(super) fn of(access: &Access) -> Self {
        let key = access
            .api_key
            .as_ref()
            .map(|key| key.expose_secret().trim());
        Self {
            key: key
                .filter(|key| key.len() >= SHORTEST)
                .map(SecretString::from),
        }
    }

    fn key(&self) -> Option<&[u8]> {
        self.key.as_ref().map(|key| key.expose_secret().as_bytes())
    }

    /// Whether there is a key to be hidden.
    pub(super) const fn knows_key(&self) -> bool {
        self.key.is_some()
    }

    /// The bytes of a response without the key, whole or broken, in any encoding that holds ASCII.
    pub(super) fn body(&self, body: Bytes) -> Bytes {
        match self
            .key()
            .and_then(|key| hidden(&body, key, KeptLength::Decoded))
        {
            Some(clean) => Bytes::from(clean),
            None => body,
        }
    }

    /// Headers without the key: ids of requests stand there.
    pub(super) fn headers(&self, headers: &mut HeaderMap) {
        let Some(key) = self.key() else { return };
        for value in headers.values_mut() {
            if let Some(clean) = hidden(value.as_bytes(), key, KeptLength::Written) {
                *value = HeaderValue::from_bytes(&clean)
                    .unwrap_or_else(|_| HeaderValue::from_static("***"));
            }
        }
    }

    /// A failure without the key.
    pub(super) fn failure(&self, failure: Failure) -> Failure {
        Failure {
            message: self.text(failure.message),
            request_id: self.option(failure.request_id),
            ..failure
        }
    }

    /// An answer without the key.
    pub(super) fn answer(&self, answer: Answer) -> Answer {
        // Every field by its name: a new one does not compile before somebody has thought of it.
        let Answer {
            outcome,
            text,
            finish,
            model_served,
            usage,
            citations,
            request_id,
            cost_reported,
            search_queries,
            worth_another,
        } = answer;
        Answer {
            outcome,
            text: self.text(text),
            finish: self.option(finish),
            model_served: self.option(model_served),
            usage,
            citations: citations
                .into_iter()
                .map(|citation| self.citation(citation))
                .collect(),
            request_id: self.option(request_id),
            cost_reported,
            search_queries: search_queries
                .into_iter()
                .map(|query| self.text(query))
                .collect(),
            worth_another,
        }
    }

    fn citation(&self, citation: Citation) -> Citation {
        let Citation {
            url,
            title,
            start,
            end,
            cited,
        } = citation;
        Citation {
            url: self.text(url),
            title: self.option(title),
            start,
            end,
            cited,
        }
    }

    /// A listed model without the key.
    pub(super) fn model(&self, model: ListedModel) -> ListedModel {
        ListedModel {
            id: self.text(model.id),
            label: self.option(model.label),
            ..model
        }
    }

    fn option(&self, text: Option<String>) -> Option<String> {
        text.map(|text| self.text(text))
    }

    /// A text without the key, as long as before.
    fn text(&self, text: String) -> String {
        let Some(key) = self.key() else { return text };
        match hidden(text.as_bytes(), key, KeptLength::Written) {
            Some(clean) => String::from_utf8_lossy(&clean).into_owned(),
            None => text,
        }
    }
}

/// What keeps its length where stars stand for a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeptLength {
    /// What the bytes decode to as JSON: they are not read yet.
    Decoded,
    /// The bytes as they are written: nobody decodes them any more, and offsets count in them.
    Written,
}

impl KeptLength {
    /// How many stars stand for a key that is spelled so.
    fn stars(self, spelled: &[u8]) -> usize {
        match self {
            Self::Written => spelled.len(),
            Self::Decoded => once_decoded(spelled),
        }
    }
}

/// How long these bytes are once JSON was decoded: an escape is one character, an escape that is
/// escaped itself the characters of an escape.
fn once_decoded(bytes: &[u8]) -> usize {
    let (mut at, mut decoded) = (0, 0);
    while at < bytes.len() {
        let (_, length) = unit(&bytes[at..], EscapeForms::Escapes);
        let run = bytes[at..].iter().take(length);
        let slashes = run.take_while(|byte| **byte == b'\\').count();
        let behind = length - slashes;
        decoded += match (slashes, behind) {
            (0, _) => length,
            (_, 0) => (slashes / 2).max(1),
            // The last backslash and what is behind it are one character.
            _ if slashes % 2 == 1 => slashes / 2 + 1,
            _ => slashes / 2 + behind,
        };
        at += length;
    }
    decoded
}

/// `bytes` with stars for the key, wherever it stands, as many as `kept_length` says;
/// `None`: nowhere. Linear in both.
fn hidden(bytes: &[u8], key: &[u8], kept_length: KeptLength) -> Option<Vec<u8>> {
    let mut clean = masked(bytes, literally(bytes, key), kept_length);
    for escape_forms in [
        EscapeForms::Escapes,
        EscapeForms::EscapesAndPercent,
        EscapeForms::EscapesAndReferences,
    ] {
        let now = clean.as_deref().unwrap_or(bytes);
        if !may_spell(now, key, escape_forms) {
            continue;
        }
        if let Some(cleaner) = masked(now, decoded(now, key, escape_forms), kept_length) {
            clean = Some(cleaner);
        }
    }
    clean
}

/// `bytes` with stars in place of these ranges; `None` where there are none.
fn masked(bytes: &[u8], found: Vec<Range<usize>>, kept_length: KeptLength) -> Option<Vec<u8>> {
    if found.is_empty() {
        return None;
    }
    let mut clean = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    for range in found {
        clean.extend_from_slice(&bytes[copied..range.start]);
        let stars = kept_length.stars(&bytes[range.clone()]);
        clean.resize(clean.len() + stars, STAR);
        copied = range.end;
    }
    clean.extend_from_slice(&bytes[copied..]);
    Some(clean)
}

fn literally(bytes: &[u8], key: &[u8]) -> Vec<Range<usize>> {
    memmem::find_iter(bytes, key)
        .map(|start| start..start + key.len())
        .collect()
}

/// What is read as another character than it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EscapeForms {
    /// `\u0073` and `\/`; backslashes may be doubled, as where JSON stands in a text of JSON.
    Escapes,
    /// And `%73`, or `%2573` where an address stands in one.
    EscapesAndPercent,
    /// And `&#115;`, `&#x73;` and `&sol;`, as pages of errors have them.
    EscapesAndReferences,
}

/// Whether anything that is read as another character is one of the key's: seldom, so that the
/// long way is seldom gone.
fn may_spell(bytes: &[u8], key: &[u8], escape_forms: EscapeForms) -> bool {
    let is_of_key = |at: usize| {
        let (byte, length) = unit(&bytes[at..], escape_forms);
        length > 1 && byte.is_some_and(|byte| key.contains(&byte))
    };
    // What the last two read may begin with an escape itself: `\u0025` is a percent sign.
    match escape_forms {
        EscapeForms::Escapes => memchr::memchr_iter(b'\\', bytes).any(is_of_key),
        EscapeForms::EscapesAndPercent => memchr::memchr2_iter(b'%', b'\\', bytes).any(is_of_key),
        EscapeForms::EscapesAndReferences => {
            memchr::memchr2_iter(b'&', b'\\', bytes).any(is_of_key)
        }
    }
}

/// Where `bytes` spell the key, by the search of Knuth, Morris and Pratt: each unit is read once.
fn decoded(bytes: &[u8], key: &[u8], escape_forms: EscapeForms) -> Vec<Range<usize>> {
    let borders = borders(key);
    let mut found = Vec::new();
    // Where the last units began, as many as the key has.
    let mut starts = vec![0; key.len()];
    let (mut at, mut count, mut matched) = (0, 0_usize, 0);
    while at < bytes.len() {
        let (byte, length) = unit(&bytes[at..], escape_forms);
        starts[count % key.len()] = at;
        count += 1;
        at += length;
        while matched > 0 && byte != Some(key[matched]) {
            matched = borders[matched - 1];
        }
        if byte == Some(key[matched]) {
            matched += 1;
        }
        if matched == key.len() {
            found.push(starts[count % key.len()]..at);
            matched = 0;
        }
    }
    found
}

/// For each beginning of the key, the length of its longest beginning that is its end too.
fn borders(key: &[u8]) -> Vec<usize> {
    let mut borders = vec![0; key.len()];
    let mut length = 0;
    for at in 1..key.len() {
        while length > 0 && key[at] != key[length] {
            length = borders[length - 1];
        }
        if key[at] == key[length] {
            length += 1;
        }
        borders[at] = length;
    }
    borders
}

/// The first character, as far as it is ASCII, and how many bytes it takes.
fn unit(bytes: &[u8], escape_forms: EscapeForms) -> (Option<u8>, usize) {
    let (first, length) = escaped(bytes);
    let rest = &bytes[length.min(bytes.len())..];
    let further = match (escape_forms, first) {
        (EscapeForms::EscapesAndPercent, Some(b'%')) => behind_percent(rest),
        (EscapeForms::EscapesAndReferences, Some(b'&')) => behind_ampersand(rest),
        _ => None,
    };
    further.map_or((first, length), |(byte, more)| (Some(byte), length + more))
}

/// The first character, where backslashes may stand for another one.
fn escaped(bytes: &[u8]) -> (Option<u8>, usize) {
    match bytes {
        [b'\\', ..] => {
            let slashes = bytes
                .iter()
                .take(MOST_SLASHES)
                .take_while(|byte| **byte == b'\\')
                .count();
            match &bytes[slashes..] {
                [b'u', digits @ ..] if digits.len() >= 4 && number(&digits[..4]).is_some() => {
                    let code = number(&digits[..4]).and_then(|code| u8::try_from(code).ok());
                    (code, slashes + 5)
                }
                [byte @ (b'/' | b'"'), ..] => (Some(*byte), slashes + 1),
                _ => (Some(b'\\'), slashes),
            }
        }
        [byte, ..] => (Some(*byte), 1),
        [] => (None, 1),
    }
}

/// What two digits behind a percent sign say, and how many bytes that takes; behind a percent sign
/// that is written so itself, too.
fn behind_percent(bytes: &[u8]) -> Option<(u8, usize)> {
    let mut at = 0;
    let mut found = None;
    while at < 2 * MOST_PERCENTS {
        let code = number(bytes.get(at..at + 2)?).and_then(|code| u8::try_from(code).ok());
        let Some(code) = code else { break };
        at += 2;
        found = Some((code, at));
        let goes_on = code == b'%' && bytes.get(at..at + 2).and_then(number).is_some();
        if !goes_on {
            break;
        }
    }
    found
}

/// What a reference behind its ampersand says, and how many bytes it takes.
fn behind_ampersand(bytes: &[u8]) -> Option<(u8, usize)> {
    let Some(digits) = bytes.strip_prefix(b"#") else {
        let named = NAMED.iter().find(|(name, _)| bytes.starts_with(name));
        return named.map(|(name, byte)| (*byte, name.len()));
    };
    let window = &digits[..digits.len().min(REFERENCE)];
    let end = memchr::memchr(b';', window)?;
    let code = match &window[..end] {
        [b'x' | b'X', digits @ ..] if !digits.is_empty() => number(digits)?,
        digits if !digits.is_empty() => std::str::from_utf8(digits).ok()?.parse().ok()?,
        _ => return None,
    };
    // Behind `#`, the digits and the semicolon.
    Some((u8::try_from(code).ok()?, end + 2))
}

/// What hexadecimal digits say.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some(number * 16 + value)
    })
}

#[cfg(test)]
#[path = "redaction_tests.rs"]
mod tests;
