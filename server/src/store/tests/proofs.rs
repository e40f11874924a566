//! What is given by a password that was proved is given only while it is the password: whoever
//! was being let in while access was taken away does not come in.

use app::model::account::{Role, TokenScope};
use app::model::ids::{UserId, WorkspaceId};
use chrono::Duration;

use crate::store::accounts::{
    Ending, Entrance, NewInvitation, NewPassword, NewToken, NewUser, Proof, SessionTerms,
};
use crate::store::testing::{TestDatabase, on_both_databases};
use crate::store::{StoreError, StoreResult};

const SESSIONS: &str = "SELECT COUNT(*) FROM sessions";
const TOKENS: &str = "SELECT COUNT(*) FROM api_tokens WHERE revoked_at IS NULL";
const SESSION_TERMS: SessionTerms = SessionTerms {
    unused: Duration::days(30),
    at_most: Duration::days(90),
    at_most_of_admin: Duration::days(30),
};

async fn make_user(database: &TestDatabase, email: &str) -> (UserId, WorkspaceId) {
    let new = NewUser {
        email: email.to_owned(),
        password_hash: "old".to_owned(),
        is_admin: false,
    };
    let made = database.store.create_user(new, Entrance::CommandLine).await;
    let (user, workspace) = made.expect("an account");
    (user.id, workspace)
}

fn password(hash: &str) -> NewPassword {
    NewPassword {
        hash: hash.to_owned(),
        ends_at: None,
    }
}

fn proved(hash: &str) -> Proof {
    Proof::Password(hash.to_owned())
}

async fn make_token(
    database: &TestDatabase,
    (user, workspace): (UserId, WorkspaceId),
    proof: &Proof,
) -> StoreResult<()> {
    let hash = format!(
        "token {}",
        database.number("SELECT COUNT(*) FROM api_tokens").await
    );
    let new = NewToken {
        name: "a test's",
        hash: &hash,
        scope: TokenScope::Read,
        expires_at: None,
    };
    let made = database
        .store
        .create_token(user, proof, workspace, new)
        .await;
    made.map(drop)
}

fn is_outdated<T>(result: &StoreResult<T>) -> bool {
    matches!(result, Err(StoreError::Outdated))
}

