//! Questions with tags, their history and clusters, numbers side by side, what was spent: by
//! REST, on both databases.

use serde_json::{Value, json};

use crate::support::{Simulated, TestApp, keys, on_both_databases, sorted};

on_both_databases!(flow);

#[expect(clippy::too_many_lines, reason = "one flow")]
async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let base = format!("/projects/{project}");
    let api = ana.program().await;
    let get = async |path: &str| api.get(&format!("{base}{path}")).await.expect(200);

    let tagged = json!({"queries": [
        {"query_text": "Which accounting software is best for bakers?", "tags": [" food ", "Money", "FOOD"]},
        "Is there a ledger that a florist would love?",
        {"query_text": "Which ledger do farmers use most?", "tags": ["food"]},
    ]});
    let put = api
        .post(&format!("{base}/queries"), &tagged)
        .await
        .expect(200);
    assert_eq!(put["total"], 5);
    let queries = put["queries"].as_array().expect("queries").clone();
    let tags_of = |text: &str| -> Value {
        let found = queries.iter().find(|query| query["query_text"] == text);
        found.expect(text)["tags"].clone()
    };
    assert_eq!(
        tags_of("Which accounting software is best for bakers?"),
        json!(["food", "Money"])
    );
    assert_eq!(
        tags_of("Is there a ledger that a florist would love?"),
        json!([])
    );
    let wrong = json!({"queries": [{"query_text": "Which ledger do bakers use most?", "tags": ["x".repeat(51)]}]});
    assert_eq!(
        api.post(&format!("{base}/queries"), &wrong)
            .await
            .wrong_fields(),
        ["queries"]
    );

    let florist = queries[3]["id"].as_i64().expect("an id");
    let path = format!("{base}/queries/{florist}");
    let change = json!({"is_active": false, "tags": ["plants"]});
    let changed = api.put(&path, &change).await.expect(200);
    assert_eq!(
        (&changed["query"]["is_active"], &changed["query"]["tags"]),
        (&json!(false), &json!(["plants"]))
    );
    let changed = api
        .put(&path, &json!({"is_active": true}))
        .await
        .expect(200);
    assert_eq!(changed["query"]["tags"], json!(["plants"]));

    let run = api
        .post(&format!("{base}/analyze?wait=true"), &json!({}))
        .await
        .expect(200)["run_id"]
        .clone();
    numbers(&get, project, florist).await;
    answers(app, &get, &run).await;

    api.delete(&path).await.expect(200);
    api.delete(&path).await.problem(404);
    api.put(&path, &change).await.problem(404);
    api.get(&format!("{path}/history")).await.problem(404);
    assert_eq!(get("/queries").await["total"], 4);
    assert_eq!(get("/results").await["total"], 5, "its answers are kept");
    let clusters = get("/clusters").await;
    let plants = clusters["clusters"].as_array().expect("clusters");
    let plants = plants.iter().find(|cluster| cluster["tag"] == "plants");
    assert_eq!(plants.expect("its cluster")["total_queries"], 1);

    // What was made up cost nobody anything; what a provider bills is in the ledger.
    let made_up = api.get("/usage").await.expect(200);
    assert_eq!(
        (&made_up["by_project"], &made_up["total_cost_usd"]),
        (&json!([]), &json!(0))
    );
    let provider = Simulated::start("").await;
    provider.key_for(&ana, "openai").await;
    api.put(&base, &json!({"enabled_llms": ["openai"]}))
        .await
        .expect(200);
    ana.run_project(project).await;
    let usage = api.get("/usage").await.expect(200);
    assert_eq!(usage["by_project"][0]["name"], "Watch");
    assert!(
        usage["total_cost_usd"]
            .as_f64()
            .is_some_and(|cost| cost > 0.0)
    );
    assert_eq!(usage["by_day"][0]["cost_usd"], usage["total_cost_usd"]);
    assert_eq!(
        api.get("/usage?month=yesterday").await.wrong_fields(),
        ["month"]
    );
    let prices = api.get("/prices?provider=simulator").await.expect(200);
    assert!(prices["prices"][0]["cost_per_1m_input_tokens"].is_number());
    let ben = app.sign_up("ben@example.com").await;
    ben.get("/prices").await.problem(403);

    let over = api
        .post(&format!("{base}/runs/{run}/cancel"), &json!({}))
        .await;
    assert_eq!(over.expect(200)["run"]["status"], "finished");
    let tested = api
        .post("/api-keys/test", &json!({"provider": "openai"}))
        .await;
    assert!(
        tested.status.is_client_error() || tested.status.is_success(),
        "{}",
        tested.status
    );
    let key = json!({"openai_api_key": "sk-0123456789"});
    api.put("/api-keys", &key).await.expect(200);
    let removed = api.delete("/api-keys?provider=openai").await.expect(200);
    assert_eq!(removed["api_keys"]["openai"], false);
    assert_eq!(api.delete("/api-keys").await.wrong_fields(), ["provider"]);
    assert_eq!(
        api.delete("/api-keys?provider=bard").await.wrong_fields(),
        ["provider"]
    );
}

