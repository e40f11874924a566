//! `parallax workspace ceiling`: what a workspace may spend on the operator's keys.

use app::model::language::Language;
use app::validate;
use clap::Args;

use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::store::StoreError;

/// Why the command failed.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// What was typed.
    #[error("{0}")]
    Invalid(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Arguments of `parallax workspace ceiling`.
#[derive(Debug, Args)]
pub struct CeilingArgs {
    /// E-mail address of the workspace's owner
    pub email: String,
    /// Dollars a month; 0: nothing
    pub usd: String,
}

fn wrong(errors: Vec<app::api::error::FieldError>) -> WorkspaceError {
    let messages: Vec<String> = errors.into_iter().map(|error| error.message).collect();
    WorkspaceError::Invalid(messages.join(" "))
}

/// Sets the ceiling; gives the line to print.
pub async fn ceiling(config: &Config, args: &CeilingArgs) -> Result<String, WorkspaceError> {
    let email = validate::email(Language::English, &args.email).map_err(wrong)?;
    let ceiling = validate::ceiling(Language::English, "usd", &args.usd).map_err(wrong)?;
    let store = bootstrap::ready_store(&config.database).await?;
    let workspaces = store.save_shared_key_ceiling(&email, ceiling).await?;
    if workspaces == 0 {
        return Err(WorkspaceError::Invalid(format!(
            "{email} owns no workspace here"
        )));
    }
    let note = if config.providers.shared {
        ""
    } else {
        "; it counts once PARALLAX_SHARED_KEYS is true"
    };
    Ok(format!(
        "{email} may spend ${ceiling} a month on the operator's keys ({workspaces} workspaces){note}"
    ))
}
