//! What a run would ask and cost, as the screen and programs see it.

use serde_json::{Value, json};

use crate::models::current_model;
use crate::support::{
    Caller, Simulated, TestApp, all_named, named, on_both_databases, rest_project,
};

on_both_databases!(
    programs_are_told_what_the_screen_says,
    a_forecast_learns_from_answers,
    what_cannot_be_asked_costs_nothing_and_is_said
);

/// What the screen is told.
pub(crate) async fn forecast_on_screen(caller: &Caller<'_>, project: i64) -> Value {
    let arguments = json!({"project_id": project});
    let shown = caller.call("runs/forecast", &arguments).await.expect(200);
    let account = |row: &Value| named(row, "monthly spent reserved");
    let cost = |row: &Value| named(row, "expected low high");
    let mut shown = named(
        &shown,
        "prompts models cost worst_case budget project_budget judge",
    );
    shown["budget"] = account(&shown["budget"]);
    shown["project_budget"] = account(&shown["project_budget"]);
    shown["cost"] = cost(&shown["cost"]);
    let fields = "id provider name readiness asks cost basis answers";
    let mut models = all_named(&shown["models"], fields);
    for model in models.as_array_mut().expect("models") {
        model["cost"] = cost(&model["cost"]);
    }
    shown["models"] = models;
    shown
}

fn nanos(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("an amount: {value}"))
}

async fn programs_are_told_what_the_screen_says(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    let project = ana.make_project("Watch").await;
    let wanted = json!({"project_id": project});
    let screen = ana.call("runs/forecast", &wanted).await.expect(200);
    let screen = named(&screen, "prompts models cost worst_case budget");
    let shown = api.get(&format!("/projects/{project}/forecast")).await;
    let shown = shown.expect(200);
    assert_eq!(
        (&shown["queries"], &shown["asks"]),
        (&screen["prompts"], &json!(3))
    );
    let model = &shown["models"][0];
    assert_eq!(
        (&model["readiness"], &model["basis"]),
        (&json!("ready"), &json!("guess"))
    );
    let most = shown["worst_case_usd"].as_f64().expect("an amount");
    assert!(
        shown["cost"]["high_usd"]
            .as_f64()
            .is_some_and(|high| high <= most)
    );
    assert_eq!(shown["budget"]["monthly_budget_usd"], json!(100));
}

async fn a_forecast_learns_from_answers(app: &TestApp) {
    let ana = app.admin().await;
    // A provider that bills, at a price that is easy to read.
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "openai").await;
    let project = ana.make_billed_project("Watch").await;
    let model = current_model(&ana, "openai").await;
    ana.put(
        &format!("/models/{model}"),
        &json!({"cost_per_1m_input_tokens": 1, "cost_per_1m_output_tokens": "10", "cost_per_search": "0.01"}),
    )
    .await
    .expect(200);

    let guess = forecast_on_screen(&ana, project).await;
    assert_eq!(
        (&guess["prompts"], &guess["models"][0]["asks"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(
        (&guess["models"][0]["basis"], &guess["models"][0]["answers"]),
        (&json!("guess"), &json!(0))
    );
    let cost = &guess["cost"];
    assert!(
        nanos(&cost["low"]) < nanos(&cost["expected"])
            && nanos(&cost["expected"]) < nanos(&cost["high"])
    );
    assert_eq!(cost["high"], guess["worst_case"]);

    for _ in 0..2 {
        ana.run_project(project).await;
    }
    let learnt = forecast_on_screen(&ana, project).await;
    assert_eq!(
        (
            &learnt["models"][0]["basis"],
            &learnt["models"][0]["answers"]
        ),
        (&json!("project"), &json!(6))
    );
    assert!(nanos(&learnt["cost"]["high"]) <= nanos(&guess["cost"]["high"]));
    assert_eq!(learnt["worst_case"], guess["worst_case"]);
    // Two runs of the same three questions: a third one costs about half of both.
    let spent = app
        .number("SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_ledger")
        .await;
    assert!(
        (nanos(&learnt["cost"]["expected"]) - spent / 2).abs() <= 1,
        "{learnt} {spent}"
    );
    assert_eq!(learnt["budget"]["spent"], spent);

    // Another project of the workspace profits from it, one of another workspace does not.
    let other = ana.make_billed_project("Other").await;
    assert_eq!(
        forecast_on_screen(&ana, other).await["models"][0]["basis"],
        "workspace"
    );
    let ben = app.sign_up("ben@example.com").await;
    ben.put("/api-keys", &json!({"openai_api_key": "sk-0123456789"}))
        .await
        .expect(200);
    let foreign = ben.make_billed_project("Foreign").await;
    assert_eq!(
        forecast_on_screen(&ben, foreign).await["models"][0]["basis"],
        "guess"
    );
}

async fn what_cannot_be_asked_costs_nothing_and_is_said(app: &TestApp) {
    let ana = app.admin().await;
    let added = json!({"draft": {"provider": "google", "model_id": "no-price", "display_name": "", "web_search": false}});
    let unpriced = ana.call("models/add", &added).await.expect(200)["id"]
        .as_i64()
        .expect("an id");
    ana.put(
        &format!("/models/{unpriced}"),
        &json!({"is_available": true}),
    )
    .await
    .expect(200);
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "google").await;
    let keyless = current_model(&ana, "openai").await;
    let mut fields = rest_project("Watch");
    fields["model_ids"] = json!([keyless, unpriced]);
    fields
        .as_object_mut()
        .expect("an object")
        .remove("enabled_llms");
    let project = ana.post("/projects", &fields).await.expect(201)["project"]["id"]
        .as_i64()
        .expect("an id");
    let of = |forecast: &Value, id: i64| -> Value {
        let models = forecast["models"].as_array().expect("models");
        models
            .iter()
            .find(|model| model["id"] == id)
            .expect("the model")
            .clone()
    };
    let shown = forecast_on_screen(&ana, project).await;
    assert_eq!(of(&shown, keyless)["readiness"], "no_key");
    let model = of(&shown, unpriced);
    assert_eq!(
        (&model["readiness"], &model["cost"], &model["asks"]),
        (&json!("unpriced"), &Value::Null, &json!(0))
    );

    let budget = ana
        .put("/budget", &json!({"allow_unpriced": true}))
        .await
        .expect(200);
    assert_eq!(budget["budget"]["allow_unpriced"], true);
    let model = of(&forecast_on_screen(&ana, project).await, unpriced);
    assert_eq!(
        (&model["readiness"], &model["cost"], &model["asks"]),
        (&json!("ready_unpriced"), &Value::Null, &json!(3))
    );
    ana.put(
        &format!("/models/{unpriced}"),
        &json!({"is_available": false}),
    )
    .await
    .expect(200);
    let model = of(&forecast_on_screen(&ana, project).await, unpriced);
    assert_eq!(
        (&model["readiness"], &model["asks"]),
        (&json!("unavailable"), &json!(0))
    );
}
