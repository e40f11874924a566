//! Spend by day, model and project; what past answers used; budgets of projects; alerts.

use std::collections::BTreeSet;

use app::model::ids::WorkspaceId;
use app::model::keys::BudgetView;
use app::model::money::{Money, Spend};
use app::model::provider::Provider;
use app::model::spend::AlertKind;
use chrono::NaiveDate;

use super::{COST, answer_all, answered, begin, claim, ids, store};
use crate::store::accounts::NewCredential;
use crate::store::money::{BudgetChange, LedgerCursor, LedgerExport};
use crate::store::sql::page_bytes::ROWS;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, make_projects, on_both_databases,
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn times(count: i64) -> Money {
    COST.times(count)
}

fn paid(amount: Money) -> Spend {
    Spend::new(amount, 0)
}

fn one_model(prompts: usize, budget: Money) -> ProjectPlan {
    ProjectPlan {
        prompts,
        budget,
        models: vec![(Provider::OpenAi, "model-a", true)],
        time_zone: "Europe/Madrid",
    }
}

/// Runs a project to its end; each answer costs [`COST`].
async fn run(database: &TestDatabase, project: &TestProject) {
    project.plan(database).await;
    for _ in &project.models {
        let claimed = claim(database, "a").await;
        answer_all(database, &claimed).await;
    }
}

async fn budget(database: &TestDatabase, workspace: WorkspaceId) -> BudgetView {
    database.store.budget(workspace).await.expect("a budget")
}

