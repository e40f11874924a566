//! What belongs to another workspace is as if it were not there.
//!
//! Nothing here lists routes. Those of REST come from the document that the route table makes of
//! itself, those of the browser from the functions that the linker registered and the source
//! that declares them. What takes an id of a workspace is tried with another workspace's, and
//! its reply must be the one for an id that nothing has. What cannot be tried, because nobody
//! said what a body of it looks like, fails.

mod calls;
mod rest;
pub(crate) mod source;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Caller, Setup, TestApp, named, with_postgres, with_sqlite};

/// Kinds of ids that belong to the instance: every workspace has the same ones.
const OF_INSTANCE: [&str; 3] = ["ModelId", "PriceId", "UserId"];
/// An id that nothing has.
const UNKNOWN: i64 = 999_999_999;

/// One id of each kind.
#[derive(Clone)]
pub(crate) struct Ids(BTreeMap<&'static str, i64>);

impl Ids {
    /// The id of a kind; a new kind is to be given one below.
    pub(crate) fn of(&self, kind: &str) -> i64 {
        *self.0.get(kind).unwrap_or_else(|| {
            panic!("no id of the kind {kind} is tried: give `ids_of` one, or name it among those of the instance")
        })
    }

    /// The same with one kind that nothing has.
    pub(crate) fn without(&self, kind: &'static str) -> Self {
        let mut ids = self.clone();
        ids.0.insert(kind, UNKNOWN);
        ids
    }

    /// The same with another's id of one kind.
    fn with(&self, kind: &'static str, other: &Self) -> Self {
        let mut ids = self.clone();
        ids.0.insert(kind, other.of(kind));
        ids
    }

    fn unknown(&self) -> Self {
        Self(self.0.keys().map(|kind| (*kind, UNKNOWN)).collect())
    }

    fn kind(&self, name: &str) -> &'static str {
        self.of(name);
        self.0
            .keys()
            .find(|kind| **kind == name)
            .copied()
            .expect("a kind")
    }
}

/// Ids of everything in the workspace of somebody who has run a project.
pub(crate) async fn ids_of(app: &TestApp, who: &Caller<'_>, name: &str) -> Ids {
    let project = who.make_project(name).await;
    let run = who.run_project(project).await;
    let shown = who.get(&format!("/projects/{project}")).await.expect(200);
    let queries = who
        .get(&format!("/projects/{project}/queries"))
        .await
        .expect(200);
    let results = who
        .get(&format!("/projects/{project}/results"))
        .await
        .expect(200);
    who.program().await;
    let tokens = who.get("/tokens").await.expect(200);
    let id = |value: &Value| value.as_i64().expect("an id");
    let invitation = invitation_of(who, &format!("invited-{project}@example.com")).await;
    let note = json!({"day": "2025-01-31", "text": "New site"});
    let noted = who.post(&format!("/projects/{project}/notes"), &note).await;
    let view = view_of(who, project).await;
    let page = app
        .number(&format!(
            "SELECT MIN(id) FROM llm_monitoring_pages WHERE project_id = {project}"
        ))
        .await;
    Ids(BTreeMap::from([
        ("AnswerId", id(&results["results"][0]["id"])),
        ("EntityId", id(&shown["project"]["competitors"][0]["id"])),
        ("InvitationId", invitation),
        ("NoteId", id(&noted.expect(201)["note"]["id"])),
        ("PageId", page),
        ("ProjectId", project),
        ("PromptId", id(&queries["queries"][0]["id"])),
        ("RunId", run),
        ("SavedViewId", view),
        ("TokenId", id(&tokens["tokens"][0]["id"])),
        ("WorkspaceId", who.workspace().await),
    ]))
}

/// Tries every route and every call that takes an id of a workspace, but for those of these
/// names; gives how many there are.
pub(crate) async fn try_everything(
    who: &Caller<'_>,
    own: &Ids,
    foreign: &Ids,
    but: &[&str],
) -> (usize, usize) {
    // More requests than a browser has.
    let routes = rest::try_all(&who.program().await, own, foreign, but).await;
    (routes, calls::try_all(who, own, foreign, but).await)
}

/// A view that everybody in the workspace sees.
async fn view_of(who: &Caller<'_>, project: i64) -> i64 {
    let draft = json!({
        "place": "answers", "project_id": project, "name": "Failures",
        "setting": {"address": "failed=yes"}, "is_shared": true,
    });
    let saved = who.call("views/save", &json!({"draft": draft})).await;
    saved.expect(200)[0].as_i64().expect("an id")
}

