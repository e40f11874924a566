//! A file of everything takes the memory of a page, however long it is. A process of its own:
//! what it holds is nobody else's.

#[path = "support/scratch.rs"]
mod scratch;
#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "other kinds of tests need them"
)]
#[path = "http/support/mod.rs"]
mod support;

use axum::http::Method;
use futures_util::StreamExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{Setup, TestApp, with_sqlite};

fn lines(body: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(body).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

/// Bytes of memory that this process holds.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("of this process");
    let resident = pages.split(' ').nth(1).expect("the second number");
    resident.parse::<usize>().expect("a number") * 4_096
}

const ROWS: usize = 100_000;
/// What a page of rows may take, and what the allocator keeps of those before.
const MOST_GROWTH: usize = 64 * 1024 * 1024;
const MOST_A_PART: usize = 4 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_answers_take_the_memory_of_a_page() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        fill(app).await;
        let bearer = ana.program().await;
        let path = format!("/api/llm-monitoring/projects/{project}/export/answers?format=jsonl");
        let request = bearer.request(Method::GET, &path);
        let response = app
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a response");
        assert_eq!(response.status(), 200);
        let mut parts = response.into_body().into_data_stream();
        let (mut rows, mut total, mut before, mut most) = (0, 0, None, 0);
        let mut last = i64::MAX;
        while let Some(part) = parts.next().await {
            let part = part.expect("a part");
            assert!(part.len() < MOST_A_PART, "{}", part.len());
            for line in lines(&part) {
                let id = line["id"].as_i64().expect("an id");
                assert!(id < last, "each answer once, the newest first");
                last = id;
                rows += 1;
            }
            total += part.len();
            // The first pages warm everything up.
            if rows > 10_000 {
                let now = resident();
                most = most.max(now.saturating_sub(*before.get_or_insert(now)));
            }
        }
        assert_eq!(rows, ROWS + 3);
        assert!(total > 60_000_000, "{total}");
        assert!(
            most < MOST_GROWTH,
            "memory grew by {most} bytes while {total} were sent"
        );
    })
    .await;
}

/// Many answers like those that are there.
async fn fill(app: &TestApp) {
    let columns = "workspace_id, project_id, run_id, lane_id, query_id, model_id, llm_provider, \
        model_requested, model_served, analysis_date, analysis_day, outcome, citations, \
        search_requested, cost_nano_usd, cost_kind, response_time_ms, simulated, detector_version";
    let numbers =
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})");
    let like = "(SELECT * FROM llm_monitoring_asks ORDER BY id LIMIT 1) a";
    app.execute(&format!(
        "INSERT INTO llm_monitoring_asks (workspace_id, run_id, lane_id, query_id, repeat, state) \
         {numbers} SELECT a.workspace_id, a.run_id, a.lane_id, a.query_id, 1000 + i, 'answered' \
         FROM n CROSS JOIN {like}"
    ))
    .await;
    app.execute(&format!(
        "INSERT INTO llm_monitoring_results (ask_id, full_response, {columns}) \
         SELECT k.id, 'An answer of some length that names Kipu once, at number ' || k.repeat || '.', {} \
         FROM llm_monitoring_asks k CROSS JOIN \
         (SELECT * FROM llm_monitoring_results ORDER BY id LIMIT 1) r WHERE k.repeat > 1000",
        columns
            .split(", ")
            .map(|column| format!("r.{column}"))
            .collect::<Vec<_>>()
            .join(", ")
    ))
    .await;
}
