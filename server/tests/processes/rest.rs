//! The main job as a program does it: REST and a token, from the keys to the numbers, against
//! the protocols of the four providers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::home::Home;
use crate::support::on_both_databases;
use crate::support::simulator::{Simulator, good_key};
use app::model::provider::Provider;

const QUESTIONS: usize = 10;

on_both_databases! {
    async fn the_main_job_by_rest(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "50"]).await;
        let host = home.serve(&vec![]).await;
        let api = &host.client;
        store_keys(api, &simulator).await;
        let project = make_project(api).await;

        let path = format!("/projects/{project}/analyze?wait=true");
        let ended = get_ok(api.rest(Method::POST, &path, None).await, 200);
        let results = &ended["results"];
        assert_eq!(results["total_queries_executed"], 40);
        assert_eq!(results["incomplete_llms"], json!([]));
        simulator.stats().await.assert_each_once(4, QUESTIONS);

        check_answers(api, project, &ended).await;
        check_numbers(api, project).await;
        check_prices(api, project).await;
    }
}

fn get_ok((status, body): (u16, Value), expected: u16) -> Value {
    assert_eq!(status, expected, "{body}");
    assert_eq!(body["success"], true, "{body}");
    body
}

async fn get(api: &Client, path: &str) -> Value {
    get_ok(api.rest(Method::GET, path, None).await, 200)
}

async fn store_keys(api: &Client, simulator: &Simulator) {
    let mut keys = json!({});
    for provider in Provider::BIG_FOUR {
        keys[format!("{}_api_key", provider.slug())] = json!(good_key(provider));
        keys[format!("{}_base_url", provider.slug())] = json!(simulator.base_url(provider));
    }
    get_ok(api.rest(Method::POST, "/api-keys", Some(&keys)).await, 200);
    let configured = get(api, "/api-keys").await;
    for provider in Provider::BIG_FOUR {
        assert_eq!(configured["api_keys"][provider.slug()], true);
    }
    assert!(
        !configured.to_string().contains("sk-secret"),
        "keys stay on the host"
    );
}

async fn make_project(api: &Client) -> i64 {
    let draft = json!({
        "name": "Kipu by REST",
        "brand_name": "Kipu",
        "brand_domain": "kipu.example",
        "industry": "accounting software",
        "language": "en",
        "enabled_llms": ["openai", "anthropic", "google", "perplexity"],
        "competitors": [{ "name": "Acme", "domain": "acme.example" }, "Globex", "Initech"],
        "queries_per_llm": QUESTIONS,
    });
    let made = get_ok(api.rest(Method::POST, "/projects", Some(&draft)).await, 201);
    assert_eq!(made["project"]["total_queries_generated"], QUESTIONS);
    made["project"]["id"].as_i64().expect("an id")
}

async fn check_answers(api: &Client, project: i64, ended: &Value) {
    let page = get(api, &format!("/projects/{project}/results?limit=200")).await;
    let rows = page["results"].as_array().expect("answers");
    assert_eq!((rows.len(), &page["next_cursor"]), (40, &Value::Null));
    for row in rows {
        assert_eq!(row["run_id"], ended["run_id"]);
        assert_eq!(row["outcome"], "answered");
        assert!(
            row["full_response"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert_eq!(row["brand_mentioned"], row["source"] != "none");
        assert!(row["cost_usd"].as_f64().is_some_and(|cost| cost > 0.0));
    }
    let cites = |provider: &str| {
        rows.iter().any(|row| {
            row["llm_provider"] == provider
                && row["citations"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty())
        })
    };
    for provider in Provider::BIG_FOUR {
        assert!(cites(provider.slug()), "no citation by {provider}");
    }
}

/// The numbers are those of the answers.
async fn check_numbers(api: &Client, project: i64) {
    let page = get(api, &format!("/projects/{project}/results?limit=200")).await;
    let rows = page["results"].as_array().expect("answers");
    let metrics = get(api, &format!("/projects/{project}/metrics")).await;
    let snapshots = metrics["snapshots"].as_array().expect("snapshots");
    assert_eq!(snapshots.len(), 4, "one a model and day");
    assert_eq!(metrics["aggregated"]["total_queries_analyzed"], 40);
    for snapshot in snapshots {
        let provider = &snapshot["llm_provider"];
        let named = rows
            .iter()
            .filter(|row| row["llm_provider"] == *provider && row["brand_mentioned"] == true)
            .count();
        let rate = snapshot["mention_rate"].as_f64().expect("a rate");
        let expected = f64::from(u32::try_from(named * 10).expect("few"));
        assert!(
            (rate - expected).abs() < 0.01,
            "{provider}: {rate}, not {expected}"
        );
    }
}

/// A new price holds from now on; what was paid stays as it was.
async fn check_prices(api: &Client, project: i64) {
    let cost =
        get(api, &format!("/projects/{project}/metrics")).await["aggregated"]["total_cost_usd"]
            .clone();
    let models = get(api, "/models?provider=openai&is_current=true").await;
    let model = &models["models"][0];
    let change = json!({ "cost_per_1m_input_tokens": 123.45 });
    let path = format!("/models/{}", model["id"]);
    get_ok(api.rest(Method::PUT, &path, Some(&change)).await, 200);
    let changed = get(api, "/models?provider=openai&is_current=true").await["models"][0].clone();
    assert_eq!(changed["cost_per_1m_input_tokens"], 123.45);
    assert_eq!(changed["price_origin"], "user");
    assert_eq!(
        changed["cost_per_1m_output_tokens"],
        model["cost_per_1m_output_tokens"]
    );
    let after = get(api, &format!("/projects/{project}/metrics")).await;
    assert_eq!(after["aggregated"]["total_cost_usd"], cost);
}
