//! Forecasts, spend and limits, as the screen and programs see them.

use app::model::account::Role;
use app::model::money::Money;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{
    CRON_TOKEN, Caller, Setup, Simulated, TestApp, all_named, named, rest_project, with_postgres,
    with_sqlite,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forecast_learns_from_answers_on_sqlite() {
    with_sqlite(Setup::default(), async |app| forecasts(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forecast_learns_from_answers_on_postgres() {
    with_postgres(Setup::default(), async |app| forecasts(app).await).await;
}

async fn forecast(caller: &Caller<'_>, project: i64) -> Value {
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

async fn forecasts(app: &TestApp) {
    let ana = app.admin().await;
    // A provider that bills, at a price that is easy to read.
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "openai").await;
    let project = paid_project(&ana, "Watch").await;
    let model = model_id(&ana, "openai").await;
    ana.put(
        &format!("/models/{model}"),
        &json!({"cost_per_1m_input_tokens": 1, "cost_per_1m_output_tokens": "10", "cost_per_search": "0.01"}),
    )
    .await
    .expect(200);

    let guess = forecast(&ana, project).await;
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
    let learnt = forecast(&ana, project).await;
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
    let other = paid_project(&ana, "Other").await;
    assert_eq!(
        forecast(&ana, other).await["models"][0]["basis"],
        "workspace"
    );
    let ben = app.sign_up("ben@example.com").await;
    ben.put("/api-keys", &json!({"openai_api_key": "sk-0123456789"}))
        .await
        .expect(200);
    let foreign = paid_project(&ben, "Foreign").await;
    assert_eq!(forecast(&ben, foreign).await["models"][0]["basis"], "guess");
    check_spend(&ana, spent).await;
}

/// Three questions to the current model of OpenAI.
async fn paid_project(caller: &Caller<'_>, name: &str) -> i64 {
    let mut fields = rest_project(name);
    fields["enabled_llms"] = json!(["openai"]);
    let made = caller.post("/projects", &fields).await.expect(201);
    made["project"]["id"].as_i64().expect("an id")
}

async fn check_spend(ana: &Caller<'_>, spent: i64) {
    let of_month = |month: Value| async move {
        let arguments = json!({"query": {"month": month}});
        ana.call("budget/spend", &arguments).await.expect(200)
    };
    let present = of_month(Value::Null).await;
    let all = json!({"amount": spent, "is_at_least": false});
    assert_eq!(present["total"], all);
    assert_eq!(present["days"], json!([[present["today"], all]]));
    assert_eq!(
        present["kinds"][0],
        json!({"kind": "answer", "spend": all, "entries": 6})
    );
    assert_eq!(
        (
            &present["models"][0]["spend"]["amount"],
            &present["models"][0]["entries"]
        ),
        (&json!(spent), &json!(6))
    );
    assert_eq!(present["projects"][0]["name"], "Watch");
    assert_eq!(
        (&present["first_month"], &present["forecast"]),
        (&present["month"], &Value::Null)
    );
    let before = of_month(json!("2001-02-17")).await;
    assert_eq!(
        (&before["month"], &before["total"]["amount"]),
        (&json!("2001-02-01"), &json!(0))
    );
    let arguments = json!({"query": {"month": "+262142-12-31"}});
    assert_ne!(ana.call("budget/spend", &arguments).await.status, 500);
}

async fn model_id(caller: &Caller<'_>, provider: &str) -> i64 {
    let models = caller
        .get(&format!("/models?provider={provider}&is_current=true"))
        .await
        .expect(200);
    models["models"][0]["id"].as_i64().expect("a model")
}

#[tokio::test]
async fn what_cannot_be_asked_costs_nothing_and_is_said() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let added = json!({"draft": {"provider": "google", "model_id": "no-price", "display_name": "", "web_search": false}});
        let unpriced = ana.call("models/add", &added).await.expect(200)["id"].as_i64().expect("an id");
        ana.put(&format!("/models/{unpriced}"), &json!({"is_available": true})).await.expect(200);
        let provider = Simulated::start("").await;
        provider.key_for(&ana, "google").await;
        let keyless = model_id(&ana, "openai").await;
        let mut fields = rest_project("Watch");
        fields["model_ids"] = json!([keyless, unpriced]);
        fields.as_object_mut().expect("an object").remove("enabled_llms");
        let project = ana.post("/projects", &fields).await.expect(201)["project"]["id"].as_i64().expect("an id");
        let of = |forecast: &Value, id: i64| -> Value {
            let models = forecast["models"].as_array().expect("models");
            models.iter().find(|model| model["id"] == id).expect("the model").clone()
        };
        let shown = forecast(&ana, project).await;
        assert_eq!(of(&shown, keyless)["readiness"], "no_key");
        let model = of(&shown, unpriced);
        assert_eq!((&model["readiness"], &model["cost"], &model["asks"]), (&json!("unpriced"), &Value::Null, &json!(0)));

        let budget = ana.put("/budget", &json!({"allow_unpriced": true})).await.expect(200);
        assert_eq!(budget["budget"]["allow_unpriced"], true);
        let model = of(&forecast(&ana, project).await, unpriced);
        assert_eq!((&model["readiness"], &model["cost"], &model["asks"]), (&json!("ready_unpriced"), &Value::Null, &json!(3)));
        ana.put(&format!("/models/{unpriced}"), &json!({"is_available": false})).await.expect(200);
        let model = of(&forecast(&ana, project).await, unpriced);
        assert_eq!((&model["readiness"], &model["asks"]), (&json!("unavailable"), &json!(0)));
    })
    .await;
}

#[tokio::test]
async fn limits_are_set_at_both_doors_and_checked_at_both() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let model = model_id(&ana, "openai").await;
        let path = format!("/models/{model}");
        assert_eq!(ana.put(&path, &json!({"max_in_flight": 12})).await.expect(200)["model"]["max_in_flight"], 12);
        for wrong in [0, -1, 10_001] {
            let fields = ana.put(&path, &json!({"max_in_flight": wrong})).await.wrong_fields();
            assert_eq!(fields, ["max_in_flight"]);
            let change = json!({"model_id": model, "change": {"max_in_flight": wrong}});
            let told = ana.call("models/change", &change).await.expect(422);
            assert_eq!(told["fields"][0]["field"], "max_in_flight");
        }
        let list = ana.get("/models").await.expect(200);
        let kept = list["models"].as_array().expect("models").iter().find(|row| row["id"] == model);
        assert_eq!(kept.expect("the model")["max_in_flight"], 12);

        ana.put("/api-keys", &json!({"openai_api_key": "sk-0123456789", "openai_max_in_flight": 5})).await.expect(200);
        let limit = async || ana.call("keys/list", &json!({})).await.expect(200)[0]["max_in_flight"].clone();
        assert_eq!(limit().await, 5);
        ana.put("/api-keys", &json!({"openai_api_key": "sk-0123456780"})).await.expect(200);
        assert_eq!(limit().await, 5, "what is not mentioned stays");
        for wrong in [json!(0), json!("many"), json!(1.5), json!([1])] {
            let fields = ana.put("/api-keys", &json!({"openai_max_in_flight": wrong})).await.wrong_fields();
            assert_eq!(fields, ["openai_max_in_flight"], "{wrong}");
        }
        let draft = |limit: &str| json!({"draft": {"provider": "openai", "api_key": null, "base_url": "", "max_in_flight": limit}});
        let told = ana.call("keys/save", &draft("0")).await.expect(422);
        assert_eq!(told["fields"][0]["field"], "max_in_flight");
        ana.call("keys/save", &draft("")).await.expect(200);
        assert_eq!(limit().await, Value::Null);
        // A limit alone makes no key.
        let alone = ana.put("/api-keys", &json!({"google_max_in_flight": 3})).await.wrong_fields();
        assert_eq!(alone, ["google_api_key"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_days_summary_is_in_dollars() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let provider = Simulated::start("").await;
        provider.key_for(&ana, "openai").await;
        let project = paid_project(&ana, "Watch").await;
        let day = async || {
            app.nobody()
                .with("authorization", &format!("Bearer {CRON_TOKEN}"))
                .rest(Method::POST, "/cron/daily-analysis?wait=true", None)
                .await
                .expect(200)
        };
        let done = day().await;
        let run = ana
            .get(&format!("/projects/{project}/runs"))
            .await
            .expect(200)["runs"][0]
            .clone();
        assert!(
            run["cost_usd"]
                .as_f64()
                .is_some_and(|cost| cost > 0.0 && cost < 1.0),
            "{run}"
        );
        assert_eq!(
            (&done["cost_usd"], &done["projects"][0]["cost_usd"]),
            (&run["cost_usd"], &run["cost_usd"])
        );
        assert_eq!(done["cost_is_at_least"], false);
        // A hundredth of a cent, of which the day cost more.
        ana.put("/budget", &json!({"monthly_budget_usd": 0.0001}))
            .await
            .expect(200);
        let warning = day().await["budget_warnings"][0].clone();
        assert_eq!(
            (&warning["spent_usd"], &warning["monthly_usd"]),
            (&run["cost_usd"], &json!(0.0001))
        );
        assert_eq!(warning["is_over"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_may_have_a_budget_of_its_own() {
    with_sqlite(Setup::default(), async |app| {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        let path = format!("/projects/{project}");
        let budget = async |body: &Value| {
            ana.put(&path, body).await.expect(200)["project"]["monthly_budget_usd"].clone()
        };
        assert_eq!(
            ana.get(&path).await.expect(200)["project"]["monthly_budget_usd"],
            Value::Null
        );
        assert_eq!(budget(&json!({"monthly_budget_usd": 12.5})).await, 12.5);
        assert_eq!(budget(&json!({"name": "Same"})).await, 12.5);
        let shown = forecast(&ana, project).await;
        assert_eq!(
            shown["project_budget"]["monthly"],
            Money::from_nanos(12_500_000_000).nanos()
        );
        assert_eq!(
            budget(&json!({"monthly_budget_usd": null})).await,
            Value::Null
        );
        assert_eq!(forecast(&ana, project).await["project_budget"], Value::Null);
        for wrong in [json!(-1), json!("x"), json!(true), json!(1_000_001)] {
            let fields = ana
                .put(&path, &json!({"monthly_budget_usd": wrong}))
                .await
                .wrong_fields();
            assert_eq!(fields, ["monthly_budget_usd"], "{wrong}");
        }
    })
    .await;
}

#[tokio::test]
async fn viewers_see_forecasts_and_spend_and_change_nothing() {
    with_sqlite(Setup::default(), async |app| {
        let owner = app.admin().await;
        let project = owner.make_project("Watch").await;
        let workspace = owner.workspace().await;
        let viewer = app.member("v@example.com", workspace, Role::Viewer).await;
        forecast(&viewer, project).await;
        let query = json!({"query": {"month": null}});
        viewer.call("budget/spend", &query).await.expect(200);
        let editor = app.member("e@example.com", workspace, Role::Editor).await;
        let change =
            json!({"draft": {"monthly": null, "threshold_percent": null, "allow_unpriced": true}});
        for member in [&viewer, &editor] {
            member.call("budget/save", &change).await.expect(403);
            member
                .put("/budget", &json!({"allow_unpriced": true}))
                .await
                .problem(403);
        }
        let nobody = app.nobody();
        nobody.call("budget/spend", &query).await.expect(401);
        nobody
            .call("runs/forecast", &json!({"project_id": project}))
            .await
            .expect(401);
        assert_eq!(
            owner.get("/budget").await.expect(200)["budget"]["allow_unpriced"],
            false
        );
    })
    .await;
}
