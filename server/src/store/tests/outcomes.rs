//! What one transaction writes.

use app::model::answer::MentionSource;
use app::model::provider::Provider;
use app::model::run::RunStatus;
use engine::{Batch, LaneEnd, Stopped};
use providers::ErrorClass;

use super::{COST, answer_all, answered, begin, begins, claim, failed, finding, ids, store};
use crate::store::StoreError;
use crate::store::entity::answer;
use crate::store::testing::{ProjectPlan, TestDatabase, make_project, on_both_databases};
use sea_orm::EntityTrait;

fn one_lane(prompts: usize) -> ProjectPlan {
    let models = vec![(Provider::OpenAi, "model-a", true)];
    ProjectPlan {
        prompts,
        models,
        ..ProjectPlan::default()
    }
}

fn count(table: &str) -> String {
    format!("SELECT COUNT(*) FROM {table}")
}

on_both_databases! {
    async fn everything_about_an_answer_is_written_together(database: &TestDatabase) {
        let project = make_project(database, &one_lane(2)).await;
        let run = project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let findings = vec![
            finding(project.brand, MentionSource::Both, Some(2)),
            finding(project.competitors[0], MentionSource::None, None),
        ];
        let outcomes = [
            answered(database, &claimed, &claimed.asks[0], findings),
            failed(database, &claimed, &claimed.asks[1], ErrorClass::Overloaded),
        ];
        let committed = store(database, &claimed, &outcomes).await;
        assert!(committed.lane_done);
        let summary = committed.run.expect("the last lane");
        assert_eq!(summary.status, RunStatus::FinishedWithFailures);
        assert_eq!((summary.asks, summary.answered, summary.failed), (2, 1, 1));
        assert_eq!(summary.cost, COST);

        assert_eq!(database.number(&count("llm_monitoring_results")).await, 2);
        assert_eq!(database.number(&count("llm_monitoring_findings WHERE is_brand")).await, 1);
        assert_eq!(database.number(&count("llm_monitoring_findings")).await, 1);
        assert_eq!(database.number(&count("llm_monitoring_attempts")).await, 2);
        assert_eq!(database.number(&count("llm_spend_ledger WHERE kind = 'answer'")).await, 1);
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!(view.status, RunStatus::FinishedWithFailures);
        let lane = &view.lanes[0];
        assert_eq!((lane.answered, lane.failed, lane.running, lane.cost), (1, 1, 0, COST));

        let rows = answer::Entity::find().all(database.store.reader()).await.expect("answers");
        let row = rows.iter().find(|row| row.outcome == "answered").expect("an answer");
        assert_eq!(row.full_response, "Kipu, before all.", "PostgreSQL holds no NUL");
        assert_eq!(row.citations, r#"[{"url":"https://kipu.example/soap","title":null,"start":0,"end":4,"cited":true}]"#);
        assert_eq!(row.price_id, claimed.scope.model.prices.first().map(|price| price.id.0));
        assert_eq!((row.input_tokens, row.cost_nano_usd), (Some(100), COST.nanos()));
        assert_eq!(row.raw_body.as_deref(), Some(b"{}".as_slice()));
        assert_eq!((row.request_id.as_deref(), row.response_time_ms), (Some("req-1"), 250));
        let row = rows.iter().find(|row| row.outcome == "failed").expect("a failure");
        assert_eq!(row.error_class.as_deref(), Some("overloaded"));
        assert_eq!(row.error_message.as_deref(), Some("it broke"));
    }

    async fn a_second_outcome_is_refused_and_writes_nothing(database: &TestDatabase) {
        let project = make_project(database, &one_lane(3)).await;
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)[..2]).await;
        let outcomes = [answered(database, &claimed, &claimed.asks[0], Vec::new())];
        store(database, &claimed, &outcomes).await;
        let both = [outcomes[0].clone(), answered(database, &claimed, &claimed.asks[1], Vec::new())];
        let batch = Batch { outcomes: &both, ..Batch::default() };
        let result = database.store.commit_outcomes(&claimed.scope, &batch).await;
        assert!(matches!(result, Err(StoreError::Corrupt(_))));
        assert_eq!(database.number(&count("llm_monitoring_results")).await, 1);
        assert_eq!(database.number(&count("llm_spend_ledger")).await, 1);
    }

    async fn a_batch_that_may_have_been_written_is_written_once(database: &TestDatabase) {
        let project = make_project(database, &one_lane(3)).await;
        let run = project.plan(database).await;
        let claimed = claim(database, "a").await;
        let asks = ids(&claimed);
        begin(database, &claimed, &asks[..2]).await;
        let outcomes: Vec<_> = claimed
            .asks
            .iter()
            .take(2)
            .map(|work| answered(database, &claimed, work, Vec::new()))
            .collect();
        // The first was written, the second was not: as if two batches had become one.
        store(database, &claimed, &outcomes[..1]).await;
        let batch = Batch { outcomes: &outcomes, begin: &begins(&asks[2..]), again: true, ..Batch::default() };
        for _ in 0..2 {
            let committed = database.store.commit_outcomes(&claimed.scope, &batch).await;
            assert!(!committed.expect("committed").lane_done);
        }
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.answered(), view.lanes[0].running), (2, 1));
        assert_eq!(view.cost(), COST + COST);

        let last = [answered(database, &claimed, &claimed.asks[2], Vec::new())];
        store(database, &claimed, &last).await;
        let batch = Batch { outcomes: &last, again: true, ..Batch::default() };
        let committed = database.store.commit_outcomes(&claimed.scope, &batch).await;
        assert!(committed.expect("known as done").lane_done);
        assert_eq!(database.number(&count("llm_monitoring_results")).await, 3);
    }

    async fn a_dead_key_fails_what_was_not_sent(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan { prompts: 4, ..ProjectPlan::default() }).await;
        let run = project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)[..2]).await;
        let end = LaneEnd { class: ErrorClass::BadKey, message: "no such key".to_owned() };
        let outcomes = [failed(database, &claimed, &claimed.asks[0], ErrorClass::BadKey)];
        let batch = Batch { outcomes: &outcomes, end: Some(&end), ..Batch::default() };
        let committed = database.store.commit_outcomes(&claimed.scope, &batch).await.expect("committed");
        assert_eq!((committed.stopped, committed.lane_done), (Some(Stopped::Ended), false));
        let last = [answered(database, &claimed, &claimed.asks[1], Vec::new())];
        let committed = store(database, &claimed, &last).await;
        assert!(committed.lane_done && committed.run.is_none());
        answer_all(database, &claim(database, "a").await).await;

        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!(view.status, RunStatus::FinishedWithFailures);
        let lane = &view.lanes[0];
        assert_eq!((lane.answered, lane.failed, lane.running), (1, 3, 0));
        assert_eq!(lane.end_reason, Some(ErrorClass::BadKey));
        assert_eq!(view.lanes[1].answered, 4);
        let unsent = "llm_monitoring_results WHERE outcome = 'failed' AND error_class = 'bad_key'";
        assert_eq!(database.number(&count(unsent)).await, 3);
        assert_eq!(database.number(&count("llm_monitoring_attempts")).await, 6);
    }

    async fn a_used_up_budget_drops_what_waits(database: &TestDatabase) {
        let plan = ProjectPlan { budget: COST, time_zone: "Europe/Madrid", ..one_lane(3) };
        let project = make_project(database, &plan).await;
        let run = project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)[..1]).await;
        let outcomes = [answered(database, &claimed, &claimed.asks[0], Vec::new())];
        let asks = ids(&claimed);
        let batch = Batch { outcomes: &outcomes, begin: &begins(&asks[1..]), ..Batch::default() };
        let committed = database.store.commit_outcomes(&claimed.scope, &batch).await.expect("committed");
        assert_eq!(committed.stopped, Some(Stopped::OverBudget));
        assert_eq!(committed.run.expect("over").status, RunStatus::OverBudget);
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.answered(), view.lanes[0].dropped), (1, 2));

        // A month later, by the workspace's clock, there is money again.
        database.clock.set("2026-03-31T21:59:59Z".parse().expect("a time"));
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        assert_eq!(begin(database, &claimed, &ids(&claimed)).await.stopped, Some(Stopped::OverBudget));
        database.clock.set("2026-03-31T22:00:00Z".parse().expect("a time"));
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        assert_eq!(begin(database, &claimed, &ids(&claimed)).await.stopped, None);
    }

    async fn another_workspaces_spend_does_not_count(database: &TestDatabase) {
        let rich = make_project(database, &one_lane(1)).await;
        rich.plan(database).await;
        answer_all(database, &claim(database, "a").await).await;
        let plan = ProjectPlan { budget: COST, ..one_lane(1) };
        make_project(database, &plan).await.plan(database).await;
        let claimed = claim(database, "a").await;
        assert_eq!(begin(database, &claimed, &ids(&claimed)).await.stopped, None);
    }

    async fn a_batch_may_be_larger_than_a_statement(database: &TestDatabase) {
        let project = make_project(database, &one_lane(1)).await;
        let more = "INSERT INTO llm_monitoring_queries (workspace_id, project_id, query_text, query_key, \
            language, query_type, tags, position, is_active, created_at) \
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1199) \
            SELECT q.workspace_id, q.project_id, 'more', 'more ' || n.i, 'en', 'general', '[]', n.i, \
            q.is_active, q.created_at FROM n CROSS JOIN llm_monitoring_queries q";
        database.execute(more).await;
        let run = project.plan(database).await;
        let claimed = claim(database, "a").await;
        assert_eq!(claimed.asks.len(), 1_200);
        assert!(answer_all(database, &claimed).await.lane_done);
        let view = database.store.run(project.workspace, run).await.expect("a run");
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 1_200));
    }
}
