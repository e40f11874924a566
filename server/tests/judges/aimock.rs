//! Scripted by aimock: what each question is answered with stands in a file of its own.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use app::model::provider::Provider;
use app::model::run::RunStatus;
use serde_json::{Value, json};

use crate::mock::{Mock, checkout};
use crate::support::client::questions;
use crate::support::home::Home;
use crate::support::on_both_databases;
use crate::support::run_records::RunRecords;

const PATIENCE: Duration = Duration::from_secs(90);

/// As vendors mean their base URLs; Mistral's goes to `OpenAI`'s older path. Perplexity's Agent API
/// is not spoken there.
const PATHS: [(Provider, &str); 4] = [
    (Provider::OpenAi, "/v1"),
    (Provider::Anthropic, ""),
    (Provider::Google, ""),
    (Provider::Mistral, "/v1"),
];

/// One question in the script; `first`: how its first request ends instead of in an answer.
fn scripted(number: usize, first: Option<Value>) -> Vec<Value> {
    let question = format!("case {number},");
    let answer = json!({
        "content": format!("For case {number} take Kipu."),
        "usage": {"prompt_tokens": 21, "completion_tokens": 34, "total_tokens": 55},
    });
    let first = first.map(|how| {
        let mut fixture = json!({
            "match": {"userMessage": question, "sequenceIndex": 0}, "response": answer,
        });
        for (field, value) in how.as_object().expect("fields") {
            fixture[field] = value.clone();
        }
        fixture
    });
    let after = json!({"match": {"userMessage": question}, "response": answer});
    first.into_iter().chain([after]).collect()
}

/// Seven questions: one of them is answered at once, one never.
fn script() -> Value {
    let error = |status: u16, kind: &str| json!({"error": {"message": kind, "type": kind}, "status": status});
    let mut limited = error(429, "rate_limit_error");
    limited["retryAfter"] = json!(1);
    let mut fixtures = [
        scripted(1, None),
        scripted(2, Some(json!({"response": limited}))),
        scripted(3, Some(json!({"response": error(529, "overloaded_error")}))),
        scripted(4, Some(json!({"response": error(500, "server_error")}))),
        scripted(5, Some(json!({"chaos": {"disconnectRate": 1.0}}))),
        scripted(6, Some(json!({"chaos": {"dropRate": 1.0}}))),
    ]
    .concat();
    fixtures.push(json!({
        "match": {"userMessage": "case 7,"}, "response": {"content": "?"}, "chaos": {"malformedRate": 1.0},
    }));
    json!({ "fixtures": fixtures })
}

on_both_databases! {
    async fn every_scripted_question_has_the_outcome_of_its_script(home: &Home) {
        let file = home.file("script.json");
        fs::write(&file, script().to_string()).expect("written");
        let program = checkout("end2end/node_modules/.bin/llmock");
        let fixtures = file.to_str().expect("a path");
        let options = ["-h", "127.0.0.1", "-p", "0", "-f", fixtures, "--chaos-latency", "100"];
        let mock = Mock::start(home, "aimock", &program, &options).await;
        let host = home.serve(&Vec::new()).await;
        mock.store_keys(&host.client, PATHS).await;
        let asked = PATHS.map(|(provider, _)| provider);
        let project = host.client.project_asking(asked, "Soap", questions(7)).await;
        let run = host.client.start(project).await;
        let view = host.client.over(run, PATIENCE).await;

        // Only what is malformed stays without an answer, at all four.
        assert_eq!(view.status, RunStatus::FinishedWithFailures);
        assert_eq!((view.answered(), view.failed()), (24, 4));
        let database = home.database().await;
        let records = RunRecords::of(&database, run).await;
        let prompts = database.prompts().await;
        let mut failures: BTreeMap<(Option<i64>, &str), usize> = BTreeMap::new();
        for ask in &records.asks {
            let question = &prompts[&ask.query_id];
            let row = &records.results[&ask.id];
            if question.contains("case 7,") {
                assert_eq!(row.error_class.as_deref(), Some("bad_response"), "{question}");
                assert_eq!(records.attempts[&ask.id].len(), 1, "{question} was asked again");
                let kept = String::from_utf8_lossy(row.raw_body.as_deref().unwrap_or_default());
                assert!(kept.starts_with("{malformed json"), "{kept}");
            } else {
                let case = question.split(' ').find_map(|word| word.strip_suffix(','));
                let told = format!("For case {} take Kipu.", case.expect("a number"));
                assert_eq!(row.full_response, told);
            }
            for attempt in &records.attempts[&ask.id] {
                if let Some(class) = attempt.error_class.as_deref() {
                    *failures.entry((attempt.http_status, class)).or_default() += 1;
                }
            }
        }
        let expected = BTreeMap::from([
            ((None, "network"), 1),
            ((Some(200), "bad_response"), 4),
            ((Some(429), "rate_limited"), 1),
            ((Some(500), "provider_fault"), 2),
            ((Some(529), "overloaded"), 1),
        ]);
        assert_eq!(failures, expected);
        let journal = mock.get("/__aimock/journal").await;
        let attempts: usize = records.attempts.values().map(Vec::len).sum();
        assert_eq!(journal.as_array().map(Vec::len), Some(attempts), "{journal:#}");
    }
}
