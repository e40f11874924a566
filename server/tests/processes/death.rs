//! A host that dies or is stopped in the middle of a run: nothing that came back is lost or
//! asked again, and the run ends complete.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use app::model::ids::RunId;
use app::model::money::Money;
use app::model::run::{AskState, RunStatus};

use crate::support::client::questions;
use crate::support::database::Database;
use crate::support::home::Home;
use crate::support::program::PATIENCE;
use crate::support::run_records::RunRecords;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

const MODELS: usize = 4;
const QUESTIONS: usize = 40;
const ASKS: usize = MODELS * QUESTIONS;
/// The dead host held a lock in the data folder, so nobody waits for its leases of ten seconds.
const TAKEN_UP_WITHIN: Duration = Duration::from_secs(5);

on_both_databases! {
    async fn killed_in_the_middle_of_a_run(home: &Home) {
        // Half of the answers take longer, so that asks are stored, in flight and waiting.
        let options = ["--latency", "300", "--fail", "slow=0.5", "--slow-ms", "700"];
        let simulator = Simulator::start(home, &options).await;
        let host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        let run = host.client.start(project).await;
        let database = home.database().await;
        a_third_is_stored(&database, run).await;
        host.program.kill().await;

        let stored = database.results(run).await;
        let attempts = database.attempts(run).await;
        let mut in_flight = database.asks(run).await;
        in_flight.retain(|ask| ask.state == AskState::Running.word());
        assert!(stored.len() < ASKS && !in_flight.is_empty(), "the kill came too late");

        let restarted = Instant::now();
        let host = home.serve(&simulator.environment()).await;
        let taken_up = || async {
            let lanes = database.lanes(run).await;
            lanes.iter().all(|lane| lane.status == "done" || lane.epoch > 1).then_some(())
        };
        eventually("a worker for every lane", TAKEN_UP_WITHIN, taken_up).await;
        let took = restarted.elapsed();
        assert!(took < TAKEN_UP_WITHIN, "taken up after {took:?}");
        let view = host.client.over(run, PATIENCE).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 160));
        println!(
            "stored {}, in flight {} at the kill; taken up {took:?} and complete {:?} after the restart",
            stored.len(), in_flight.len(), restarted.elapsed(),
        );

        let records = RunRecords::of(&database, run).await;
        assert_eq!(records.results.len(), ASKS);
        for (ask, row) in &stored {
            assert_eq!(&records.results[ask], row, "a stored answer was changed");
            assert_eq!(records.attempts[ask], attempts[ask]);
        }
        let mut lost: Vec<i64> = records.lost().iter().filter_map(|entry| entry.ask_id).collect();
        lost.sort_unstable();
        let sent: Vec<i64> = in_flight.iter().map(|ask| ask.id).collect();
        assert_eq!(lost, sent, "each ask in flight is booked once");
        // An answer of 2,048 tokens and five searches, not all that a model could write.
        let limit = Money::from_usd(1).nanos() / 4;
        assert!(records.lost().iter().all(|entry| (1..limit).contains(&entry.amount_nano_usd)));
        for ask in &sent {
            let first = &records.attempts[ask][0];
            assert_eq!((first.http_status, first.error_class.as_deref()), (None, Some("network")));
        }

        let stats = simulator.stats().await;
        let prompts = database.prompts().await;
        for (ask, row) in &records.results {
            let count = stats.answered(&row.model_requested, &prompts[&row.query_id]);
            let most = if sent.contains(ask) { 2 } else { 1 };
            assert!((1..=most).contains(&count), "answered {count} times: {row:?}");
        }
        let mut requests: HashMap<&str, usize> = HashMap::new();
        for row in records.results.values() {
            let again = usize::from(sent.contains(&row.ask_id));
            *requests.entry(&row.model_requested).or_default() += 1 + again;
        }
        for (model, most) in requests {
            // What was marked as sent may not have been on the wire yet.
            assert!((QUESTIONS..=most).contains(&stats.by_model[model]), "{model}");
        }
    }

    async fn stopped_in_the_middle_of_a_run(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "1000"]).await;
        let mut host = home.serve(&simulator.environment()).await;
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        let run = host.client.start(project).await;
        let events = host.client.events(run).await;
        let database = home.database().await;
        let in_flight = || async {
            (database.count_asks(run, AskState::Running).await >= 100).then_some(())
        };
        eventually("asks in flight", PATIENCE, in_flight).await;
        host.program.terminate().await;
        let (exit, took) = host.program.ended(Duration::from_secs(20)).await;
        assert_eq!(exit.code(), Some(0), "{}", host.program.log());
        drop(events);
        println!("drained in {took:?}");

        assert_eq!(database.count_asks(run, AskState::Running).await, 0, "an ask is in doubt");
        let stored = database.results(run).await;
        let stats = simulator.stats().await;
        assert_eq!(stats.requests_total, stored.len(), "an outcome was lost");
        assert!((100..ASKS).contains(&stored.len()), "{} answers", stored.len());
        let lanes = database.lanes(run).await;
        assert!(lanes.iter().all(|lane| lane.worker.is_none()), "{lanes:?}");

        let host = home.serve(&simulator.environment()).await;
        // The lanes were given back: nobody waits for a lease.
        let view = host.client.over(run, Duration::from_secs(8)).await;
        assert_eq!(view.status, RunStatus::Finished);
        let records = RunRecords::of(&database, run).await;
        assert!(stored.iter().all(|(ask, row)| &records.results[ask] == row));
        assert!(records.lost().is_empty());
        simulator.stats().await.assert_each_once(MODELS, QUESTIONS);
        host.program.stop().await;
    }
}

async fn a_third_is_stored(database: &Database, run: RunId) {
    let look = || async { (database.count_results(run).await >= 53).then_some(()) };
    eventually("a third of the answers", PATIENCE, look).await;
}
