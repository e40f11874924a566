//! Files of everything: what they hold. That their length costs no memory is tried in a process of
//! its own: `export_memory.rs`.

mod answers;
mod budget;
mod citations;
mod costs;
mod findings;
mod ledger;
mod numbers;
mod queries;
mod snapshots;
mod table_file;

use serde_json::Value;

use crate::support::{Caller, TestApp};

/// The rows of a file with one object a line.
fn lines(body: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(body).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

/// The rows of a file of everything.
async fn file(api: &Caller<'_>, project: i64, name: &str) -> Vec<Value> {
    let path = format!("/projects/{project}/export/{name}?format=jsonl");
    lines(&api.get(&path).await.body)
}

/// A project with a run, as a program knows it.
struct Exported<'a> {
    api: Caller<'a>,
    project: i64,
    run: i64,
    /// Where its files are.
    base: String,
}

impl<'a> Exported<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let api = app.admin().await.program().await;
        let project = api.make_project("=cmd|'/c calc'!A1").await;
        let run = api.run_project(project).await;
        Self {
            api,
            project,
            run,
            base: format!("/projects/{project}/export"),
        }
    }
}
