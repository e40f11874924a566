//! What a workspace of a stranger may have at most, and that nobody passes it by being quick.

use futures_util::future::join_all;
use parallax::store::accounts::StoredReply;
use parallax::store::projects::{ProjectError, QuotaPassed};
use parallax::store::sql::{Quotas, Retention};
use serde_json::json;

use crate::support::{Setup, TestApp, on_both_databases, rest_project, with_postgres, with_sqlite};

fn with_quotas(quotas: Quotas) -> Setup {
    Setup {
        retention: Retention {
            quotas,
            erase_after: chrono::Duration::days(1),
        },
        ..Setup::default()
    }
}

const FEW: Quotas = Quotas {
    projects: Some(3),
    prompts: Some(8),
    stored_bytes: None,
};

async fn few(app: &TestApp) {
    let admin = app.admin().await;
    let ben = app.sign_up("ben@example.com").await;
    // Three questions each: a third project would have the ninth.
    let make = async |name: String| {
        ben.post("/projects", &rest_project(&name))
            .await
            .status
            .as_u16()
    };
    let statuses = join_all((0..10).map(|number| make(format!("Parallel {number}")))).await;
    let mut told = statuses.clone();
    told.sort_unstable();
    assert_eq!(
        told,
        [201, 201, 409, 409, 409, 409, 409, 409, 409, 409],
        "{statuses:?}"
    );
    let bare = |name: &str| {
        let mut project = rest_project(name);
        project["queries"] = json!(["Which ledger is the best for a bakery?"]);
        project
    };
    let bare = async |name: &str| ben.post("/projects", &bare(name)).await;
    bare("Third").await.expect(201);
    let refused = bare("Fourth").await.problem(409);
    assert!(refused.to_string().contains('3'), "{refused}");

    let first = app
        .number("SELECT MIN(p.id) FROM llm_monitoring_projects p")
        .await;
    let more = json!({"queries": ["What do bakers use for their books?", "Which ledger has a good export?"]});
    let path = format!("/projects/{first}/queries");
    ben.post(&path, &more).await.problem(409);

    // A deleted one makes room, and comes back only where there is some.
    ben.delete(&format!("/projects/{first}")).await.expect(200);
    bare("Fourth").await.expect(201);
    ben.post(&format!("/projects/{first}/restore"), &json!({}))
        .await
        .problem(409);

    // Who runs the instance sees its disk.
    for number in 0..4 {
        admin.make_project(&format!("Own {number}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workspace_has_no_more_projects_and_questions_on_sqlite() {
    with_sqlite(with_quotas(FEW), async |app| few(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workspace_has_no_more_projects_and_questions_on_postgres() {
    with_postgres(with_quotas(FEW), async |app| few(app).await).await;
}

const LITTLE: Quotas = Quotas {
    projects: None,
    prompts: None,
    stored_bytes: Some(1),
};

/// What is stored is counted where it is stored; the next run does not begin.
async fn little(app: &TestApp) {
    app.admin().await;
    let ben = app.sign_up("ben@example.com").await;
    let project = ben.make_project("Watch").await;
    let run = ben
        .post(
            &format!("/projects/{project}/analyze?wait=true"),
            &json!({}),
        )
        .await
        .expect(200);
    let counted = app
        .number("SELECT CAST(SUM(stored_bytes) AS BIGINT) FROM llm_monitoring_projects")
        .await;
    let stored = app
        .number(
            "SELECT CAST(SUM(OCTET_LENGTH(full_response) + OCTET_LENGTH(citations) \
             + COALESCE(OCTET_LENGTH(raw_body), 0)) AS BIGINT) FROM llm_monitoring_results",
        )
        .await;
    assert!(
        stored > 0 && counted == stored,
        "{counted} of {stored} bytes: {run}"
    );
    let refused = ben
        .post(&format!("/projects/{project}/analyze"), &json!({}))
        .await
        .problem(409);
    assert!(refused.to_string().contains("operator"), "{refused}");
    // Deleting it does not help before it is erased: who fills the disk would only begin anew.
    ben.delete(&format!("/projects/{project}"))
        .await
        .expect(200);
    let next = ben.make_project("Next").await;
    ben.post(&format!("/projects/{next}/analyze"), &json!({}))
        .await
        .problem(409);
    app.pass(chrono::Duration::hours(25));
    while let Some(at) = app.store.projects_to_erase().await.expect("a list").first() {
        app.store.erase_some(*at).await.expect("a step");
    }
    ben.run_project(next).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_is_counted_on_sqlite() {
    with_sqlite(with_quotas(LITTLE), async |app| little(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_is_counted_on_postgres() {
    with_postgres(with_quotas(LITTLE), async |app| little(app).await).await;
}

/// A run that comes to the limit ends there, and says why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_ends_where_the_room_does() {
    with_sqlite(with_quotas(LITTLE), async |app| {
        app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let project = ben.make_project("Watch").await;
        // One at a time, so that there is something left to ask when the room is used up.
        app.execute("UPDATE llm_model_registry SET max_in_flight = 1")
            .await;
        let ended = ben
            .post(
                &format!("/projects/{project}/analyze?wait=true"),
                &json!({}),
            )
            .await
            .expect(200);
        let run = ben
            .call("runs/get", &json!({"run_id": ended["run_id"]}))
            .await
            .expect(200);
        let lanes = run.to_string();
        assert!(lanes.contains("storage_full"), "{lanes}");
        let asked = app.count("llm_monitoring_results").await;
        let planned = app.count("llm_monitoring_asks").await;
        assert!(
            (1..planned).contains(&asked),
            "{asked} of {planned} were asked"
        );
    })
    .await;
}

/// Where the operator lowers a limit, people can still change and remove what they have.
#[tokio::test]
async fn who_has_more_than_a_new_limit_may_have_less() {
    with_sqlite(Setup::default(), async |app| {
        app.admin().await;
        let ben = app.sign_up("ben@example.com").await;
        let project = ben.make_project("Watch").await.into();
        let workspace = ben.workspace().await.into();
        let strict = app.store.clone().with_retention(Retention {
            quotas: Quotas {
                projects: Some(1),
                prompts: Some(1),
                stored_bytes: None,
            },
            ..Retention::UNLIMITED
        });
        let mut draft = strict
            .project(workspace, project)
            .await
            .expect("a project")
            .record
            .draft();
        let question = |number: usize| format!("Which ledger is number {number} for bakers?");
        draft.prompts = Some((0..4).map(question).collect());
        let more = strict.update_project(workspace, project, &draft).await;
        assert!(matches!(
            more,
            Err(ProjectError::Quota(QuotaPassed::Prompts(1)))
        ));
        draft.prompts = Some((0..2).map(question).collect());
        strict
            .update_project(workspace, project, &draft)
            .await
            .expect("fewer than before");
    })
    .await;
}

/// Replies that are kept for requests which come again are no way around it: there is room for
/// some, and of the next only that they were given is kept.
async fn replies_have_an_end(app: &TestApp) {
    const MEGABYTES: i64 = 1_000_000;

    let workspace = app.admin().await.workspace().await.into();
    for number in 0..12 {
        let key = format!("key {number}");
        let begun = app.store.begin_request(workspace, &key, "hash").await;
        begun.expect("noted");
        let reply = StoredReply {
            status: 200,
            content_type: Some("application/json".to_owned()),
            body: vec![b'x'; 4_000_000],
        };
        let kept = app.store.keep_reply(workspace, &key, reply).await;
        kept.expect("kept");
    }
    assert_eq!(app.count("rest_replies").await, 12);
    let sum = "SELECT CAST(SUM(OCTET_LENGTH(body)) AS BIGINT) FROM rest_replies";
    let kept = app.number(sum).await;
    assert!((20 * MEGABYTES..=40 * MEGABYTES).contains(&kept), "{kept}");
}

on_both_databases!(replies_have_an_end);

/// Whoever adds and removes, or makes and deletes, has an end, too.
async fn what_was_removed_has_an_end(app: &TestApp) {
    app.admin().await;
    let ben = app.sign_up("ben@example.com").await;
    let project = ben.make_project("Watch").await.into();
    let workspace = ben.workspace().await.into();
    let store = app.store.clone().with_retention(Retention {
        quotas: FEW,
        ..Retention::UNLIMITED
    });
    let present = store.project(workspace, project).await.expect("a project");
    let mut draft = present.record.draft();
    let mut rounds = 0;
    let passed = loop {
        let question = |number: usize| format!("Which ledger is {rounds} of {number} for bakers?");
        draft.prompts = Some((0..8).map(question).collect());
        match store.update_project(workspace, project, &draft).await {
            Ok(()) => rounds += 1,
            Err(error) => break error,
        }
        assert!(rounds < 100, "questions without end");
    };
    assert!(
        matches!(passed, ProjectError::Quota(QuotaPassed::KeptPrompts(_))),
        "{passed:?}"
    );
    assert!(rounds > 8, "after {rounds} rounds already");
    // What is there stays as it was, and can be asked and removed.
    draft.prompts = Some(Vec::new());
    let emptied = store.update_project(workspace, project, &draft).await;
    emptied.expect("fewer than before");

    draft.prompts = None;
    let mut made = 0;
    let passed = loop {
        draft.name = format!("Project {made}");
        match store.create_project(workspace, &draft).await {
            Ok(next) => {
                let deleted = store.delete_project(workspace, next).await;
                deleted.expect("deleted");
                made += 1;
            }
            Err(error) => break error,
        }
        assert!(made < 300, "projects without end");
    };
    assert!(
        matches!(passed, ProjectError::Quota(QuotaPassed::KeptProjects(_))),
        "{passed:?}"
    );
    assert!(made > 20, "after {made} projects already");
}

on_both_databases!(what_was_removed_has_an_end);
