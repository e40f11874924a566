//! Notices about what does not work any more, until something was done about it.

use std::time::Duration;

use app::model::ids::ModelId;
use app::model::notices::NoticeKind;
use app::model::provider::Provider;
use runtime::clock::Clock;

use super::{answer_all, claim};
use crate::calendar;
use crate::store::accounts::NewCredential;
use crate::store::jobs::NoticeReader;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};
use crate::vault::{KeyPlace, Vault};

const KEY: (&str, &str) = (
    "key_rejected",
    r#"{"key_rejected":{"provider":"openai","no_credit":true}}"#,
);
const BUDGET: (&str, &str) = (
    "budget_end",
    r#"{"budget_end":{"spent":5000000000,"monthly":5000000000}}"#,
);
const ENDS: (&str, &str) = (
    "model_retiring",
    r#"{"model_retiring":{"model":1,"name":"Model A","on":"2026-03-11","days":1}}"#,
);

/// Tells a workspace something now; of a project, or of none.
async fn raise(
    database: &TestDatabase,
    workspace: i64,
    (kind, facts): (&str, &str),
    subject: &str,
    project: i64,
) {
    let at = database.clock.now().to_rfc3339();
    database
        .execute(&format!(
            "INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) \
             VALUES ({workspace}, '{kind}', '{subject}', {project}, '{facts}', '{at}')"
        ))
        .await;
}

/// Moves the day on which a model ends.
async fn ends_on(database: &TestDatabase, model: ModelId, day: &str) {
    database
        .execute(&format!(
            "UPDATE llm_model_registry SET retires_at = '{day} 22:30:00+00:00' WHERE id = {model}"
        ))
        .await;
}

fn reader(project: &TestProject, is_admin: bool) -> NoticeReader {
    NoticeReader {
        workspace: project.workspace,
        user: project.user,
        with_instance: is_admin,
    }
}

/// What is unsolved of the last seven days, the newest first.
async fn unsolved(
    database: &TestDatabase,
    project: &TestProject,
    is_admin: bool,
) -> Vec<NoticeKind> {
    let now = database.clock.now();
    let since = now - Duration::from_hours(7 * 24);
    let month = calendar::month_start(calendar::time_zone("UTC"), now);
    let found = database
        .store
        .unsolved_notices(&reader(project, is_admin), since, month)
        .await
        .expect("read");
    found.iter().map(|(_, notice)| notice.kind()).collect()
}

