//! What calls to models with a form have in common: data fenced in, a list taken out.
//!
//! Invariant: pure. A fence occurs in none of the texts that it stands around, and no bytes of
//! a reply make anything here panic.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Characters of a fence.
const FENCE: usize = 24;
/// No reply is longer, in bytes.
const MAX_REPLY: usize = 1_000_000;

/// A line that occurs in none of these texts: a hash of them all, another one as long as it
/// does occur. Nobody can write a text that holds its own hash.
pub(crate) fn fence<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut salt = 0_u64;
    loop {
        let mut hash = Sha256::new();
        hash.update(salt.to_le_bytes());
        for text in texts.clone() {
            hash.update(text.len().to_le_bytes());
            hash.update(text.as_bytes());
        }
        let mut fence = hex::encode(hash.finalize());
        fence.truncate(FENCE);
        if !texts.clone().any(|text| text.contains(&fence)) {
            return fence;
        }
        salt += 1;
    }
}

/// The entries of a reply: an object with a list under `name`, or the bare list; a fence of
/// Markdown or a sentence around it does no harm. Empty where there is none.
pub(crate) fn entries(text: &str, name: &str) -> Vec<Value> {
    if text.len() > MAX_REPLY {
        return Vec::new();
    }
    let whole = serde_json::from_str(text.trim()).ok();
    let found: Option<Value> = whole
        .or_else(|| between(text, '{', '}'))
        .or_else(|| between(text, '[', ']'));
    match found {
        Some(Value::Array(entries)) => entries,
        Some(Value::Object(mut object)) => match object.remove(name) {
            Some(Value::Array(entries)) => entries,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn between(text: &str, open: char, close: char) -> Option<Value> {
    let piece = text.get(text.find(open)?..=text.rfind(close)?)?;
    serde_json::from_str(piece).ok()
}
