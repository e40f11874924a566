//! Who is suggested nothing, and for what wishes.

use app::model::account::Role;
use serde_json::json;

use super::{wish, with};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    nothing_is_suggested_for_a_foreign_project,
    viewers_are_suggested_nothing,
    wrong_fields_are_named_at_both_doors,
    what_is_no_wish_cannot_be_read
);

async fn nothing_is_suggested_for_a_foreign_project(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let ben = app.sign_up("ben@example.com").await;
    let of = |project: i64| with(&json!({"project_id": project}));
    for (caller, id) in [(&ben, project), (&ana, 999_999)] {
        let arguments = json!({ "wish": of(id) });
        caller.call("prompts/suggest", &arguments).await.expect(404);
        let fields = json!({"project_id": id, "count": 5});
        caller.post("/suggest", &fields).await.problem(404);
    }
}

async fn viewers_are_suggested_nothing(app: &TestApp) {
    let ana = app.admin().await;
    let workspace = ana.workspace().await;
    let viewer = app.member("v@example.com", workspace, Role::Viewer).await;
    let editor = app.member("e@example.com", workspace, Role::Editor).await;
    let arguments = json!({ "wish": wish() });
    viewer.call("prompts/suggest", &arguments).await.expect(403);
    viewer
        .post("/suggest", &json!({"count": 99}))
        .await
        .problem(403);
    editor.call("prompts/suggest", &arguments).await.expect(200);
    app.nobody()
        .call("prompts/suggest", &arguments)
        .await
        .expect(401);
}

async fn wrong_fields_are_named_at_both_doors(app: &TestApp) {
    let ana = app.admin().await;
    for (wrong, field, rest_field) in [
        (json!({"brand": ""}), "brand", "brand_name"),
        (json!({"brand": "x".repeat(101)}), "brand", "brand_name"),
        (
            json!({"aliases": vec!["a"; 31]}),
            "aliases",
            "brand_keywords",
        ),
        (
            json!({"competitors": vec!["Acme"; 51]}),
            "competitors",
            "competitors",
        ),
        (
            json!({"competitors": ["Ac\u{0}me"]}),
            "competitors",
            "competitors",
        ),
        (json!({"about": "a".repeat(201)}), "about", "about"),
        (json!({"language": "tlh"}), "language", "language"),
        (json!({"country": "Spain"}), "country", "country_code"),
        (
            json!({"existing": vec!["A question that is there"; 5_001]}),
            "existing",
            "queries",
        ),
        (
            json!({"existing": ["x".repeat(501)]}),
            "existing",
            "queries",
        ),
        (json!({"count": 0}), "count", "count"),
        (json!({"count": 21}), "count", "count"),
    ] {
        let told = ana
            .call("prompts/suggest", &json!({ "wish": with(&wrong) }))
            .await
            .expect(422);
        assert_eq!(told["fields"][0]["field"], field, "{wrong}");
        let mut fields = json!({"brand_name": "Kipu", "count": 5});
        let (_, value) = wrong
            .as_object()
            .expect("an object")
            .iter()
            .next()
            .expect("a field");
        fields[rest_field] = value.clone();
        assert_eq!(
            ana.post("/suggest", &fields).await.wrong_fields(),
            [rest_field],
            "{wrong}"
        );
    }
}

async fn what_is_no_wish_cannot_be_read(app: &TestApp) {
    let ana = app.admin().await;
    for unreadable in [
        json!({"wish": {"count": -1}}),
        json!({"wish": null}),
        json!({}),
    ] {
        ana.call("prompts/suggest", &unreadable).await.expect(400);
    }
}
