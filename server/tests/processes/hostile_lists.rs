//! A token that may only look asks for figures over ever other lists of models: the host's memory
//! stays what it was.

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::home::{Home, PASSWORD};
use crate::support::on_both_databases;

const MEBIBYTE: u64 = 1024 * 1024;
/// What fifty requests may leave behind.
const MOST_GROWTH: u64 = 50 * MEBIBYTE;

const CALLS: [&str; 3] = ["dashboard/get", "dashboard/prompt-map", "sources/list"];

fn query(project: &Value, ids: &[i64], day: usize) -> Value {
    json!({"query": {
        "project_id": project, "from": "2026-01-01", "to": format!("2026-02-{:02}", day % 28 + 1),
        "model_ids": ids,
    }})
}

/// A project that asks as many models as one may, and a client that may look at it.
async fn prepared(home: &Home, admin: &Client, origin: &str) -> (Value, Vec<i64>, Client) {
    let models: Vec<Value> = admin.call("models/list", &json!({})).await;
    let ids: Vec<i64> = models
        .iter()
        .filter(|model| model["is_available"] == true && model["has_ended"] == false)
        .filter_map(|model| model["id"].as_i64())
        .take(40)
        .collect();
    let draft = json!({
        "name": "Watch", "brand": {"name": "Kipu"}, "competitors": [], "industry": "",
        "language": "en", "country": "", "model_ids": ids, "is_active": true,
        "prompts": ["Which soap is the best of all?"],
    });
    let project: Value = admin
        .call("projects/create", &json!({"draft": draft}))
        .await;
    let token = json!({"name": "reads", "scope": "read", "password": PASSWORD});
    let (status, made) = admin
        .rest(reqwest::Method::POST, "/tokens", Some(&token))
        .await;
    assert_eq!(status, 201, "{made}");
    let token = made["secret"].as_str().expect("a token");
    assert!(home.data_dir().exists());
    (project, ids, Client::new(origin, token))
}

on_both_databases! {
    async fn lists_of_a_read_token_take_no_memory(home: &Home) {
        ask_for_ever_other_lists(home).await;
    }
}

/// On PostgreSQL, too, what a connection keeps prepared is held by the host.
async fn ask_for_ever_other_lists(home: &Home) {
    let host = home.serve(&vec![]).await;
    let (project, ids, reader) = prepared(home, &host.client, &host.program.origin).await;
    assert!(ids.len() >= 20, "{} models", ids.len());
    let ask = async |call: &str, ids: &[i64], day| {
        reader.try_call(call, &query(&project, ids, day)).await
    };
    // Whatever a first look costs is no fault of the list.
    for call in CALLS {
        assert_eq!(ask(call, &ids[..2], 0).await.0, 200);
    }
    let before = host.program.resident();
    let mut begin = 0;
    for round in 0..50 {
        let hostile: Vec<i64> = (begin..begin + 120_000).collect();
        begin += 120_000;
        let (status, told) = ask(CALLS[round % CALLS.len()], &hostile, round).await;
        assert_eq!(status, 422, "{told}");
    }
    let refused = host.program.resident();
    // Lists that are right, and never the same.
    for round in 1..=300_usize {
        let chosen: Vec<i64> = ids
            .iter()
            .enumerate()
            .filter(|(index, _)| *index >= 9 || (round >> *index) & 1 == 1)
            .map(|(_, id)| *id)
            .collect();
        let (status, told) = ask(CALLS[round % CALLS.len()], &chosen, round).await;
        assert_eq!(status, 200, "{told}");
    }
    let after = host.program.resident();
    println!(
        "MiB: {} at first, {} after 50 refusals, {} after 300 lists",
        before / MEBIBYTE,
        refused / MEBIBYTE,
        after / MEBIBYTE
    );
    assert!(refused < before + MOST_GROWTH, "{before} to {refused}");
    assert!(after < before + MOST_GROWTH, "{before} to {after}");
    host.program.stop().await;
}
