//! One truth of cost: whatever shows a cost shows what the ledger says, to the nano-dollar.

use std::sync::atomic::AtomicI64;

use app::model::dashboard::{ComparedWith, DashboardQuery};
use app::model::money::Spend;
use app::model::run::SpendKind;
use app::model::spend::KindSpend;
use chrono::NaiveDate;
use engine::cost::Cost;
use providers::{ErrorClass, Outcome};

use super::*;
use crate::store::money::{CallKind, LedgerCursor, LedgerExport, MayCall};
use crate::store::sums::{Picked, SnapshotFilter, SnapshotPage, SnapshotRow, Surfaces};
use crate::store::testing::make_model;

const QUESTIONS: usize = 40;
/// 100 tokens read at $1 a million, 50 written at $10.
const AN_ANSWER: i64 = 100_000 + 500_000;

/// What a provider that is asked this may bill for an attempt that was cut: its limits, in
/// tokens at $1 and $10 a million, and five searches of a cent.
fn cut(question: &Question) -> i64 {
    let bytes = i64::try_from(question.text.len()).expect("short");
    (bytes + 1_000 + 5 * 8_000) * 1_000 + 2_048 * 10_000 + 5 * 10_000_000
}

/// What was billed, as the provider counts it.
#[derive(Default)]
struct Bill {
    answers: AtomicI64,
    filtered: AtomicI64,
    cut: AtomicI64,
    judge: AtomicI64,
}

/// Answers; every tenth connection is cut, every seventh answer is blocked by a filter.
fn troubled(bill: &Arc<Bill>) -> Arc<Scripted> {
    let (bill, calls) = (Arc::clone(bill), AtomicUsize::new(0));
    Arc::new(Scripted::new(move |_, question, _| {
        if let Some(task) = task(question) {
            bill.judge.fetch_add(AN_ANSWER, Ordering::SeqCst);
            return searching(reply(&verdicts(&task)), Outcome::Answered);
        }
        let number = calls.fetch_add(1, Ordering::SeqCst);
        if number % 10 == 3 {
            bill.cut.fetch_add(cut(question), Ordering::SeqCst);
            return failure(ErrorClass::Timeout, true, MILLISECOND);
        }
        let is_blocked = number % 7 == 2;
        let part = if is_blocked {
            &bill.filtered
        } else {
            &bill.answers
        };
        part.fetch_add(AN_ANSWER, Ordering::SeqCst);
        let outcome = if is_blocked {
            Outcome::Blocked
        } else {
            Outcome::Answered
        };
        searching(answer(TEXT, MILLISECOND), outcome)
    }))
}

/// An answer that ended so, and counted its searches.
fn searching(step: Step, outcome: Outcome) -> Step {
    Step {
        result: step.result.map(|mut answer| {
            answer.outcome = outcome;
            answer.usage.searches = Some(0);
            answer
        }),
        ..step
    }
}

/// Everything of the tests' years.
fn all_days() -> (NaiveDate, NaiveDate) {
    let day = |text: &str| text.parse().expect(text);
    (day("2026-01-01"), day("2027-01-01"))
}

fn all_snapshots(project: &TestProject, surfaces: Surfaces) -> SnapshotFilter {
    let (from, to) = all_days();
    SnapshotFilter {
        project_id: project.project,
        from,
        to,
        provider: None,
        surfaces,
    }
}

async fn snapshots(
    database: &TestDatabase,
    project: &TestProject,
    surfaces: Surfaces,
) -> Vec<SnapshotRow> {
    let filter = all_snapshots(project, surfaces);
    let found = database
        .store
        .snapshots(project.workspace, &filter, SnapshotPage::ALL)
        .await;
    found.expect("snapshots").rows
}

