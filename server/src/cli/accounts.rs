//! `parallax user add` and `parallax token`: accounts without a browser.

use std::io::{self, Read};

use app::model::account::TokenScope;
use app::model::language::Language;
use app::model::validate;
use clap::Args;
use zeroize::Zeroizing;

use crate::auth::passwords::{HashError, Passwords};
use crate::auth::tokens::TOKEN_PREFIX;
use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::store::StoreError;
use crate::store::accounts::{Entrance, NewUser, SignUpError};
use crate::store::sessions::NewToken;

/// Why an account command failed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The host's parts.
    #[error(transparent)]
    Boot(#[from] BootError),
    /// What was typed.
    #[error("{0}")]
    Invalid(String),
    /// Standard input.
    #[error("cannot read the password: {0}")]
    Input(#[from] io::Error),
    /// Hashing.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The account could not be made.
    #[error(transparent)]
    SignUp(#[from] SignUpError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Arguments of `parallax user add`.
#[derive(Debug, Args)]
pub struct UserAddArgs {
    /// E-mail address to sign in with
    pub email: String,
    /// Make this user an admin of the instance
    #[arg(long)]
    pub admin: bool,
    /// Read the password from standard input
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

fn wrong(errors: Vec<app::api::error::FieldError>) -> AccountError {
    AccountError::Invalid(
        errors
            .into_iter()
            .map(|error| error.message)
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// Makes an account; gives the line to print.
pub async fn add_user(config: &Config, args: &UserAddArgs) -> Result<String, AccountError> {
    let email = validate::email(Language::English, &args.email).map_err(wrong)?;
    let mut typed = Zeroizing::new(String::new());
    io::stdin().read_to_string(&mut typed)?;
    let password = Zeroizing::new(typed.trim_end_matches(['\r', '\n']).to_owned());
    validate::password(Language::English, "password", &password).map_err(wrong)?;
    let store = bootstrap::ready_store(&config.database).await?;
    let password_hash = Passwords::new()?.hash(password.to_string()).await?;
    let new = NewUser {
        email,
        password_hash,
        is_admin: args.admin,
    };
    let (user, _) = store.create_user(new, Entrance::CommandLine).await?;
    let role = if user.is_admin { "admin" } else { "user" };
    Ok(format!("added {role} {}", user.email))
}

/// Makes a REST token for a user, in their first workspace; gives it, the only time it is shown.
pub async fn make_token(config: &Config, email: &str) -> Result<String, AccountError> {
    let email = validate::email(Language::English, email).map_err(wrong)?;
    let store = bootstrap::ready_store(&config.database).await?;
    let tokens = bootstrap::token_keeper(&config.secrets, &config.database)?;
    let unknown = || AccountError::Invalid(format!("there is no user {email}"));
    let user = store.user_by_email(&email).await?.ok_or_else(unknown)?.view;
    let workspace = store
        .workspaces_of(user.id)
        .await?
        .into_iter()
        .next()
        .ok_or_else(unknown)?;
    let fresh = tokens.fresh(TOKEN_PREFIX);
    store
        .create_token(
            user.id,
            workspace.id,
            NewToken {
                name: "command line",
                hash: &fresh.hash,
                scope: TokenScope::Admin,
                expires_at: None,
            },
        )
        .await?;
    Ok(fresh.token)
}
