//! `parallax rebuild`: makes all sums anew from what was found, and finds anew if asked to.

use std::time::Duration;

use clap::Args;

use super::serve::stop_signal;
use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::jobs::reread;
use crate::store::{Store, StoreError};

/// How often it is looked whether other workers are done.
const LOOK: Duration = Duration::from_millis(500);

/// What to make anew.
#[derive(Args, Clone, Copy, Debug)]
pub struct RebuildArgs {
    /// Read all stored answers again too, by the present rules; no provider is asked
    #[arg(long)]
    pub read_again: bool,
}

/// Why a rebuild did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody asked the process to end.
    #[error("stopped; call this again, or let the host go on by itself")]
    Stopped,
}

/// Makes rollups and snapshots of all projects anew, beside a host or without one; gives the
/// line to print. The old ones are shown until the new are there.
pub async fn run(config: Config, args: RebuildArgs) -> Result<String, RebuildError> {
    let stop = stop_signal();
    let store = bootstrap::ready_store(&config.database).await?;
    let projects = if args.read_again {
        store.read_everything_again().await?
    } else {
        store.sum_everything_again().await?
    };
    let done = tokio::select! {
        done = work_off(&store) => done,
        () = stop => Err(RebuildError::Stopped),
    };
    let unread = store.count_of_unread_answers().await;
    store.close().await?;
    done?;
    Ok(match unread? {
        0 => format!("{projects} projects rebuilt"),
        unread => format!(
            "{projects} projects rebuilt; answers that could not be read: {unread} (parallax \
             doctor says what to do)"
        ),
    })
}

/// A host that works on the same database takes its part.
async fn work_off(store: &Store) -> Result<(), RebuildError> {
    let worker = format!("rebuild-{}", std::process::id());
    loop {
        reread::work_off(store, &worker).await?;
        if store.revisions_at_work().await? == 0 {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}
