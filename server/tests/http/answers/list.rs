//! The answers of a project: what is said of each, page by page, and which are let through.

use serde_json::{Value, json};

use crate::support::{BilledRun, TaggedRun, TestApp, on_both_databases};

on_both_databases!(
    each_answer_says_what_was_asked_and_what_came,
    pages_of_one_give_all_answers_in_their_order,
    filters_let_through_what_they_say,
    filters_know_tags_and_the_models_that_answered,
    words_are_found_whatever_their_capitals
);

async fn each_answer_says_what_was_asked_and_what_came(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let all = run.get("/results").await;
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
        assert_eq!(answer["run_id"], run.ended["run_id"]);
        assert_eq!(answer["model_requested"], "gpt-6.1-sol");
        assert!(
            answer["full_response"]
                .as_str()
                .is_some_and(|text| text.len() > 40)
        );
        assert!(answer["cost_usd"].as_f64().is_some_and(|cost| cost > 0.0));
        assert!(answer["citations"].is_array() && answer["competitors_mentioned"].is_array());
    }
}

async fn pages_of_one_give_all_answers_in_their_order(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let all = run.get("/results").await;
    let results = all["results"].as_array().expect("answers");
    let mut cursor = String::new();
    let mut seen = Vec::new();
    loop {
        let page = run.get(&format!("/results?limit=1&cursor={cursor}")).await;
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
}

async fn filters_let_through_what_they_say(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let all = run.get("/results").await;
    let results = all["results"].as_array().expect("answers");
    let count = async |filter: &str| {
        run.get(&format!("/results?{filter}")).await["total"]
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
    assert_eq!(count(&format!("run_id={}", run.ended["run_id"])).await, 3);
    assert_eq!(
        count(&format!("query_id={}", results[0]["query_id"])).await,
        1
    );
    assert_eq!(
        count(&format!("model_id={}", results[0]["model_id"])).await,
        3
    );
    let model = &results[0]["model_id"];
    assert_eq!(count(&format!("model_id=999999,{model}")).await, 3);
    assert_eq!(count("model_id=999998,%20999999").await, 0);
    for wrong in ["1,x", "1,,2", &["1"; 41].join(",")] {
        let path = format!("/projects/{}/results?model_id={wrong}", run.project);
        assert_eq!(
            run.api.get(&path).await.wrong_fields(),
            ["model_id"],
            "{wrong}"
        );
    }
    assert_eq!(count("llm_provider=openai").await, 3);
    assert_eq!(count("llm_provider=google").await, 0);
    assert_eq!(count("start_date=2001-01-01&end_date=2001-12-31").await, 0);
    assert_eq!(count("start_date=2001-01-01").await, 3);
}

async fn filters_know_tags_and_the_models_that_answered(app: &TestApp) {
    let run = TaggedRun::of(app).await;
    let total =
        async |filter: &str| run.get(&format!("/responses?{filter}")).await["total"].clone();
    assert_eq!(total("tag=FOOD").await, 2);
    assert_eq!(total("tag=nothing").await, 0);
    // Each lets its own through; that no question has one is no mistake.
    assert_eq!(total("tags=food,nothing").await, 2);
    assert_eq!(
        total("tags=Plants,%20FOOD").await,
        total("tag=food&tags=plants").await
    );
    assert_eq!(total("failed=true").await, 0);
    assert_eq!(total("sentiment=positive").await, 0);
    assert_eq!(total(&format!("run_id={}", run.run)).await, 5);
    assert_eq!(total("served=asked").await, 5);
    assert_eq!(total("served=other").await, 0);
    assert_eq!(total("model_served=simulator-1").await, 5);
    assert_eq!(total("model_served=gpt-6").await, 0);
}

async fn words_are_found_whatever_their_capitals(app: &TestApp) {
    let run = TaggedRun::of(app).await;
    let total =
        async |filter: &str| run.get(&format!("/responses?{filter}")).await["total"].clone();
    let all = run.get("/results").await;
    let first = &all["results"][0];
    let id = &first["id"];
    let text = first["full_response"].as_str().expect("a text");
    let word: String = text
        .split(|one: char| !one.is_ascii_alphabetic())
        .find(|word| word.len() > 4)
        .expect("a word")
        .to_uppercase();
    let found = run.get(&format!("/results?text={word}")).await;
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
}
