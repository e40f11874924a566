//! Judged by llmock: failures of every status, slow answers, real quotas, and dead ends.

use std::time::Duration;

use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::{LaneView, RunStatus, RunView};
use serde_json::{Value, json};

use crate::mock::Mock;
use crate::support::client::questions;
use crate::support::home::{Home, Host};
use crate::support::run_records::RunRecords;
use crate::support::{on_both_databases, tool};

/// A run with retries, on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(90);

/// As vendors mean their base URLs; llmock puts all but `OpenAI` behind a prefix. It does not
/// speak Perplexity's Agent API, so Mistral is the fourth.
const PATHS: [(Provider, &str); 4] = [
    (Provider::OpenAi, "/v1"),
    (Provider::Anthropic, "/anthropic"),
    (Provider::Google, "/gemini"),
    (Provider::Mistral, "/mistral/v1"),
];

/// The names by which llmock knows the providers.
const NAMES: [&str; 4] = ["openai", "anthropic", "gemini", "mistral"];

async fn start(home: &Home, options: &[&str]) -> (Mock, Host) {
    let serve = ["serve", "--host", "127.0.0.1", "--port", "0"];
    let program = tool("llmock/bin/llmock");
    let mock = Mock::start(home, "llmock", &program, &[&serve, options].concat()).await;
    let host = home.serve(&Vec::new()).await;
    mock.store_keys(&host.client, PATHS).await;
    (mock, host)
}

/// Runs so many questions at all four providers to the end.
async fn run(home: &Home, host: &Host, count: usize, within: Duration) -> (RunView, RunRecords) {
    let asked = PATHS.map(|(provider, _)| provider);
    let project = host
        .client
        .project_asking(asked, "Soap", questions(count))
        .await;
    let run = host.client.start(project).await;
    let view = host.client.over(run, within).await;
    let records = RunRecords::of(&home.database().await, run).await;
    assert_eq!(records.asks.len(), 4 * count);
    (view, records)
}

/// Asserts that the judge has nothing to say against any retry, not even a warning; gives the
/// number of attempts that it saw.
async fn clean_verdict(mock: &Mock, calls: usize) -> usize {
    let verdict = mock.get("/_llmock/verdict").await;
    assert_eq!(verdict["findings"], json!([]), "{verdict:#}");
    assert_eq!(verdict["passed"], true, "{verdict:#}");
    assert_eq!(verdict["calls"], calls, "{verdict:#}");
    let attempts = verdict["attempts"].as_u64().expect("a number");
    usize::try_from(attempts).expect("a number")
}

fn attempts(records: &RunRecords) -> usize {
    records.attempts.values().map(Vec::len).sum()
}

/// How many attempts ended with this status.
fn with_status(records: &RunRecords, status: i64) -> usize {
    let attempts = records.attempts.values().flatten();
    attempts
        .filter(|attempt| attempt.http_status == Some(status))
        .count()
}

fn lane(view: &RunView, provider: Provider) -> &LaneView {
    let found = view.lanes.iter().find(|lane| lane.provider == provider);
    found.expect("a lane")
}

on_both_databases! {
    async fn failures_that_pass_are_retried_as_the_judge_wants(home: &Home) {
        const PASSING: [(u16, Option<f64>); 7] = [
            (429, Some(1.0)), (429, Some(0.4)), (500, None), (502, None), (503, Some(1.0)),
            (504, None), (529, None),
        ];
        let (mock, host) = start(home, &["--latency-ms", "50"]).await;
        for name in NAMES {
            let fail = |(status, retry_after): (u16, Option<f64>)| json!({
                "type": "fail", "status": status, "retry_after": retry_after, "times": 1,
                "match": {"provider": name},
            });
            let slow = json!({"type": "delay", "seconds": 2.0, "times": 2, "match": {"provider": name}});
            let behaviors: Vec<Value> = PASSING.into_iter().map(fail).chain([slow]).collect();
            mock.post("/_llmock/scenario", &json!({ "behaviors": behaviors })).await;
        }
        let (view, records) = run(home, &host, 10, PATIENCE).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 40));
        let judged = clean_verdict(&mock, 40).await;
        assert_eq!(judged, 40 + 4 * PASSING.len());
        assert_eq!(attempts(&records), judged);
        for (status, count) in [(429, 8), (500, 4), (502, 4), (503, 4), (504, 4), (529, 4), (200, 40)] {
            assert_eq!(with_status(&records, status), count, "{status}");
        }
        let pending = mock.get("/_llmock/scenario").await;
        assert_eq!(pending["pending"], json!([]), "a failure was never met");
    }

    async fn quotas_are_kept_to(home: &Home) {
        // The mock counts the limit of an answer, as OpenAI does: whoever has a small quota sets a
        // small limit. With 2,048 tokens a provider's bucket holds 27 asks at the start, and one
        // more every two seconds. Three wait: of many more that
        // come back together one may be refused as often as an ask is tried.
        let (mock, host) = start(home, &["--rpm", "300", "--tpm", "60000"]).await;
        home.database().await.execute("UPDATE llm_model_registry SET max_tokens = 2048").await;
        let (view, records) = run(home, &host, 30, Duration::from_mins(4)).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 120));
        assert_eq!(attempts(&records), clean_verdict(&mock, 120).await);
        assert_eq!(with_status(&records, 200), 120);
        let waited = attempts(&records) > 120 || longest_break(&records) > Duration::from_secs(1);
        assert!(waited, "the quota was never felt");
    }

    async fn failures_that_stay_are_not_tried_again(home: &Home) {
        // `None`: each time.
        const STAYING: [(&str, u16, Option<u32>); 4] = [
            ("openai", 401, None), ("anthropic", 403, None), ("gemini", 404, None), ("mistral", 400, Some(2)),
        ];
        let (mock, host) = start(home, &[]).await;
        for (name, status, times) in STAYING {
            let fail = json!({"type": "fail", "status": status, "times": times, "match": {"provider": name}});
            mock.post("/_llmock/scenario", &json!({ "behaviors": [fail] })).await;
        }
        let (view, records) = run(home, &host, 6, PATIENCE).await;
        assert_eq!(view.status, RunStatus::FinishedWithFailures);
        for (provider, failed, reason) in [
            (Provider::OpenAi, 6, Some(ErrorClass::BadKey)),
            (Provider::Anthropic, 6, Some(ErrorClass::Permission)),
            (Provider::Google, 6, Some(ErrorClass::ModelNotFound)),
            // What is wrong with one question says nothing about the others.
            (Provider::Mistral, 2, None),
        ] {
            let lane = lane(&view, provider);
            let told = (lane.answered, lane.failed, lane.end_reason);
            assert_eq!(told, (6 - failed, failed, reason), "{provider}");
        }
        clean_verdict(&mock, attempts(&records)).await;
        assert!(records.attempts.values().all(|attempts| attempts.len() <= 1));
        assert_eq!(records.ledger.len(), 4, "a failure costs nothing");
    }
}

/// The longest time between two sends to the same provider.
fn longest_break(records: &RunRecords) -> Duration {
    let mut longest = Duration::ZERO;
    for lane in &records.lanes {
        let asks = records.asks.iter().filter(|ask| ask.lane_id == lane.id);
        let mut sent: Vec<_> = asks
            .flat_map(|ask| &records.attempts[&ask.id])
            .map(|attempt| attempt.sent_at)
            .collect();
        sent.sort_unstable();
        for pair in sent.windows(2) {
            longest = longest.max((pair[1] - pair[0]).to_std().expect("in order"));
        }
    }
    longest
}
