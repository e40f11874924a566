//! Deleted projects: as if they were not there, wherever an id of them leads; restorable; and
//! erased after a while, but for the money.

use axum::body::Body;
use axum::http::Method;
use parallax::store::accounts::StoredReply;
use parallax::store::sql::Retention;
use serde_json::json;

use crate::support::{
    Caller, Setup, TestApp, on_both_databases, rest_project, with_postgres, with_sqlite,
};
use crate::tenants::{everything_of, ids_of, try_everything};

/// What may know a deleted project.
const MAY_KNOW: [&str; 2] = ["/projects/{id}/restore", "projects/restore"];

/// Every route and call that takes an id, with the ids of a project of one's own that one has
/// deleted: each answers as for an id that nothing has.
async fn a_deleted_project_is_as_if_it_were_not_there(app: &TestApp) {
    let ana = app.admin().await;
    let deleted = ids_of(app, &ana, "Watch").await;
    let own = ids_of(app, &ana, "Own").await;
    let project = deleted.of("ProjectId");
    ana.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    // These are the workspace's, not the project's.
    let deleted = ["TokenId", "InvitationId", "WorkspaceId"]
        .into_iter()
        .fold(deleted, |ids, kind| ids.without(kind));
    let (routes, calls) = try_everything(&ana, &own, &deleted, &MAY_KNOW).await;
    assert!(
        routes > 25 && calls > 20,
        "{routes} routes and {calls} calls were tried"
    );
    let events = format!("/api/runs/{}/events", deleted.of("RunId"));
    ana.send(Method::GET, &events, Body::empty())
        .await
        .problem(404);

    for (list, arguments) in [("projects/list", json!({})), ("notices/list", json!({}))] {
        let list = ana.call(list, &arguments).await.expect(200);
        assert!(!list.to_string().contains("Watch"), "{list}");
    }
    let shown = ana.get("/projects/deleted").await.expect(200);
    assert_eq!(shown["projects"][0]["id"], project);
}

on_both_databases!(a_deleted_project_is_as_if_it_were_not_there);

async fn money(app: &TestApp) -> (i64, i64, i64) {
    (
        app.number(
            "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_ledger",
        )
        .await,
        app.count("llm_spend_ledger").await,
        app.number("SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_days")
            .await,
    )
}

/// Erases what is due, each step as a host that dies after it.
async fn erase(app: &TestApp, most: usize) -> usize {
    let mut steps = 0;
    while let Some(at) = app.store.projects_to_erase().await.expect("a list").first() {
        if steps == most {
            break;
        }
        app.store.erase_some(*at).await.expect("a step");
        steps += 1;
    }
    steps
}

async fn restorable(ana: &Caller<'_>) -> usize {
    let list = ana.call("projects/deleted", &json!({})).await.expect(200);
    list.as_array().expect("a list").len()
}

