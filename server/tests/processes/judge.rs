//! A host that dies while a judge reads: what was judged stays, and is not sent again.

use app::model::answer::{AnswerFilter, AnswerPage, AnswerView};
use app::model::judge::JudgeView;
use app::model::money::Money;
use app::model::run::{JudgeStatus, RunStatus};
use serde_json::json;

use crate::support::client::questions;
use crate::support::home::Home;
use crate::support::program::PATIENCE;
use crate::support::simulator::Simulator;
use crate::support::{eventually, on_both_databases};

/// Calls of a pass in flight at the same time.
const CALLS_IN_FLIGHT: usize = 8;

on_both_databases! {
    async fn killed_while_a_judge_reads(home: &Home) {
        let simulator = Simulator::start(home, &["--latency", "700"]).await;
        let host = home.serve(&simulator.environment()).await;
        let view: JudgeView = host.client.call("judge/get", &json!({})).await;
        assert_eq!(view.model_id, None, "off until somebody chooses one");
        let proposed = view.proposed().expect("a proposal").clone();
        assert!(proposed.per_thousand.is_some_and(|cost| cost < Money::from_usd(1)));
        let chosen: JudgeView = host
            .client
            .call("judge/save", &json!({ "model_id": proposed.model_id }))
            .await;
        assert_eq!(chosen.model_id, Some(proposed.model_id));
        let (refused, _) = host.client.try_call("judge/save", &json!({ "model_id": 999_999 })).await;
        assert_eq!(refused, 422, "nobody knows this model");

        let project = host.client.project("Soap", questions(60)).await;
        let run = host.client.start(project).await;
        let view = host.client.over(run, PATIENCE).await;
        assert_eq!(view.status, RunStatus::Finished, "the run does not wait for the judge");
        let total = view.judge.expect("a pass").total;
        assert!(total > 120, "{total} answers name somebody");
        let some = || async {
            let pass = host.client.progress(run).await.judge?;
            (pass.done > 0).then_some(pass)
        };
        let (before, _) = eventually("the first verdicts", PATIENCE, some).await;
        host.program.kill().await;
        assert!(before.done < total, "the kill came too late");

        let host = home.serve(&simulator.environment()).await;
        let over = || async {
            let pass = host.client.progress(run).await.judge?;
            pass.status.is_over().then_some(pass)
        };
        let (pass, took) = eventually("the judge's end", PATIENCE, over).await;
        println!("{} of {total} judged at the kill, all of them {took:?} after the restart", before.done);
        assert_eq!((pass.status, pass.done, pass.failed), (JudgeStatus::Done, total, 0));
        assert!(pass.cost > before.cost);

        // No question was answered twice (those in flight at the kill never were), and no more
        // answers are in doubt than were in flight.
        let stats = simulator.stats().await;
        let model = chosen.chosen().expect("chosen").name.clone();
        let models: Vec<app::model::registry::ModelView> =
            host.client.call("models/list", &json!({})).await;
        let id = &models.iter().find(|known| known.display_name == model).expect("listed").model_id;
        let asked = &stats.answers[id];
        let twice: Vec<_> = asked.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "sent twice: {twice:?}");
        let alone = asked.keys().filter(|question| question.matches(" BEGIN ").count() == 2).count();
        assert!(alone <= CALLS_IN_FLIGHT * 8, "{alone} answers asked about alone");

        let filter = AnswerFilter { project_id: project, mentioned: Some(true), ..AnswerFilter::default() };
        let page: AnswerPage = host.client.call("answers/list", &json!({ "filter": filter })).await;
        let answer: AnswerView = host
            .client
            .call("answers/get", &json!({ "answer_id": page.rows[0].id }))
            .await;
        let judged = answer.findings.iter().filter_map(|finding| finding.judgement.as_ref());
        assert!(judged.clone().count() > 0);
        assert!(judged.clone().all(|judgement| judgement.model_name == model));
        host.program.stop().await;
    }
}
