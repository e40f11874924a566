//! Models: the registry, the check of the providers' lists, the review, trials.

mod check;
mod ends;
mod limits;
mod links;
mod trials;

use serde_json::{Value, json};

use crate::support::{Caller, Reply, all_named};

async fn store_key(caller: &Caller<'_>, provider: &str, origin: &str) {
    let base_url = match provider {
        "openai" => format!("{origin}/v1"),
        _ => origin.to_owned(),
    };
    let draft = json!({"provider": provider, "api_key": "sk-0123456789", "base_url": base_url});
    caller
        .call("keys/save", &json!({ "draft": draft }))
        .await
        .expect(200);
}

async fn check_lists(caller: &Caller<'_>) -> Value {
    caller.call("models/check", &json!({})).await.expect(200)
}

/// The rows of the registry that have a property.
async fn models(caller: &Caller<'_>, field: &str, value: &Value) -> Vec<Value> {
    let models = caller.call("models/list", &json!({})).await.expect(200);
    let models = models.as_array().expect("models").clone();
    models
        .into_iter()
        .filter(|model| model[field] == *value)
        .collect()
}

pub(crate) async fn one(caller: &Caller<'_>, slug: &str) -> Value {
    models(caller, "model_id", &json!(slug)).await.remove(0)
}

pub(crate) async fn change_model(caller: &Caller<'_>, model: &Value, change: Value) -> Reply {
    let arguments = json!({"model_id": model["id"], "change": change});
    caller.call("models/change", &arguments).await
}

async fn review_model(caller: &Caller<'_>, model: &Value, approve: bool) -> Reply {
    let arguments = json!({"model_id": model["id"], "approve": approve});
    caller.call("models/review", &arguments).await
}

async fn actions(caller: &Caller<'_>) -> Vec<String> {
    let changes = caller.call("models/changes", &json!({})).await.expect(200);
    let changes = all_named(&changes, "at by model action old new");
    let action = |change: &Value| change["action"].as_str().expect("a word").to_owned();
    changes
        .as_array()
        .expect("changes")
        .iter()
        .map(action)
        .collect()
}
