//! A simulated month of schedules: real engine, real databases, two hosts, a clock of its own.

use std::sync::Arc;
use std::time::Duration;

use app::model::ids::RunId;
use app::model::money::Money;
use app::model::provider::Provider as ProviderName;
use app::model::run::{RunStatus, RunView};
use app::model::schedule::{DAILY, JobKind, JobOutcome, JobView};
use chrono::{DateTime, NaiveDate, Utc};
use engine::scripted::{Alone, Keys, Scripted, answer};
use engine::{Engine, EngineHandle, Options, Parts};
use providers::simulator::{Simulator, SimulatorOptions};
use providers::{ClientOptions, HttpProvider, Provider, Providers};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::config::{Config, Source};
use crate::services::keys::HostKeyRing;
use crate::services::schedule::UNSTARTABLE;
use crate::store::money::BudgetChange;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, make_projects, on_both_databases,
};
use crate::vault::MasterKeySource;
use crate::wake_up::WorkerWaker;

const MILLISECOND: Duration = Duration::from_millis(1);
const HALF_AN_HOUR: Duration = Duration::from_mins(30);
const RUNS: &str = "SELECT COUNT(*) FROM llm_monitoring_analysis_runs";

/// Two hosts on one database, one of which works.
struct World<'a> {
    database: &'a TestDatabase,
    project: TestProject,
    hosts: [DueWork; 2],
    engine: EngineHandle,
    shutdown: CancellationToken,
}

/// The variables of hosts whose workspaces need no key of their own.
const WITH_A_KEY: [(&str, &str); 2] = [
    ("OPENAI_API_KEY", "sk-test"),
    ("PARALLAX_SHARED_KEYS", "true"),
];

async fn host(database: &TestDatabase, variables: &[(&str, &str)]) -> DueWork {
    let config = Config::read(&Source::of(variables)).expect("a configuration");
    let master_key = MasterKeySource::Environment([7; 32]);
    let store = database.store.clone();
    let folder = std::env::temp_dir();
    let keys = HostKeyRing::open(store.clone(), master_key, folder, config.providers);
    DueWork {
        store,
        keys: keys.await.expect("keys"),
        waker: WorkerWaker::open(&database.store),
        providers: Arc::new(Providers {
            http: HttpProvider::new(ClientOptions::default()).expect("a client"),
            simulator: Simulator::new(SimulatorOptions::default()),
        }),
    }
}

/// A project in Madrid that runs by `schedule`, with three questions for one model.
async fn world<'a>(database: &'a TestDatabase, schedule: &str) -> World<'a> {
    let plan = ProjectPlan {
        models: vec![(ProviderName::OpenAi, "model-s", true)],
        ..ProjectPlan::default()
    };
    let project = make_project(database, &plan).await;
    let set = format!("UPDATE llm_monitoring_projects SET schedule = '{schedule}'");
    database.execute(&set).await;
    // Without searches an ask is set aside with about $0.02.
    let cheap = "UPDATE llm_model_registry SET web_search = FALSE";
    database.execute(cheap).await;
    // On the operator's keys, up to $1,000.
    let ceiling = "UPDATE workspaces SET shared_key_ceiling_nano_usd = 1000000000000";
    database.execute(ceiling).await;
    let zone = database
        .store
        .save_time_zone(project.workspace, "Europe/Madrid");
    zone.await.expect("a time zone");
    let hosts = [
        host(database, &WITH_A_KEY).await,
        host(database, &WITH_A_KEY).await,
    ];
    let provider = Arc::new(Scripted::new(|_, _, _| {
        answer("Kipu is fine.", MILLISECOND)
    }));
    let shutdown = CancellationToken::new();
    let parts = Parts {
        lanes: Arc::new(database.store.clone()),
        keys: Arc::new(Keys::default()),
        provider: provider as Arc<dyn Provider>,
        clock: Arc::clone(database.store.clock()),
        local_workers: Arc::new(Alone::new()),
    };
    World {
        database,
        project,
        hosts,
        engine: Engine::spawn(parts, Options::default(), shutdown.clone()),
        shutdown,
    }
}

