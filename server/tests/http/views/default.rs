//! The view that a page begins with: one a person, page and project.

use app::model::account::Role;
use serde_json::{Value, json};

use super::{draft, listed, save, update};
use crate::support::{Caller, TestApp, on_both_databases};

on_both_databases!(a_page_begins_with_one_view);

async fn defaults(by: &Caller<'_>, project: i64) -> Vec<Value> {
    let views = listed(by, project).await.into_iter();
    views
        .filter(|view| view["is_default"] == true)
        .map(|view| view["name"].clone())
        .collect()
}

async fn a_page_begins_with_one_view(app: &TestApp) {
    let ana = app.admin().await;
    let (one, other) = (
        ana.make_project("Watch").await,
        ana.make_project("Other").await,
    );
    let workspace = ana.workspace().await;
    let eve = app.member("eve@example.com", workspace, Role::Editor).await;
    let begins = |name: &str, project: i64| {
        let mut draft = draft(project, name);
        draft["is_default"] = json!(true);
        draft["is_shared"] = json!(true);
        draft
    };
    let first = save(&ana, begins("First", one)).await;
    save(&ana, begins("Second", one)).await;
    save(&ana, begins("Elsewhere", other)).await;
    assert_eq!(defaults(&ana, one).await, ["Second"]);
    assert_eq!(defaults(&ana, other).await, ["Elsewhere"]);
    // What is shared is no default of those who see it.
    assert!(defaults(&eve, one).await.is_empty());
    save(&eve, begins("Hers", one)).await;
    assert_eq!(defaults(&ana, one).await, ["Second"]);

    update(&ana, &first, json!({"is_default": true})).await;
    assert_eq!(defaults(&ana, one).await, ["First"]);
    update(&ana, &first, json!({"is_default": false})).await;
    assert!(defaults(&ana, one).await.is_empty());
    assert_eq!(defaults(&eve, one).await, ["Hers"]);
}
