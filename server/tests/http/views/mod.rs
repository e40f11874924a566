//! Saved views: each person's own, those that are shared, and what nobody may do with another's.

mod bounds;
mod default;
mod shared;

use serde_json::{Value, json};

use crate::support::{Caller, all_named, named};

const VIEW: &str = "id name setting is_own may_change is_shared is_default";

fn draft(project: i64, name: &str) -> Value {
    json!({
        "place": "answers", "project_id": project, "name": name,
        "setting": {"address": "failed=yes&tag=a%20b", "columns": ["time", "-cost"]},
    })
}

async fn save(by: &Caller<'_>, draft: Value) -> Value {
    let saved = by.call("views/save", &json!({"draft": draft})).await;
    named(&saved.expect(200), VIEW)
}

async fn update(by: &Caller<'_>, view: &Value, change: Value) -> Value {
    let call = json!({"view_id": view["id"], "change": change});
    named(&by.call("views/update", &call).await.expect(200), VIEW)
}

async fn listed(by: &Caller<'_>, project: i64) -> Vec<Value> {
    let call = json!({"place": "answers", "project_id": project});
    let list = by.call("views/list", &call).await.expect(200);
    all_named(&list, VIEW).as_array().expect("a list").clone()
}

async fn names(by: &Caller<'_>, project: i64) -> Vec<String> {
    let name = |view: Value| view["name"].as_str().expect("a name").to_owned();
    listed(by, project).await.into_iter().map(name).collect()
}