impl World<'_> {
    /// Both hosts look at the same moment; what they start is waited for.
    async fn look(&self) {
        let [one, other] = &self.hosts;
        let (one, other) = tokio::join!(
            Box::pin(one.start_due_runs()),
            Box::pin(other.start_due_runs())
        );
        one.expect("a look");
        other.expect("another look");
        self.engine.wake();
        while self.runs().await.iter().any(|run| !run.status.is_over()) {
            tokio::time::sleep(MILLISECOND).await;
        }
    }

    async fn live_until(&self, end: &str) {
        let end = utc(end);
        while self.database.store.clock().now() < end {
            self.database.clock.advance(HALF_AN_HOUR);
            self.look().await;
        }
    }

    async fn runs(&self) -> Vec<RunView> {
        let page =
            self.database
                .store
                .runs_after(self.project.workspace, self.project.project, 0, 100);
        page.await.expect("runs").runs
    }

    async fn jobs(&self) -> Vec<JobView> {
        let jobs =
            self.database
                .store
                .jobs_of_project(self.project.workspace, self.project.project, 100);
        let mut jobs = jobs.await.expect("jobs");
        jobs.reverse();
        jobs
    }

    async fn next(&self) -> DateTime<Utc> {
        let store = &self.database.store;
        let project = store.project(self.project.workspace, self.project.project);
        project
            .await
            .expect("a project")
            .record
            .next_run_at
            .expect("a slot")
    }

    async fn end(self) {
        self.shutdown.cancel();
        self.engine.join().await;
    }
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect(text)
}

/// The days on a clock in Madrid, and the hours there.
fn local(jobs: &[JobView]) -> Vec<(NaiveDate, String)> {
    jobs.iter()
        .map(|job| {
            let local = job.due_at.with_timezone(&chrono_tz::Europe::Madrid);
            (local.date_naive(), local.format("%H:%M").to_string())
        })
        .collect()
}