async fn invitation_of(who: &Caller<'_>, email: &str) -> i64 {
    let call = json!({"draft": {"email": email, "role": "viewer"}});
    let made = who.call("invitations/make", &call).await.expect(200);
    made["id"].as_i64().expect("an id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_ids_are_unknown_ids_on_sqlite() {
    with_sqlite(Setup::default(), async |app| foreign_ids(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_ids_are_unknown_ids_on_postgres() {
    with_postgres(Setup::default(), async |app| foreign_ids(app).await).await;
}

async fn foreign_ids(app: &TestApp) {
    let ana = app.admin().await;
    let foreign = ids_of(app, &ana, "Watch").await;
    let before = everything_of(app, foreign.of("WorkspaceId")).await;
    assert!(before.len() > 10, "{:?}", before.keys());

    let ben = app.sign_up("ben@example.com").await;
    // Not even an admin of the instance sees what is in workspaces of others.
    app.execute("UPDATE users SET is_admin = TRUE").await;
    let own = ids_of(app, &ben, "Own").await;
    let (routes, calls) = try_everything(&ben, &own, &foreign, &[]).await;
    assert!(routes > 25, "{routes} routes of REST were tried");
    assert!(calls > 20, "{calls} calls of the browser were tried");
    let events = ben
        .send(
            axum::http::Method::GET,
            &format!("/api/runs/{}/events", foreign.of("RunId")),
            axum::body::Body::empty(),
        )
        .await;
    events.problem(404);

    let after = everything_of(app, foreign.of("WorkspaceId")).await;
    for (table, rows) in before {
        assert_eq!(after.get(&table), Some(&rows), "{table} has changed");
    }
}

/// Every row that belongs to a workspace, as text, by table.
pub(crate) async fn everything_of(app: &TestApp, workspace: i64) -> BTreeMap<String, Vec<String>> {
    let is_sqlite = app.is_sqlite();
    let columns = if is_sqlite {
        "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table'"
    } else {
        "SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c \
         JOIN information_schema.tables t USING (table_schema, table_name) \
         WHERE t.table_type = 'BASE TABLE' AND table_schema = current_schema()"
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in app.texts(columns).await {
        let (table, column) = place.split_once('.').expect("a column");
        tables
            .entry(table.to_owned())
            .or_default()
            .push(column.to_owned());
    }
    let mut rows = BTreeMap::new();
    for (table, columns) in tables {
        if !columns.iter().any(|column| column == "workspace_id") {
            continue;
        }
        let parts: Vec<String> = columns
            .iter()
            .map(|column| {
                // Bytes are no text to SQLite, whatever it is told.
                let cell = if is_sqlite {
                    format!(
                        "CASE typeof({column}) WHEN 'blob' THEN hex({column}) \
                         ELSE CAST({column} AS TEXT) END"
                    )
                } else {
                    format!("CAST({column} AS TEXT)")
                };
                format!("COALESCE({cell}, '-')")
            })
            .collect();
        let sql = format!(
            "SELECT {} FROM {table} WHERE workspace_id = {workspace} ORDER BY 1",
            parts.join(" || '|' || ")
        );
        let found = app.texts(&sql).await;
        if !found.is_empty() {
            rows.insert(table, found);
        }
    }
    rows
}

/// An entity's id from elsewhere is no way to change it: it stands in the body of one's own
/// project, so that the reply is one's own.
#[tokio::test]
async fn a_foreign_entity_stays_as_it_is() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let hers = ana.make_project("Watch").await;
        let shown = ana.get(&format!("/projects/{hers}")).await.expect(200);
        let entity = &shown["project"]["competitors"][0]["id"];
        let ben = app.sign_up("ben@example.com").await;
        let his = ben.make_project("Own").await;
        let change = json!({"competitors": [{"id": entity, "name": "Renamed"}]});
        let changed = ben
            .put(&format!("/projects/{his}"), &change)
            .await
            .expect(200);
        assert_ne!(changed["project"]["competitors"][0]["id"], *entity);
        let call = json!({"project_id": his, "draft": {
            "name": "Own", "brand": {"name": "Kipu"}, "competitors": [{"id": entity, "name": "Again"}],
            "industry": "", "language": "en", "country": "", "model_ids": [1], "prompts": null,
            "is_active": true,
        }});
        let called = ben.call("projects/update", &call).await.expect(200);
        let view = named(&called[0], "id name brand_name entities");
        assert!(!view["entities"].to_string().contains(&format!("[{entity},")));
        let again = ana.get(&format!("/projects/{hers}")).await.expect(200);
        assert_eq!(
            again["project"]["competitors"],
            shown["project"]["competitors"]
        );
    })
    .await;
}

/// Ids of the instance's own rows.
#[tokio::test]
async fn what_nothing_has_is_not_found() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        for id in ["999999", "abc"] {
            ana.put(&format!("/models/{id}"), &json!({"max_tokens": 100}))
                .await
                .problem(404);
        }
        ana.call("models/change", &json!({"model_id": 999_999, "change": {}}))
            .await
            .expect(404);
        ana.call("models/prices", &json!({"model_id": 999_999}))
            .await
            .expect(404);
        ana.call("keys/delete", &json!({"provider": "openai"}))
            .await
            .expect(404);
        ana.delete("/api-keys?provider=openai").await.problem(404);
    })
    .await;
}
