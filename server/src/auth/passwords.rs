//! Passwords: argon2id, away from the async threads, a few at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::task;

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Each hash holds its memory for as long as it runs.
const AT_A_TIME: usize = 4;

/// Hashes passwords and compares them.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// What an unknown user's password is compared with, so that both take the same time.
    decoy: Arc<str>,
}

/// The hash could not be computed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

fn hasher() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| HashError(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, HashError> {
    let hash: PasswordHash = hasher()?
        .hash_password(password.as_bytes())
        .map_err(|error| HashError(error.to_string()))?;
    Ok(hash.to_string())
}

fn matches_now(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else {
        return false;
    };
    Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok()
}

impl Passwords {
    /// Makes the decoy, which takes as long as one hash.
    pub fn new() -> Result<Self, HashError> {
        let decoy = hash_now("no password at all")?;
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_A_TIME)),
            decoy: decoy.into(),
        })
    }

    /// The hash to store, as a PHC string with a salt of its own.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        self.run(move || hash_now(&password)).await?
    }

    /// Whether the password belongs to the hash; `None` for a user that does not exist, which
    /// takes as long and is never right.
    pub async fn matches(&self, password: String, hash: Option<String>) -> Result<bool, HashError> {
        let decoy = Arc::clone(&self.decoy);
        self.run(move || {
            let is_known = hash.is_some();
            let matches = matches_now(&password, hash.as_deref().unwrap_or(&decoy));
            is_known && matches
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|error| HashError(error.to_string()))?;
        task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(|error| HashError(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_matches() {
        let passwords = Passwords::new().expect("decoy");
        let hash = passwords
            .hash("correct horse".to_owned())
            .await
            .expect("hash");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let matches = |password: &str, hash: Option<String>| {
            let passwords = passwords.clone();
            let password = password.to_owned();
            async move { passwords.matches(password, hash).await.expect("compared") }
        };
        assert!(matches("correct horse", Some(hash.clone())).await);
        assert!(!matches("wrong horse", Some(hash)).await);
        assert!(!matches("no password at all", None).await);
    }
}
