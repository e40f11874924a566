//! `parallax user add` and `parallax token`: accounts without a browser; and what commands about
//! users share.

use std::io::{self, Read};

use app::model::account::{TokenScope, TokenTerm};
use app::model::language::Language;
use app::texts::errors;
use app::validate;
use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use crate::auth::passwords::{HashError, Passwords};
use crate::auth::strength::{Weakness, weakness};
use crate::auth::tokens::TOKEN_PREFIX;
use crate::bootstrap::{self, BootError};
use crate::config::Config;
use crate::services::accounts::end_of_term;
use crate::store::accounts::{
    AccessError, Entrance, NewToken, NewUser, Proof, SignUpError, UserRow,
};
use crate::store::{Store, StoreError};

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
    /// Nobody would be left who could undo it.
    #[error(transparent)]
    Access(#[from] AccessError),
}

/// Bytes that are read of what is typed.
const MOST_TYPED: u64 = 64 * 1024;

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

/// The password on standard input, without the end of its line.
pub(super) fn typed_password() -> Result<Zeroizing<String>, AccountError> {
    let mut typed = Zeroizing::new(String::new());
    io::stdin().take(MOST_TYPED).read_to_string(&mut typed)?;
    Ok(Zeroizing::new(
        typed.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

/// Refuses a new password that is too short, too long or too easy to guess.
pub(super) fn refuse_weak(password: &str, email: &str, is_admin: bool) -> Result<(), AccountError> {
    validate::password(Language::English, "password", password).map_err(wrong)?;
    let text = match weakness(password, email, is_admin) {
        None => return Ok(()),
        Some(Weakness::Short(min)) => {
            errors::PASSWORD_SHORT.fill(Language::English, &[("min", &min)])
        }
        Some(Weakness::Common) => errors::PASSWORD_COMMON.get(Language::English).to_owned(),
        Some(Weakness::Own) => errors::PASSWORD_OWN.get(Language::English).to_owned(),
    };
    Err(AccountError::Invalid(text))
}

/// The hash to store.
pub(super) async fn hash_password(password: &str) -> Result<String, AccountError> {
    Ok(Passwords::new()?.hash(password.to_owned()).await?)
}

/// The user whom an address names.
pub(super) async fn find_user(store: &Store, email: &str) -> Result<UserRow, AccountError> {
    let email = validate::email(Language::English, email).map_err(wrong)?;
    let found = store.user_by_email(&email).await?;
    found.ok_or_else(|| AccountError::Invalid(format!("there is no user {email}")))
}

/// Makes an account; gives the line to print.
pub async fn add_user(config: &Config, args: &UserAddArgs) -> Result<String, AccountError> {
    let email = validate::email(Language::English, &args.email).map_err(wrong)?;
    let password = typed_password()?;
    let store = bootstrap::ready_store(&config.database).await?;
    let becomes_admin = args.admin || store.count_users().await? == 0;
    refuse_weak(&password, &email, becomes_admin)?;
    let password_hash = hash_password(&password).await?;
    let new = NewUser {
        email,
        password_hash,
        is_admin: args.admin,
    };
    let (user, _) = store.create_user(new, Entrance::CommandLine).await?;
    let role = if user.is_admin { "admin" } else { "user" };
    Ok(format!("added {role} {}", user.email))
}

/// What a token may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WantedScope {
    /// Look.
    Read,
    /// Change projects and start runs, too.
    Write,
    /// Whatever its user may.
    #[default]
    Admin,
}

impl From<WantedScope> for TokenScope {
    fn from(wanted: WantedScope) -> Self {
        match wanted {
            WantedScope::Read => Self::Read,
            WantedScope::Write => Self::Write,
            WantedScope::Admin => Self::Admin,
        }
    }
}

/// Arguments of `parallax token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// E-mail address of the user
    pub email: String,
    /// What it is for, as lists show it
    #[arg(long, default_value = "command line")]
    pub name: String,
    /// What it may do, within what its user may
    #[arg(long, value_enum, default_value_t)]
    pub scope: WantedScope,
    /// Days until it ends
    #[arg(long, default_value_t = TokenTerm::USUAL_DAYS, conflicts_with = "never",
        value_parser = clap::value_parser!(i64).range(validate::TOKEN_DAYS.0..=validate::TOKEN_DAYS.1))]
    pub days: i64,
    /// Let it never end
    #[arg(long)]
    pub never: bool,
}

/// Makes a REST token for a user, in their first workspace; gives it, the only time it is shown.
pub async fn make_token(config: &Config, args: &TokenArgs) -> Result<String, AccountError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let tokens = bootstrap::token_hasher(&config.secrets, &config.database)?;
    let row = find_user(&store, &args.email).await?;
    let UserRow { view: user, .. } = row;
    if row.is_disabled {
        return Err(AccountError::Invalid(format!("{} is disabled", user.email)));
    }
    let workspace = store.workspaces_of(user.id).await?.into_iter().next();
    let workspace = workspace
        .ok_or_else(|| AccountError::Invalid(format!("{} is in no workspace", user.email)))?;
    let fresh = tokens.fresh(TOKEN_PREFIX);
    let term = if args.never {
        TokenTerm::Never
    } else {
        TokenTerm::Days(args.days)
    };
    let new = NewToken {
        name: &args.name,
        hash: &fresh.hash,
        scope: args.scope.into(),
        expires_at: end_of_term(term, store.clock().now()),
    };
    let proof = Proof::CommandLine;
    store
        .create_token(user.id, &proof, workspace.id, new)
        .await?;
    Ok(fresh.token)
}
