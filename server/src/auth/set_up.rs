//! The set-up code: who makes the first account of an instance shows that they read its log.
//!
//! Invariant: the code follows from the instance's secret key, so that all processes that share
//! one ask for the same code and none has to store it.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::tokens::Tokens;
use crate::buckets::{Buckets, Rate};

/// Tries of an address before it has to wait.
const TRIES: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// After this there is one more.
const ONE_MORE_AFTER: Duration = Duration::from_secs(90);
/// What is hashed, under the secret key, to get the code.
const SUBJECT: &str = "the set-up code of this instance";
/// Letters and digits that cannot be taken for each other.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of the code, of 5 bits each.
const LENGTH: usize = 12;
/// It is written in groups of these.
const GROUP: usize = 4;

/// Whether the first account is for anybody or for who knows the code.
#[derive(Clone)]
pub struct SetUp(Option<Arc<Asked>>);

struct Asked {
    tokens: Tokens,
    code: String,
    tries: Buckets,
}

/// Why a code does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongCode {
    /// It is another one, or none.
    Wrong,
    /// There were too many; seconds until the next try.
    TooMany(u64),
}

impl SetUp {
    /// Only this machine reaches the instance: whoever comes first is at home here.
    pub const fn without_code() -> Self {
        Self(None)
    }

    /// Others may come first.
    pub fn with_code(tokens: Tokens) -> Self {
        let code = code_of(&tokens.hash(SUBJECT));
        let tries = Buckets::new(Rate {
            many: NonZeroU32::MIN,
            within: ONE_MORE_AFTER,
            at_once: TRIES,
        });
        Self(Some(Arc::new(Asked {
            tokens,
            code,
            tries,
        })))
    }

    /// The code, for the log; `None`: it takes none.
    pub fn code(&self) -> Option<&str> {
        self.0.as_ref().map(|asked| asked.code.as_str())
    }

    /// Whether who types this may make the first account. Each try of an address counts.
    ///
    /// # Errors
    /// It is not the code, or there were too many tries.
    pub fn check(&self, typed: &str, address: &str) -> Result<(), WrongCode> {
        let Some(asked) = &self.0 else {
            return Ok(());
        };
        if let Some(wait) = asked.tries.take(address).wait_seconds {
            return Err(WrongCode::TooMany(wait));
        }
        // Hashes are compared: what the time tells of them says nothing of the code.
        let is_right = asked.tokens.hash(&plain(typed)) == asked.tokens.hash(&plain(&asked.code));
        if is_right {
            Ok(())
        } else {
            Err(WrongCode::Wrong)
        }
    }
}

fn code_of(hash: &str) -> String {
    let bytes = hex::decode(hash).unwrap_or_default();
    let characters: Vec<char> = bytes
        .iter()
        .take(LENGTH)
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = characters
        .chunks(GROUP)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// As it is compared: without case, spaces and dashes, and with what people misread put right.
fn plain(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(2 * LENGTH)
        .map(|character| match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_up(key: &str) -> SetUp {
        SetUp::with_code(Tokens::new(key.into()))
    }

    #[test]
    fn processes_with_one_key_ask_for_one_code() {
        let (one, same, other) = (set_up("a key"), set_up("a key"), set_up("another key"));
        assert_eq!(one.code(), same.code());
        assert_ne!(one.code(), other.code());
        let code = one.code().expect("a code");
        assert_eq!((code.len(), code.matches('-').count()), (14, 2), "{code}");
    }

    #[test]
    fn the_code_opens_however_it_is_typed() {
        let set_up = set_up("a key");
        let code = set_up.code().expect("a code").to_owned();
        for (place, typed) in [
            code.clone(),
            code.to_lowercase(),
            format!(" {} ", code.replace('-', "")),
            code.replace('0', "o").replace('1', "l"),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(set_up.check(&typed, &place.to_string()), Ok(()), "{typed}");
        }
        assert_eq!(SetUp::without_code().check("", "x"), Ok(()));
    }

    #[test]
    fn an_address_has_a_few_tries() {
        let set_up = set_up("a key");
        let code = set_up.code().expect("a code").to_owned();
        for _ in 0..TRIES.get() {
            assert_eq!(set_up.check("", "10.0.0.1"), Err(WrongCode::Wrong));
        }
        let late = set_up.check(&code, "10.0.0.1");
        assert!(
            matches!(late, Err(WrongCode::TooMany(wait)) if wait <= 90),
            "{late:?}"
        );
        assert_eq!(set_up.check(&code, "10.0.0.2"), Ok(()));
    }
}
