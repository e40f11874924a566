//! `parallax user list | disable | enable | reset-password | sessions | role`: who may come in,
//! changed in the database, beside a host that serves. It takes effect at the next request.

use app::model::account::Role;
use app::model::ids::WorkspaceId;
use app::validate;
use chrono::{DateTime, Duration, Utc};
use clap::{ArgGroup, Args, ValueEnum};
use serde_json::json;

use super::accounts::{AccountError, find_user, hash_password, refuse_weak, typed_password};
use crate::bootstrap;
use crate::config::Config;
use crate::store::StoreError;
use crate::store::accounts::{AccessError, NewPassword, UserAccess, UserRow};

/// A password that this command made works for so long, unless its user chooses another one.
const ONE_TIME_LIFETIME: Duration = Duration::hours(24);
/// Letters and digits that are not taken for each other.
const READABLE: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Groups of [`GROUP`] characters of a password that this command makes: 120 bits.
const GROUPS: usize = 6;
const GROUP: usize = 4;

/// Arguments of `parallax user list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `parallax user disable`.
#[derive(Debug, Args)]
pub struct DisableArgs {
    /// E-mail address of the user
    pub email: String,
    /// Also where nobody else could manage the instance or a workspace
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `parallax user enable`.
#[derive(Debug, Args)]
pub struct EnableArgs {
    /// E-mail address of the user
    pub email: String,
}

/// Arguments of `parallax user reset-password`.
#[derive(Debug, Args)]
pub struct ResetPasswordArgs {
    /// E-mail address of the user
    pub email: String,
    /// Read the password from standard input, instead of printing one that works for a day
    #[arg(long)]
    pub password_stdin: bool,
}

/// Arguments of `parallax user sessions`.
#[derive(Debug, Args)]
pub struct SessionsArgs {
    /// E-mail address of the user
    pub email: String,
    /// End them all
    #[arg(long)]
    pub end: bool,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

/// What a user shall be in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WantedRole {
    /// Holds the keys, the budget and the members.
    Owner,
    /// Changes projects and starts runs.
    Editor,
    /// Looks.
    Viewer,
    /// No member.
    None,
}

impl WantedRole {
    const fn role(self) -> Option<Role> {
        match self {
            Self::Owner => Some(Role::Owner),
            Self::Editor => Some(Role::Editor),
            Self::Viewer => Some(Role::Viewer),
            Self::None => None,
        }
    }
}

/// Arguments of `parallax user role`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["admin", "workspace"])))]
pub struct RoleArgs {
    /// E-mail address of the user
    pub email: String,
    /// Whether they are an admin of the instance
    #[arg(long)]
    pub admin: Option<Switch>,
    /// Id of a workspace, as `parallax user list` prints it
    #[arg(long, requires = "role")]
    pub workspace: Option<i64>,
    /// What they are in that workspace
    #[arg(long, requires = "workspace")]
    pub role: Option<WantedRole>,
    /// Also where nobody else could manage the instance or the workspace
    #[arg(long)]
    pub force: bool,
}

/// Everybody who has an account, as a table or as JSON.
pub async fn list(config: &Config, args: &ListArgs) -> Result<String, AccountError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let users = store.list_users().await?;
    if args.json {
        let users: Vec<serde_json::Value> = users.iter().map(user_json).collect();
        return Ok(json!({ "users": users }).to_string());
    }
    let heading = [
        "ID",
        "ADDRESS",
        "ADMIN",
        "STATE",
        "LAST USED",
        "SESSIONS",
        "TOKENS",
        "WORKSPACES",
    ];
    let mut rows = vec![heading.map(str::to_owned)];
    rows.extend(users.iter().map(user_cells));
    Ok(table(&rows))
}

fn user_json(user: &UserAccess) -> serde_json::Value {
    let workspaces = user.workspaces.iter().map(|workspace| {
        json!({ "id": workspace.id.0, "name": workspace.name, "role": workspace.role.word() })
    });
    json!({
        "id": user.id.0,
        "email": user.email,
        "is_admin": user.is_admin,
        "disabled_at": user.disabled_at,
        "created_at": user.created_at,
        "last_used_at": user.last_used_at,
        "sessions": user.sessions,
        "tokens": user.tokens,
        "workspaces": workspaces.collect::<Vec<_>>(),
    })
}

fn user_cells(user: &UserAccess) -> [String; 8] {
    let workspaces = user.workspaces.iter().map(|workspace| {
        format!(
            "{} {} ({})",
            workspace.id,
            workspace.name,
            workspace.role.word()
        )
    });
    let state = if user.disabled_at.is_some() {
        "disabled"
    } else {
        "enabled"
    };
    [
        user.id.to_string(),
        user.email.clone(),
        if user.is_admin { "yes" } else { "no" }.to_owned(),
        state.to_owned(),
        user.last_used_at.map_or_else(|| "never".to_owned(), minute),
        user.sessions.to_string(),
        user.tokens.to_string(),
        workspaces.collect::<Vec<_>>().join(", "),
    ]
}

