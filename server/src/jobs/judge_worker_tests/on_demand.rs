//! What an early end left, judged when somebody asks.

use super::*;

on_both_databases! {
    async fn what_an_early_end_left_is_judged_on_demand(database: &TestDatabase) {
        let provider = honest();
        let ended = world(database, &ProjectPlan::default(), Some(0), &provider).await;
        let (store, workspace) = (&database.store, ended.project.workspace);
        let set_budget = async |extra: &str| {
            let sql = format!(
                "UPDATE workspaces SET monthly_budget_nano_usd = {extra} \
                 + (SELECT SUM(amount_nano_usd) FROM llm_spend_days)"
            );
            database.execute(&sql).await;
        };
        set_budget("10000000").await;
        work_off(&ended.judging, "a").await;
        assert_eq!(ended.over().await.status, JudgeStatus::OverBudget);

        set_budget("10000000000").await;
        let other = world(database, &ProjectPlan::default(), None, &provider).await;
        let foreign = store.judge_run(other.project.workspace, ended.run).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)), "{foreign:?}");
        assert!(store.judge_run(workspace, ended.run).await.expect("asked"));
        assert_eq!(ended.over().await.status, JudgeStatus::Queued);
        work_off(&ended.judging, "a").await;
        let pass = ended.over().await;
        assert_eq!((pass.status, pass.done, pass.end_reason), (JudgeStatus::Done, 6, None));
        assert_books(database, &pass).await;
        assert!(!store.judge_run(workspace, ended.run).await.expect("asked"), "all is judged");

        // A judge that is chosen later reads what ended before it.
        let (later, run) = (other.project.workspace, other.run);
        assert!(!store.judge_run(later, run).await.expect("asked"), "nobody judges");
        store.save_judge_model(later, Some(other.project.models[0])).await.expect("chosen");
        assert!(store.judge_run(later, run).await.expect("asked"));
        work_off(&other.judging, "a").await;
        assert_eq!(other.over().await.done, 6);
        ended.shutdown.cancel();
        other.shutdown.cancel();
    }

    async fn a_judge_takes_up_only_answers_of_its_own_kind(database: &TestDatabase) {
        let provider = honest();
        let models = vec![(ProviderName::OpenAi, "model-a", true), (ProviderName::Simulator, "simulator-1", true)];
        let plan = ProjectPlan { models, prompts: 2, ..ProjectPlan::default() };
        let world = world(database, &plan, Some(0), &provider).await;
        let (store, workspace) = (&database.store, world.project.workspace);
        // Two of them are made up: who is paid does not read those beside real ones.
        assert_eq!(world.over().await.total, 2);
        store.save_judge_model(workspace, None).await.expect("switched off");
        work_off(&world.judging, "a").await;
        assert_eq!(world.over().await.status, JudgeStatus::Failed);
        for judge in [1, 0] {
            store.save_judge_model(workspace, Some(world.project.models[judge])).await.expect("chosen");
            assert!(store.judge_run(workspace, world.run).await.expect("asked"));
            assert_eq!(world.over().await.total, 2);
            store.save_judge_model(workspace, None).await.expect("switched off");
            work_off(&world.judging, "a").await;
        }
        world.shutdown.cancel();
    }
}
