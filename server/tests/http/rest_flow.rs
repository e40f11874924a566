//! The main job by REST and token, on both databases.

use app::model::money::Money;
use serde_json::{Value, json};

use crate::support::{Simulated, TestApp, keys, on_both_databases, sorted};

on_both_databases!(flow);

async fn flow(app: &TestApp) {
    let admin = app.admin().await;
    let api = admin.program().await;
    // A provider that bills: what the simulator in this process says costs nobody anything.
    let provider = Simulated::start("").await;
    provider.key_for(&admin, "openai").await;

    let made = api
        .post(
            "/projects",
            &json!({
                "name": "Watch", "brand_name": "Kipu", "brand_domain": "https://www.kipu.example/", "brand_keywords": ["Kipu Suite"],
                "industry": "accounting software", "enabled_llms": ["openai"], "queries_per_llm": 5,
                "competitors": ["Acme", {"name": "Globex", "domain": "globex.example", "keywords": ["Globex Corp"]}],
                "language": "en", "country_code": "es", "unknown_field": [1, 2],
            }),
        )
        .await
        .expect(201);
    assert_eq!(made["success"], true);
    assert_eq!(
        keys(&made["project"]),
        sorted(["id", "name", "brand_name", "total_queries_generated"])
    );
    assert_eq!(made["project"]["total_queries_generated"], 5);
    assert_eq!(made["queries"].as_array().map(Vec::len), Some(5));
    assert_eq!(keys(&made["queries"][0]), ["id", "query_text"]);
    let id = made["project"]["id"].as_i64().expect("an id");

    check_project(&api.get("/projects").await.expect(200)["projects"][0]);

    let questions = json!({"queries": [
        "Which accounting software is best for bakers?", "Name ten accounting tools and rank them.",
        "Is Kipu better than Acme for freelancers?",
    ], "replace": true});
    let put = api
        .post(&format!("/projects/{id}/queries"), &questions)
        .await
        .expect(200);
    assert_eq!(put["total"], 3);
    let listed = api
        .get(&format!("/projects/{id}/queries"))
        .await
        .expect(200);
    assert_eq!(
        keys(&listed["queries"][0]),
        sorted([
            "id",
            "query_text",
            "language",
            "query_type",
            "tags",
            "is_active"
        ])
    );
    assert_eq!(listed["queries"][2]["query_type"], "with_brand");

    let ended = api
        .post(&format!("/projects/{id}/analyze?wait=true"), &json!({}))
        .await
        .expect(200);
    check_ended(&ended, id);
    check_runs(&api, id, &ended).await;
    check_results(&api, id, &ended).await;
    check_metrics(&api, id, &ended).await;
    check_budget(app, &api, &ended["results"]["total_cost_usd"]).await;
    check_models(app, &api).await;

    let whole = api.get(&format!("/projects/{id}")).await.expect(200);
    assert_eq!(whole["project"]["total_snapshots"], 1);
    assert!(whole["project"]["last_analysis_date"].is_string());
    let latest = &whole["latest_metrics"]["openai"];
    assert!(
        latest["mention_rate"]
            .as_f64()
            .is_some_and(|rate| (0.0..=100.0).contains(&rate)),
        "{latest}"
    );
    assert_eq!(latest["sentiment"], Value::Null);

    api.delete(&format!("/projects/{id}")).await.expect(200);
    api.get(&format!("/projects/{id}")).await.problem(404);
    assert_eq!(api.get("/projects").await.expect(200)["total"], 0);
    assert_eq!(
        app.count("llm_monitoring_results").await,
        3,
        "answers are kept"
    );
}