/// Nothing that anybody or any model has said is left; the money and the other project are.
async fn erased(app: &TestApp) {
    let ana = app.admin().await;
    let gone = ids_of(app, &ana, "Zanzibarwatch").await;
    let kept = ids_of(app, &ana, "Own").await;
    let (project, other) = (gone.of("ProjectId"), kept.of("ProjectId"));
    let results = ana
        .get(&format!("/projects/{other}/results"))
        .await
        .expect(200);
    let paid = money(app).await;
    ana.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    app.pass(chrono::Duration::hours(47));
    assert_eq!(
        (erase(app, 1).await, restorable(&ana).await),
        (0, 1),
        "it can be restored"
    );
    app.pass(chrono::Duration::hours(2));

    assert_eq!(erase(app, 3).await, 3, "it takes several steps");
    assert_eq!(
        restorable(&ana).await,
        0,
        "what has begun to go does not come back"
    );
    ana.post(&format!("/projects/{project}/restore"), &json!({}))
        .await
        .problem(404);
    erase(app, 10_000).await;
    assert_eq!(
        app.store.projects_to_erase().await.expect("a list").len(),
        0
    );

    for table in [
        "results",
        "citations",
        "judge_passes",
        "served_days",
        "revisions",
        "snapshots",
        "findings",
    ] {
        let rows =
            format!("SELECT COUNT(*) FROM llm_monitoring_{table} WHERE project_id = {project}");
        assert_eq!(app.number(&rows).await, 0, "{table}");
    }
    let left = format!(
        "SELECT COUNT(*) FROM llm_monitoring_queries q, llm_monitoring_entities e, \
         llm_monitoring_pages g WHERE q.project_id = {project} AND e.project_id = {project} \
         AND g.project_id = {project} AND (q.query_text <> '' OR e.name <> '' OR g.url <> '')"
    );
    assert_eq!(app.number(&left).await, 0);
    let rows = everything_of(app, ana.workspace().await).await;
    for (table, rows) in rows {
        assert!(!rows.concat().contains("Zanzibarwatch"), "{table}");
    }
    assert_eq!(money(app).await, paid);
    let still = ana
        .get(&format!("/projects/{other}/results"))
        .await
        .expect(200);
    assert_eq!(results["results"], still["results"]);
    // The workspace's pages go on, the books too.
    ana.run_project(other).await;
    ana.get("/usage").await.expect(200);
}

fn erasing_after(erase_after: chrono::Duration) -> Setup {
    Setup {
        retention: Retention {
            erase_after,
            ..Retention::default()
        },
        ..Setup::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_is_erased_but_for_the_money_on_sqlite() {
    let two_days = erasing_after(chrono::Duration::days(2));
    with_sqlite(two_days, async |app| erased(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_is_erased_but_for_the_money_on_postgres() {
    let two_days = erasing_after(chrono::Duration::days(2));
    with_postgres(two_days, async |app| erased(app).await).await;
}

#[tokio::test]
async fn no_term_erases_at_the_next_look() {
    let at_once = erasing_after(chrono::Duration::zero());
    with_sqlite(at_once, async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.delete(&format!("/projects/{project}"))
            .await
            .expect(200);
        assert!(erase(app, 10_000).await > 1);
        assert_eq!(
            app.texts("SELECT name FROM llm_monitoring_projects").await,
            [""]
        );
    })
    .await;
}

async fn kept_bodies(app: &TestApp) -> i64 {
    let sql = "SELECT COUNT(*) FROM rest_replies WHERE OCTET_LENGTH(body) > 0";
    app.number(sql).await
}

/// Nor do the replies tell of it that are kept for requests which come again.
async fn kept_replies_forget(app: &TestApp) {
    let ana = app.admin().await;
    let once = ana.with("idempotency-key", "made");
    let wish = rest_project("Watch");
    let made = once.post("/projects", &wish).await.expect(201);
    assert_eq!(kept_bodies(app).await, 1);
    let project = &made["project"]["id"];
    ana.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    assert_eq!(kept_bodies(app).await, 0);
    once.post("/projects", &wish).await.problem(409);

    // That of a request which was under way meanwhile goes with the project.
    let workspace = ana.workspace().await.into();
    let begun = app.store.begin_request(workspace, "late", "hash").await;
    begun.expect("noted");
    let late = StoredReply {
        status: 200,
        content_type: Some("application/json".to_owned()),
        body: b"{\"brand\": \"Kipu\"}".to_vec(),
    };
    let kept = app.store.keep_reply(workspace, "late", late).await;
    kept.expect("kept");
    assert_eq!(kept_bodies(app).await, 1);
    erase(app, 10_000).await;
    assert_eq!(kept_bodies(app).await, 0);
}

#[tokio::test]
async fn kept_replies_forget_a_deleted_project_on_sqlite() {
    let at_once = erasing_after(chrono::Duration::zero());
    with_sqlite(at_once, async |app| kept_replies_forget(app).await).await;
}

#[tokio::test]
async fn kept_replies_forget_a_deleted_project_on_postgres() {
    let at_once = erasing_after(chrono::Duration::zero());
    with_postgres(at_once, async |app| kept_replies_forget(app).await).await;
}
