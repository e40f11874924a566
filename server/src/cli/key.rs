//! `parallax key rotate`: seals every stored API key with a new master key.

use std::io::{self, Read};

use clap::Args;
use zeroize::Zeroizing;

use crate::bootstrap::{self, BootError};
use crate::config::{Config, ConfigError, parse_master_key};
use crate::services::keys::{KeyRingError, open_vault};
use crate::store::accounts::RotateError;
use crate::vault::{self, MasterKeySource, Vault, VaultError};

/// Why a rotation failed. Until its transaction commits, nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyCommandError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// The present master key.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// The new master key.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Key files.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Sealing again.
    #[error(transparent)]
    Rotate(#[from] RotateError),
    /// Standard input.
    #[error("cannot read the new key: {0}")]
    Input(#[from] io::Error),
    /// The master key is the operator's, so the new one is too.
    #[error(
        "the master key stands in ENCRYPTION_KEY: give the new one (64 hex digits) with --new-key-stdin"
    )]
    NewKeyNeeded,
    /// The master key stands in a file, which this command keeps itself.
    #[error("the master key stands in the data folder: call this without --new-key-stdin")]
    NewKeyUnwanted,
}

/// Arguments of `parallax key rotate`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// Read the new master key from standard input; only where `ENCRYPTION_KEY` is set
    #[arg(long)]
    pub new_key_stdin: bool,
}

/// Seals everything again in one transaction; gives the line to print.
///
/// The new key is on the disk before the transaction and takes the old one's place after it.
/// A death in between leaves both; the next start finds out which one is right.
pub async fn rotate(config: Config, args: &RotateArgs) -> Result<String, KeyCommandError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let data_dir = &config.database.data_dir;
    let source = &config.secrets.master_key;
    let old = open_vault(&store, source, data_dir).await?;
    let new_key = match (source, args.new_key_stdin) {
        (MasterKeySource::Environment(_), false) => return Err(KeyCommandError::NewKeyNeeded),
        (MasterKeySource::File, true) => return Err(KeyCommandError::NewKeyUnwanted),
        (MasterKeySource::Environment(_), true) => {
            let mut typed = Zeroizing::new(String::new());
            io::stdin().read_to_string(&mut typed)?;
            Zeroizing::new(parse_master_key("the new key", &typed)?)
        }
        (MasterKeySource::File, false) => vault::prepare_next_key(data_dir)?,
    };
    let new = Vault::new(&new_key, old.version() + 1);
    let rotated = store.rotate_credentials(&old, &new).await;
    let is_file = matches!(source, MasterKeySource::File);
    if rotated.is_err() && is_file {
        vault::discard_next_key(data_dir, &new_key)?;
    }
    let count = rotated?;
    if is_file {
        vault::adopt_next_key(data_dir, &new_key)?;
        Ok(format!("{count} keys sealed with a new master key"))
    } else {
        Ok(format!(
            "{count} keys sealed with the new master key; set ENCRYPTION_KEY to it now"
        ))
    }
}
