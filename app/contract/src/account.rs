//! Users, workspaces and what is needed to sign in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{InvitationId, UserId, WorkspaceId};
use crate::words;

words! {
    /// What a member may do in a workspace. Each role may do everything that the roles before it
    /// may.
    #[derive(PartialOrd, Ord)]
    Role {
        /// Looks.
        Viewer = "viewer",
        /// Changes projects and starts runs.
        Editor = "editor",
        /// Holds the keys, the budget and the members.
        Owner = "owner",
    }
}

/// A person, as the screen sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// Id.
    pub id: UserId,
    /// E-mail address; the name to sign in with.
    pub email: String,
    /// Whether this is an admin of the instance.
    pub is_admin: bool,
}

/// A workspace that the user is a member of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceView {
    /// Id.
    pub id: WorkspaceId,
    /// Name.
    pub name: String,
    /// What the user may do there.
    pub role: Role,
    /// IANA time zone; days and months turn there.
    pub time_zone: String,
}

/// Who may create an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpPolicy {
    /// Nobody has an account yet: the next one becomes admin.
    FirstUser,
    /// The same, for who knows the set-up code, which stands in the log of the start.
    FirstUserByCode,
    /// Anybody.
    Open,
    /// Only people with an invitation link.
    InvitationOnly,
}

impl SignUpPolicy {
    /// Whether the next account is the first one.
    pub const fn is_first(self) -> bool {
        matches!(self, Self::FirstUser | Self::FirstUserByCode)
    }
}

/// Who is there; what the client asks first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// The user; `None`: not signed in.
    pub user: Option<UserView>,
    /// The user's workspaces.
    pub workspaces: Vec<WorkspaceView>,
    /// The workspace chosen on the screen.
    pub workspace: Option<WorkspaceView>,
    /// Who may create an account.
    pub sign_up: SignUpPolicy,
    /// Whether the user is asked to confirm their address: mails go to confirmed ones only.
    pub confirm_address: bool,
    /// What day it is in the workspace, to make date ranges from.
    pub today: chrono::NaiveDate,
    /// The notices of late about what does not work any more, and of which nothing was done about
    /// it, the newest first.
    pub needs: Vec<i64>,
}

/// A new account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUp {
    /// E-mail address.
    pub email: String,
    /// Password in the clear; hashed on arrival.
    pub password: String,
    /// The token of an invitation link.
    pub invitation: Option<String>,
    /// The code from the log, where the first account takes one.
    pub set_up_code: Option<String>,
}

/// Somebody who wants in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// A change of password; it ends all other sessions of the user, and their REST tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePassword {
    /// The present password.
    pub current: String,
    /// The new one.
    pub new: String,
    /// Whether REST tokens go on; else they end with the old password.
    #[serde(default)]
    pub keep_tokens: bool,
}

/// An invitation to be made: for one address, to the workspace that its maker acts in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationDraft {
    /// E-mail address of the account that it makes.
    pub email: String,
    /// What they may do in the workspace; at most what its maker may.
    pub role: Role,
}

/// An invitation that works, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// Id.
    pub id: InvitationId,
    /// For which address; `None`: for whoever has the link, as it was once.
    pub email: Option<String>,
    /// What they will be allowed to do.
    pub role: Role,
    /// The address of its maker.
    pub made_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it went out by mail; `None`: it did not, or not yet.
    pub mailed_at: Option<DateTime<Utc>>,
}

/// A link by which one person can create an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationLink {
    /// The invitation.
    pub id: InvitationId,
    /// The path with the token, shown once.
    pub path: String,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// Whether a letter with a link of its own goes to the address.
    pub is_mailed: bool,
}

/// What an admin decides for the whole instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceSettings {
    /// Whether anybody may create an account.
    pub open_sign_up: bool,
}

words! {
    /// What a REST token may do, within what its user may. Each scope includes the scopes before
    /// it.
    #[derive(Default, PartialOrd, Ord)]
    TokenScope {
        /// Looks.
        Read = "read",
        /// Changes projects and starts runs.
        Write = "write",
        /// Everything that its user may: keys, budget, tokens; the instance where they are its
        /// admin.
        #[default]
        Admin = "admin",
    }
}

/// When a REST token ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenTerm {
    /// After [`Self::USUAL_DAYS`].
    #[default]
    Usual,
    /// After so many days.
    Days(i64),
    /// Never; whoever wants that has to say so.
    Never,
}

impl TokenTerm {
    /// Days that a token lasts where nobody says otherwise.
    pub const USUAL_DAYS: i64 = 90;

    /// Days until the end; `None`: it never ends.
    pub const fn days(self) -> Option<i64> {
        match self {
            Self::Usual => Some(Self::USUAL_DAYS),
            Self::Days(days) => Some(days),
            Self::Never => None,
        }
    }
}

/// A REST token to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenDraft {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scope: TokenScope,
    /// When it ends.
    pub term: TokenTerm,
    /// The user's password; needed unless they typed it in this session a moment ago.
    pub password: Option<String>,
}

/// A REST token, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Id.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// What it may do.
    pub scope: TokenScope,
    /// When it ends; `None`: never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A new REST token: the only time that its text is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// The token.
    pub token: String,
}