on_both_databases! {
    async fn a_key_is_told_until_another_one_or_an_answer_is_there(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan::default()).await;
        raise(database, project.workspace.0, KEY, "openai/no_money/0", 0).await;
        // The same of a provider that no run asks.
        raise(database, project.workspace.0, KEY, "google/no_money/0", 0).await;
        assert_eq!(unsolved(database, &project, true).await.len(), 2);
        assert!(unsolved(database, &other, true).await.is_empty());
        database.clock.advance(Duration::from_mins(1));
        project.plan(database).await;
        for _ in 0..2 {
            answer_all(database, &claim(database, "a").await).await;
        }
        assert_eq!(unsolved(database, &project, false).await, [NoticeKind::KeyRejected]);
        // What nobody solves is not said for ever.
        database.clock.advance(Duration::from_hours(7 * 24));
        assert!(unsolved(database, &project, false).await.is_empty());
    }

    async fn a_key_is_told_until_it_is_another_not_when_its_pace_is(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let (workspace, provider) = (project.workspace, Provider::OpenAi);
        let vault = Vault::new(&[7; 32], 1);
        let check = vault.seal_check().expect("sealed");
        database.store.save_vault_check(&check).await.expect("saved");
        let place = KeyPlace { workspace, provider, base_url: None };
        let save = async |key: Option<&str>| {
            let sealed = key.map(|key| (vault.seal(&place, key).expect("sealed"), "6789".to_owned()));
            let new = NewCredential { key: sealed, base_url: None, max_in_flight: Some(2) };
            let saved = database.store.save_credential(workspace, provider, new);
            saved.await.expect("saved");
        };
        save(Some("sk-1")).await;
        raise(database, workspace.0, KEY, "openai/no_money/0", 0).await;
        for (key, is_told) in [(None, true), (Some("sk-2"), false)] {
            database.clock.advance(Duration::from_mins(1));
            save(key).await;
            let told = unsolved(database, &project, true).await;
            assert_eq!(told.len(), usize::from(is_told), "{key:?}");
        }
    }

    async fn a_budget_is_told_until_it_is_another_or_the_month_is_over(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let workspace = project.workspace.0;
        let id = project.project.0;
        let of_project = "UPDATE llm_monitoring_projects SET monthly_budget_nano_usd =";
        database.execute(&format!("{of_project} 5000000000 WHERE id = {id}")).await;
        raise(database, workspace, BUDGET, &format!("2026-03-01/{id}/5000000000"), id).await;
        raise(database, workspace, BUDGET, "2026-03-01/0/100000000000", 0).await;
        assert_eq!(unsolved(database, &project, false).await.len(), 2);
        database.execute(&format!("{of_project} 6000000000 WHERE id = {id}")).await;
        assert_eq!(unsolved(database, &project, false).await.len(), 1);
        database.execute("UPDATE workspaces SET monthly_budget_nano_usd = 200000000000").await;
        assert!(unsolved(database, &project, false).await.is_empty());
        raise(database, workspace, BUDGET, "2026-03-01/0/200000000000", 0).await;
        assert_eq!(unsolved(database, &project, false).await, [NoticeKind::BudgetEnd]);
        database.clock.set("2026-04-01T00:00:00Z".parse().expect("a time"));
        assert!(unsolved(database, &project, false).await.is_empty());
    }

    async fn a_model_that_ends_is_told_until_nobody_asks_it(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan { models: Vec::new(), ..ProjectPlan::default() }).await;
        let subject = format!("{}/2026-03-11/1", project.models[0]);
        ends_on(database, project.models[0], "2026-03-11").await;
        raise(database, project.workspace.0, ENDS, &subject, 0).await;
        let told = [NoticeKind::ModelRetiring];
        assert_eq!(unsolved(database, &project, false).await, told);
        // Admins are told of the instance what their workspace was not told.
        raise(database, 0, ENDS, &subject, 0).await;
        assert_eq!(unsolved(database, &project, true).await, told);
        assert_eq!(unsolved(database, &other, true).await, told);
        assert!(unsolved(database, &other, false).await.is_empty());
        database.store.delete_project(project.workspace, project.project).await.expect("deleted");
        assert!(unsolved(database, &project, true).await.is_empty());
        assert!(unsolved(database, &other, true).await.is_empty());
    }

    async fn a_model_that_ends_is_told_until_its_day_is_another(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let (workspace, model) = (project.workspace.0, project.models[0]);
        let told = [NoticeKind::ModelRetiring];
        ends_on(database, model, "2026-03-11").await;
        raise(database, workspace, ENDS, &format!("{model}/2026-03-11/1"), 0).await;
        assert_eq!(unsolved(database, &project, false).await, told);
        ends_on(database, model, "2026-06-30").await;
        assert!(unsolved(database, &project, false).await.is_empty());
        // The new day has a notice of its own.
        raise(database, workspace, ENDS, &format!("{model}/2026-06-30/1"), 0).await;
        assert_eq!(unsolved(database, &project, false).await, told);
        // By its provider's word it answers beyond that day.
        let sql = format!("UPDATE llm_model_registry SET is_overdue = TRUE WHERE id = {model}");
        database.execute(&sql).await;
        assert!(unsolved(database, &project, false).await.is_empty());
    }
    async fn what_is_unsolved_is_shown_however_much_comes_after_it(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let (workspace, by) = (project.workspace, reader(&project, false));
        raise(database, workspace.0, KEY, "openai/no_money/0", 0).await;
        for number in 0..120 {
            let run = format!(
                r#"{{"run_incomplete":{{"run":{number},"answered":1,"total":2}}}}"#
            );
            let told = ("run_incomplete", run.as_str());
            raise(database, workspace.0, told, &number.to_string(), project.project.0).await;
        }
        raise(database, workspace.0, KEY, "google/no_money/0", 0).await;
        let store = &database.store;
        let ids = async |needed: &[i64]| {
            let shown = store.notices(&by, needed).await.expect("read");
            shown.iter().map(|view| view.id).collect::<Vec<_>>()
        };
        let newest = ids(&[]).await;
        assert_eq!(newest.len(), 100);
        let oldest = database.number("SELECT MIN(id) FROM llm_notices").await;
        assert!(!newest.contains(&oldest));
        // One of them is there already, the other one comes after all that is newer.
        let needed = [newest[0], oldest];
        assert_eq!(ids(&needed).await, [newest.as_slice(), &[oldest]].concat());
        let some = store.some_notices(&by, &needed).await.expect("read");
        assert_eq!(some.iter().map(|view| view.id).collect::<Vec<_>>(), needed);
        assert!(store.some_notices(&by, &[]).await.expect("read").is_empty());
        let other = make_project(database, &ProjectPlan::default()).await;
        let theirs = store.notices(&reader(&other, false), &needed).await.expect("read");
        assert!(theirs.is_empty(), "{theirs:?}");
    }
}
