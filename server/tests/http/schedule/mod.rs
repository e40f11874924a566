//! What happens by itself, when, and what became of it.

mod change;
mod show;
mod show_of_models;
mod show_of_project;

use serde_json::{Value, json};

use crate::support::{Caller, all_named, named};

/// What the screen shows of jobs.
async fn jobs(by: &Caller<'_>) -> Value {
    let view = by.call("schedule/get", &json!({})).await.expect(200);
    let mut view = named(&view, "time_zone time_zones jobs");
    view["jobs"] = all_named(
        &view["jobs"],
        "kind project schedule next_at last newest_run",
    );
    view
}
