//! What becomes of a page whose session was lost, once somebody is signed in.
//!
//! Invariant: pure. Nothing of one person or workspace stays under the session of another.

use crate::model::account::SessionView;
use crate::model::ids::WorkspaceId;

/// What becomes of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComeBack {
    /// Nobody is signed in: it waits on.
    NotYet,
    /// It goes on as it is.
    GoesOn,
    /// It goes on once its workspace is chosen: a new session begins in another one.
    ChooseFirst(WorkspaceId),
    /// It goes, and begins anew.
    Anew,
}

impl ComeBack {
    /// For the page of one session, and the session of now.
    pub fn of(page: &SessionView, now: &SessionView) -> Self {
        let (Some(before), Some(user)) = (&page.user, &now.user) else {
            return Self::NotYet;
        };
        let id_in = |session: &SessionView| session.workspace.as_ref().map(|chosen| chosen.id);
        let wanted = id_in(page);
        if before.id != user.id {
            return Self::Anew;
        }
        if wanted == id_in(now) {
            return Self::GoesOn;
        }
        let is_theirs = |id: &WorkspaceId| now.workspaces.iter().any(|one| one.id == *id);
        wanted
            .filter(is_theirs)
            .map_or(Self::Anew, Self::ChooseFirst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::account::{Role, SignUpPolicy, UserView, WorkspaceView};

    /// Somebody's session, in one of their workspaces.
    fn session(user: i64, workspace: i64, workspaces: &[i64]) -> SessionView {
        let view = |id: i64| WorkspaceView {
            id: id.into(),
            name: format!("workspace {id}"),
            role: Role::Editor,
            time_zone: "Europe/Madrid".to_owned(),
        };
        SessionView {
            user: Some(UserView {
                id: user.into(),
                email: "ana@example.com".to_owned(),
                is_admin: false,
            }),
            workspaces: workspaces.iter().copied().map(view).collect(),
            workspace: Some(view(workspace)),
            sign_up: SignUpPolicy::Open,
            confirm_address: false,
            today: "2026-11-21".parse().expect("a day"),
            needs: Vec::new(),
        }
    }

    #[test]
    fn the_same_person_in_the_same_workspace_goes_on() {
        let page = session(1, 4, &[4, 5]);
        assert_eq!(ComeBack::of(&page, &page), ComeBack::GoesOn);
        // What else has changed meanwhile does not matter.
        let mut now = session(1, 4, &[4]);
        now.today = "2026-11-22".parse().expect("a day");
        assert_eq!(ComeBack::of(&page, &now), ComeBack::GoesOn);
    }

    #[test]
    fn a_workspace_that_is_still_theirs_is_chosen_again() {
        let page = session(1, 5, &[4, 5]);
        let now = session(1, 4, &[4, 5]);
        assert_eq!(ComeBack::of(&page, &now), ComeBack::ChooseFirst(5.into()));
        let removed = session(1, 4, &[4]);
        assert_eq!(ComeBack::of(&page, &removed), ComeBack::Anew);
    }

    #[test]
    fn another_person_sees_nothing_of_it() {
        let page = session(1, 4, &[4]);
        assert_eq!(ComeBack::of(&page, &session(2, 4, &[4])), ComeBack::Anew);
        assert_eq!(ComeBack::of(&page, &session(2, 6, &[4, 6])), ComeBack::Anew);
    }

    #[test]
    fn nobody_leaves_it_waiting() {
        let page = session(1, 4, &[4]);
        let mut nobody = session(1, 4, &[4]);
        nobody.user = None;
        assert_eq!(ComeBack::of(&page, &nobody), ComeBack::NotYet);
    }
}
