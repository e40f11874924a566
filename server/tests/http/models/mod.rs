//! Models: the registry, the check of the providers' lists, the review, trials.

mod add;
mod approve;
mod change;
mod check;
mod ends;
mod limits;
mod links;
mod list;
mod list_changes;
mod reject;
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

/// The id of the model that a provider's name stands for.
pub(crate) async fn current_model(caller: &Caller<'_>, provider: &str) -> i64 {
    let models = caller
        .get(&format!("/models?provider={provider}&is_current=true"))
        .await
        .expect(200);
    models["models"][0]["id"].as_i64().expect("a model")
}

/// A model that a program adds, without a price.
async fn added_model(api: &Caller<'_>) -> Value {
    let fresh = json!({"llm_provider": "openai", "model_id": "gpt-9-demo"});
    api.post("/models", &fresh).await.expect(201)["model"].clone()
}

/// Gives a model a price, without which it cannot be used.
async fn price_model(api: &Caller<'_>, model: &Value) {
    let price = json!({"cost_per_1m_input_tokens": 1, "cost_per_1m_output_tokens": 2});
    api.put(&format!("/models/{}", model["id"]), &price)
        .await
        .expect(200);
}

/// Says of a model that a program approves or rejects it: `approve` or `reject`.
async fn decide_on(api: &Caller<'_>, model: &Value, verdict: &str) -> Reply {
    let path = format!("/models/{}/{verdict}", model["id"]);
    api.post(&path, &json!({})).await
}
