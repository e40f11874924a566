//! Ceilings of shared keys, set by an owner's address.

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
}
