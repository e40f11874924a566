//! Roles become values: a function that takes an [`Owner`] can only be called by one.

use app::model::account::{Role, TokenScope, UserView, WorkspaceView};
use app::model::ids::{UserId, WorkspaceId};
use chrono_tz::Tz;

/// How the caller proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A session cookie, known by its hash.
    Session(String),
    /// A REST token.
    Token {
        /// Its id.
        id: i64,
        /// What it may do, within what its user may.
        scope: TokenScope,
    },
}

impl Via {
    /// What callers may do who come this way.
    pub const fn scope(&self) -> TokenScope {
        match self {
            Self::Session(_) => TokenScope::Admin,
            Self::Token { scope, .. } => *scope,
        }
    }
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

/// Why somebody may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    /// The caller's role, or their being an admin, does not reach.
    Role,
    /// The token's scope does not reach; it takes this one.
    Scope(TokenScope),
}

/// What a caller needs for a request, where its arguments are not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// [`Viewer`].
    Viewer,
    /// [`Editor`].
    Editor,
    /// [`Owner`].
    Owner,
    /// [`Admin`].
    Admin,
    /// [`SignedIn`].
    SignedIn,
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident, $method:ident, $role:ident, $scope:ident;)+) => {
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
                    if self.workspace.role < Role::$role {
                        return Err(NotAllowed::Role);
                    }
                    self.reach(TokenScope::$scope)?;
                    Ok($name { workspace: self.workspace.id, user: self.user.id })
                }
            )+
        }
    };
}

capabilities! {
    /// May look at a workspace.
    Viewer, viewer, Viewer, Read;
    /// May keep what is theirs in a workspace: views, pins.
    Keeper, keeper, Viewer, Write;
    /// May change projects and start runs.
    Editor, editor, Editor, Write;
    /// May change keys and budget.
    Owner, owner, Owner, Admin;
}

impl From<Keeper> for Viewer {
    fn from(keeper: Keeper) -> Self {
        Self {
            workspace: keeper.workspace,
            user: keeper.user,
        }
    }
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
    pub fn admin(&self) -> Result<Admin, NotAllowed> {
        if !self.user.is_admin {
            return Err(NotAllowed::Role);
        }
        self.reach(TokenScope::Admin)?;
        Ok(Admin {
            user: self.user.id,
            workspace: self.workspace.id,
        })
    }

    /// May act as the user themselves: their password, their tokens.
    pub fn signed_in(&self) -> Result<SignedIn, NotAllowed> {
        self.reach(TokenScope::Admin)?;
        let session = match &self.via {
            Via::Session(hash) => Some(hash.clone()),
            Via::Token { .. } => None,
        };
        Ok(SignedIn {
            user: self.user.id,
            workspace: self.workspace.id,
            session,
        })
    }

    /// Whether the way they came reaches that far.
    fn reach(&self, needed: TokenScope) -> Result<(), NotAllowed> {
        if self.via.scope() >= needed {
            Ok(())
        } else {
            Err(NotAllowed::Scope(needed))
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
            via: Via::Token {
                id: 1,
                scope: TokenScope::Admin,
            },
        }
    }

    #[test]
    fn a_token_may_what_its_scope_says_whoever_made_it() {
        for (scope, may_edit, may_own) in [
            (TokenScope::Read, false, false),
            (TokenScope::Write, true, false),
            (TokenScope::Admin, true, true),
        ] {
            let mut caller = caller(Role::Owner, true);
            caller.via = Via::Token { id: 1, scope };
            assert!(caller.viewer().is_ok());
            assert_eq!(caller.editor().is_ok(), may_edit);
            for allowed in [
                caller.owner().is_ok(),
                caller.admin().is_ok(),
                caller.signed_in().is_ok(),
            ] {
                assert_eq!(allowed, may_own);
            }
        }
        let mut viewer = caller(Role::Viewer, false);
        viewer.via = Via::Token {
            id: 1,
            scope: TokenScope::Read,
        };
        assert_eq!(viewer.editor().err(), Some(NotAllowed::Role));
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