fn minute(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M").to_string()
}

/// Columns as wide as their widest cell.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths);
        let padded = cells.map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lets a user in no more.
pub async fn disable(config: &Config, args: &DisableArgs) -> Result<String, AccountError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let UserRow { view, .. } = find_user(&store, &args.email).await?;
    store.disable_user(view.id, args.force).await?;
    Ok(format!(
        "disabled {}; sessions and tokens have ended",
        view.email
    ))
}

/// Lets a user in again.
pub async fn enable(config: &Config, args: &EnableArgs) -> Result<String, AccountError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let UserRow { view, .. } = find_user(&store, &args.email).await?;
    store.enable_user(view.id).await?;
    Ok(format!(
        "enabled {}; tokens have to be made anew",
        view.email
    ))
}

/// Gives a user another password.
pub async fn reset_password(
    config: &Config,
    args: &ResetPasswordArgs,
) -> Result<String, AccountError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let UserRow { view, .. } = find_user(&store, &args.email).await?;
    let (password, ends_at) = if args.password_stdin {
        let typed = typed_password()?;
        refuse_weak(&typed, &view.email, view.is_admin)?;
        (typed, None)
    } else {
        let ends_at = store.clock().now() + ONE_TIME_LIFETIME;
        (readable_password().into(), Some(ends_at))
    };
    let hash = hash_password(&password).await?;
    store
        .reset_password(view.id, NewPassword { hash, ends_at })
        .await?;
    // Programs read the first line.
    Ok(match ends_at {
        Some(ends_at) => format!(
            "{}\nworks until {} UTC, by when {} must choose another one; sessions and tokens have ended",
            password.as_str(),
            minute(ends_at),
            view.email
        ),
        None => format!(
            "changed the password of {}; sessions and tokens have ended",
            view.email
        ),
    })
}

/// A password that can be read aloud.
fn readable_password() -> String {
    let mut bytes = [0_u8; GROUPS * GROUP];
    rand::fill(&mut bytes);
    let letters: Vec<String> = bytes
        .chunks(GROUP)
        .map(|group| {
            let letter = |byte: &u8| char::from(READABLE[usize::from(*byte) % READABLE.len()]);
            group.iter().map(letter).collect()
        })
        .collect();
    letters.join("-")
}

/// The sessions of a user, or what became of them.
pub async fn sessions(config: &Config, args: &SessionsArgs) -> Result<String, AccountError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let UserRow { view, .. } = find_user(&store, &args.email).await?;
    if args.end {
        let ended = store.end_sessions(view.id).await?;
        return Ok(format!("ended {ended} sessions of {}", view.email));
    }
    let heading = ["BEGUN", "LAST USED", "ENDS"].map(str::to_owned);
    let mut rows = vec![heading];
    for session in store.open_sessions(view.id).await? {
        rows.push([session.created_at, session.last_used_at, session.expires_at].map(minute));
    }
    Ok(table(&rows))
}

/// Changes what a user may do.
pub async fn role(config: &Config, args: &RoleArgs) -> Result<String, AccountError> {
    let store = bootstrap::ready_store(&config.database).await?;
    let UserRow { view, .. } = find_user(&store, &args.email).await?;
    let mut said = Vec::new();
    if let Some(admin) = args.admin {
        let is_admin = admin == Switch::On;
        store.set_admin(view.id, is_admin, args.force).await?;
        let not = if is_admin { "an" } else { "no" };
        said.push(format!("{} is {not} admin of the instance", view.email));
        if is_admin && !view.is_admin {
            said.push(format!(
                "what they chose before may be shorter than the {} characters of admins: have \
                 them choose another one (Account, Change password)",
                validate::ADMIN_PASSWORD
            ));
        }
    }
    if let (Some(workspace), Some(wanted)) = (args.workspace, args.role) {
        let workspace = WorkspaceId(workspace);
        let set = store
            .set_role(view.id, workspace, wanted.role(), args.force)
            .await;
        set.map_err(|error| match error {
            AccessError::Store(StoreError::NotFound) => AccountError::Invalid(format!(
                "there is no workspace {workspace}; parallax user list shows those there are"
            )),
            other => other.into(),
        })?;
        said.push(match wanted.role() {
            Some(role) => format!("{} is {} of workspace {workspace}", view.email, role.word()),
            None => format!("{} is no member of workspace {workspace}", view.email),
        });
    }
    Ok(said.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["A", "BB"], ["ñandú", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "A      BB\nñandú");
    }

    #[test]
    fn a_password_made_here_can_be_read_aloud_and_is_no_other() {
        let (one, other) = (readable_password(), readable_password());
        assert_ne!(one, other);
        assert_eq!(one.len(), GROUPS * GROUP + GROUPS - 1);
        assert!(!one.contains(['0', 'o', '1', 'l']), "{one}");
    }
}
