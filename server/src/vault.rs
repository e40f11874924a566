//! API keys at rest: XChaCha20-Poly1305, bound to workspace, provider, address and key version.
//!
//! Invariant: knows no table; the store moves what is sealed here.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use app::model::ids::WorkspaceId;
use app::model::provider::Provider;
use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secrecy::SecretString;
use zeroize::{Zeroize, Zeroizing};

use crate::data_folder;

const KEY_FILE: &str = "master.key";
/// Holds the new key from before the rotation's transaction until after it.
const NEXT_KEY_FILE: &str = "master.key.next";
const CHECK_TEXT: &[u8] = b"parallax vault";

/// Why the vault cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key file cannot be read or written.
    #[error("master key file {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The key file holds something else.
    #[error("master key file {0} does not hold 64 hex digits")]
    Malformed(PathBuf),
    /// The stored keys were sealed with another master key, or were tampered with.
    #[error(
        "the stored API keys cannot be opened with this master key; set ENCRYPTION_KEY to the one that they were stored with"
    )]
    WrongKey,
}

/// Where the vault's master key comes from.
pub enum MasterKeySource {
    /// From the environment.
    Environment([u8; 32]),
    /// From a file in the data folder, made at first start.
    File,
}

impl std::fmt::Debug for MasterKeySource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Environment(_) => "Environment",
            Self::File => "File",
        })
    }
}

/// What is stored of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Which master key sealed it: counts rotations.
    pub version: i64,
    /// 24 random bytes.
    pub nonce: Vec<u8>,
    /// Secret and tag.
    pub ciphertext: Vec<u8>,
}

/// Seals and opens API keys with one master key.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    version: i64,
}

impl Vault {
    /// A vault with this master key, which has seen `version` rotations.
    pub fn new(master_key: &[u8; 32], version: i64) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&Key::from(*master_key)),
            version,
        }
    }

    /// How many rotations the key has behind it.
    pub const fn version(&self) -> i64 {
        self.version
    }

    /// Seals an API key for the place where it is used.
    pub fn seal(&self, place: &KeyPlace<'_>, secret: &str) -> Result<Sealed, VaultError> {
        self.seal_bytes(&place.associated(self.version), secret.as_bytes())
    }

    /// Opens an API key that was sealed for this place.
    pub fn open(&self, place: &KeyPlace<'_>, sealed: &Sealed) -> Result<SecretString, VaultError> {
        self.open_as(&place.associated(sealed.version), sealed)
    }

    /// Opens an API key that was sealed before its address counted; for sealing it again, once.
    pub fn open_without_address(
        &self,
        place: &KeyPlace<'_>,
        sealed: &Sealed,
    ) -> Result<SecretString, VaultError> {
        self.open_as(&place.without_address(sealed.version), sealed)
    }

    fn open_as(&self, associated: &[u8], sealed: &Sealed) -> Result<SecretString, VaultError> {
        let bytes = self.open_bytes(associated, sealed)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError::WrongKey)?;
        Ok(SecretString::from(text))
    }

    /// A known text, sealed: tells later whether a master key is the right one, and that every
    /// key is sealed to its address.
    pub fn seal_check(&self) -> Result<Sealed, VaultError> {
        self.seal_bytes(&check_data(self.version), CHECK_TEXT)
    }

    /// Whether this master key sealed `check`.
    pub fn opens_check(&self, check: &Sealed) -> bool {
        self.checks(&check_data(check.version), check)
    }

    /// Whether this master key sealed `check` before addresses counted.
    pub fn opens_check_without_address(&self, check: &Sealed) -> bool {
        self.checks(&check_data_without_address(check.version), check)
    }

    fn checks(&self, associated: &[u8], check: &Sealed) -> bool {
        self.open_bytes(associated, check)
            .is_ok_and(|bytes| bytes.as_slice() == CHECK_TEXT)
    }

    fn seal_bytes(&self, associated: &[u8], secret: &[u8]) -> Result<Sealed, VaultError> {
        let nonce = XNonce::generate();
        let ciphertext = self
            .cipher
            .encrypt(
                &nonce,
                Payload {
                    msg: secret,
                    aad: associated,
                },
            )
            .map_err(|_| VaultError::WrongKey)?;
        Ok(Sealed {
            version: self.version,
            nonce: nonce.to_vec(),
            ciphertext,
        })
    }

    fn open_bytes(
        &self,
        associated: &[u8],
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let nonce = XNonce::try_from(sealed.nonce.as_slice()).map_err(|_| VaultError::WrongKey)?;
        self.cipher
            .decrypt(
                &nonce,
                Payload {
                    msg: &sealed.ciphertext,
                    aad: associated,
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| VaultError::WrongKey)
    }
}

