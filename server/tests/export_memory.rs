//! A file of everything takes the memory of a page, however long it is. A process of its own:
//! what it holds is nobody else's, and its tests take turns for the same reason.

#[path = "support/copies.rs"]
mod copies;
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
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tower::ServiceExt;

use crate::support::{Caller, Setup, TestApp, with_sqlite};

fn lines(body: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(body).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

/// Held by the test that measures: what another holds beside it would be counted as its own.
static MEASURING: Mutex<()> = Mutex::const_new(());

/// The lines that end in a part; what follows them waits in `begun` for the next part.
fn ended(begun: &mut Vec<u8>, part: &[u8]) -> Vec<Value> {
    let Some(end) = part.iter().rposition(|byte| *byte == b'\n') else {
        begun.extend_from_slice(part);
        return Vec::new();
    };
    let (behind, next) = part.split_at(end + 1);
    let mut whole = std::mem::replace(begun, next.to_vec());
    whole.extend_from_slice(behind);
    lines(&whole)
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
    let _alone = MEASURING.lock().await;
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        fill(app, ROWS).await;
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
        let (mut last, mut begun) = (i64::MAX, Vec::new());
        while let Some(part) = parts.next().await {
            let part = part.expect("a part");
            assert!(part.len() < MOST_A_PART, "{}", part.len());
            for line in ended(&mut begun, &part) {
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

/// Answers of 1.9 MB each.
const LONG: usize = 60;
/// Readers that never read.
const IDLE: usize = 5;
/// What such a reader may hold: a page as rows, as text, and on its way.
const MOST_A_READER: usize = 20 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_of_megabytes_come_a_few_at_a_time_and_all_of_them() {
    let _alone = MEASURING.lock().await;
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        ana.run_project(project).await;
        app.execute("DELETE FROM llm_monitoring_search_queries")
            .await;
        fill(app, LONG).await;
        let long = "REPLACE(HEX(ZEROBLOB(950000)), '00', 'ab')";
        app.execute(&format!(
            "UPDATE llm_monitoring_results SET full_response = {long}"
        ))
        .await;
        let total = app.count("llm_monitoring_results").await;
        let newest = "SELECT CAST(id AS TEXT) FROM llm_monitoring_results \
            ORDER BY analysis_day DESC, id DESC";
        let ids = app.texts(newest).await;

        let mut seen: Vec<String> = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/projects/{project}/results?limit=60{cursor}");
            let page = ana.get(&path).await;
            assert!(
                page.body.len() < MOST_A_PART + 100_000,
                "{}",
                page.body.len()
            );
            let page = page.expect(200);
            assert_eq!(page["total"], total);
            let rows = page["results"].as_array().expect("rows");
            assert!(!rows.is_empty());
            seen.extend(rows.iter().map(|row| row["id"].to_string()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ids, "each answer once, the newest first");

        idle_readers(app, &ana.program().await, project).await;

        let path = format!("/api/llm-monitoring/projects/{project}/export/answers?format=jsonl");
        let request = ana.request(Method::GET, &path);
        let response = app
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a response");
        let mut parts = response.into_body().into_data_stream();
        let (mut seen, mut begun): (Vec<String>, Vec<u8>) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next().await {
            let part = part.expect("a part");
            assert!(part.len() < MOST_A_PART + 100_000, "{}", part.len());
            let lines = ended(&mut begun, &part);
            seen.extend(lines.iter().map(|line| line["id"].to_string()));
        }
        assert_eq!(seen, ids, "each answer once, the newest first");
    })
    .await;
}

/// Sockets that ask for everything and read nothing.
async fn idle_readers(app: &TestApp, bearer: &Caller<'_>, project: i64) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = app.router.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let path = format!("/api/llm-monitoring/projects/{project}/export/answers?format=csv");
    let request = bearer.request(Method::GET, &path);
    let token = request.headers()["authorization"].to_str().expect("text");
    let text = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n\r\n");
    let before = resident();
    let mut idle = Vec::new();
    for _ in 0..IDLE {
        let mut socket = tokio::net::TcpStream::connect(address)
            .await
            .expect("connected");
        socket.write_all(text.as_bytes()).await.expect("sent");
        idle.push(socket);
    }
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    let mut begun = [0; 12];
    for socket in &mut idle {
        socket.read_exact(&mut begun).await.expect("it has begun");
        assert_eq!(&begun, b"HTTP/1.1 200");
    }
    let held = resident().saturating_sub(before);
    println!("{} KiB for {IDLE} readers", held / 1024);
    assert!(held < IDLE * MOST_A_READER, "{held} bytes");
    server.abort();
}

/// Many answers like those that are there.
async fn fill(app: &TestApp, rows: usize) {
    let columns = "workspace_id, project_id, run_id, lane_id, query_id, model_id, llm_provider, \
        model_requested, model_served, analysis_date, analysis_day, outcome, citations, \
        search_requested, cost_nano_usd, cost_kind, response_time_ms, simulated, detector_version";
    let numbers =
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})");
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