async fn numbers(get: &impl AsyncFn(&str) -> Value, project: i64, florist: i64) {
    let history = get(&format!("/queries/{florist}/history")).await;
    assert_eq!(
        history["query_text"],
        "Is there a ledger that a florist would love?"
    );
    let day = &history["history"][0];
    assert_eq!(
        (&day["total_queries"], &day["llm_provider"]),
        (&json!(1), &json!("simulator"))
    );
    assert!(day["mention_rate_low"].is_number() && day["simulated"] == json!(true));

    let clusters = get("/clusters").await;
    let found = clusters["clusters"].as_array().expect("clusters");
    let names: Vec<&Value> = found.iter().map(|cluster| &cluster["tag"]).collect();
    assert_eq!(
        names,
        [
            &json!("Money"),
            &json!("food"),
            &json!("plants"),
            &Value::Null
        ]
    );
    let counts: Vec<i64> = found
        .iter()
        .map(|cluster| cluster["total_queries"].as_i64().expect("a number"))
        .collect();
    assert_eq!(counts, [1, 2, 1, 2]);
    assert_eq!(
        keys(&found[1]["mention_rate"]),
        sorted(["value", "numerator", "denominator", "low", "high"])
    );
    assert_eq!(found[1]["mention_rate"]["denominator"], 2);
    let part = get("/clusters?limit=1&cursor=1").await;
    assert_eq!(
        (&part["clusters"][0]["tag"], &part["next_cursor"]),
        (&json!("food"), &json!("2"))
    );

    // The view and the sums of the snapshots say the same.
    let comparison = get("/comparison").await;
    let row = &comparison["comparison"][0];
    assert_eq!(comparison["project_id"], project);
    let snapshot = get("/snapshots").await["snapshots"][0].clone();
    for field in [
        "llm_provider",
        "snapshot_date",
        "mention_rate",
        "avg_position",
        "share_of_voice",
        "weighted_share_of_voice",
        "total_queries",
        "total_mentions",
    ] {
        assert_eq!(row[field], snapshot[field], "{field}");
    }
    assert_eq!(
        (&row["sentiment_score"], &row["simulated"]),
        (&Value::Null, &json!(true))
    );
    let date = row["snapshot_date"].as_str().expect("a day");
    assert_eq!(comparison["by_date"][date]["simulator"], *row);

    let voices = get("/share-of-voice-history").await;
    let day = &voices["history"][0];
    assert_eq!(
        (&day["date"], &day["entities"][0]["is_brand"]),
        (&row["snapshot_date"], &json!(true))
    );
    assert_eq!(day["entities"][0]["share_of_voice"], row["share_of_voice"]);
    let shares: f64 = day["entities"]
        .as_array()
        .expect("entities")
        .iter()
        .filter_map(|entity| entity["share_of_voice"].as_f64())
        .sum();
    assert!((shares - 100.0).abs() < 0.1, "{shares}");
    for (part, days) in [
        ("prompts=plain", 1),
        ("prompts=branded", 1),
        ("llm_provider=openai", 0),
    ] {
        let voices = get(&format!("/share-of-voice-history?{part}")).await;
        assert_eq!(
            voices["history"].as_array().map(Vec::len),
            Some(days),
            "{part}"
        );
    }
    let competitors = get("/competitors").await;
    assert_eq!(competitors["competitors"].as_array().map(Vec::len), Some(3));
    assert_eq!(competitors["competitors"][0]["name"], "Kipu");
    assert_eq!(competitors["total_queries"], 5);
}

async fn answers(app: &TestApp, get: &impl AsyncFn(&str) -> Value, run: &Value) {
    let total = async |filter: &str| get(&format!("/responses?{filter}")).await["total"].clone();
    assert_eq!(total("tag=FOOD").await, 2);
    assert_eq!(total("tag=nothing").await, 0);
    assert_eq!(total("failed=true").await, 0);
    assert_eq!(total("sentiment=positive").await, 0);
    assert_eq!(total(&format!("run_id={run}")).await, 5);
    assert_eq!(total("served=asked").await, 5);
    assert_eq!(total("served=other").await, 0);
    assert_eq!(total("model_served=simulator-1").await, 5);
    assert_eq!(total("model_served=gpt-6").await, 0);
    let all = get("/results").await;
    let first = &all["results"][0];
    let id = &first["id"];
    let text = first["full_response"].as_str().expect("a text");
    let word: String = text
        .split(|one: char| !one.is_ascii_alphabetic())
        .find(|word| word.len() > 4)
        .expect("a word")
        .to_uppercase();
    let found = get(&format!("/results?text={word}")).await;
    assert!(
        found["results"]
            .as_array()
            .is_some_and(|rows| rows.iter().any(|row| row["id"] == *id)),
        "{word}"
    );
    // Capitals are no matter, those with accents neither.
    let accents = format!(
        "UPDATE llm_monitoring_results SET full_response = 'La Última ÑANDÚ, última vez' WHERE id = {id}"
    );
    app.execute(&accents).await;
    for word in [
        "%C3%9Altima",
        "%C3%BAltima",
        "%C3%9ALTIMA",
        "%C3%B1and%C3%BA",
        "LA%20%C3%9Altima",
    ] {
        assert_eq!(total(&format!("text={word}")).await, 1, "{word}");
    }
    assert_eq!(total("text=pen%C3%BAltima").await, 0);
    app.execute(&format!(
        "UPDATE llm_monitoring_results SET full_response = '{}' WHERE id = {id}",
        text.replace('\'', "''")
    ))
    .await;
    // Signs of patterns stand for themselves.
    assert_eq!(total("text=%25_%25_%25_%5C").await, 0);
    let whole = get(&format!("/results/{id}")).await;
    assert_eq!(whole["result"], *first);
    assert!(
        whole["attempts"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    );
    assert!(whole["findings"].is_array());
}
