//! Passwords: argon2id, away from the async threads, a few at a time, in memory that is kept.
//!
//! Invariant: there are never more stretches of memory than permits. Whoever finds the queue
//! full is told so at once.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::Semaphore;
use tokio::task;

use super::strength::{Weakness, weakness};

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Memory above which a stored hash is compared with nothing: a database that came from
/// elsewhere must not name any amount.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
/// Passes above which a stored hash is compared with nothing.
const MOST_PASSES: u32 = 10;
/// Each hash holds its memory for as long as it runs.
const AT_A_TIME: usize = 4;
/// Those who wait for one of them to end.
const WAITING: usize = 32;
const SALT_BYTES: usize = 16;

/// Seconds after which somebody who found the queue full may try again.
pub const BUSY_SECONDS: u64 = 2;

/// Hashes passwords and compares them.
#[derive(Clone)]
pub struct Passwords {
    hash_pool: Arc<HashPool>,
    /// What an unknown user's password is compared with, so that both take the same time. It is
    /// nobody's hash: no password is known to lead to it.
    decoy: Arc<str>,
}

/// Where hashing happens.
struct HashPool {
    /// Those at work and those who wait.
    places: Arc<Semaphore>,
    /// Those at work.
    permits: Arc<Semaphore>,
    /// Memory that nobody uses; the last one used comes first, so that one who comes after the
    /// other wakes no second one.
    idle: Mutex<Vec<Memory>>,
}

/// What argon2 fills. It grows to what the largest hash took, and stays.
type Memory = Vec<Block>;

/// Memory for the length of one hash.
struct BorrowedMemory {
    hash_pool: Arc<HashPool>,
    memory: Memory,
}

impl BorrowedMemory {
    fn of(hash_pool: Arc<HashPool>) -> Self {
        let memory = hash_pool.idle().pop().unwrap_or_default();
        Self { hash_pool, memory }
    }
}

impl Drop for BorrowedMemory {
    fn drop(&mut self) {
        self.hash_pool.idle().push(std::mem::take(&mut self.memory));
    }
}

impl HashPool {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Memory>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many wait already.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The hash could not be computed.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

impl HashError {
    fn failed(error: impl ToString) -> Self {
        Self::Failed(error.to_string())
    }
}

/// How a password compares with a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Another one.
    Differs,
    /// The same.
    Same,
    /// The same; the hash is weaker than those that are made now.
    SameButWeak,
}

fn present_params() -> Result<Params, HashError> {
    Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(HashError::failed)
}

/// The hash of a password; it takes as many blocks of the memory as its parameters say.
fn digest(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &Salt,
    length: usize,
    memory: &mut Memory,
) -> Result<Output, HashError> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        // What is in there is no longer needed, and need not be copied.
        memory.clear();
        memory.shrink_to_fit();
        memory.resize(blocks, Block::new());
    }
    let mut buffer = [0_u8; Output::MAX_LENGTH];
    let out = buffer
        .get_mut(..length)
        .ok_or_else(|| HashError::failed("the hash is too long"))?;
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, out, memory.as_mut_slice())
        .map_err(HashError::failed)?;
    Output::new(out).map_err(HashError::failed)
}

fn phc(salt: Salt, output: Output) -> Result<String, HashError> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&present_params()?).map_err(HashError::failed)?,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

fn fresh_salt() -> Result<Salt, HashError> {
    let mut bytes = [0_u8; SALT_BYTES];
    rand::fill(&mut bytes);
    Salt::new(&bytes).map_err(HashError::failed)
}

fn hash_now(password: &str, memory: &mut Memory) -> Result<String, HashError> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, present_params()?);
    let salt = fresh_salt()?;
    let output = digest(&argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN, memory)?;
    phc(salt, output)
}