/// Where an API key is used. Sealed for one place, it can be opened for no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPlace<'a> {
    /// Whose key it is.
    pub workspace: WorkspaceId,
    /// For whom.
    pub provider: Provider,
    /// The address that it was typed for; `None`: the provider's own.
    pub base_url: Option<&'a str>,
}

impl KeyPlace<'_> {
    /// The address comes last, so that it cannot stand for anything else.
    fn associated(&self, version: i64) -> Vec<u8> {
        let (workspace, provider) = (self.workspace, self.provider);
        let address = self.base_url.unwrap_or_default();
        format!("key|{workspace}|{provider}|{version}|at|{address}").into_bytes()
    }

    fn without_address(&self, version: i64) -> Vec<u8> {
        format!("key|{}|{}|{version}", self.workspace, self.provider).into_bytes()
    }
}

fn check_data(version: i64) -> Vec<u8> {
    format!("check|{version}|addresses").into_bytes()
}

fn check_data_without_address(version: i64) -> Vec<u8> {
    format!("check|{version}").into_bytes()
}

/// As versions before sealed, for tests of the way from there.
#[cfg(test)]
impl Vault {
    pub(crate) fn seal_as_before(
        &self,
        place: &KeyPlace<'_>,
        secret: &str,
    ) -> Result<Sealed, VaultError> {
        self.seal_bytes(&place.without_address(self.version), secret.as_bytes())
    }

    pub(crate) fn seal_check_as_before(&self) -> Result<Sealed, VaultError> {
        self.seal_bytes(&check_data_without_address(self.version), CHECK_TEXT)
    }
}

/// The master keys that may be the right one: that of the environment, or those in the data
/// folder, the present one first. At first start the file is made.
pub fn master_keys(
    source: &MasterKeySource,
    data_dir: &Path,
) -> Result<Vec<Zeroizing<[u8; 32]>>, VaultError> {
    if let MasterKeySource::Environment(key) = source {
        return Ok(vec![Zeroizing::new(*key)]);
    }
    let path = data_dir.join(KEY_FILE);
    let mut keys = Vec::new();
    if let Some(key) = read_key(&path)? {
        keys.push(key);
    } else {
        let key = Zeroizing::new(random_key());
        write_key(&path, &key)?;
        keys.push(key);
    }
    match read_key(&data_dir.join(NEXT_KEY_FILE)) {
        // Whoever wrote it died before anything was sealed with it.
        Err(VaultError::Malformed(_)) => {}
        next => keys.extend(next?),
    }
    Ok(keys)
}

/// Whether a master key stands in the data folder.
pub fn has_master_key(data_dir: &Path) -> bool {
    data_dir.join(KEY_FILE).exists()
}

/// A new master key, already safe in the data folder, that is not in force yet.
pub fn prepare_next_key(data_dir: &Path) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let key = Zeroizing::new(random_key());
    let path = data_dir.join(NEXT_KEY_FILE);
    remove_if_there(&path)?;
    write_key(&path, &key)?;
    Ok(key)
}

