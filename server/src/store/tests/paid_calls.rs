//! Calls outside of lanes: money set aside, booked once, lost with their host.

use std::time::Duration;

use app::model::ids::ProjectId;
use app::model::money::Money;
use app::model::run::CostKind;
use app::model::spend::AlertKind;
use chrono::NaiveDate;
use engine::cost::Cost;

use crate::store::StoreError;
use crate::store::money::{
    CALLS_AT_ONCE, CallKind, CallScope, LOST_AFTER, MayCall, ProjectSpend, SetAside,
};
use crate::store::sql::rows;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};

const LEDGER: &str = "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) \
    FROM llm_spend_ledger WHERE kind = 'suggest' AND run_id IS NULL AND ask_id IS NULL";
const ENTRIES: &str = "SELECT COUNT(*) FROM llm_spend_ledger";
const DAYS: &str = "SELECT CAST(COALESCE(SUM(amount_nano_usd), 0) AS BIGINT) FROM llm_spend_days";
const OPEN: &str = "SELECT COUNT(*) FROM llm_spend_reservations";
const CENT: Money = Money::from_nanos(10_000_000);

fn cost(amount: Money, kind: CostKind) -> Cost {
    Cost {
        amount,
        kind,
        price: None,
    }
}

async fn scope(database: &TestDatabase, at: &TestProject, project: Option<ProjectId>) -> CallScope {
    let scope = database
        .store
        .call_scope(at.workspace, project, at.models[0])
        .await;
    scope.expect("a scope")
}

async fn begin(database: &TestDatabase, scope: &CallScope, worst_case: Money) -> MayCall {
    let begun = database
        .store
        .begin_call(scope, CallKind::Suggest, worst_case)
        .await;
    begun.expect("begun")
}

