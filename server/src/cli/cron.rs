//! `parallax cron`: what a schedule outside of Parallax is to start.

use std::io::{self, Write as _};

use clap::Args;
use engine::Options;

use super::serve::stop_signal;
use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::services::ServiceError;
use crate::services::registry::ModelsSummary;

/// The options of `cron daily` and `cron models`.
#[derive(Args, Clone, Copy, Debug)]
pub struct CronArgs {
    /// Print the summary as JSON
    #[arg(long)]
    pub json: bool,
}

/// Why the day's runs could not be seen to their end.
#[derive(Debug, thiserror::Error)]
pub enum CronError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// The use case.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Somebody asked the process to end.
    #[error("stopped before all runs were over; other workers go on, or the next call does")]
    Stopped,
    /// A list could not be read.
    #[error("there is no usable key, or a provider's list could not be read ({0} failed)")]
    NoList(usize),
    /// A run lacks answers, or there is none for want of a key or of money.
    #[error("{0} of {1} projects are not complete")]
    Incomplete(usize, usize),
}

/// Looks at which models the providers have, and prints what is new.
///
/// Errors: [`CronError::NoList`] where there is no usable key, or a provider does not answer.
pub async fn models(config: Config, args: CronArgs) -> Result<(), CronError> {
    let checked = bootstrap::with_worker(config, Options::default(), async |due_work, _| {
        due_work.model_check().check_now().await
    });
    let report = checked.await??;
    let summary = ModelsSummary::from(&report);
    let json = args
        .json
        .then(|| serde_json::to_string(&summary).unwrap_or_default());
    print(&json.unwrap_or_else(|| report.to_string()));
    if !summary.ok {
        return Err(CronError::NoList(summary.failed.len()));
    }
    Ok(())
}

/// Starts today's run of every project that is due today, unless it was started already, works
/// until all of them are over, and prints what became of them.
///
/// Errors: [`CronError::Incomplete`] where an ask has no answer, where a project has no usable
/// key, and where its budget is used up.
pub async fn daily(config: Config, args: CronArgs) -> Result<(), CronError> {
    let stop = stop_signal();
    let summary = bootstrap::with_worker(config, Options::default(), async |due_work, _| {
        tokio::select! {
            summary = due_work.run_day_to_end() => summary.map_err(CronError::from),
            () = stop => Err(CronError::Stopped),
        }
    })
    .await??;
    let json = args
        .json
        .then(|| serde_json::to_string(&summary).unwrap_or_default());
    print(&json.unwrap_or_else(|| summary.to_string()));
    if !summary.ok {
        let wrong = summary.projects.iter().filter(|day| !day.is_fine()).count();
        return Err(CronError::Incomplete(wrong, summary.projects.len()));
    }
    Ok(())
}

/// Whoever called may have read enough.
fn print(summary: &str) {
    let _ = writeln!(io::stdout(), "{summary}");
}