on_both_databases! {
    async fn a_month_has_a_run_a_day_within_its_budget(database: &TestDatabase) {
        let world = world(database, DAILY).await;
        // A run costs $0.0018.
        let change = BudgetChange {
            monthly: Some("0.045".parse::<Money>().expect("an amount")),
            ..BudgetChange::default()
        };
        database.store.save_budget(world.project.workspace, change).await.expect("a budget");
        world.live_until("2026-04-05T12:00:00Z").await;

        let jobs = world.jobs().await;
        let days = local(&jobs);
        let expected: Vec<NaiveDate> = "2026-03-11".parse::<NaiveDate>().expect("a day")
            .iter_days().take(26).collect();
        assert_eq!(days.iter().map(|(day, _)| *day).collect::<Vec<_>>(), expected);
        // Also on 29 March, when the clocks went from 02:00 to 03:00.
        assert!(days.iter().all(|(_, hour)| hour == "04:00"), "{days:?}");

        // Each run is of its slot, and of the month's budget: full at first, none at the end of
        // March, full again from the first of April on.
        let runs = world.runs().await;
        let status = |run: RunId| runs.iter().find(|one| one.id == run).map(|one| one.status);
        let outcomes: Vec<(NaiveDate, Option<RunStatus>)> = jobs.iter().zip(&days)
            .map(|(job, (day, _))| (*day, job.run.and_then(|(run, _)| status(run)))).collect();
        let april = NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day");
        let finished = |from: NaiveDate| outcomes.iter()
            .filter(|(day, status)| (*day >= april) == (from >= april) && *status == Some(RunStatus::Finished)).count();
        let in_march = finished(expected[0]);
        assert!((8..=14).contains(&in_march), "{outcomes:?}");
        assert_eq!(finished(april), 5, "{outcomes:?}");
        let after = &outcomes[in_march..21];
        assert!(after.iter().all(|(_, status)| *status != Some(RunStatus::Finished)), "{outcomes:?}");
        // One run a slot at most, two hosts or not.
        let with_run = jobs.iter().filter(|job| job.run.is_some()).count();
        assert_eq!(runs.len(), with_run);
        let spent = "SELECT CAST(MAX(s) AS BIGINT) FROM (SELECT SUM(amount_nano_usd) AS s \
            FROM llm_spend_days GROUP BY CASE WHEN day < '2026-04-01' THEN 0 ELSE 1 END) t";
        assert!(database.number(spent).await <= 45_000_000);
        world.end().await;
    }

    async fn an_hour_that_comes_twice_or_never_has_one_run(database: &TestDatabase) {
        let world = world(database, "30 2 * * *").await;
        database.clock.set(utc("2026-03-27T12:00:00Z"));
        let skipped = "UPDATE llm_monitoring_projects SET next_slot_at = NULL";
        database.execute(skipped).await;
        for zone in ["UTC", "Europe/Madrid"] {
            database.store.save_time_zone(world.project.workspace, zone).await.expect("a zone");
        }
        world.live_until("2026-03-31T12:00:00Z").await;
        let hours: Vec<String> = local(&world.jobs().await).into_iter().map(|(_, hour)| hour).collect();
        assert_eq!(hours, ["02:30", "03:00", "02:30", "02:30"]);
        // Half a year later, after one run for all that was missed meanwhile.
        database.clock.set(utc("2026-10-23T12:00:00Z"));
        world.look().await;
        world.live_until("2026-10-27T12:00:00Z").await;
        let autumn: Vec<(NaiveDate, String)> = local(&world.jobs().await).split_off(5);
        let days: Vec<String> = autumn.iter().map(|(day, hour)| format!("{day} {hour}")).collect();
        assert_eq!(days, [
            "2026-10-24 02:30", "2026-10-25 02:30", "2026-10-26 02:30", "2026-10-27 02:30",
        ]);
        world.end().await;
    }

    async fn models_are_looked_for_on_sundays_by_one_host(database: &TestDatabase) {
        let hosts = [host(database, &[]).await, host(database, &[]).await];
        let due = async || {
            let [one, other] = &hosts;
            let (one, other) = (one.model_check(), other.model_check());
            let (one, other) = tokio::join!(one.check_if_due(), other.check_if_due());
            one.expect("a look");
            other.expect("another look");
        };
        // A new instance makes up for nothing.
        due().await;
        due().await;
        let jobs = async || database.store.instance_jobs(JobKind::Models, 10).await.expect("jobs");
        assert_eq!(jobs().await.len(), 0);
        for _ in 0..(2 * 24 * 21) {
            database.clock.advance(HALF_AN_HOUR);
            due().await;
        }
        let found = jobs().await;
        let days: Vec<String> = found.iter().map(|job| job.due_at.to_rfc3339()).collect();
        assert_eq!(days, [
            "2026-03-29T00:00:00+00:00", "2026-03-22T00:00:00+00:00", "2026-03-15T00:00:00+00:00",
        ]);
        // Nobody has a key: that is said, too.
        assert!(found.iter().all(|job| job.outcome == JobOutcome::NoKey && job.finished_at.is_some()));
        hosts[0].model_check().check_now().await.expect("a look");
        assert_eq!(jobs().await.len(), 4);
    }

    async fn what_was_missed_is_made_up_for_once(database: &TestDatabase) {
        let world = world(database, DAILY).await;
        database.clock.set(utc("2026-03-20T12:00:00Z"));
        world.look().await;
        world.look().await;
        assert_eq!(database.number(RUNS).await, 1);
        let jobs = world.jobs().await;
        assert_eq!(jobs[0].due_at, utc("2026-03-20T03:00:00Z"));
        assert!(jobs[0].lines[0].2.contains("2026-03-11T03:00:00Z"), "{:?}", jobs[0].lines);
        assert_eq!(world.next().await, utc("2026-03-21T03:00:00Z"));
        world.end().await;
    }

    async fn projects_that_fail_keep_none_behind_them_from_their_slot(database: &TestDatabase) {
        let projects = make_projects(database, &ProjectPlan::default(), 6).await;
        let (healthy, broken) = projects.split_last().expect("projects");
        let workspace = healthy.workspace;
        let daily = format!("UPDATE llm_monitoring_projects SET schedule = '{DAILY}'");
        database.execute(&daily).await;
        let ceiling = "UPDATE workspaces SET shared_key_ceiling_nano_usd = 1000000000000";
        database.execute(ceiling).await;
        database.store.save_time_zone(workspace, "Europe/Madrid").await.expect("a time zone");
        // More of them than are looked up at a time, and due before the one that is well.
        for project in broken {
            let sql = "UPDATE llm_monitoring_entities SET aliases = 'no list' WHERE project_id =";
            database.execute(&format!("{sql} {}", project.project)).await;
        }
        // One of them panics whoever starts it, again and again.
        let panics = "UPDATE llm_monitoring_projects SET schedule =";
        let of_first = format!("{panics} '{UNSTARTABLE}' WHERE id = {}", broken[0].project);
        database.execute(&of_first).await;
        database.clock.set(utc("2026-03-11T12:00:00Z"));
        let host = host(database, &WITH_A_KEY).await;
        assert!(host.start_due_runs().await.is_err(), "a look at which some fail is no success");
        let page = database.store.runs_after(workspace, healthy.project, 0, 10).await.expect("runs");
        let runs = page.runs;
        assert_eq!((runs.len(), database.number(RUNS).await), (1, 1));
        let today = host.start_runs_of_today().await.expect("a day");
        let failed = today.iter().filter(|day| day.skipped == Some(JobOutcome::Failed)).count();
        assert_eq!((failed, today[5].run), (5, Some(runs[0].id)));
    }

    async fn a_schedule_outside_takes_the_slot_of_the_day(database: &TestDatabase) {
        let world = world(database, DAILY).await;
        // Before the slot of the day, and twice.
        database.clock.set(utc("2026-03-11T01:00:00Z"));
        let first = world.hosts[0].start_runs_of_today().await.expect("a day");
        let again = world.hosts[1].start_runs_of_today().await.expect("a day");
        assert!(first[0].run.is_some() && first[0].run == again[0].run);
        assert_eq!(world.next().await, utc("2026-03-12T03:00:00Z"));
        world.live_until("2026-03-11T12:00:00Z").await;
        assert_eq!(database.number(RUNS).await, 1);
        // One that is not due today is left alone.
        let weekly = "UPDATE llm_monitoring_projects SET schedule = '0 4 * * 1'";
        database.execute(weekly).await;
        let today = world.hosts[0].start_runs_of_today().await.expect("a day");
        assert_eq!((today[0].run, today[0].skipped), (None, None));
        world.end().await;
    }

    async fn what_cannot_run_is_noted_and_not_tried_all_day(database: &TestDatabase) {
        let world = world(database, DAILY).await;
        database.execute("UPDATE llm_monitoring_queries SET is_active = FALSE").await;
        world.live_until("2026-03-11T06:00:00Z").await;
        database.execute("UPDATE llm_monitoring_queries SET is_active = TRUE").await;
        let other = "UPDATE llm_model_registry SET provider = 'anthropic' WHERE provider = 'openai'";
        database.execute(other).await;
        world.live_until("2026-03-12T06:00:00Z").await;
        let outcomes: Vec<JobOutcome> = world.jobs().await.iter().map(|job| job.outcome).collect();
        assert_eq!(outcomes, [JobOutcome::NothingToAsk, JobOutcome::NoKey]);
        assert_eq!(database.number(RUNS).await, 0);
        // A paused project has no slots, and none are made up for when it goes on.
        database.execute("UPDATE llm_monitoring_projects SET is_active = FALSE").await;
        world.live_until("2026-03-13T06:00:00Z").await;
        assert_eq!(world.jobs().await.len(), 2);
        world.end().await;
    }
}
