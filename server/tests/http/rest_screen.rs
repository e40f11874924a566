//! REST for what else the screen can do: schedules, notices, forecasts, names beside the brand,
//! the registry and its prices. Each says what the screen's own call says.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, all_named, named, on_both_databases};

on_both_databases!(flow);

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    let project = ana.make_project("Watch").await;
    forecast(&ana, &api, project).await;
    let run = ana.run_project(project).await;
    let judged = format!("/projects/{project}/runs/{run}/judge");
    // Nobody was chosen to judge.
    api.post(&judged, &json!({})).await.problem(409);
    schedule(&ana, &api, project).await;
    names(&api, project).await;
    notices(app, &ana, &api).await;
    registry(&api).await;
    prices(app, &ana, &api).await;
    only_for_admins(app).await;
}

async fn forecast(ana: &Caller<'_>, api: &Caller<'_>, project: i64) {
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

async fn schedule(ana: &Caller<'_>, api: &Caller<'_>, project: i64) {
    let shown = api.get("/schedule").await.expect(200);
    assert_eq!(
        (&shown["time_zone"], &shown["total"]),
        (&json!("UTC"), &json!(2))
    );
    let job = &shown["jobs"][0];
    assert_eq!(
        (
            &job["kind"],
            &job["project_id"],
            &job["schedule"],
            &job["last"]
        ),
        (
            &json!("run"),
            &json!(project),
            &json!("0 4 * * *"),
            &Value::Null
        )
    );
    assert_eq!(shown["jobs"][1]["kind"], "models");
    let part = api.get("/schedule?limit=1").await.expect(200);
    assert_eq!(part["next_cursor"], "1");

    let zone = json!({"time_zone": "Europe/Madrid"});
    let changed = api.put("/schedule", &zone).await.expect(200);
    assert_eq!(changed["time_zone"], "Europe/Madrid");
    let wrong = api
        .put("/schedule", &json!({"time_zone": "Europe/Atlantis"}))
        .await;
    assert_eq!(wrong.wrong_fields(), ["time_zone"]);
    let back = json!({"time_zone": "UTC"});
    api.put("/schedule", &back).await.expect(200);

    let own = api
        .get(&format!("/projects/{project}/schedule"))
        .await
        .expect(200);
    let screen = ana
        .call("schedule/job", &json!({"project_id": project}))
        .await;
    let screen = named(&screen.expect(200), "kind project schedule next_at last");
    assert_eq!(own["job"]["next_at"], screen["next_at"]);
    assert_eq!((&own["times"], &own["total"]), (&json!([]), &json!(0)));
    let models = api.get("/schedule/models").await.expect(200);
    assert_eq!(models["job"]["project_id"], Value::Null);
}

async fn names(api: &Caller<'_>, project: i64) {
    let path = format!("/projects/{project}/names");
    let decide = async |name: &str, decision: &str| {
        let body = json!({"name": name, "decision": decision});
        api.post(&path, &body).await
    };
    let gone = decide("Zorbo", "dismiss").await.expect(200);
    assert_eq!(gone["dismissed"], json!(["Zorbo"]));
    assert_eq!(
        decide("Zorbo", "restore").await.expect(200)["dismissed"],
        json!([])
    );
    decide("Zorbo", "adopt").await.expect(200);
    let shown = api.get(&format!("/projects/{project}")).await.expect(200);
    let competitors = shown["project"]["competitors"].to_string();
    assert!(competitors.contains("Zorbo"), "{competitors}");
    assert_eq!(decide("Zorbo", "praise").await.wrong_fields(), ["decision"]);
    let listed = api.get(&path).await.expect(200);
    assert!(listed["answers_read"].is_number() && listed["names"].is_array());
}

async fn notices(app: &TestApp, ana: &Caller<'_>, api: &Caller<'_>) {
    assert_eq!(api.get("/notices").await.expect(200)["notices"], json!([]));
    let workspace = ana.workspace().await;
    app.execute(&format!(
        "INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) \
         VALUES ({workspace}, 'key_rejected', 'openai', 0, \
         '{{\"key_rejected\":{{\"provider\":\"openai\",\"no_credit\":false}}}}', \
         '2026-11-01T10:00:00Z')"
    ))
    .await;
    let spanish = api.with("accept-language", "es");
    for (by, word) in [(api, "key"), (&spanish, "clave")] {
        let told = by.get("/notices").await.expect(200);
        let told = &told["notices"][0];
        assert_eq!(
            (&told["kind"], &told["link"]),
            (&json!("key_rejected"), &json!("/keys"))
        );
        let words = format!("{} {}", told["title"], told["message"]).to_lowercase();
        assert!(words.contains(word) && words.contains("chatgpt"), "{words}");
    }
    let ben = app.sign_up("ben@example.com").await;
    assert_eq!(ben.get("/notices").await.expect(200)["total"], 0);
}

async fn registry(api: &Caller<'_>) {
    let fresh = json!({"llm_provider": "openai", "model_id": "gpt-9-demo"});
    let added = api.post("/models", &fresh).await.expect(201)["model"].clone();
    assert_eq!(
        (&added["is_available"], &added["model_display_name"]),
        (&json!(false), &json!("gpt-9-demo"))
    );
    let twice = api.post("/models", &fresh).await;
    assert_eq!(twice.wrong_fields(), ["model_id"]);
    let id = &added["id"];
    let verdict = async |word: &str| {
        let path = format!("/models/{id}/{word}");
        api.post(&path, &json!({})).await.expect(200)["model"]["review"].clone()
    };
    assert_eq!(verdict("reject").await, "rejected");
    // What has no price cannot be used.
    let approve = format!("/models/{id}/approve");
    api.post(&approve, &json!({})).await.problem(409);
    let price = json!({"cost_per_1m_input_tokens": 1, "cost_per_1m_output_tokens": 2});
    api.put(&format!("/models/{id}"), &price).await.expect(200);
    assert_eq!(verdict("approve").await, "approved");
    api.post("/models/999999/approve", &json!({}))
        .await
        .problem(404);
    let changes = api.get("/models/changes?limit=5").await.expect(200);
    let actions = changes["changes"].as_array().expect("changes").iter();
    let actions: Vec<&Value> = actions.map(|change| &change["action"]).collect();
    assert_eq!(
        actions,
        ["available", "approved", "price", "rejected", "added"]
    );
    assert_eq!(changes["changes"][0]["by"], "admin@example.com");
    // No provider has a key, so none is asked.
    let checked = api.post("/models/check", &json!({})).await.expect(200);
    assert_eq!(
        (&checked["checked"], &checked["failed"]),
        (&json!([]), &json!([]))
    );
}

async fn prices(app: &TestApp, ana: &Caller<'_>, api: &Caller<'_>) {
    let before = app.count("llm_model_prices").await;
    let file = json!({"models": [
        {"provider": "openai", "model_id": "gpt-5", "input": 1.5, "output": 12},
        {"provider": "google", "model_id": "gemini-9", "input": 1, "output": 2},
    ]});
    let path = "/api/llm-monitoring/prices/import";
    let shown = api
        .with("content-type", "application/json")
        .send(Method::POST, path, Body::from(file.to_string()))
        .await
        .expect(200);
    assert_eq!(
        (&shown["format"], &shown["unknown"]),
        (&json!("parallax"), &json!(1))
    );
    let offer = &shown["offers"][0];
    let screen = ana
        .call("models/import-preview", &json!({"text": file.to_string()}))
        .await;
    let screen = all_named(
        &screen.expect(200)["rows"],
        "model_id provider slug name keys price_id",
    );
    assert_eq!(
        (&offer["model_id"], &offer["price_id"]),
        (&screen[0]["model_id"], &screen[0]["price_id"])
    );
    assert_eq!(offer["new"]["cost_per_1m_input_tokens"], json!(1.5));
    assert_eq!(
        app.count("llm_model_prices").await,
        before,
        "a look writes nothing"
    );

    let choice = |input: Value| {
        json!({"prices": [{
            "model_id": offer["model_id"], "price_id": offer["price_id"],
            "cost_per_1m_input_tokens": input, "cost_per_1m_output_tokens": 12,
        }]})
    };
    for wrong in [json!("x"), json!(-1), json!(1e30)] {
        let told = api.post("/prices", &choice(wrong)).await;
        assert_eq!(told.wrong_fields(), ["prices"]);
    }
    let written = api.post("/prices", &choice(json!("1.5"))).await.expect(200);
    assert_eq!(written["written"], 1);
    // The row that was shown is not the present one any more.
    api.post("/prices", &choice(json!("1.6")))
        .await
        .problem(409);
    assert_eq!(app.count("llm_model_prices").await, before + 1);

    let path = format!("/models/{}/recompute", offer["model_id"]);
    let period = "?start_date=2026-01-01&end_date=2026-06-30";
    let found = api.get(&format!("{path}{period}")).await.expect(200);
    assert_eq!(
        (&found["answers"], &found["difference_usd"]),
        (&json!(0), &json!(0))
    );
    let book = async |usd: Value| {
        let body = json!({"difference_usd": usd});
        api.post(&format!("{path}{period}"), &body).await
    };
    book(json!(0)).await.expect(200);
    book(json!(5)).await.problem(409);
    assert_eq!(book(json!("much")).await.wrong_fields(), ["difference_usd"]);
    let long = api
        .get(&format!("{path}?start_date=2024-06-30&end_date=2026-06-30"))
        .await;
    assert_eq!(long.wrong_fields(), ["end_date"]);
}

async fn only_for_admins(app: &TestApp) {
    let cleo = app.sign_up("cleo@example.com").await;
    for path in ["/models/changes", "/schedule/models", "/models/1/recompute"] {
        cleo.get(path).await.problem(403);
    }
    let fresh = json!({"llm_provider": "openai", "model_id": "gpt-9-cleo"});
    for (path, body) in [
        ("/models", fresh),
        ("/models/check", json!({})),
        ("/models/1/approve", json!({})),
        ("/models/1/reject", json!({})),
        ("/prices", json!({"prices": []})),
        ("/prices/import", json!({"models": []})),
        ("/models/1/recompute", json!({"difference_usd": 0})),
    ] {
        cleo.post(path, &body).await.problem(403);
    }
}
