//! Random tokens: session cookies, REST tokens, invitation links. Only a keyed hash is stored,
//! so neither a copy of the database nor one of the key alone opens anything.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// REST tokens begin with this, so that a leaked one is recognised.
pub const TOKEN_PREFIX: &str = "plx_";
const TOKEN_BYTES: usize = 32;

/// Makes tokens and their hashes.
#[derive(Clone)]
pub struct Tokens {
    key: SecretString,
}

/// A fresh token and what is stored of it.
pub struct FreshToken {
    /// Given out once.
    pub token: String,
    /// Stored.
    pub hash: String,
}

impl Tokens {
    /// Uses the instance's secret key.
    pub const fn new(key: SecretString) -> Self {
        Self { key }
    }

    /// A token of 256 random bits, after `prefix`.
    pub fn fresh(&self, prefix: &str) -> FreshToken {
        let mut bytes = [0_u8; TOKEN_BYTES];
        rand::fill(&mut bytes);
        let token = format!("{prefix}{}", hex::encode(bytes));
        FreshToken {
            hash: self.hash(&token),
            token,
        }
    }

    /// HMAC-SHA-256 of a token, in hex. It is looked up by an index: what an attacker learns
    /// from timing is a prefix of a hash that they cannot compute.
    pub fn hash(&self, token: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes())
        else {
            unreachable!("HMAC takes keys of any length");
        };
        mac.update(token.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_hash_by_the_key() {
        let tokens = Tokens::new("one key".into());
        let (first, second) = (tokens.fresh(TOKEN_PREFIX), tokens.fresh(TOKEN_PREFIX));
        assert_ne!(first.token, second.token);
        assert_eq!(tokens.hash(&first.token), first.hash);
        assert_ne!(
            Tokens::new("another key".into()).hash(&first.token),
            first.hash
        );
        assert!(first.token.starts_with(TOKEN_PREFIX));
    }
}