/// Puts `key` in force, once everything is sealed with it. A host beside this one may have done
/// so already, and another rotation may have written a next key of its own meanwhile.
pub fn adopt_next_key(data_dir: &Path, key: &[u8; 32]) -> Result<(), VaultError> {
    let (present, next) = (data_dir.join(KEY_FILE), data_dir.join(NEXT_KEY_FILE));
    if read_key(&present)?.is_some_and(|present| *present == *key) {
        return Ok(());
    }
    let is_next = matches!(read_key(&next), Ok(Some(next)) if *next == *key);
    let from = if is_next {
        next
    } else {
        let own = data_dir.join(format!("{KEY_FILE}.{:08x}", rand::random::<u32>()));
        write_key(&own, key)?;
        own
    };
    match fs::rename(&from, &present) {
        Ok(()) => sync_folder(data_dir),
        // Whoever was faster read the same key.
        Err(error)
            if error.kind() == io::ErrorKind::NotFound
                && read_key(&present)?.is_some_and(|present| *present == *key) =>
        {
            Ok(())
        }
        Err(source) => Err(VaultError::File { path: from, source }),
    }
}

/// Forgets a next key that never came into force; another rotation's stays.
pub fn discard_next_key(data_dir: &Path, key: &[u8; 32]) -> Result<(), VaultError> {
    let next = data_dir.join(NEXT_KEY_FILE);
    match read_key(&next) {
        Ok(Some(found)) if *found == *key => remove_if_there(&next),
        _ => Ok(()),
    }
}

/// A secret of the instance in a file of its own, made where it is missing.
pub fn secret_from_file(data_dir: &Path, name: &str) -> Result<SecretString, VaultError> {
    let path = data_dir.join(name);
    let key = if let Some(key) = read_key(&path)? {
        key
    } else {
        let key = Zeroizing::new(random_key());
        write_key(&path, &key)?;
        key
    };
    Ok(SecretString::from(hex::encode(*key)))
}

fn random_key() -> [u8; 32] {
    let mut key = [0; 32];
    rand::fill(&mut key);
    key
}

fn read_key(path: &Path) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
    let mut digits = match fs::read_to_string(path) {
        Ok(digits) => digits,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(VaultError::File {
                path: path.to_owned(),
                source,
            });
        }
    };
    let mut key = Zeroizing::new([0; 32]);
    let decoded = hex::decode_to_slice(digits.trim(), key.as_mut_slice());
    digits.zeroize();
    decoded.map_err(|_| VaultError::Malformed(path.to_owned()))?;
    Ok(Some(key))
}

/// Writes a file that only its owner may read. It is on the disk before this returns: a key
/// that is lost makes everything that it sealed worthless. Where another process was faster,
/// its key stays and this fails.
fn write_key(path: &Path, key: &[u8; 32]) -> Result<(), VaultError> {
    let fail = |source| VaultError::File {
        path: path.to_owned(),
        source,
    };
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    data_folder::make(folder).map_err(fail)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(fail)?;
    let digits = Zeroizing::new(hex::encode(key));
    file.write_all(digits.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(fail)?;
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), VaultError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| VaultError::File {
            path: folder.to_owned(),
            source,
        })
}

