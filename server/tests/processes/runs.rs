//! Runs that are cancelled, whose keys are bad, or whose providers fail for a while.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::{AskState, LaneView, RunStatus, RunView};
use serde_json::{Value, json};

use crate::support::client::questions;
use crate::support::home::Home;
use crate::support::program::PATIENCE;
use crate::support::run_records::RunRecords;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

on_both_databases! {
    async fn cancelled(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "1000"]).await;
        let host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(80)).await;
        let run = host.client.start(project).await;
        let database = home.database().await;
        let in_flight = || async {
            (database.count_asks(run, AskState::Running).await >= 100).then_some(())
        };
        eventually("asks in flight", PATIENCE, in_flight).await;

        let asked = Instant::now();
        let view: RunView = host.client.call("runs/cancel", &json!({ "run_id": run })).await;
        assert!(view.cancelling || view.status.is_over());
        // A look every 500 ms, then what is in flight, which takes a second.
        let view = host.client.over(run, Duration::from_secs(10)).await;
        println!("cancelled after {:?}", asked.elapsed());
        assert_eq!(view.status, RunStatus::Cancelled);
        assert!(!view.cancelling);

        let settled = simulator.stats().await.requests_total;
        let records = RunRecords::of(&database, run).await;
        assert_eq!(records.results.len(), settled, "an ask in flight was not settled");
        assert!((100..320).contains(&settled), "{settled} requests");
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(simulator.stats().await.requests_total, settled, "asked after the end");

        // A run that is over stays as it is, and another one can be started.
        let again: RunView = host.client.call("runs/cancel", &json!({ "run_id": run })).await;
        assert_eq!(again, view);
        let next = host.client.start(project).await;
        let _: RunView = host.client.call("runs/cancel", &json!({ "run_id": next })).await;
        host.client.over(next, Duration::from_secs(10)).await;
        RunRecords::of(&database, next).await;
    }

    async fn bad_keys_end_their_lanes_alone(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "100"]).await;
        let mut environment = simulator.environment();
        for (name, value) in &mut environment {
            if *name == "OPENAI_API_KEY" {
                "bad-key-of-the-operator".clone_into(value);
            }
        }
        let host = home.serve(&environment).await;
        let stored = json!({ "draft": {
            "provider": "perplexity",
            "api_key": "bad-key-of-the-owner",
            "base_url": simulator.base_url(Provider::Perplexity),
        } });
        let _: Value = host.client.call("keys/save", &stored).await;
        let project = host.client.project("Soap", questions(40)).await;
        let run = host.client.start(project).await;
        let view = host.client.over(run, PATIENCE).await;

        assert_eq!(view.status, RunStatus::FinishedWithFailures);
        for lane in &view.lanes {
            let told = (lane.answered, lane.failed, lane.end_reason);
            let is_bad = matches!(lane.provider, Provider::OpenAi | Provider::Perplexity);
            let expected = if is_bad { (0, 40, Some(ErrorClass::BadKey)) } else { (40, 0, None) };
            assert_eq!(told, expected, "{}", lane.model_name);
        }
        let database = home.database().await;
        let records = RunRecords::of(&database, run).await;
        for lane in &view.lanes {
            let asks = records.asks.iter().filter(|ask| ask.lane_id == lane.id.0);
            let attempts: usize = asks.map(|ask| records.attempts[&ask.id].len()).sum();
            // Only what was in flight when the key turned out to be bad.
            assert!(attempts <= most_attempts(lane), "{attempts} of {}", lane.model_name);
        }
        let failed = records.results.values().filter(|row| row.outcome == "failed");
        for row in failed {
            assert_eq!(row.error_class.as_deref(), Some("bad_key"));
            let message = row.error_message.as_deref().unwrap_or_default();
            assert!(!message.is_empty() && !message.contains("bad-key-of"), "{message}");
        }
        assert_eq!(simulator.stats().await.requests_total, 80);
        assert!(!host.program.log().contains("bad-key-of"));
    }

    async fn passing_failures_are_tried_again(home: &Home) {
        let faults = "429:first=8,500:first=8,drop:first=4";
        let options = ["--latency", "50", "--fail", faults, "--retry-after-ms", "200"];
        let simulator = Simulator::start(home, &options).await;
        let host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(10)).await;
        let run = host.client.start(project).await;
        let view = host.client.over(run, PATIENCE).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 40));

        let database = home.database().await;
        let records = RunRecords::of(&database, run).await;
        let mut failures: HashMap<(Option<i64>, String), usize> = HashMap::new();
        for attempt in records.attempts.values().flatten() {
            if let Some(class) = &attempt.error_class {
                *failures.entry((attempt.http_status, class.clone())).or_default() += 1;
            }
        }
        let failure = |status: Option<i64>, class: &str| {
            failures.get(&(status, class.to_owned())).copied().unwrap_or(0)
        };
        assert_eq!(failure(Some(429), "rate_limited"), 8, "{failures:?}");
        assert_eq!(failure(Some(500), "provider_fault"), 8, "{failures:?}");
        assert_eq!(failure(Some(200), "network") + failure(None, "network"), 4, "{failures:?}");
        assert_eq!(records.attempts.values().map(Vec::len).sum::<usize>(), 60);
        assert_eq!(simulator.stats().await.requests_total, 60);
        // A refusal costs nothing; an answer that broke off may have been billed.
        assert_eq!(records.lost().len(), 4);
    }

    async fn the_current_models_are_asked_for_no_more_than_the_plan_says(home: &Home) {
        let simulator = Simulator::start(home, &[]).await;
        let host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(1)).await;
        let (status, body) = host.client.try_call("runs/start", &json!({ "project_id": 999 })).await;
        assert_eq!((status, body["code"].as_str()), (404, Some("not_found")));
        let first = host.client.start(project).await;
        let view = host.client.over(first, PATIENCE).await;
        assert_eq!(view.status, RunStatus::Finished);
        simulator.stats().await.assert_each_once(4, 1);
        let records = RunRecords::of(&home.database().await, first).await;
        assert!(records.results.values().all(|row| row.model_served.as_ref() == Some(&row.model_requested)));
    }
}

/// A window of asks, once.
fn most_attempts(lane: &LaneView) -> usize {
    const WINDOW: usize = 32;
    if lane.end_reason.is_some() {
        WINDOW
    } else {
        40
    }
}
