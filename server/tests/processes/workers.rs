//! One host that only serves, and workers beside it: some die, are paused or cut off.

use std::time::{Duration, Instant};

use app::model::run::{AskState, RunStatus};
use chrono::{TimeDelta, Utc};

use crate::support::client::questions;
use crate::support::home::{Environment, Home, with_postgres};
use crate::support::program::{PATIENCE, Program};
use crate::support::run_records::RunRecords;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

const QUESTIONS: usize = 40;
const ASKS: i64 = 4 * 40;
const LEASE: Duration = Duration::from_secs(10);
/// The lease was renewed at most this long before.
const RENEWAL: Duration = Duration::from_secs(4);
const SLOW: [&str; 2] = ["--latency", "1500"];

const SERVE: [&str; 2] = ["serve", "--no-worker"];
const WORKER: [&str; 3] = ["worker", "--concurrency", "200"];

/// Three workers, each with room for one lane.
async fn three_workers(home: &Home, environments: &[Environment; 3]) -> [Program; 3] {
    let narrow = ["worker", "--concurrency", "32"];
    [
        home.start(&narrow, &environments[0]).await,
        home.start(&narrow, &environments[1]).await,
        home.start(&narrow, &environments[2]).await,
    ]
}

on_both_databases! {
    async fn a_host_without_a_worker_leaves_the_asking_to_others(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "50"]).await;
        let environment = simulator.environment();
        let host = home.serve_with(&SERVE, &environment).await;
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        let run = host.client.start(project).await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(simulator.stats().await.requests_total, 0, "nobody was to ask");
        let worker = home.start(&WORKER, &environment).await;
        let view = host.client.over(run, PATIENCE).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, ASKS));
        simulator.stats().await.assert_each_once(4, QUESTIONS);

        // The next one starts by a wake-up, or by the look that follows within a second.
        let run = host.client.start(project).await;
        let view = host.client.over(run, PATIENCE).await;
        let waited = view.started_at.expect("a start") - view.created_at;
        assert!(waited < TimeDelta::seconds(5), "{waited}");
        RunRecords::of(&home.database().await, run).await;
        worker.stop().await;
        host.program.stop().await;
    }

    async fn one_worker_of_three_is_killed(home: &Home) {
        let simulator = Simulator::start(home, &SLOW).await;
        let environment = simulator.environment();
        let host = home.serve_with(&SERVE, &environment).await;
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        let database = home.database().await;
        let environments = [environment.clone(), environment.clone(), environment.clone()];
        let [first, second, third] = three_workers(home, &environments).await;
        let run = host.client.start(project).await;
        let running = || async {
            (database.count_asks(run, AskState::Running).await >= 70).then_some(())
        };
        eventually("asks in flight", PATIENCE, running).await;
        let name = second.origin.clone();
        let lanes = database.lanes(run).await;
        let held = lanes.iter().filter(|lane| lane.worker.as_ref() == Some(&name)).count();
        assert_eq!(held, 1, "each has one lane: {lanes:?}");
        second.kill().await;
        let lanes = database.lanes(run).await;
        let lane = lanes.iter().find(|lane| lane.worker.as_ref() == Some(&name));
        let lease_until = lane.and_then(|lane| lane.lease_until).expect("a lease");
        let taken_up = || async {
            let lanes = database.lanes(run).await;
            let is_free = lanes.iter().all(|lane| {
                lane.status == "done" || lane.worker.as_deref() != Some(name.as_str())
            });
            is_free.then_some(())
        };
        eventually("another worker", PATIENCE, taken_up).await;
        // Its lock in the shared data folder tells at once, long before the lease would.
        let now = Utc::now();
        assert!(now < lease_until, "{now}, and the lease ends at {lease_until}");
        let view = host.client.over(run, PATIENCE).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, ASKS));
        let records = RunRecords::of(&database, run).await;
        assert!(!records.lost().is_empty(), "the kill came too late");
        first.stop().await;
        third.stop().await;
    }
}

