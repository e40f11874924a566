//! A model that writes in the place of another one, and its price.

use providers::simulator::server::SimulateOptions;
use serde_json::{Value, json};

use super::{LEDGER, suggest, with};
use crate::support::{Caller, Setup, Simulated, TestApp, with_postgres, with_sqlite};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_is_paid_on_sqlite() {
    with_sqlite(Setup::default(), async |app| who_writes_is_paid(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_is_paid_on_postgres() {
    with_postgres(Setup::default(), async |app| who_writes_is_paid(app).await).await;
}

async fn who_writes_is_paid(app: &TestApp) {
    let ana = app.admin().await;
    let models = ana.get("/models?provider=openai").await.expect(200);
    let models = models["models"].as_array().expect("models");
    let priced = |model: &&Value| {
        model["is_available"] == true && !model["cost_per_1m_output_tokens"].is_null()
    };
    let is_current = |model: &&Value| model["is_current"] == true;
    let mut usable = models.iter().filter(priced);
    let asked = usable.clone().find(is_current).expect("a current one");
    let other = usable.find(|model| !is_current(model)).expect("another");
    app.execute(&format!(
        "UPDATE llm_model_prices SET output_nano_usd_per_1m = 3 * output_nano_usd_per_1m \
         WHERE model_id = {}",
        other["id"]
    ))
    .await;

    let direct = Simulated::start("").await;
    direct.key_for(&ana, "openai").await;
    let of_asked = cost_of(app, &ana, asked).await;
    let of_other = cost_of(app, &ana, other).await;
    assert_ne!(of_asked, of_other);

    let name = |model: &Value| model["model_id"].as_str().expect("a name").to_owned();
    let reroute = format!("{}={}", name(asked), name(other));
    let rerouted = Simulated::with(SimulateOptions {
        reroutes: vec![reroute.parse().expect("a reroute")],
        ..SimulateOptions::default()
    })
    .await;
    rerouted.key_for(&ana, "openai").await;
    assert_eq!(cost_of(app, &ana, asked).await, of_other);
}

/// What is booked for suggestions that this model is asked for: the same, of the same length.
async fn cost_of(app: &TestApp, by: &Caller<'_>, model: &Value) -> i64 {
    let judge = json!({"model_id": model["id"]});
    by.put("/judge", &judge).await.expect(200);
    let before = app.number(LEDGER).await;
    let view = suggest(by, &with(&json!({"by_model": true}))).await;
    let booked = app.number(LEDGER).await - before;
    assert_eq!(view["cost"], booked, "{view}");
    booked
}
