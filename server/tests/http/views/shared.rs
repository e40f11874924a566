//! Who sees a view, and who changes it.

use app::model::account::Role;
use serde_json::json;

use super::{draft, listed, names, save, update};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_view_is_its_owners_until_it_is_shared,
    only_owners_and_admins_change_what_others_share,
    viewers_save_for_themselves,
    who_may_not_share_does_not_change_what_all_see,
    another_workspace_sees_nothing
);

async fn a_view_is_its_owners_until_it_is_shared(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let workspace = ana.workspace().await;
    let eve = app.member("eve@example.com", workspace, Role::Editor).await;
    let view = save(&ana, draft(project, "Lost")).await;
    assert_eq!(view["setting"]["address"], "failed=yes&tag=a%20b");
    assert_eq!(view["setting"]["columns"], json!(["time", "-cost"]));
    assert_eq!(
        (&view["is_own"], &view["is_shared"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(listed(&ana, project).await, std::slice::from_ref(&view));
    assert!(listed(&eve, project).await.is_empty());
    for (call, more) in [
        (
            "views/update",
            json!({"view_id": view["id"], "change": {"name": "Mine"}}),
        ),
        ("views/remove", json!({"view_id": view["id"]})),
    ] {
        eve.call(call, &more).await.expect(404);
    }

    update(&ana, &view, json!({"is_shared": true})).await;
    let seen = listed(&eve, project).await.remove(0);
    assert_eq!(
        (&seen["is_own"], &seen["may_change"]),
        (&json!(false), &json!(false))
    );
    save(&eve, draft(project, "A lost one")).await;
    save(&eve, draft(project, "zeal")).await;
    assert_eq!(names(&eve, project).await, ["A lost one", "zeal", "Lost"]);
    assert_eq!(names(&ana, project).await, ["Lost"]);
    update(&ana, &view, json!({"is_shared": false})).await;
    assert_eq!(names(&eve, project).await, ["A lost one", "zeal"]);
}

async fn only_owners_and_admins_change_what_others_share(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let workspace = ana.workspace().await;
    let eve = app.member("eve@example.com", workspace, Role::Editor).await;
    let ed = app.member("ed@example.com", workspace, Role::Editor).await;
    let olga = app.member("olga@example.com", workspace, Role::Owner).await;
    let mut shared = draft(project, "Lost");
    shared["is_shared"] = json!(true);
    let view = save(&eve, shared).await;
    for (call, more) in [
        (
            "views/update",
            json!({"view_id": view["id"], "change": {"name": "Mine"}}),
        ),
        ("views/remove", json!({"view_id": view["id"]})),
    ] {
        ed.call(call, &more).await.expect(403);
    }
    let renamed = update(&olga, &view, json!({"name": "Lost answers"})).await;
    assert_eq!(
        (&renamed["is_own"], &renamed["may_change"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(names(&eve, project).await, ["Lost answers"]);
    // With what somebody's page begins, only they say.
    let begin = json!({"view_id": view["id"], "change": {"is_default": true}});
    olga.call("views/update", &begin).await.expect(403);
    let gone = json!({"view_id": view["id"]});
    ana.call("views/remove", &gone).await.expect(200);
    ana.call("views/remove", &gone).await.expect(404);
    assert_eq!(app.count("saved_views").await, 0);
}

async fn viewers_save_for_themselves(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let workspace = ana.workspace().await;
    let vera = app
        .member("vera@example.com", workspace, Role::Viewer)
        .await;
    let view = save(&vera, draft(project, "Lost")).await;
    let share = json!({"view_id": view["id"], "change": {"is_shared": true}});
    vera.call("views/update", &share).await.expect(403);
    let mut shared = draft(project, "Shared");
    shared["is_shared"] = json!(true);
    let shared = json!({"draft": shared});
    vera.call("views/save", &shared).await.expect(403);
    assert_eq!(names(&vera, project).await, ["Lost"]);
    app.nobody().call("views/save", &shared).await.expect(401);
}

/// An editor's shared view, once they only look.
async fn who_may_not_share_does_not_change_what_all_see(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let workspace = ana.workspace().await;
    let eve = app.member("eve@example.com", workspace, Role::Editor).await;
    let mut shared = draft(project, "Lost");
    shared["is_shared"] = json!(true);
    let view = save(&eve, shared).await;
    let member = app.store.user_by_email("eve@example.com").await;
    let member = member.expect("read").expect("there").view.id;
    let role = Some(Role::Viewer);
    let set = app.store.set_role(member, workspace.into(), role, false);
    set.await.expect("set");
    for change in [json!({"name": "Mine"}), json!({"setting": {"address": ""}})] {
        let change = json!({"view_id": view["id"], "change": change});
        eve.call("views/update", &change).await.expect(403);
    }
    update(&eve, &view, json!({"is_default": true})).await;
    let own = json!({"is_shared": false, "name": "Mine"});
    update(&eve, &view, own).await;
    assert_eq!(names(&eve, project).await, ["Mine"]);
    assert!(names(&ana, project).await.is_empty());
}

async fn another_workspace_sees_nothing(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let mut shared = draft(project, "Lost");
    shared["is_shared"] = json!(true);
    let view = save(&ana, shared.clone()).await;
    let home = json!({
        "place": "home", "project_id": null, "name": "By change",
        "setting": {"address": "sort=-change"}, "is_shared": true,
    });
    save(&ana, home).await;
    let ben = app.sign_up("ben@example.com").await;
    let of_home = json!({"place": "home", "project_id": null});
    assert_eq!(
        ben.call("views/list", &of_home).await.expect(200),
        json!([])
    );
    assert_eq!(
        ana.call("views/list", &of_home).await.expect(200)[0][1],
        "By change"
    );
    let of_answers = json!({"place": "answers", "project_id": project});
    ben.call("views/list", &of_answers).await.expect(404);
    ben.call("views/save", &json!({"draft": shared}))
        .await
        .expect(404);
    let change = json!({"view_id": view["id"], "change": {"name": "His"}});
    ben.call("views/update", &change).await.expect(404);
    ben.call("views/remove", &json!({"view_id": view["id"]}))
        .await
        .expect(404);
    assert_eq!(names(&ana, project).await, ["Lost"]);
}
