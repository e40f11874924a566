//! Where the rows and the files are.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::source::{ConfigError, Source};
use crate::store::sql::{CONNECTIONS_MIN, DatabasePlace};

const SQLITE_FILE: &str = "parallax.sqlite3";

/// Where the rows and the files are.
#[derive(Debug)]
pub struct DatabaseConfig {
    /// A SQLite file or PostgreSQL.
    pub place: DatabasePlace,
    /// Where files are kept: the SQLite file and generated secrets.
    pub data_dir: PathBuf,
}

impl DatabaseConfig {
    pub(super) fn read(source: &Source) -> Result<Self, ConfigError> {
        let data_dir = source
            .get("PARALLAX_DATA_DIR")?
            .map_or_else(|| PathBuf::from("./data"), PathBuf::from);
        let place = match source.copied("DATABASE_URL")? {
            None => DatabasePlace::file(&data_dir.join(SQLITE_FILE)),
            Some(address) => DatabasePlace::parse(&address)
                .map_err(|error| ConfigError::new("DATABASE_URL", error.to_string()))?,
        };
        Ok(Self {
            place: place.with_connections(connections(source)?),
            data_dir,
        })
    }
}

/// How many connections to PostgreSQL a process takes at most; `None`: by what the server allows.
fn connections(source: &Source) -> Result<Option<NonZeroU32>, ConfigError> {
    const NAME: &str = "PARALLAX_DATABASE_CONNECTIONS";
    let Some(text) = source.get(NAME)? else {
        return Ok(None);
    };
    let number = text
        .parse()
        .ok()
        .filter(|number| *number >= CONNECTIONS_MIN);
    let number = number.and_then(NonZeroU32::new).ok_or_else(|| {
        ConfigError::new(
            NAME,
            format!("is a whole number, {CONNECTIONS_MIN} or more"),
        )
    })?;
    Ok(Some(number))
}