/// Workers on machines of their own: no lock tells of a death, only the lease does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_of_other_machines_are_killed_and_paused() {
    with_postgres(async |home| Box::pin(paused_then_killed(home)).await).await;
}

async fn paused_then_killed(home: &Home) {
    let simulator = Simulator::start(home, &["--latency", "2500"]).await;
    let mut environment = simulator.environment();
    environment.push(("ENCRYPTION_KEY", "ab".repeat(32)));
    let host = home.serve_with(&SERVE, &environment).await;
    let project = host.client.project("Soap", questions(QUESTIONS)).await;
    let database = home.database().await;
    let elsewhere = ["a", "b", "c"].map(|name| home.elsewhere(name, &environment));
    let run = host.client.start(project).await;
    let [first, second, third] = three_workers(home, &elsewhere).await;
    let running =
        || async { (database.count_asks(run, AskState::Running).await >= 70).then_some(()) };
    eventually("asks in flight", PATIENCE, running).await;
    let lanes = database.lanes(run).await;
    let holder = lanes[0].worker.clone().expect("a worker");
    let mut workers = vec![first, second, third];
    let index = workers
        .iter()
        .position(|worker| worker.origin == holder)
        .expect("one of the three");
    let paused = workers.remove(index);
    paused.pause().await;
    let begun = Instant::now();
    let view = host.client.over(run, Duration::from_mins(1)).await;
    assert_eq!((view.status, view.answered()), (RunStatus::Finished, ASKS));
    let took = begun.elapsed();
    assert!(took + RENEWAL >= LEASE, "{took:?} is no lease");
    let records = RunRecords::of(&database, run).await;
    assert!(!records.lost().is_empty());

    // Back to life, it has answers in its hands that are no longer its own.
    paused.go_on().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = RunRecords::of(&database, run).await;
    assert_eq!(after.results, records.results);
    assert_eq!(after.ledger, records.ledger);

    // And one is killed in its next run.
    let run = host.client.start(project).await;
    eventually("asks in flight", PATIENCE, || async {
        (database.count_asks(run, AskState::Running).await >= 70).then_some(())
    })
    .await;
    let lanes = database.lanes(run).await;
    let holder = lanes[0].worker.clone().expect("a worker");
    workers.push(paused);
    let index = workers
        .iter()
        .position(|worker| worker.origin == holder)
        .expect("one of the three");
    workers.remove(index).kill().await;
    let view = host.client.over(run, Duration::from_mins(1)).await;
    assert_eq!((view.status, view.answered()), (RunStatus::Finished, ASKS));
    RunRecords::of(&database, run).await;
}

/// Every connection to PostgreSQL is cut, again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_to_postgres_are_cut() {
    with_postgres(async |home| Box::pin(cut_again_and_again(home)).await).await;
}

async fn cut_again_and_again(home: &Home) {
    let simulator = Simulator::start(home, &["--latency", "300"]).await;
    let environment = simulator.environment();
    let host = home.serve(&environment).await;
    let project = host.client.project("Soap", questions(QUESTIONS)).await;
    let database = home.database().await;
    let run = host.client.start(project).await;
    let mut cut = 0;
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(120)).await;
        cut += database.cut_connections().await;
    }
    assert!(cut > 6, "only {cut} connections were cut");
    // A request may meet a connection that is gone; the run does not.
    let over = || async {
        let lanes = database.lanes(run).await;
        lanes.iter().all(|lane| lane.status == "done").then_some(())
    };
    eventually("the end of the run", PATIENCE, over).await;
    let view = host.client.over(run, PATIENCE).await;
    assert_eq!((view.status, view.answered()), (RunStatus::Finished, ASKS));
    let records = RunRecords::of(&database, run).await;
    assert!(records.lost().is_empty(), "an answer was lost");
    simulator.stats().await.assert_each_once(4, QUESTIONS);
}
