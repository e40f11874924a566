//! The questions of a project.

mod add;
mod change;
mod import;
mod list;
mod remove;
mod show_history;
mod suggest;

use axum::body::Body;
use axum::http::Method;

use crate::support::{Caller, Reply};

/// Sends a file of questions.
pub(crate) async fn send_file(
    caller: &Caller<'_>,
    project: i64,
    options: &str,
    file: impl Into<Body>,
) -> Reply {
    let path = format!("/api/llm-monitoring/projects/{project}/queries/csv{options}");
    caller
        .with("content-type", "text/csv")
        .send(Method::POST, &path, file.into())
        .await
}
