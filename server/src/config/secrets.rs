//! The instance's own secrets.

use secrecy::SecretString;

use super::source::{ConfigError, Source};
use crate::vault::MasterKeySource;

const MASTER_KEY_DIGITS: usize = 64;
const SECRET_KEY_MIN: usize = 32;

/// Keys that the instance itself holds.
#[derive(Debug)]
pub struct SecretsConfig {
    /// Where the vault's master key comes from.
    pub master_key: MasterKeySource,
    /// Keys the hashes of session cookies, links and tokens; `None`: a file in the data folder.
    pub secret_key: Option<SecretString>,
    /// Lets programs start the jobs; `None`: they cannot.
    pub cron_token: Option<SecretString>,
}

impl SecretsConfig {
    pub(super) fn read(source: &Source) -> Result<Self, ConfigError> {
        let master_key = match source.copied("ENCRYPTION_KEY")? {
            None => MasterKeySource::File,
            Some(digits) => {
                MasterKeySource::Environment(parse_master_key("ENCRYPTION_KEY", &digits)?)
            }
        };
        let secret_key = source.get("SECRET_KEY")?;
        if secret_key
            .as_ref()
            .is_some_and(|key| key.len() < SECRET_KEY_MIN)
        {
            return Err(ConfigError::new(
                "SECRET_KEY",
                format!("has at least {SECRET_KEY_MIN} characters"),
            ));
        }
        Ok(Self {
            master_key,
            secret_key: secret_key.map(SecretString::from),
            cron_token: source.copied("CRON_TOKEN")?.map(SecretString::from),
        })
    }
}

/// Reads 64 hex digits.
pub fn parse_master_key(variable: &str, digits: &str) -> Result<[u8; 32], ConfigError> {
    let mut key = [0; 32];
    hex::decode_to_slice(digits.trim(), &mut key)
        .map_err(|_| ConfigError::new(variable, format!("has {MASTER_KEY_DIGITS} hex digits")))?;
    Ok(key)
}