on_both_databases! {
    async fn a_password_of_before_lets_nobody_in(database: &TestDatabase) {
        let store = &database.store;
        let ana = make_user(database, "ana@x.example").await;
        let begin = async |proof: Proof, hash: &str| {
            store.create_session(ana.0, &proof, hash, &SESSION_TERMS).await
        };
        begin(proved("old"), "first").await.expect("a session");
        let old = proved("old");
        let changed = store.change_password(ana.0, &old, password("new"), Ending::default());
        changed.await.expect("changed");
        // They proved the old one before, and were not in yet.
        assert!(is_outdated(&begin(proved("old"), "second").await));
        assert!(is_outdated(&make_token(database, ana, &proved("old")).await));
        let again = store.change_password(ana.0, &old, password("theirs"), Ending::default());
        assert!(is_outdated(&again.await));
        let kept = "SELECT COUNT(*) FROM users WHERE password_hash = 'new'";
        assert_eq!(database.number(kept).await, 1);
        assert_eq!((database.number(SESSIONS).await, database.number(TOKENS).await), (0, 0));
        store.reset_password(ana.0, password("printed")).await.expect("reset");
        assert!(is_outdated(&begin(proved("new"), "third").await));
        begin(proved("printed"), "fourth").await.expect("a session");
        make_token(database, ana, &proved("printed")).await.expect("a token");
    }

    async fn who_is_disabled_meanwhile_is_not_let_in(database: &TestDatabase) {
        let store = &database.store;
        let ana = make_user(database, "ana@x.example").await;
        store.disable_user(ana.0, true).await.expect("disabled");
        let begun = store.create_session(ana.0, &proved("old"), "first", &SESSION_TERMS).await;
        assert!(is_outdated(&begun));
        for proof in [proved("old"), Proof::CommandLine] {
            assert!(is_outdated(&make_token(database, ana, &proof).await));
        }
        store.enable_user(ana.0).await.expect("enabled");
        assert_eq!((database.number(SESSIONS).await, database.number(TOKENS).await), (0, 0));
    }

    async fn a_session_that_has_ended_makes_no_token(database: &TestDatabase) {
        let store = &database.store;
        let ana = make_user(database, "ana@x.example").await;
        let begun = store.create_session(ana.0, &proved("old"), "first", &SESSION_TERMS).await;
        begun.expect("a session");
        let proof = Proof::Session("first".to_owned());
        make_token(database, ana, &proof).await.expect("a token");
        let ben = make_user(database, "ben@x.example").await;
        assert!(is_outdated(&make_token(database, ben, &proof).await), "it is Ana's");
        store.end_sessions(ana.0).await.expect("ended");
        assert!(is_outdated(&make_token(database, ana, &proof).await));
    }

    async fn invitations_do_not_come_back_with_the_right_of_their_maker(database: &TestDatabase) {
        let store = &database.store;
        let (ana, workspace) = make_user(database, "ana@x.example").await;
        store.set_admin(ana, true, false).await.expect("an admin");
        let invite = async |email: &str, role: Role| {
            let new = NewInvitation {
                workspace,
                by: ana,
                email,
                role,
                token_hash: email,
                expires_at: store.clock().now() + chrono::Duration::days(7),
                letter: None,
            };
            store.create_invitation(new).await.expect("an invitation");
        };
        let open = async || {
            let listed = store.invitations(workspace).await.expect("a list");
            let mut emails: Vec<String> = listed.into_iter().filter_map(|one| one.email).collect();
            emails.sort_unstable();
            emails
        };
        for email in ["a@x.example", "b@x.example", "c@x.example"] {
            let role = if email < "b" { Role::Owner } else { Role::Viewer };
            invite(email, role).await;
        }
        assert_eq!(open().await.len(), 3);
        store.set_role(ana, workspace, Some(Role::Editor), true).await.expect("an editor");
        store.set_role(ana, workspace, Some(Role::Owner), true).await.expect("an owner");
        assert_eq!(open().await, ["b@x.example", "c@x.example"], "what an editor gives goes on");
        store.set_role(ana, workspace, None, true).await.expect("taken out");
        store.set_role(ana, workspace, Some(Role::Owner), true).await.expect("an owner");
        assert_eq!(open().await, Vec::<String>::new());
        invite("d@x.example", Role::Viewer).await;
        store.set_admin(ana, false, true).await.expect("no admin");
        store.set_admin(ana, true, true).await.expect("an admin");
        assert_eq!(open().await, Vec::<String>::new());
        invite("e@x.example", Role::Viewer).await;
        store.disable_user(ana, true).await.expect("disabled");
        store.enable_user(ana).await.expect("enabled");
        assert_eq!(open().await, Vec::<String>::new());
        invite("f@x.example", Role::Viewer).await;
        assert_eq!(open().await, ["f@x.example"]);
    }

    async fn who_is_taken_out_of_a_workspace_is_given_nothing_there(database: &TestDatabase) {
        let store = &database.store;
        let (ana, home) = make_user(database, "ana@x.example").await;
        let (_, other) = make_user(database, "ben@x.example").await;
        store.set_role(ana, other, Some(Role::Editor), false).await.expect("a member");
        make_token(database, (ana, other), &proved("old")).await.expect("a token");
        let begun = store.create_session(ana, &proved("old"), "first", &SESSION_TERMS).await;
        assert_eq!(begun.expect("a session"), home);
        store.choose_workspace("first", ana, other).await.expect("there");
        store.choose_workspace("first", ana, home).await.expect("and back");
        store.set_role(ana, other, None, false).await.expect("taken out");
        assert_eq!(database.number(TOKENS).await, 0);
        let made = make_token(database, (ana, other), &proved("old")).await;
        assert!(matches!(made, Err(StoreError::NotFound)), "{made:?}");
        let moved = store.choose_workspace("first", ana, other).await;
        assert!(matches!(moved, Err(StoreError::NotFound)), "{moved:?}");
    }
}