/// What REST shows of a project in nano-dollars: what its snapshots cost, and what is beside them.
async fn metrics(database: &TestDatabase, project: &TestProject, surfaces: Surfaces) -> (i64, i64) {
    let rows = snapshots(database, project, surfaces).await;
    let filter = all_snapshots(project, surfaces);
    let store = &database.store;
    let beside = store
        .spend_beside_snapshots(project.workspace, &filter)
        .await;
    let costs = rows.iter().map(|row| row.sums.cost.nanos());
    (costs.sum(), beside.expect("a sum").amount.nanos())
}

/// Asserts that all numbers of a project, the only one of its workspace, are the ledger's;
/// `beside` is what belongs to no ask.
async fn assert_one_truth(database: &TestDatabase, world: &World, beside: i64) {
    let (store, project) = (&database.store, &world.project);
    let ledger = database
        .number("SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_ledger")
        .await;
    let of_asks = ledger - beside;
    let days = store
        .spend_by_day(project.workspace, all_days())
        .await
        .expect("days");
    let sum = |parts: &[Money]| parts.iter().copied().sum::<Money>().nanos();
    let amounts = |parts: &[app::model::spend::SpendPart]| -> Vec<Money> {
        parts.iter().map(|part| part.spend.amount).collect()
    };
    let by_day: Vec<Money> = days.iter().map(|(_, spend)| spend.amount).collect();
    assert_eq!(sum(&by_day), ledger, "by day");
    let models = store
        .spend_by_model(project.workspace, all_days())
        .await
        .expect("models");
    assert_eq!(sum(&amounts(&models)), ledger, "by model");
    let projects = store
        .spend_by_project(project.workspace, all_days())
        .await
        .expect("projects");
    let projects = projects.iter().map(|project| project.part.spend.amount);
    assert_eq!(sum(&projects.collect::<Vec<_>>()), ledger, "by project");
    let kinds = store
        .spend_by_kind(project.workspace, all_days())
        .await
        .expect("kinds");
    let of_kinds: Vec<Money> = kinds.iter().map(|part| part.spend.amount).collect();
    assert_eq!(sum(&of_kinds), ledger, "by kind");
    let is_exact = days.iter().all(|(_, spend)| !spend.is_at_least);
    assert!(is_exact, "every price is known");
    let budget = store.budget(project.workspace).await.expect("a budget");
    assert_eq!(
        (budget.spent.nanos(), budget.reserved),
        (ledger, Money::ZERO)
    );

    let run = store
        .run(project.workspace, world.run)
        .await
        .expect("a run");
    assert_eq!(run.cost().nanos(), of_asks, "the run");
    let attempts = database
        .number("SELECT CAST(SUM(cost_nano_usd) AS BIGINT) FROM llm_monitoring_attempts")
        .await;
    let judged = run.judge.as_ref().map_or(0, |pass| pass.cost.nanos());
    assert_eq!(attempts + judged, of_asks, "attempts and judge");
    let rows = snapshots(database, project, Surfaces::Both).await;
    assert_eq!(cost(&rows), of_asks, "snapshots");
    let view = "SELECT CAST(SUM(cost_nano_usd) AS BIGINT) FROM llm_visibility_comparison";
    assert_eq!(database.number(view).await, of_asks, "the view");
    let cells = store
        .prompt_cells(project.workspace, project.project, all_days(), &[])
        .await;
    let cells = cells.expect("cells");
    let of_cells: i64 = cells.iter().map(|cell| cell.sums.cost.nanos()).sum();
    assert_eq!(of_cells, of_asks, "questions and clusters");
    let query = DashboardQuery {
        project_id: project.project,
        from: all_days().0,
        to: all_days().1,
        model_ids: Vec::new(),
        compare: ComparedWith::default(),
        tags: Vec::new(),
    };
    let sums = store
        .period_sums(
            project.workspace,
            project.project,
            query.from,
            query.to,
            Picked::default(),
            query.earlier(),
        )
        .await
        .expect("sums");
    let shown = statistics::dashboard(&query, sums);
    let costs = shown
        .models
        .iter()
        .map(|model| model.total.all.cost.nanos());
    let of_models: i64 = costs.sum();
    assert_eq!(
        (shown.total.all.cost.nanos(), of_models),
        (of_asks, of_asks),
        "the cards"
    );
    let shown = metrics(database, project, Surfaces::RealFirst).await;
    assert_eq!(shown, (of_asks, beside), "REST");
    file_of_the_ledger(database, project, of_asks, beside).await;
    by_day_too(database, days, &rows).await;
}

