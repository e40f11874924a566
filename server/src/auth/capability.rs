//! Roles become values: a function that takes an [`Owner`] can only be called by one.

use app::model::account::{Role, UserView, WorkspaceView};
use app::model::ids::{UserId, WorkspaceId};
use chrono_tz::Tz;

/// How the caller proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A session cookie, known by its hash.
    Session(String),
    /// A REST token, known by its id.
    Token(i64),
}

/// Somebody who proved who they are, in the workspace that they act in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user.
    pub user: UserView,
    /// The workspace.
    pub workspace: WorkspaceView,
    /// How they proved it.
    pub via: Via,
}

/// The caller's role, or their being an admin, does not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAllowed;

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident, $method:ident, $role:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name { workspace: WorkspaceId, user: UserId }

            impl $name {
                /// The workspace that this holds in.
                pub const fn workspace(self) -> WorkspaceId { self.workspace }

                /// Who it is.
                pub const fn user(self) -> UserId { self.user }
            }
        )+

        impl Caller {
            $(
                $(#[$doc])*
                pub fn $method(&self) -> Result<$name, NotAllowed> {
                    if self.workspace.role >= Role::$role {
                        Ok($name { workspace: self.workspace.id, user: self.user.id })
                    } else {
                        Err(NotAllowed)
                    }
                }
            )+
        }
    };
}

capabilities! {
    /// May look at a workspace.
    Viewer, viewer, Viewer;
    /// May change projects and start runs.
    Editor, editor, Editor;
    /// May change keys and budget.
    Owner, owner, Owner;
}

impl From<Editor> for Viewer {
    fn from(editor: Editor) -> Self {
        Self {
            workspace: editor.workspace,
            user: editor.user,
        }
    }
}

impl From<Owner> for Viewer {
    fn from(owner: Owner) -> Self {
        Self {
            workspace: owner.workspace,
            user: owner.user,
        }
    }
}

/// An admin of the instance.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    user: UserId,
    workspace: WorkspaceId,
}

impl Admin {
    /// Who it is.
    pub const fn user(self) -> UserId {
        self.user
    }

    /// The workspace that they act in.
    pub const fn workspace(self) -> WorkspaceId {
        self.workspace
    }
}

/// Anybody who is signed in at the screen.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who it is.
    pub user: UserId,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Hash of the session's cookie; `None` for a token.
    pub session: Option<String>,
}

impl Caller {
    /// May manage the instance.
    pub const fn admin(&self) -> Result<Admin, NotAllowed> {
        if self.user.is_admin {
            Ok(Admin {
                user: self.user.id,
                workspace: self.workspace.id,
            })
        } else {
            Err(NotAllowed)
        }
    }

    /// Is signed in.
    pub fn signed_in(&self) -> SignedIn {
        let session = match &self.via {
            Via::Session(hash) => Some(hash.clone()),
            Via::Token(_) => None,
        };
        SignedIn {
            user: self.user.id,
            workspace: self.workspace.id,
            session,
        }
    }

    /// The time zone in which days and months turn; UTC where it cannot be read.
    pub fn time_zone(&self) -> Tz {
        self.workspace.time_zone.parse().unwrap_or(Tz::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(role: Role, is_admin: bool) -> Caller {
        Caller {
            user: UserView {
                id: 1.into(),
                email: "a@b.example".to_owned(),
                is_admin,
            },
            workspace: WorkspaceView {
                id: 2.into(),
                name: "w".to_owned(),
                role,
                time_zone: "Europe/Madrid".to_owned(),
            },
            via: Via::Token(1),
        }
    }

    #[test]
    fn a_role_may_what_lower_roles_may_and_no_more() {
        for (role, may_edit, may_own) in [
            (Role::Viewer, false, false),
            (Role::Editor, true, false),
            (Role::Owner, true, true),
        ] {
            let caller = caller(role, false);
            assert!(caller.viewer().is_ok());
            assert_eq!(caller.editor().is_ok(), may_edit);
            assert_eq!(caller.owner().is_ok(), may_own);
            assert!(caller.admin().is_err());
        }
    }

    #[test]
    fn an_admin_of_the_instance_owns_no_workspace_by_that() {
        let caller = caller(Role::Viewer, true);
        assert!(caller.admin().is_ok());
        assert!(caller.owner().is_err());
    }
}