fn check_project(project: &Value) {
    let owed = [
        "id",
        "name",
        "brand_name",
        "brand_domain",
        "industry",
        "language",
        "country_code",
        "enabled_llms",
        "competitors",
        "queries_per_llm",
        "is_active",
        "last_analysis_date",
        "total_snapshots",
    ];
    for field in owed {
        assert!(project.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(project["brand_domain"], "kipu.example");
    assert_eq!(project["country_code"], "ES");
    assert_eq!(project["enabled_llms"], json!(["openai"]));
    assert_eq!(project["queries_per_llm"], 5);
    assert_eq!(project["competitors"][0]["name"], "Acme");
    assert_eq!(project["competitors"][1]["domain"], "globex.example");
    assert_eq!(
        project["competitors"][1]["keywords"],
        json!(["Globex Corp"])
    );
    assert_eq!(project["last_analysis_date"], Value::Null);
}

fn check_ended(ended: &Value, project: i64) {
    let results = &ended["results"];
    assert_eq!(results["project_id"], project);
    assert_eq!(results["total_queries_executed"], 3);
    assert_eq!(results["llms_analyzed"], 1);
    assert_eq!(results["completeness_by_llm"], json!({"openai": 100.0}));
    assert_eq!(results["incomplete_llms"], json!([]));
    assert!(
        results["duration_seconds"]
            .as_f64()
            .is_some_and(|seconds| seconds >= 0.0)
    );
    assert!(
        results["total_cost_usd"]
            .as_f64()
            .is_some_and(|cost| cost > 0.0)
    );
}

async fn check_runs(api: &crate::support::Caller<'_>, project: i64, ended: &Value) {
    let run_id = &ended["run_id"];
    let listed = api
        .get(&format!("/projects/{project}/runs"))
        .await
        .expect(200);
    assert_eq!(listed["total"], 1);
    let shown = api
        .get(&format!("/projects/{project}/runs/{run_id}"))
        .await
        .expect(200);
    let run = &shown["run"];
    assert_eq!(listed["runs"][0], *run);
    assert_eq!((&run["id"], &run["status"]), (run_id, &json!("finished")));
    assert_eq!(
        (&run["asks_total"], &run["asks_done"], &run["asks_failed"]),
        (&json!(3), &json!(3), &json!(0))
    );
    assert_eq!(run["cost_usd"], ended["results"]["total_cost_usd"]);
    assert_eq!(run["trigger"], "api");
    assert!(run["started_at"].is_string() && run["finished_at"].is_string());
}

#[expect(clippy::too_many_lines, reason = "one field after the other")]
async fn check_results(api: &crate::support::Caller<'_>, project: i64, ended: &Value) {
    let path = format!("/projects/{project}/results");
    let all = api.get(&path).await.expect(200);
    let results = all["results"].as_array().expect("answers");
    assert_eq!(
        (results.len(), &all["total"], &all["next_cursor"]),
        (3, &json!(3), &Value::Null)
    );
    let owed = [
        "id",
        "run_id",
        "query_id",
        "query_text",
        "llm_provider",
        "model_requested",
        "model_served",
        "analysis_date",
        "brand_mentioned",
        "source",
        "mention_count",
        "position_in_list",
        "total_items_in_list",
        "sentiment",
        "sentiment_score",
        "competitors_mentioned",
        "citations",
        "full_response",
        "input_tokens",
        "output_tokens",
        "cost_usd",
        "cost_kind",
        "response_time_ms",
        "outcome",
        "error_class",
    ];
    for field in owed {
        assert!(results[0].get(field).is_some(), "{field} is missing");
    }
    for answer in results {
        assert_eq!(
            (&answer["outcome"], &answer["simulated"]),
            (&json!("answered"), &json!(false))
        );
        assert_eq!(answer["run_id"], ended["run_id"]);
        assert_eq!(answer["model_requested"], "gpt-6.1-sol");
        assert!(
            answer["full_response"]
                .as_str()
                .is_some_and(|text| text.len() > 40)
        );
        assert!(answer["cost_usd"].as_f64().is_some_and(|cost| cost > 0.0));
        assert!(answer["citations"].is_array() && answer["competitors_mentioned"].is_array());
    }

    let mut cursor = String::new();
    let mut seen = Vec::new();
    loop {
        let page = api
            .get(&format!("{path}?limit=1&cursor={cursor}"))
            .await
            .expect(200);
        seen.push(page["results"][0]["id"].clone());
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(
        seen,
        results
            .iter()
            .map(|answer| answer["id"].clone())
            .collect::<Vec<_>>()
    );

    let count = async |filter: &str| {
        api.get(&format!("{path}?{filter}")).await.expect(200)["total"]
            .as_i64()
            .expect("a number")
    };
    let mentioned = results
        .iter()
        .filter(|answer| answer["brand_mentioned"] == true)
        .count();
    assert_eq!(
        count("mentioned=true").await,
        i64::try_from(mentioned).expect("few")
    );
    assert_eq!(
        count("mentioned=true").await + count("mentioned=false").await,
        3
    );
    assert_eq!(count(&format!("run_id={}", ended["run_id"])).await, 3);
    assert_eq!(
        count(&format!("query_id={}", results[0]["query_id"])).await,
        1
    );
    assert_eq!(
        count(&format!("model_id={}", results[0]["model_id"])).await,
        3
    );
    assert_eq!(count("llm_provider=openai").await, 3);
    assert_eq!(count("llm_provider=google").await, 0);
    assert_eq!(count("start_date=2001-01-01&end_date=2001-12-31").await, 0);
    assert_eq!(count("start_date=2001-01-01").await, 3);
}

#[expect(clippy::too_many_lines, reason = "one field after the other")]
async fn check_metrics(api: &crate::support::Caller<'_>, project: i64, ended: &Value) {
    let metrics = api
        .get(&format!("/projects/{project}/metrics"))
        .await
        .expect(200);
    assert_eq!(metrics["project_id"], project);
    assert_eq!(keys(&metrics["period"]), ["end_date", "start_date"]);
    let snapshot = &metrics["snapshots"][0];
    let owed = [
        "id",
        "llm_provider",
        "snapshot_date",
        "mention_rate",
        "avg_position",
        "top3_count",
        "share_of_voice",
        "weighted_share_of_voice",
        "sentiment",
        "total_queries",
        "total_cost",
    ];
    for field in owed {
        assert!(snapshot.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(snapshot["total_queries"], 3);
    assert_eq!(snapshot["total_cost"], ended["results"]["total_cost_usd"]);
    assert_eq!(
        metrics["aggregated"]["total_cost_usd"],
        snapshot["total_cost"]
    );
    assert_eq!(
        (
            &metrics["aggregated"]["other_cost_usd"],
            &snapshot["cost_is_at_least"],
            &snapshot["simulated_cost_usd"]
        ),
        (&json!(0), &json!(false), &json!(0))
    );
    let usage = api.get("/usage").await.expect(200);
    assert_eq!(usage["total_cost_usd"], snapshot["total_cost"]);
    let kinds = usage["by_kind"].as_array().expect("kinds");
    let kind = |row: &Value| row["kind"].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        kinds.iter().map(kind).collect::<Vec<_>>(),
        [
            "answer",
            "filtered",
            "lost",
            "judge",
            "suggest",
            "trial",
            "correction"
        ]
    );
    assert_eq!(kinds[0]["cost_usd"], snapshot["total_cost"]);
    let aggregated = &metrics["aggregated"];
    assert_eq!(
        (
            &aggregated["total_snapshots"],
            &aggregated["total_queries_analyzed"]
        ),
        (&json!(1), &json!(3))
    );
    let pooled = &aggregated["metrics_by_llm"]["openai"];
    assert_eq!(pooled["avg_mention_rate"], snapshot["mention_rate"]);
    assert_eq!(pooled["avg_position"], snapshot["avg_position"]);
    assert_eq!(pooled["total_snapshots"], 1);
    assert_eq!(
        aggregated["metrics_by_model"][0]["model_display_name"],
        "GPT-6.1 Sol"
    );

    let answers = api
        .get(&format!("/projects/{project}/results"))
        .await
        .expect(200);
    let answers = answers["results"].as_array().expect("answers");
    let named = answers
        .iter()
        .filter(|answer| answer["brand_mentioned"] == true)
        .count();
    assert_eq!(
        snapshot["total_mentions"], named,
        "table and metrics count the same"
    );

    let none = api
        .get(&format!("/projects/{project}/metrics?llm_provider=google"))
        .await
        .expect(200);
    assert_eq!(none["snapshots"], json!([]));
    let page = api
        .get(&format!("/projects/{project}/snapshots?limit=1"))
        .await
        .expect(200);
    assert_eq!(
        (&page["snapshots"], &page["total"]),
        (&metrics["snapshots"], &json!(1))
    );
    let beyond = api
        .get(&format!("/projects/{project}/snapshots?limit=1&offset=1"))
        .await
        .expect(200);
    assert_eq!(
        (&beyond["snapshots"], &beyond["total"]),
        (&json!([]), &json!(1))
    );
}

async fn check_budget(app: &TestApp, api: &crate::support::Caller<'_>, spent: &Value) {
    let shown = api.get("/budget").await.expect(200);
    assert_eq!(shown["configured"], true);
    assert_eq!(
        keys(&shown["budget"]),
        sorted([
            "monthly_budget_usd",
            "current_month_spend",
            "remaining",
            "spending_alert_threshold",
            "percentage_used",
            "is_over_budget",
            "is_near_limit",
            "reserved",
            "allow_unpriced",
            "last_spend_reset",
        ])
    );
    assert_eq!(shown["budget"]["current_month_spend"], *spent);
    assert_eq!(
        (
            &shown["budget"]["monthly_budget_usd"],
            &shown["budget"]["spending_alert_threshold"]
        ),
        (&json!(100), &json!(80))
    );

    let text = r#"{"monthly_budget_usd": 12.345678901, "spending_alert_threshold": 75}"#;
    let changed = api
        .send(
            axum::http::Method::PUT,
            "/api/llm-monitoring/budget",
            text.into(),
        )
        .await;
    changed.expect(200);
    assert!(
        String::from_utf8_lossy(&changed.body).contains(r#""monthly_budget_usd":12.345678901,"#)
    );
    let workspace = app.number("SELECT MIN(id) FROM workspaces").await;
    let stored = app.store.budget(workspace.into()).await.expect("a budget");
    assert_eq!(
        (stored.monthly, stored.threshold_percent),
        (Money::from_nanos(12_345_678_901), 75)
    );
    let half = api
        .put("/budget", &json!({"monthly_budget_usd": "50"}))
        .await
        .expect(200);
    assert_eq!(
        (
            &half["budget"]["monthly_budget_usd"],
            &half["budget"]["spending_alert_threshold"]
        ),
        (&json!(50), &json!(75))
    );
}

async fn check_models(app: &TestApp, api: &crate::support::Caller<'_>) {
    let current = api
        .get("/models?provider=openai&is_current=true")
        .await
        .expect(200);
    assert_eq!(current["total"], 1);
    let model = &current["models"][0];
    let owed = [
        "id",
        "llm_provider",
        "model_id",
        "model_display_name",
        "cost_per_1m_input_tokens",
        "cost_per_1m_output_tokens",
        "max_tokens",
        "is_current",
        "is_available",
    ];
    for field in owed {
        assert!(model.get(field).is_some(), "{field} is missing");
    }
    let id = model["id"].as_i64().expect("an id");
    // As a float this would be 0.12345678900000001.
    let text = r#"{"cost_per_1m_input_tokens": 0.123456789, "cost_per_1m_output_tokens": "4.5", "max_tokens": 4096}"#;
    let changed = api
        .send(
            axum::http::Method::PUT,
            &format!("/api/llm-monitoring/models/{id}"),
            text.into(),
        )
        .await;
    let changed = changed.expect(200);
    assert_eq!(
        (
            &changed["model"]["price_origin"],
            &changed["model"]["max_tokens"]
        ),
        (&json!("user"), &json!(4096))
    );
    let price = app
        .store
        .model(id.into())
        .await
        .expect("a model")
        .price
        .expect("a price");
    assert_eq!(
        (price.input.nanos(), price.output.nanos()),
        (123_456_789, 4_500_000_000)
    );
    // The older price stays for the answers that were costed with it.
    assert_eq!(
        app.store
            .price_history(id.into())
            .await
            .expect("prices")
            .len(),
        2
    );
    api.put(&format!("/models/{id}"), &json!({"is_current": false}))
        .await
        .problem(409);
}