fn cost(rows: &[SnapshotRow]) -> i64 {
    rows.iter().map(|row| row.sums.cost.nanos()).sum()
}

/// Each day has what its answers cost, but for what belongs to no ask.
async fn by_day_too(database: &TestDatabase, days: Vec<(NaiveDate, Spend)>, rows: &[SnapshotRow]) {
    for (day, spend) in days {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_days \
             WHERE day = '{day}' AND kind NOT IN ('answer', 'filtered', 'lost', 'judge')"
        );
        let of_none = database.number(&sql).await;
        let of_day: Vec<SnapshotRow> = rows.iter().filter(|row| row.day == day).cloned().collect();
        assert_eq!(cost(&of_day) + of_none, spend.amount.nanos(), "{day}");
    }
}

/// The file adds up to the same, and tells asks from what belongs to none.
async fn file_of_the_ledger(
    database: &TestDatabase,
    project: &TestProject,
    of_asks: i64,
    beside: i64,
) {
    let mut rows = Vec::new();
    let mut cursor = Some(LedgerCursor::from(all_days()));
    while let Some(at) = cursor {
        let page = database
            .store
            .export_ledger(project.workspace, project.project, at);
        let (found, next) = page.await.expect("a page of the ledger");
        rows.extend(found);
        cursor = next;
    }
    let (asks, others): (Vec<&LedgerExport>, Vec<&LedgerExport>) =
        rows.iter().partition(|row| row.asked_model_id.is_some());
    assert!(asks.iter().all(|row| row.query_id.is_some()));
    let sum =
        |rows: &[&LedgerExport]| -> i64 { rows.iter().map(|row| row.spend.amount.nanos()).sum() };
    assert_eq!((sum(&asks), sum(&others)), (of_asks, beside), "the file");
}

