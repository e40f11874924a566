//! Search queries: written with their answers, read from old bodies, of one workspace only.

use app::model::answer::AnswerFilter;
use app::model::ids::AnswerId;
use app::model::provider::Provider;
use engine::AskOutcome;
use providers::ErrorClass;
use serde_json::json;

use super::{answered, begin, claim, failed, ids, store};
use crate::store::sql::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

/// With the body that tells of these queries.
fn searching(mut outcome: AskOutcome, queries: &[&str]) -> AskOutcome {
    let body = json!({"output": [
        {"type": "web_search_call", "action": {"type": "search", "queries": queries}},
        {"type": "message", "content": []},
    ]});
    outcome.exchange.raw_body = body.to_string().into_bytes().into();
    if let Ok(answer) = &mut outcome.exchange.result {
        answer.search_queries = queries.iter().map(|query| (*query).to_owned()).collect();
    }
    outcome
}

/// Four asks: two answers that searched, one that did not, one that failed.
async fn stored(database: &TestDatabase) -> TestProject {
    let plan = ProjectPlan {
        prompts: 4,
        models: vec![(Provider::OpenAi, "model-a", true)],
        ..ProjectPlan::default()
    };
    let project = make_project(database, &plan).await;
    project.plan(database).await;
    let claimed = claim(database, "a").await;
    begin(database, &claimed, &ids(&claimed)).await;
    let answer = |ask: usize| answered(database, &claimed, &claimed.asks[ask], Vec::new());
    let outcomes = [
        searching(answer(0), &["best soap 2026", "Kipu soap\u{0} reviews"]),
        searching(answer(1), &[]),
        searching(answer(2), &["jabón 🧼"]),
        failed(database, &claimed, &claimed.asks[3], ErrorClass::Timeout),
    ];
    store(database, &claimed, &outcomes).await;
    project
}

/// The queries of each answer, in the order of the answers.
async fn kept(database: &TestDatabase, project: &TestProject) -> Vec<Vec<String>> {
    let sql = "SELECT id FROM llm_monitoring_results ORDER BY ask_id";
    let found = rows::all(database.store.reader(), sql, [])
        .await
        .expect(sql);
    let answers: Vec<AnswerId> = found
        .iter()
        .map(|row| AnswerId(row.try_get_by_index(0).expect("an id")))
        .collect();
    let queries = database.store.search_queries(project.workspace, &answers);
    let mut queries = queries.await.expect("queries");
    let of = |answer: &AnswerId| queries.remove(answer).unwrap_or_default();
    answers.iter().map(of).collect()
}

fn expected() -> Vec<Vec<String>> {
    let lists: [&[&str]; 4] = [
        &["best soap 2026", "Kipu soap  reviews"],
        &[],
        &["jabón 🧼"],
        &[],
    ];
    let owned =
        |list: &[&str]| -> Vec<String> { list.iter().map(|query| (*query).to_owned()).collect() };
    lists.into_iter().map(owned).collect()
}

async fn count(database: &TestDatabase) -> i64 {
    let sql = "SELECT COUNT(*) FROM llm_monitoring_search_queries";
    database.number(sql).await
}

on_both_databases! {
    async fn queries_are_kept_with_their_answers(database: &TestDatabase) {
        let project = stored(database).await;
        assert_eq!(kept(database, &project).await, expected());
        // What a page groups by stands in each row.
        let sql = "SELECT COUNT(*) FROM llm_monitoring_search_queries s \
            JOIN llm_monitoring_results a ON a.id = s.result_id AND a.query_id = s.query_id \
            AND a.model_id = s.model_id AND a.analysis_day = s.analysis_day \
            AND a.project_id = s.project_id AND a.workspace_id = s.workspace_id";
        assert_eq!((database.number(sql).await, count(database).await), (3, 3));
        let other = (project.workspace.0 + 1).into();
        let all: Vec<AnswerId> = (0..100).map(AnswerId).collect();
        let seen = database.store.search_queries(other, &all).await.expect("none");
        assert!(seen.is_empty(), "{seen:?}");
    }

    async fn old_answers_are_read_to_the_same_rows(database: &TestDatabase) {
        let project = stored(database).await;
        database.execute("DELETE FROM llm_monitoring_search_queries").await;
        let mut rounds = 0;
        while database.store.read_old_search_queries().await.expect("read") {
            rounds += 1;
            assert!(rounds < 5, "it ends");
        }
        assert_eq!(kept(database, &project).await, expected());
        // Once done it is done, and reading again writes nothing twice.
        assert!(!database.store.read_old_search_queries().await.expect("read"));
        database.execute("DELETE FROM settings WHERE name = 'search_queries_read'").await;
        assert!(database.store.read_old_search_queries().await.expect("read"));
        assert_eq!((kept(database, &project).await, count(database).await), (expected(), 3));
    }

    async fn pages_of_files_have_room_for_what_models_looked_up(database: &TestDatabase) {
        let project = stored(database).await;
        let long = "UPDATE llm_monitoring_search_queries SET search_query = $1";
        let tx = database.store.begin_write().await.expect("a transaction");
        rows::execute(&tx, long, ["a".repeat(3_000_000).into()]).await.expect("written");
        tx.commit().await.expect("committed");
        let filter = AnswerFilter { project_id: project.project, ..AnswerFilter::default() };
        let mut cursor = Some(filter.clone().into());
        let mut lengths = Vec::new();
        while let Some(from) = cursor {
            let exported = database.store.export_answers(project.workspace, from).await;
            let (page, next) = exported.expect("a page");
            lengths.push(page.len());
            cursor = next;
        }
        // Two answers have more than fits beside another; none is left out.
        assert!(lengths.len() >= 3, "{lengths:?}");
        assert_eq!(lengths.iter().sum::<usize>(), 4, "{lengths:?}");
        let shown = database.store.answers_with_texts(project.workspace, &filter).await;
        assert!(shown.expect("a page").answers.len() < 4);
    }

    async fn bodies_that_cannot_be_read_tell_of_nothing(database: &TestDatabase) {
        let project = stored(database).await;
        database.execute("DELETE FROM llm_monitoring_search_queries").await;
        database.execute("UPDATE llm_monitoring_results SET raw_body = NULL").await;
        assert!(!database.store.read_old_search_queries().await.expect("read"));
        assert_eq!(kept(database, &project).await.concat(), Vec::<String>::new());
    }
}