/// A hash that looks like the others and belongs to no password.
fn decoy() -> Result<String, HashError> {
    let mut bytes = [0_u8; Params::DEFAULT_OUTPUT_LEN];
    rand::fill(&mut bytes);
    phc(
        fresh_salt()?,
        Output::new(&bytes).map_err(HashError::failed)?,
    )
}

/// What a stored hash says about itself.
struct Stored {
    argon2: Argon2<'static>,
    salt: Salt,
    output: Output,
    is_weak: bool,
}

impl Stored {
    /// Nothing where it cannot be read, or asks for more than any hash of ours.
    fn read(hash: &str) -> Option<Self> {
        let parsed = PasswordHash::new(hash).ok()?;
        let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).ok()?;
        let version = parsed.version.map_or(Ok(Version::V0x13), Version::try_from);
        let version = version.ok()?;
        let params = Params::try_from(&parsed).ok()?;
        if params.m_cost() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES {
            return None;
        }
        let is_weak = params.m_cost() < MEMORY_KIB
            || params.t_cost() < PASSES
            || algorithm != Algorithm::Argon2id
            || version != Version::V0x13;
        Some(Self {
            argon2: Argon2::new(algorithm, version, params),
            salt: parsed.salt?,
            output: parsed.hash?,
            is_weak,
        })
    }
}

fn compare_now(password: &str, hash: &str, memory: &mut Memory) -> Comparison {
    let Some(stored) = Stored::read(hash) else {
        return Comparison::Differs;
    };
    let length = stored.output.as_bytes().len();
    // Outputs are compared in constant time.
    match digest(&stored.argon2, password, &stored.salt, length, memory) {
        Ok(output) if output == stored.output && stored.is_weak => Comparison::SameButWeak,
        Ok(output) if output == stored.output => Comparison::Same,
        Ok(_) | Err(_) => Comparison::Differs,
    }
}

impl Passwords {
    /// Takes no memory before the first hash.
    ///
    /// # Errors
    /// The parameters of the hash do not hold together.
    pub fn new() -> Result<Self, HashError> {
        let hash_pool = HashPool {
            places: Arc::new(Semaphore::new(AT_A_TIME + WAITING)),
            permits: Arc::new(Semaphore::new(AT_A_TIME)),
            idle: Mutex::default(),
        };
        Ok(Self {
            hash_pool: Arc::new(hash_pool),
            decoy: decoy()?.into(),
        })
    }