fn remove_if_there(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(VaultError::File {
            path: path.to_owned(),
            source: error,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_sealed_key_opens_only_where_it_belongs() {
        let place = KeyPlace {
            workspace: 1.into(),
            provider: Provider::OpenAi,
            base_url: Some("https://gateway.example/v1"),
        };
        let vault = Vault::new(&[7; 32], 1);
        let sealed = vault.seal(&place, "sk-secret").expect("sealed");
        let holds = |bytes: &[u8]| bytes.windows(9).any(|window| window == b"sk-secret");
        assert!(!holds(&sealed.ciphertext));
        let opened = vault.open(&place, &sealed).expect("opened");
        assert_eq!(opened.expose_secret(), "sk-secret");

        for (what, other) in [
            (
                "another workspace",
                KeyPlace {
                    workspace: 2.into(),
                    ..place
                },
            ),
            (
                "another provider",
                KeyPlace {
                    provider: Provider::Google,
                    ..place
                },
            ),
            (
                "another address",
                KeyPlace {
                    base_url: Some("https://evil.example/v1"),
                    ..place
                },
            ),
            (
                "a longer address",
                KeyPlace {
                    base_url: Some("https://gateway.example/v12"),
                    ..place
                },
            ),
            (
                "no address",
                KeyPlace {
                    base_url: None,
                    ..place
                },
            ),
        ] {
            assert!(vault.open(&other, &sealed).is_err(), "{what}");
        }
        let other_version = Sealed {
            version: 2,
            ..sealed.clone()
        };
        assert!(
            vault.open(&place, &other_version).is_err(),
            "another version"
        );
        assert!(
            Vault::new(&[8; 32], 1).open(&place, &sealed).is_err(),
            "another key"
        );
        assert!(
            vault.open_without_address(&place, &sealed).is_err(),
            "the old form"
        );
        let before = vault.seal_as_before(&place, "sk-secret").expect("sealed");
        assert!(
            vault.open(&place, &before).is_err(),
            "what was sealed before"
        );
        assert!(vault.open_without_address(&place, &before).is_ok());
        let mut tampered = sealed;
        tampered.ciphertext[0] ^= 1;
        assert!(vault.open(&place, &tampered).is_err(), "tampered");
    }

    #[test]
    fn the_check_tells_the_right_key_from_a_wrong_one() {
        let check = Vault::new(&[7; 32], 3).seal_check().expect("sealed");
        assert!(Vault::new(&[7; 32], 3).opens_check(&check));
        assert!(!Vault::new(&[8; 32], 3).opens_check(&check));
        let before = Vault::new(&[7; 32], 3)
            .seal_check_as_before()
            .expect("sealed");
        assert!(!Vault::new(&[7; 32], 3).opens_check(&before));
        assert!(Vault::new(&[7; 32], 3).opens_check_without_address(&before));
    }

    #[test]
    fn the_key_file_is_made_once_and_only_for_its_owner() {
        let folder = tempfile::tempdir().expect("folder");
        let first = master_keys(&MasterKeySource::File, folder.path()).expect("made");
        let second = master_keys(&MasterKeySource::File, folder.path()).expect("read");
        assert_eq!(*first[0], *second[0]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(KEY_FILE))
                .expect("there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_next_key_is_known_before_and_after_it_comes_into_force() {
        let folder = tempfile::tempdir().expect("folder");
        let old = master_keys(&MasterKeySource::File, folder.path()).expect("made");
        let next = prepare_next_key(folder.path()).expect("prepared");
        let between = master_keys(&MasterKeySource::File, folder.path()).expect("read");
        assert_eq!((*between[0], *between[1]), (*old[0], *next));
        adopt_next_key(folder.path(), &next).expect("adopted");
        adopt_next_key(folder.path(), &next).expect("adopted by another before");
        let after = master_keys(&MasterKeySource::File, folder.path()).expect("read");
        assert_eq!((after.len(), *after[0]), (1, *next));
    }

    #[test]
    fn two_rotations_at_once_lose_no_key() {
        let folder = tempfile::tempdir().expect("folder");
        master_keys(&MasterKeySource::File, folder.path()).expect("made");
        let first = prepare_next_key(folder.path()).expect("prepared");
        let second = prepare_next_key(folder.path()).expect("prepared");
        // The first one's transaction was the one that committed; the second failed.
        adopt_next_key(folder.path(), &first).expect("adopted");
        discard_next_key(folder.path(), &second).expect("discarded");
        let after = master_keys(&MasterKeySource::File, folder.path()).expect("read");
        assert_eq!((after.len(), *after[0]), (1, *first));

        let third = prepare_next_key(folder.path()).expect("prepared");
        discard_next_key(folder.path(), &second).expect("nothing of it is there");
        let after = master_keys(&MasterKeySource::File, folder.path()).expect("read");
        assert_eq!((after.len(), *after[1]), (2, *third));
    }
}