on_both_databases! {
    async fn what_erased_projects_cost_stays_without_their_names(database: &TestDatabase) {
        let projects = make_projects(database, &one_model(2, Money::from_usd(1)), 3).await;
        for project in &projects {
            run(database, project).await;
        }
        let (store, workspace) = (&database.store, projects[0].workspace);
        for project in &projects[..2] {
            store.delete_project(workspace, project.project).await.expect("deleted");
        }
        let march = (day("2026-03-01"), day("2026-04-01"));
        let shown = async || {
            let parts = store.spend_by_project(workspace, march).await.expect("parts");
            let shown = parts.into_iter().map(|one| (one.part.name, one.part.spend.amount, one.is_erased));
            shown.collect::<BTreeSet<_>>()
        };
        // A deleted one has its name as long as it can be restored.
        let all = ["Watch 1", "Watch 2", "Watch 3"].map(|name| (name.to_owned(), times(2), false));
        assert_eq!(shown().await, BTreeSet::from(all.clone()));
        database.execute("UPDATE llm_monitoring_projects SET erase_begun_at = deleted_at \
            WHERE deleted_at IS NOT NULL").await;
        while let Some(at) = store.projects_to_erase().await.expect("a list").first() {
            store.erase_some(*at).await.expect("a step");
        }
        let erased = (String::new(), times(4), true);
        assert_eq!(shown().await, BTreeSet::from([erased, all[2].clone()]));
    }

    async fn a_file_of_the_ledger_is_cut_within_a_day(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 8, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        // Two days of sixteen rows each: as many as two pages have room for.
        run(database, &project).await;
        database.clock.advance(std::time::Duration::from_hours(24));
        run(database, &project).await;
        let mut cursor = Some(LedgerCursor::from((day("2026-01-01"), day("2027-01-01"))));
        let (mut rows, mut pages) = (Vec::new(), Vec::new());
        while let Some(at) = cursor {
            let page = database.store.export_ledger(project.workspace, project.project, at);
            let (found, next) = page.await.expect("a page");
            pages.push(found.len());
            rows.extend(found);
            cursor = next;
        }
        assert!(pages.iter().all(|rows| *rows <= ROWS), "{pages:?}");
        assert_eq!(rows.len(), 32);
        let key = |row: &LedgerExport| (row.day, row.kind.word(), row.asked_model_id, row.query_id);
        let keys: BTreeSet<_> = rows.iter().map(key).collect();
        assert_eq!(keys.len(), 32, "no row twice");
        assert!(rows.is_sorted_by(|one, next| one.day >= next.day), "the newest day first");
        let paid: i64 = rows.iter().map(|row| row.spend.amount.nanos()).sum();
        assert_eq!(paid, database.number("SELECT CAST(SUM(amount_nano_usd) AS BIGINT) FROM llm_spend_ledger").await);
    }

    async fn spend_adds_up_by_day_model_and_project(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan { time_zone: "Europe/Madrid", ..ProjectPlan::default() }).await;
        let other = make_project(database, &one_model(2, Money::from_usd(1))).await;
        // In Madrid the first run is still of March, the second is of April.
        database.clock.set("2026-03-31T21:30:00Z".parse().expect("a time"));
        run(database, &project).await;
        run(database, &other).await;
        database.clock.set("2026-03-31T22:30:00Z".parse().expect("a time"));
        run(database, &project).await;

        let store = &database.store;
        let march = (day("2026-03-01"), day("2026-04-01"));
        let spring = (day("2026-03-01"), day("2026-05-01"));
        let days = store.spend_by_day(project.workspace, spring).await.expect("days");
        assert_eq!(days, [(day("2026-03-31"), paid(times(6))), (day("2026-04-01"), paid(times(6)))]);
        let models = store.spend_by_model(project.workspace, march).await.expect("models");
        let told: Vec<_> = models
            .iter()
            .map(|part| (part.name.as_str(), part.provider, part.spend.amount, part.entries))
            .collect();
        assert_eq!(told, [
            ("MODEL-A", Some(Provider::OpenAi), times(3), 3),
            ("MODEL-B", Some(Provider::Anthropic), times(3), 3),
        ]);
        let projects = store.spend_by_project(project.workspace, spring).await.expect("projects");
        let part = &projects[0].part;
        assert_eq!((projects.len(), part.spend.amount, part.entries), (1, times(12), 12));
        assert_eq!((part.name.as_str(), part.provider, projects[0].is_erased), ("Watch", None, false));
        let first = store.first_spend(project.workspace).await.expect("a day");
        assert_eq!(first, Some(day("2026-03-31")));
        let nobody = WorkspaceId(999_999);
        assert_eq!(store.first_spend(nobody).await.expect("none"), None);
        assert!(store.spend_by_day(nobody, spring).await.expect("none").is_empty());
        // The other workspace's two answers are its own.
        let others = store.spend_by_day(other.workspace, spring).await.expect("days");
        assert_eq!(others, [(day("2026-03-31"), paid(times(2)))]);
    }

    async fn a_cost_is_of_the_day_of_its_answer(database: &TestDatabase) {
        let project = make_project(database, &one_model(3, times(10))).await;
        // In Madrid it is a second to midnight, and to April, when the answers come.
        database.clock.set("2026-03-31T21:59:59Z".parse().expect("a time"));
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let outcomes: Vec<_> = claimed.asks.iter().map(|work| answered(database, &claimed, work, Vec::new())).collect();
        // They are written a second after it.
        database.clock.set("2026-03-31T22:00:01Z".parse().expect("a time"));
        store(database, &claimed, &outcomes).await;
        let spring = (day("2026-03-01"), day("2026-05-01"));
        let days = database.store.spend_by_day(project.workspace, spring).await.expect("days");
        assert_eq!(days, [(day("2026-03-31"), paid(times(3)))]);
        let snapshot = "SELECT COUNT(*) FROM llm_monitoring_snapshots WHERE prompts = 'all' \
            AND snapshot_date = '2026-03-31' AND cost_nano_usd = 3000000 AND answers = 3";
        assert_eq!(database.number(snapshot).await, 1);
        assert_eq!(budget(database, project.workspace).await.spent, Money::ZERO, "April's");
    }

    async fn a_day_counts_in_the_budget_of_its_own_month_alone(database: &TestDatabase) {
        let project = make_project(database, &one_model(3, times(10))).await;
        let (workspace, store) = (project.workspace, &database.store);
        database
            .execute(&format!("UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = {}", times(10).nanos()))
            .await;
        let own = async || {
            let account = store.project_account(workspace, project.project).await;
            account.expect("found").expect("a budget").spent
        };
        // One o'clock on the first of May in Madrid.
        database.clock.set("2026-04-30T23:00:00Z".parse().expect("a time"));
        run(database, &project).await;
        assert_eq!((budget(database, workspace).await.spent, own().await), (times(3), times(3)));
        // In Los Angeles it is the last of April again: that day is May's, and is yet to come.
        store.save_time_zone(workspace, "America/Los_Angeles").await.expect("saved");
        let view = budget(database, workspace).await;
        assert_eq!((view.spent, own().await), (Money::ZERO, Money::ZERO));
        let april = (day("2026-04-01"), day("2026-05-01"));
        assert!(store.spend_by_day(workspace, april).await.expect("days").is_empty(), "as /usage has it");
        database.clock.set("2026-05-01T12:00:00Z".parse().expect("a time"));
        assert_eq!((budget(database, workspace).await.spent, own().await), (times(3), times(3)));
        database.clock.set("2026-06-01T12:00:00Z".parse().expect("a time"));
        assert_eq!((budget(database, workspace).await.spent, own().await), (Money::ZERO, Money::ZERO));
    }

    async fn past_answers_are_those_of_the_project_and_model(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        run(database, &project).await;
        let stranger = make_project(database, &ProjectPlan::default()).await;
        let store = &database.store;
        let past = |of: &TestProject, limit| {
            let (workspace, id, model) = (of.workspace, of.project, of.models[0]);
            async move { store.past_answers(workspace, id, model, limit).await.expect("answers") }
        };
        let answers = past(&project, 10).await;
        assert_eq!((answers.len(), past(&project, 2).await.len()), (3, 2));
        assert_eq!((answers[0].usage.input_tokens, answers[0].usage.output_tokens), (Some(100), Some(50)));
        assert_eq!((answers[0].reported, answers[0].question_bytes), (None, 23));
        assert!(past(&stranger, 10).await.is_empty());
        let foreign = store
            .past_answers(stranger.workspace, project.project, project.models[0], 10)
            .await
            .expect("answers");
        assert!(foreign.is_empty(), "another workspace's answers");

        database.execute("UPDATE llm_monitoring_results SET cost_kind = 'reported'").await;
        assert_eq!(past(&project, 1).await[0].reported, Some(COST));
        let asked = |of: &TestProject, without| {
            let (workspace, model) = (of.workspace, project.models[0]);
            async move { store.projects_that_asked(workspace, model, without, 4).await.expect("projects") }
        };
        assert_eq!(asked(&project, stranger.project).await, [project.project]);
        assert!(asked(&project, project.project).await.is_empty());
        assert!(asked(&stranger, stranger.project).await.is_empty());
    }

    async fn an_alert_stands_until_the_budget_is_raised_or_the_month_ends(database: &TestDatabase) {
        let project = make_project(database, &one_model(9, times(10))).await;
        run(database, &project).await;
        let kinds = |view: &BudgetView| -> Vec<(bool, AlertKind)> {
            view.alerts.iter().map(|alert| (alert.project.is_some(), alert.kind)).collect()
        };
        assert_eq!(kinds(&budget(database, project.workspace).await), [(false, AlertKind::Threshold)]);
        let change = |monthly| BudgetChange { monthly: Some(monthly), ..BudgetChange::default() };
        let raise = async |monthly| {
            database.store.save_budget(project.workspace, change(monthly)).await.expect("saved");
        };
        raise(times(20)).await;
        assert_eq!(kinds(&budget(database, project.workspace).await), []);
        raise(times(10)).await;
        assert_eq!(kinds(&budget(database, project.workspace).await).len(), 1);
        // The project's own budget ends first.
        database
            .execute(&format!("UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = {}", times(9).nanos()))
            .await;
        let account = database.store.project_account(project.workspace, project.project).await;
        let account = account.expect("found").expect("a budget");
        assert_eq!((account.monthly, account.spent, account.free()), (times(9), times(9), Money::ZERO));
        project.plan(database).await;
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        let view = budget(database, project.workspace).await;
        assert_eq!(kinds(&view), [(false, AlertKind::Threshold), (true, AlertKind::End)]);
        assert_eq!(view.alerts[1].project, Some((project.project, "Watch".to_owned())));
        database.clock.set("2026-04-01T12:00:00Z".parse().expect("a time"));
        assert_eq!(kinds(&budget(database, project.workspace).await), []);
    }

    async fn limits_and_switches_are_kept(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let (workspace, store) = (project.workspace, &database.store);
        assert!(!budget(database, workspace).await.allow_unpriced);
        let change = BudgetChange { allow_unpriced: Some(true), ..BudgetChange::default() };
        store.save_budget(workspace, change).await.expect("saved");
        let view = budget(database, workspace).await;
        assert_eq!((view.allow_unpriced, view.monthly), (true, Money::from_usd(100)));

        let key = |max_in_flight| NewCredential { key: None, base_url: None, max_in_flight };
        for limit in [Some(7), None] {
            store.save_credential(workspace, Provider::OpenAi, key(limit)).await.expect("saved");
            let stored = store.credential(workspace, Provider::OpenAi).await.expect("read");
            assert_eq!(stored.expect("a row").max_in_flight, limit);
        }
        assert_eq!(store.project_account(workspace, project.project).await.expect("found"), None);
        assert!(store.project_account(WorkspaceId(999_999), project.project).await.is_err());

        let model = project.models[0];
        assert_eq!(store.model(model).await.expect("a model").max_in_flight, 64);
        let change = app::model::registry::ModelChange {
            max_in_flight: Some(9),
            ..Default::default()
        };
        store.change_model(model, &change, None, project.user).await.expect("changed");
        assert_eq!(store.model(model).await.expect("a model").max_in_flight, 9);
    }
}