async fn begun(database: &TestDatabase, scope: &CallScope, worst_case: Money) -> SetAside {
    match begin(database, scope, worst_case).await {
        MayCall::Yes(set_aside) => set_aside,
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    async fn what_a_call_cost_is_booked_and_the_rest_comes_back(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        for project in [None, Some(at.project)] {
            let scope = scope(database, &at, project).await;
            assert_eq!(scope.model_name, "MODEL-A");
            let before = database.store.budget(at.workspace).await.expect("a budget");
            let call = begun(database, &scope, CENT).await;
            let during = database.store.budget(at.workspace).await.expect("a budget");
            assert_eq!(during.reserved, before.reserved + CENT);
            assert!(database.store.reserve_for_call(call, CENT).await.expect("reserved"));
            let costs = [
                cost(Money::from_nanos(3), CostKind::WorstCase),
                cost(Money::from_nanos(4), CostKind::Computed),
            ];
            database.store.settle_call(call, &costs).await.expect("settled");
            // Settled twice is settled once.
            database.store.settle_call(call, &costs).await.expect("settled");
            assert!(!database.store.reserve_for_call(call, CENT).await.expect("asked"));
            let after = database.store.budget(at.workspace).await.expect("a budget");
            assert_eq!((after.reserved, after.spent), (Money::ZERO, before.spent + Money::from_nanos(7)));
        }
        assert_eq!((database.number(LEDGER).await, database.number(DAYS).await), (14, 14));
        // Both stand in the month's spend, by project and by model.
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let range = (day("2026-03-01"), day("2026-04-01"));
        let parts = database.store.spend_by_project(at.workspace, range).await.expect("parts");
        let mut parts: Vec<_> = parts.iter().map(|ProjectSpend { part, .. }| (part.name.as_str(), part.spend.amount.nanos(), part.entries)).collect();
        parts.sort_unstable();
        assert_eq!(parts, [("", 7, 2), ("Watch", 7, 2)]);
        let models = database.store.spend_by_model(at.workspace, range).await.expect("parts");
        assert_eq!((models.len(), models[0].spend.amount.nanos(), models[0].entries), (1, 14, 4));
        assert_eq!(database.store.spend_by_day(at.workspace, range).await.expect("days").len(), 1);
        let asked = database.store.projects_that_asked(at.workspace, at.models[0], ProjectId(0), 9).await;
        assert_eq!(asked.expect("projects"), [at.project]);
    }

    async fn a_call_that_cost_nothing_leaves_nothing(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        let scope = scope(database, &at, None).await;
        let call = begun(database, &scope, CENT).await;
        database.store.settle_call(call, &[]).await.expect("settled");
        assert_eq!((database.number(ENTRIES).await, database.number(OPEN).await), (0, 0));
    }

    async fn a_lost_call_is_booked_once_at_what_was_set_aside(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan { time_zone: "Pacific/Auckland", ..ProjectPlan::default() }).await;
        let scope = scope(database, &at, None).await;
        let call = begun(database, &scope, CENT).await;
        assert!(database.store.reserve_for_call(call, CENT).await.expect("reserved"));
        let short = (LOST_AFTER - chrono::TimeDelta::seconds(1)).to_std().expect("positive");
        database.clock.advance(short);
        assert_eq!(database.store.write_lost_calls_to_ledger().await.expect("looked"), 0);
        database.clock.advance(Duration::from_secs(1));
        assert_eq!(database.store.write_lost_calls_to_ledger().await.expect("looked"), 1);
        assert_eq!(database.store.write_lost_calls_to_ledger().await.expect("looked"), 0);
        // The host was only slow: what it tells now was booked already.
        let late = [cost(CENT, CostKind::Computed)];
        database.store.settle_call(call, &late).await.expect("settled");
        assert_eq!(database.number(LEDGER).await, 2 * CENT.nanos());
        assert_eq!(database.number(DAYS).await, 2 * CENT.nanos());
        let worst = "SELECT COUNT(*) FROM llm_spend_ledger WHERE cost_kind = 'worst_case' AND kind = 'suggest'";
        assert_eq!((database.number(worst).await, database.number(ENTRIES).await), (1, 1));
        // Noon in UTC is the day after there.
        let day = "SELECT COUNT(*) FROM llm_spend_days WHERE day = '2026-03-11'";
        assert_eq!(database.number(day).await, 1);
    }

    async fn nothing_is_set_aside_that_a_budget_does_not_have(database: &TestDatabase) {
        let plan = ProjectPlan { budget: CENT, ..ProjectPlan::default() };
        let at = make_project(database, &plan).await;
        let workspace_only = scope(database, &at, None).await;
        let more = CENT + Money::from_nanos(1);
        assert!(matches!(begin(database, &workspace_only, more).await, MayCall::OverBudget));
        let call = begun(database, &workspace_only, CENT).await;
        assert!(matches!(begin(database, &workspace_only, Money::from_nanos(1)).await, MayCall::OverBudget));
        assert!(!database.store.reserve_for_call(call, Money::from_nanos(1)).await.expect("asked"));
        database.store.settle_call(call, &[cost(CENT, CostKind::Computed)]).await.expect("settled");
        // A budget that is used up is over for free calls too.
        assert!(matches!(begin(database, &workspace_only, Money::ZERO).await, MayCall::OverBudget));
        let alerts = database.store.budget(at.workspace).await.expect("a budget").alerts;
        assert_eq!(alerts.iter().map(|alert| alert.kind).collect::<Vec<_>>(), [AlertKind::End]);
        // A project's own budget counts for its calls only.
        database.execute("UPDATE workspaces SET monthly_budget_nano_usd = 1000000000").await;
        database.execute("UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = 5").await;
        let of_project = scope(database, &at, Some(at.project)).await;
        assert!(matches!(begin(database, &of_project, Money::from_nanos(6)).await, MayCall::OverBudget));
        begun(database, &workspace_only, Money::from_nanos(6)).await;
    }

    async fn of_those_who_want_the_last_cents_one_gets_them(database: &TestDatabase) {
        let plan = ProjectPlan { budget: CENT, ..ProjectPlan::default() };
        let at = make_project(database, &plan).await;
        let scope = scope(database, &at, None).await;
        let calls = (0..6).map(|_| begin(database, &scope, CENT));
        let begun = futures_util::future::join_all(calls).await;
        let got = begun.iter().filter(|begun| matches!(begun, MayCall::Yes(_))).count();
        assert_eq!(got, 1);
    }

    async fn a_workspace_has_few_calls_under_way(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan::default()).await;
        let scope_here = scope(database, &at, None).await;
        let calls = (0..6).map(|_| begin(database, &scope_here, CENT));
        let begun_here = futures_util::future::join_all(calls).await;
        let got = begun_here.iter().filter(|begun| matches!(begun, MayCall::Yes(_))).count();
        assert_eq!(i64::try_from(got).expect("few"), CALLS_AT_ONCE);
        assert!(matches!(begin(database, &scope_here, CENT).await, MayCall::TooMany));
        let elsewhere = scope(database, &other, None).await;
        begun(database, &elsewhere, CENT).await;
    }

    async fn a_call_is_paid_by_the_own_workspace_only(database: &TestDatabase) {
        let at = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan::default()).await;
        let foreign = database.store.call_scope(at.workspace, Some(other.project), at.models[0]).await;
        assert!(matches!(foreign, Err(StoreError::NotFound)));
        let tx = database.store.begin_write().await.expect("a transaction");
        let sql = "UPDATE llm_monitoring_projects SET deleted_at = $2 WHERE id = $1";
        let now = database.store.clock().now();
        rows::execute(&tx, sql, [at.project.0.into(), now.into()]).await.expect(sql);
        tx.commit().await.expect("committed");
        let deleted = database.store.call_scope(at.workspace, Some(at.project), at.models[0]).await;
        assert!(matches!(deleted, Err(StoreError::NotFound)));
    }
}
