//! The ceiling of what a workspace may spend on the operator's keys.

use std::sync::Arc;

use app::model::money::Money;
use app::model::outcome::ErrorClass;
use app::model::provider::Provider;
use app::model::run::RunStatus;
use engine::scripted::{Keys, Scripted, Step, answer};
use engine::{Engine, EngineHandle};
use providers::{Answer, Usage};
use tokio_util::sync::CancellationToken;

use super::{MILLISECOND, assert_each_ask_has_one_outcome, finished, parts, quick};
use crate::store::money::{BudgetChange, SharedKeyAccount};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

/// Answers cost $0.021 each, a little less than what is set aside for an ask without search.
fn provider() -> Arc<Scripted> {
    Arc::new(Scripted::new(|_, _, _| {
        let step = answer("Kipu", MILLISECOND);
        Step {
            result: step.result.map(|answer| Answer {
                usage: Usage {
                    input_tokens: Some(1_000),
                    output_tokens: Some(2_000),
                    ..Usage::default()
                },
                ..answer
            }),
            ..step
        }
    }))
}

/// Twice forty questions, asked without search.
async fn project_of(database: &TestDatabase) -> TestProject {
    let project = make_project(database, &many()).await;
    database
        .execute("UPDATE llm_model_registry SET web_search = FALSE")
        .await;
    project
}

fn start(
    database: &TestDatabase,
    provider: &Arc<Scripted>,
    on_shared_key: bool,
) -> (EngineHandle, CancellationToken) {
    let shutdown = CancellationToken::new();
    let keys = Keys {
        on_shared_key,
        ..Keys::default()
    };
    let parts = parts(database, provider, keys);
    (Engine::spawn(parts, quick(), shutdown.clone()), shutdown)
}

async fn set_ceiling(database: &TestDatabase, ceiling: Money) {
    let sql = format!(
        "UPDATE workspaces SET shared_key_ceiling_nano_usd = {}",
        ceiling.nanos()
    );
    database.execute(&sql).await;
}

async fn account(database: &TestDatabase, at: &TestProject) -> SharedKeyAccount {
    let accounts = database
        .store
        .shared_key_accounts()
        .await
        .expect("accounts");
    accounts
        .into_iter()
        .find(|account| account.workspace == at.workspace)
        .expect("an account")
}

fn many() -> ProjectPlan {
    ProjectPlan {
        prompts: 40,
        ..ProjectPlan::default()
    }
}

on_both_databases! {
    async fn shared_keys_are_spent_up_to_the_ceiling_and_no_further(database: &TestDatabase) {
        let project = project_of(database).await;
        let provider = provider();
        // What one run costs without a ceiling that counts.
        let (engine, shutdown) = start(database, &provider, false);
        let run = project.plan(database).await;
        engine.wake();
        let whole = finished(database, project.workspace, run).await;
        assert_eq!((whole.status, whole.answered()), (RunStatus::Finished, 80));
        assert_eq!(account(database, &project).await.spent, Money::ZERO, "own keys count apart");
        shutdown.cancel();
        engine.join().await;

        let ceiling = Money::from_nanos(whole.cost().nanos() / 4);
        set_ceiling(database, ceiling).await;
        let (engine, shutdown) = start(database, &provider, true);
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!(view.status, RunStatus::OverBudget);
        assert!(view.lanes.iter().any(|lane| lane.end_reason == Some(ErrorClass::SharedCeiling)));
        assert!(view.lanes.iter().all(|lane| lane.failed == 0));
        let spent = account(database, &project).await;
        assert_eq!((spent.spent, spent.reserved), (view.cost(), Money::ZERO));
        assert!(spent.spent <= ceiling && view.answered() > 0, "{spent:?}");
        assert_each_ask_has_one_outcome(database, &view).await;

        // A higher one lets it go on, to the end.
        set_ceiling(database, whole.cost().times(3)).await;
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, view.answered()), (RunStatus::Finished, 80));
        shutdown.cancel();
        engine.join().await;
    }

    async fn nothing_is_sent_with_a_shared_key_below_a_ceiling_of_nothing(database: &TestDatabase) {
        let project = make_project(database, &many()).await;
        let provider = provider();
        let (engine, shutdown) = start(database, &provider, true);
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!((view.status, provider.calls()), (RunStatus::OverBudget, 0));
        assert_eq!(view.lanes[0].end_reason, Some(ErrorClass::SharedCeiling));
        shutdown.cancel();
        engine.join().await;
    }

    async fn a_model_without_a_price_is_not_asked_with_a_shared_key(database: &TestDatabase) {
        let models = vec![(Provider::OpenAi, "model-a", false)];
        let project = make_project(database, &ProjectPlan { models, ..many() }).await;
        set_ceiling(database, Money::from_usd(100)).await;
        let allow = BudgetChange { allow_unpriced: Some(true), ..BudgetChange::default() };
        database.store.save_budget(project.workspace, allow).await.expect("allowed");
        let provider = provider();
        let (engine, shutdown) = start(database, &provider, true);
        let run = project.plan(database).await;
        engine.wake();
        let view = finished(database, project.workspace, run).await;
        assert_eq!(provider.calls(), 0);
        assert_eq!(view.lanes[0].end_reason, Some(ErrorClass::Unpriced));
        shutdown.cancel();
        engine.join().await;
    }
}
