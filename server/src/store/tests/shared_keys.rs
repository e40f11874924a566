//! Ceilings of shared keys, set by an owner's address.

use app::model::ids::WorkspaceId;
use app::model::money::Money;

use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};

on_both_databases! {
    async fn a_ceiling_is_set_for_the_workspaces_of_an_owner(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        assert_eq!(store.shared_key_ceiling(project.workspace).await.expect("read"), Money::ZERO);
        let member = format!(
            "INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ({}, {}, 'owner')",
            project.workspace.0, project.user.0
        );
        database.execute(&member).await;
        let owner = store.user(project.user).await.expect("a user").view.email;
        let five = Money::from_usd(5);
        assert_eq!(store.save_shared_key_ceiling("nobody@parallax.example", five).await.expect("saved"), 0);
        assert_eq!(store.save_shared_key_ceiling(&owner, five).await.expect("saved"), 1);
        assert_eq!(store.shared_key_ceiling(project.workspace).await.expect("read"), five);
        let accounts = store.shared_key_accounts().await.expect("accounts");
        assert_eq!(accounts[0].owners, [owner]);
        assert_eq!((accounts[0].ceiling, accounts[0].spent), (five, Money::ZERO));
    }

    async fn a_disabled_admin_bounds_a_workspace_again(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let (workspace, admin) = (project.workspace, project.user);
        let membership = format!(
            "INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ({}, {}, 'owner')",
            workspace.0, admin.0
        );
        database.execute(&membership).await;
        store.set_admin(admin, true, false).await.expect("an admin");
        assert_eq!(powers(database, workspace).await, [true; 3]);
        store.disable_user(admin, true).await.expect("disabled");
        assert_eq!(powers(database, workspace).await, [false; 3]);
        store.enable_user(admin).await.expect("enabled");
        assert_eq!(powers(database, workspace).await, [true; 3]);
        store.set_admin(admin, false, true).await.expect("no admin");
        assert_eq!(powers(database, workspace).await, [false; 3]);
    }
}

/// Whether a workspace has the operator's keys, reaches private networks, and is listed as one
/// without a ceiling.
async fn powers(database: &TestDatabase, workspace: WorkspaceId) -> [bool; 3] {
    let store = &database.store;
    let accounts = store.shared_key_accounts().await.expect("accounts");
    let listed = accounts
        .iter()
        .find(|account| account.workspace == workspace);
    [
        store.has_admin(workspace).await.expect("read"),
        store.has_admin_owner(workspace).await.expect("read"),
        listed.expect("listed").is_unbounded,
    ]
}
