//! Two hosts on one database: each ask is asked once, and one takes over from the other.

use std::time::Duration;

use app::model::ids::ProjectId;
use app::model::run::{AskState, RunStatus, RunsPage};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Client, questions};
use crate::support::home::Home;
use crate::support::program::PATIENCE;
use crate::support::run_records::RunRecords;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

const QUESTIONS: usize = 40;

on_both_databases! {
    async fn two_hosts_ask_each_question_once(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "200"]).await;
        let environment = simulator.environment();
        let first = home.serve(&environment).await;
        let second = home.serve(&environment).await;
        let soap = first.client.project("Soap", questions(QUESTIONS)).await;
        let others = questions(QUESTIONS).into_iter().map(|text| text.replace("soap", "shampoo"));
        let shampoo = second.client.project("Shampoo", others.collect()).await;
        let runs = tokio::join!(first.client.start(soap), second.client.start(shampoo));
        let database = home.database().await;
        // Whoever works on it, both hosts know.
        for (run, client) in [(runs.0, &second.client), (runs.1, &first.client)] {
            let view = client.over(run, PATIENCE).await;
            assert_eq!((view.status, view.answered()), (RunStatus::Finished, 160));
            let records = RunRecords::of(&database, run).await;
            assert!(records.lost().is_empty());
        }
        simulator.stats().await.assert_each_once(4, 2 * QUESTIONS);
    }

    async fn what_one_host_leaves_the_other_takes_up(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "600"]).await;
        let environment = simulator.environment();
        let leaving = home.serve(&environment).await;
        let project = leaving.client.project("Soap", questions(QUESTIONS)).await;
        let run = leaving.client.start(project).await;
        let database = home.database().await;
        let in_flight = || async {
            (database.count_asks(run, AskState::Running).await >= 100).then_some(())
        };
        eventually("asks in flight", PATIENCE, in_flight).await;
        let staying = home.serve(&environment).await;
        leaving.program.stop().await;
        // No lease has to run out for that.
        let view = staying.client.over(run, Duration::from_secs(8)).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 160));
        let records = RunRecords::of(&database, run).await;
        assert!(records.lost().is_empty());
        simulator.stats().await.assert_each_once(4, QUESTIONS);
    }

    async fn two_schedules_beside_a_host_make_one_run(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "100"]).await;
        let environment = simulator.environment();
        let host = home.serve(&environment).await;
        let project = host.client.project("Soap", questions(QUESTIONS)).await;
        every_day(&host.client, project).await;
        let daily = || home.run(&["cron", "daily"], &environment, "");
        let (one, other) = tokio::join!(daily(), daily());
        for done in [one, other] {
            let printed = done.printed();
            assert!(
                printed.starts_with("Soap: finished, 160 asks, 160 answered, 0 failed, $"),
                "{printed}"
            );
        }
        simulator.stats().await.assert_each_once(4, QUESTIONS);
        // Later on the same day there is nothing more to do.
        assert!(daily().await.printed().starts_with("Soap: finished"));
        simulator.stats().await.assert_each_once(4, QUESTIONS);
        let page: RunsPage = host
            .client
            .call("runs/list", &json!({ "project_id": project, "after": 0 }))
            .await;
        assert_eq!((page.runs.len(), page.total), (1, 1));
        RunRecords::of(&home.database().await, page.runs[0].id).await;
        host.program.stop().await;
    }

    async fn a_day_that_is_not_complete_ends_with_one(home: &Home) {
        let host = home.serve(&Vec::new()).await;
        let project = host.client.project("Soap", questions(1)).await;
        every_day(&host.client, project).await;
        // Nobody has a key; no new models can be listed either.
        let done = home.run(&["cron", "daily", "--json"], &Vec::new(), "").await;
        assert_eq!(done.code, Some(1), "{done:?}");
        let day: Value = serde_json::from_str(&done.stdout).expect("JSON");
        assert_eq!((&day["ok"], &day["projects"][0]["skipped"]), (&json!(false), &json!("no_key")));
        let done = home.run(&["cron", "models", "--json"], &Vec::new(), "").await;
        assert_eq!(done.code, Some(1), "{done:?}");
        let models: Value = serde_json::from_str(&done.stdout).expect("JSON");
        assert_eq!(models["ok"], false);
        // With keys and a provider that answers, both are fine; the day has had its slot.
        let simulator = Simulator::start(home, &[]).await;
        let environment = simulator.environment();
        let models = home.run(&["cron", "models"], &environment, "").await.printed();
        assert!(models.ends_with("4 providers checked, 0 failed, 0 new models") || models.contains("new: "), "{models}");
    }
}

/// Lets a project run by itself, late in the day.
pub(crate) async fn every_day(client: &Client, project: ProjectId) {
    let schedule = json!({ "schedule": "59 23 * * *" });
    let path = format!("/projects/{project}");
    let (status, reply) = client.rest(Method::PUT, &path, Some(&schedule)).await;
    assert_eq!(status, 200, "{reply}");
}