on_both_databases! {
    async fn what_was_paid_to_judge_made_up_answers_stays_in_the_sum(database: &TestDatabase) {
        let provider = honest();
        let models = vec![(ProviderName::Simulator, "made-up-1", true)];
        let plan = ProjectPlan { models, ..ProjectPlan::default() };
        let alone = world(database, &plan, None, &provider).await;
        let (store, project) = (&database.store, alone.project.clone());
        let real = make_model(database, ProviderName::OpenAi, "model-a", true).await;
        store.save_judge_model(project.workspace, Some(real.into())).await.expect("chosen");
        let ledger = "SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_ledger";

        // There is nothing real yet: a judge that is paid reads what was made up.
        assert!(store.judge_run(project.workspace, alone.run).await.expect("judged"));
        work_off(&alone.judging, "a").await;
        assert_eq!(alone.over().await.done, 3);
        let paid = database.number(ledger).await;
        assert!(paid > 0);
        assert_eq!(metrics(database, &project, Surfaces::RealFirst).await, (paid, 0));

        alone.shutdown.cancel();

        // A real model answers, and the simulator's snapshots are left out, not what they cost.
        let (id, workspace) = (project.project, project.workspace);
        let asked = format!(
            "INSERT INTO llm_monitoring_project_models (project_id, model_id, workspace_id) \
             VALUES ({id}, {real}, {workspace})"
        );
        database.execute(&asked).await;
        let both = run_of(database, project.clone(), &provider).await;
        assert_eq!(both.over().await.total, 3, "what was made up is not read any more");
        work_off(&both.judging, "a").await;
        assert_eq!(both.over().await.done, 3);
        let all = database.number(ledger).await;
        assert!(all > paid);
        assert_eq!(metrics(database, &project, Surfaces::RealFirst).await, (all - paid, paid));
        assert_eq!(metrics(database, &project, Surfaces::Both).await, (all, 0));
        assert_eq!(metrics(database, &project, Surfaces::MadeUp).await, (paid, 0));
        for (provider, beside) in [(ProviderName::OpenAi, 0), (ProviderName::Simulator, paid)] {
            let filter = SnapshotFilter {
                provider: Some(provider),
                ..all_snapshots(&project, Surfaces::RealFirst)
            };
            let found = store.spend_beside_snapshots(workspace, &filter).await.expect("a sum");
            assert_eq!(found.amount.nanos(), beside, "{provider:?}");
        }
        both.shutdown.cancel();
    }

    async fn every_sum_of_cost_is_the_ledgers(database: &TestDatabase) {
        let bill = Arc::new(Bill::default());
        let provider = troubled(&bill);
        let plan = ProjectPlan { prompts: QUESTIONS, ..ProjectPlan::default() };
        // The judge is one of the models that are asked.
        let world = world(database, &plan, Some(0), &provider).await;
        assert_one_truth(database, &world, 0).await;

        // Judged on the next day: paid on that day, for the answers of this one.
        database.clock.advance(Duration::from_hours(24));
        work_off(&world.judging, "a").await;
        assert_one_truth(database, &world, 0).await;
        let rows = snapshots(database, &world.project, Surfaces::Both).await;
        assert_eq!(rows.iter().filter(|row| row.sums.answers == 0 && row.sums.cost > Money::ZERO).count(), 2);
        let latest = database.store.latest_snapshots(world.project.workspace, world.project.project).await;
        let latest = latest.expect("snapshots");
        assert!(latest.iter().all(|row| row.sums.answers > 0) && latest.len() == 2, "no answers, no numbers");

        // What the provider billed, counted by itself.
        let kinds = database.store.spend_by_kind(world.project.workspace, all_days()).await.expect("kinds");
        let of = |kind: SpendKind| {
            let found = kinds.iter().find(|part| part.kind == kind).expect("every kind");
            found.spend.amount.nanos()
        };
        let billed = |part: &AtomicI64| part.load(Ordering::SeqCst);
        assert_eq!(of(SpendKind::Answer), billed(&bill.answers));
        assert_eq!(of(SpendKind::Filtered), billed(&bill.filtered));
        assert_eq!(of(SpendKind::Lost), billed(&bill.cut));
        assert_eq!(of(SpendKind::Judge), billed(&bill.judge));
        assert!(kinds.iter().take(4).all(|part| part.entries > 0), "{kinds:?}");
        let share = |KindSpend { entries, .. }: &KindSpend| *entries;
        let answers: i64 = kinds.iter().take(2).map(share).sum();
        assert!(answers <= i64::try_from(2 * QUESTIONS).expect("few"));

        // What belongs to no ask is a line of its own.
        let store = &database.store;
        let project = &world.project;
        let scope = store.call_scope(project.workspace, Some(project.project), project.models[1]).await;
        let scope = scope.expect("a scope");
        let begun = store.begin_call(&scope, CallKind::Suggest, Money::from_usd(1)).await.expect("begun");
        let MayCall::Yes(set_aside) = begun else { panic!("{begun:?}") };
        let cost = Cost { amount: Money::from_nanos(77), kind: app::model::run::CostKind::Computed, price: None };
        store.settle_call(set_aside, &[cost]).await.expect("booked");
        assert_one_truth(database, &world, 77).await;

        // Sums that are made again, and answers that are read again, end with the same cost.
        store.sum_everything_again().await.expect("begun");
        crate::jobs::reread::work_off(store, "summer").await.expect("summed");
        store.read_everything_again().await.expect("begun");
        crate::jobs::reread::work_off(store, "reader").await.expect("read");
        assert_one_truth(database, &world, 77).await;
        world.shutdown.cancel();
    }
}
