//! `parallax backup` and `parallax restore`: everything in one file, and back.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::NamedTempFile;

use super::doctor;
use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::store::backup::{BackupError, Counts};
use crate::store::{Store, StoreError};
use crate::vault::MasterKeySource;

/// Stands for standard output and standard input.
const STREAM: &str = "-";

/// Where the backup goes.
#[derive(Args, Clone, Debug)]
pub struct BackupArgs {
    /// The file to make, which must not exist yet; `-` is standard output
    pub file: PathBuf,
}

/// Where the backup is.
#[derive(Args, Clone, Debug)]
pub struct RestoreArgs {
    /// The file that `parallax backup` made; `-` is standard input
    pub file: PathBuf,
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupCommandError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rows.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Nothing is overwritten.
    #[error("{0} exists already: give another name")]
    Exists(PathBuf),
    /// The disk.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

/// Writes everything that the database holds into a file, while hosts go on; gives the text to
/// print. The file is there as a whole, readable for its owner alone, or not at all.
pub async fn backup(
    config: Config,
    args: &BackupArgs,
) -> Result<Option<String>, BackupCommandError> {
    let is_stream = args.file == Path::new(STREAM);
    let store = bootstrap::open_store(&config.database).await?;
    let counts = if is_stream {
        store.back_up(io::stdout().lock()).await?
    } else {
        save(&store, &args.file).await?
    };
    store.close().await?;
    let mut text = format!("{}: {}", args.file.display(), describe(counts));
    if matches!(config.secrets.master_key, MasterKeySource::File) {
        let _ = write!(
            text,
            "\nKeep the .key files of {} with it: without them stored API keys cannot be opened.",
            config.database.data_dir.display()
        );
    }
    if is_stream {
        eprintln!("{text}");
        return Ok(None);
    }
    Ok(Some(text))
}

async fn save(store: &Store, path: &Path) -> Result<Counts, BackupCommandError> {
    if path.exists() {
        return Err(BackupCommandError::Exists(path.to_owned()));
    }
    let failed = |source| BackupCommandError::File {
        path: path.to_owned(),
        source,
    };
    // Beside it, so that it only takes its name in the end.
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let file = NamedTempFile::new_in(folder).map_err(failed)?;
    let counts = store.back_up(file.as_file()).await?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist_noclobber(path)
        .map_err(|error| failed(error.error))?;
    // The name as well.
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    Ok(counts)
}

/// Fills an empty database from a backup; gives the text to print.
pub async fn restore(config: Config, args: &RestoreArgs) -> Result<String, BackupCommandError> {
    let is_stream = args.file == Path::new(STREAM);
    let file = (!is_stream).then(|| File::open(&args.file));
    let file = file
        .transpose()
        .map_err(|source| BackupCommandError::File {
            path: args.file.clone(),
            source,
        })?;
    let store = bootstrap::open_store(&config.database).await?;
    let restored = match file {
        Some(file) => store.restore(BufReader::new(file)).await?,
        None => store.restore(io::stdin().lock()).await?,
    };
    let mut text = format!(
        "restored {}, as they were on {} UTC",
        describe(restored.counts),
        restored.made_at.format("%F %T")
    );
    if let Some(words) = doctor::wrong_keys(&config, &store).await {
        let _ = write!(text, "\nAPI keys: {words}");
    }
    store.close().await?;
    Ok(text)
}

fn describe(counts: Counts) -> String {
    format!("{} rows of {} tables", counts.rows, counts.tables)
}