    /// The hash to store, as a PHC string with a salt of its own.
    ///
    /// # Errors
    /// Too many wait already, or the hash could not be computed.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        self.run(move |memory| hash_now(&password, memory)).await?
    }

    /// How the password compares with the hash; `None` for a user that does not exist, which
    /// takes as long and is never the same.
    ///
    /// # Errors
    /// Too many wait already.
    pub async fn compare(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<Comparison, HashError> {
        let decoy = Arc::clone(&self.decoy);
        self.run(move |memory| {
            let compared = compare_now(&password, hash.as_deref().unwrap_or(&decoy), memory);
            match hash {
                Some(_) => compared,
                None => Comparison::Differs,
            }
        })
        .await
    }

    /// What is wrong with a new password of the user with this address.
    ///
    /// # Errors
    /// Too many wait already.
    pub async fn weakness(
        &self,
        password: String,
        email: String,
        is_admin: bool,
    ) -> Result<Option<Weakness>, HashError> {
        self.run(move |_| weakness(&password, &email, is_admin))
            .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let place = Arc::clone(&self.hash_pool.places)
            .try_acquire_owned()
            .map_err(|_| HashError::Busy)?;
        let permit = Arc::clone(&self.hash_pool.permits)
            .acquire_owned()
            .await
            .map_err(HashError::failed)?;
        let hash_pool = Arc::clone(&self.hash_pool);
        task::spawn_blocking(move || {
            let mut lent = BorrowedMemory::of(hash_pool);
            let result = work(&mut lent.memory);
            // The memory is back before somebody else may take it.
            drop(lent);
            drop((permit, place));
            result
        })
        .await
        .map_err(HashError::failed)
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher;
    use futures_util::future::join_all;

    use super::*;

    /// A hash of a password as somebody else's program makes it.
    fn hash_of_elsewhere(memory_kib: u32, passes: u32) -> String {
        let params = Params::new(memory_kib, passes, 1, None).expect("parameters");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: PasswordHash = argon2
            .hash_password_with_salt(b"correct horse", b"a salt of 16 by.")
            .expect("a hash");
        hash.to_string()
    }

    async fn compare(passwords: &Passwords, password: &str, hash: Option<&str>) -> Comparison {
        let hash = hash.map(str::to_owned);
        let compared = passwords.compare(password.to_owned(), hash).await;
        compared.expect("compared")
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_is_the_same() {
        let passwords = Passwords::new().expect("a decoy");
        let hash = passwords
            .hash("correct horse".to_owned())
            .await
            .expect("a hash");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let same = compare(&passwords, "correct horse", Some(&hash)).await;
        assert_eq!(same, Comparison::Same);
        for (password, hash) in [
            ("wrong horse", Some(hash.as_str())),
            ("", Some(&hash)),
            ("correct horse", Some("no hash")),
            ("correct horse", Some("")),
            ("correct horse", None),
        ] {
            let differs = compare(&passwords, password, hash).await;
            assert_eq!(differs, Comparison::Differs, "{password} {hash:?}");
        }
    }

    #[tokio::test]
    async fn hashes_of_other_programs_are_read_and_weak_ones_told() {
        let passwords = Passwords::new().expect("a decoy");
        for (memory_kib, passes, expected) in [
            (MEMORY_KIB, PASSES, Comparison::Same),
            (MEMORY_KIB * 2, PASSES, Comparison::Same),
            (4_096, PASSES, Comparison::SameButWeak),
            (MEMORY_KIB, 1, Comparison::SameButWeak),
            // More than is borne.
            (MOST_MEMORY_KIB + 8, 1, Comparison::Differs),
        ] {
            let hash = hash_of_elsewhere(memory_kib, passes);
            // Memory that another hash was in changes nothing.
            for _ in 0..2 {
                let compared = compare(&passwords, "correct horse", Some(&hash)).await;
                assert_eq!(compared, expected, "{memory_kib} {passes}");
                let compared = compare(&passwords, "wrong horse", Some(&hash)).await;
                assert_eq!(compared, Comparison::Differs);
            }
        }
    }

    #[tokio::test]
    async fn memory_is_as_much_as_permits_and_the_queue_has_an_end() {
        let passwords = Passwords::new().expect("a decoy");
        assert_eq!(passwords.hash_pool.idle().len(), 0, "nothing is hashed yet");
        let all = (0..AT_A_TIME + WAITING + 8).map(|_| passwords.hash("a password".to_owned()));
        let all = join_all(all).await;
        let busy = all
            .iter()
            .filter(|outcome| matches!(outcome, Err(HashError::Busy)));
        let busy = busy.count();
        assert!((1..=8).contains(&busy), "{busy} were sent away");
        let hashed = all.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(hashed + busy, all.len());
        let kept = passwords.hash_pool.idle().len();
        assert!(
            (1..=AT_A_TIME).contains(&kept),
            "{kept} stretches of memory"
        );
        assert_eq!(
            passwords.hash_pool.places.available_permits(),
            AT_A_TIME + WAITING
        );
    }

    #[tokio::test]
    async fn memory_comes_back_after_a_panic() {
        let passwords = Passwords::new().expect("a decoy");
        for _ in 0..2 * AT_A_TIME {
            let failed: Result<(), HashError> = passwords.run(|_| panic!("on purpose")).await;
            assert!(failed.is_err());
        }
        assert_eq!(passwords.hash_pool.idle().len(), 1);
        assert!(passwords.hash("a password".to_owned()).await.is_ok());
    }
}
