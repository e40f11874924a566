//! Snapshots against sums that the test adds up itself.

use std::collections::BTreeMap;

use analysis::Finding;
use app::model::answer::MentionSource;
use app::model::dashboard::{ComparedWith, Dashboard, DashboardQuery};
use app::model::ids::{EntityId, ModelId};
use app::model::metrics::{Changes, SnapshotSums, weight_tenths};
use chrono::NaiveDate;
use engine::AskOutcome;
use providers::{Answer, ErrorClass, Outcome};
use rand::{RngExt, SeedableRng};

use self::answer_tally::AnswerTally;
use super::{COST, answered, begin, claim, failed, finding, ids, store};
use crate::store::StoreError;
use crate::store::sums::Picked;
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};
use statistics;

#[path = "../../../tests/support/answer_tally.rs"]
mod answer_tally;

type Sums = BTreeMap<(ModelId, NaiveDate), SnapshotSums>;

/// What the test saw itself.
#[derive(Default)]
struct Seen {
    sums: Sums,
    entities: BTreeMap<EntityId, (i64, i64, i64, i64)>,
}

impl Seen {
    fn add(&mut self, project: &TestProject, model: ModelId, outcome: &AskOutcome) {
        let sums = self.sums.entry((model, outcome.day)).or_default();
        let ended = outcome.exchange.result.as_ref().ok();
        let ended = ended.map(|answer: &Answer| answer.outcome);
        match ended {
            None => {
                sums.failed += 1;
                return;
            }
            // Paid for, but nothing is said.
            Some(Outcome::Blocked) => {
                sums.failed += 1;
                sums.cost += COST;
                return;
            }
            Some(Outcome::Empty) => {
                sums.without_text += 1;
                sums.cost += COST;
                return;
            }
            Some(_) => {}
        }
        let findings = &outcome.reads[0].findings;
        let brand = findings.iter().find(|finding| finding.key == project.brand);
        let tally = AnswerTally {
            brand_in_text: brand.is_some_and(|found| found.source != MentionSource::Link),
            brand_linked: brand.is_some_and(|found| found.source != MentionSource::Text),
            brand_rank: brand.and_then(|found| found.rank),
            competitor_ranks: findings
                .iter()
                .filter(|finding| finding.key != project.brand)
                .map(|finding| finding.rank)
                .collect(),
            cost: COST,
            latency_ms: 250,
            tokens: 150,
        };
        *sums += tally.sums();
        for found in findings {
            let entity = self.entities.entry(found.key).or_default();
            entity.0 += 1;
            entity.1 += weight_tenths(found.rank);
            entity.2 += found.rank.map_or(0, i64::from);
            entity.3 += i64::from(found.rank.is_some());
        }
    }

    fn total(&self) -> SnapshotSums {
        self.sums
            .values()
            .fold(SnapshotSums::default(), |sum, &part| sum + part)
    }
}

fn random_findings(random: &mut impl RngExt, project: &TestProject) -> Vec<Finding<EntityId>> {
    let entities = std::iter::once(project.brand).chain(project.competitors.iter().copied());
    entities
        .filter_map(|entity| {
            let source = match random.random_range(0..5) {
                0 => MentionSource::Text,
                1 => MentionSource::Link,
                2 => MentionSource::Both,
                _ => return None,
            };
            let rank = random.random_bool(0.6).then(|| random.random_range(1..14));
            Some(finding(entity, source, rank))
        })
        .collect()
}

/// Runs the project once with random outcomes, half of them a few hours later.
async fn run_at_random(
    database: &TestDatabase,
    project: &TestProject,
    seen: &mut Seen,
    number: u64,
) {
    let mut random = rand::rngs::StdRng::seed_from_u64(number);
    project.plan(database).await;
    for _ in 0..project.models.len() {
        let claimed = claim(database, "a").await;
        begin(database, &claimed, &ids(&claimed)).await;
        for (index, work) in claimed.asks.iter().enumerate() {
            if index == claimed.asks.len() / 2 {
                database.clock.advance(std::time::Duration::from_hours(9));
            }
            let findings = random_findings(&mut random, project);
            let mut outcome = answered(database, &claimed, work, findings);
            match random.random_range(0..8) {
                0 => outcome = failed(database, &claimed, work, ErrorClass::Timeout),
                kind => {
                    let answer = outcome.exchange.result.as_mut().expect("an answer");
                    answer.outcome = match kind {
                        1 => Outcome::Blocked,
                        2 => Outcome::Refused,
                        3 => Outcome::Empty,
                        4 => Outcome::Truncated,
                        _ => Outcome::Answered,
                    };
                }
            }
            seen.add(project, claimed.scope.model.id, &outcome);
            store(database, &claimed, &[outcome]).await;
        }
    }
}

/// What the project's page shows.
async fn sums(
    database: &TestDatabase,
    project: &TestProject,
    from: NaiveDate,
    to: NaiveDate,
    models: &[ModelId],
) -> Dashboard {
    compared(
        database,
        project,
        (from, to),
        models,
        ComparedWith::default(),
    )
    .await
}

/// The same, compared with some earlier period.
async fn compared(
    database: &TestDatabase,
    project: &TestProject,
    (from, to): (NaiveDate, NaiveDate),
    models: &[ModelId],
    compare: ComparedWith,
) -> Dashboard {
    let query = DashboardQuery {
        project_id: project.project,
        from,
        to,
        model_ids: models.to_vec(),
        compare,
        tags: Vec::new(),
    };
    let (workspace, project) = (project.workspace, project.project);
    let sums = database
        .store
        .period_sums(
            workspace,
            project,
            from,
            to,
            Picked::of_models(models),
            query.earlier(),
        )
        .await;
    statistics::dashboard(&query, sums.expect("sums"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

on_both_databases! {
    async fn snapshots_are_the_sums_of_their_answers(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 20, time_zone: "America/New_York", ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let mut seen = Seen::default();
        for seed in 0..3 {
            run_at_random(database, &project, &mut seen, seed).await;
        }
        let (from, to) = (day("2026-03-01"), day("2026-04-01"));
        let shown = sums(database, &project, from, to, &[]).await;
        let mut found = Sums::new();
        for model in &shown.models {
            for sums in &model.days {
                found.insert((model.model_id, sums.day), sums.sums);
            }
        }
        let with_answers: Sums = seen.sums.iter().filter(|(_, sums)| sums.answers > 0).map(|(key, sums)| (*key, *sums)).collect();
        assert_eq!(found, with_answers);
        assert!(found.len() > 3, "more than one day");
        assert_eq!(shown.total.all, seen.total());
        assert_eq!((shown.prompts, shown.simulated), (20, false));
        let entities: BTreeMap<_, _> = shown
            .entities
            .iter()
            .map(|one| (one.entity_id, (one.sums.mentions, one.sums.weight_tenths, one.sums.rank_sum, one.sums.rank_count)))
            .collect();
        assert_eq!(entities, seen.entities);
        assert!(shown.entities[0].is_brand);
        assert!(shown.entities[1].sums.mentions >= shown.entities[2].sums.mentions);
        let all = "SELECT CAST(SUM(answers + without_text + failed) AS BIGINT) FROM llm_monitoring_snapshots \
            WHERE prompts = 'all'";
        assert_eq!(database.number(all).await, 3 * 2 * 20);
    }

    async fn sums_are_compared_with_the_year_before_or_with_nothing(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 4, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let mut seen = Seen::default();
        for (seed, at) in [(1, "2026-05-07T01:00:00Z"), (2, "2027-05-06T01:00:00Z")] {
            database.clock.set(at.parse().expect("a time"));
            run_at_random(database, &project, &mut seen, seed).await;
        }
        let period = (day("2027-05-05"), day("2027-05-08"));
        let before = seen.sums.iter().filter(|((_, at), _)| *at < period.0);
        let before = before.fold(SnapshotSums::default(), |sum, (_, &part)| sum + part);
        assert!(before.answers > 0);
        let with = async |compare| compared(database, &project, period, &[], compare).await;
        let year = with(ComparedWith::YearBefore).await;
        assert_eq!(year.earlier, Some((day("2026-05-05"), day("2026-05-08"))));
        assert_eq!(year.previous.all, before);
        assert_eq!(year.total.all + before, seen.total());
        let store = &database.store;
        let told = store.answer_days(project.workspace, project.project).await.expect("days");
        let with_answers = seen.sums.iter().filter(|(_, sums)| sums.answers > 0);
        let mut known: Vec<NaiveDate> = with_answers.map(|((_, at), _)| *at).collect();
        known.sort_unstable();
        known.dedup();
        assert_eq!(told, known);
        assert!(store.answer_days(project.workspace, 999_999.into()).await.is_err());
        let days = with(ComparedWith::DaysBefore).await;
        assert_eq!(days.earlier, Some((day("2027-05-01"), day("2027-05-04"))));
        assert_eq!(days.previous.all, SnapshotSums::default());
        let nothing = with(ComparedWith::Nothing).await;
        assert_eq!((nothing.earlier, &nothing.changes), (None, &Changes::default()));
        assert_eq!(nothing.previous.all, SnapshotSums::default());
        assert_eq!(nothing.total, year.total);
    }

    async fn sums_are_of_a_period_and_the_one_before(database: &TestDatabase) {
        let plan = ProjectPlan { prompts: 4, ..ProjectPlan::default() };
        let project = make_project(database, &plan).await;
        let mut seen = Seen::default();
        for (seed, at) in [(1, "2026-05-03T01:00:00Z"), (2, "2026-05-06T01:00:00Z")] {
            database.clock.set(at.parse().expect("a time"));
            run_at_random(database, &project, &mut seen, seed).await;
        }
        let before = seen.sums.iter().filter(|((_, at), _)| *at <= day("2026-05-05"));
        let before = before.fold(SnapshotSums::default(), |sum, (_, &part)| sum + part);
        let store = &database.store;
        let (from, to) = (day("2026-05-06"), day("2026-05-08"));
        let shown = sums(database, &project, from, to, &[]).await;
        assert_eq!(shown.previous.all, before);
        assert_eq!(shown.total.all + before, seen.total());
        let model = project.models[1];
        let one = sums(database, &project, from, to, &[model]).await;
        assert_eq!(one.models.len(), 1);
        let shown_one = shown.models.iter().find(|sums| sums.model_id == model).expect("it");
        assert_eq!(one.total.all, shown_one.total.all);
        let listed = store.sums_of_projects(project.workspace, &[project.project], from, to).await;
        assert_eq!(listed.expect("sums")[&project.project], shown.total.all);
    }

    async fn a_project_without_answers_has_no_sums_but_names(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let (from, to) = (day("2026-03-01"), day("2026-03-31"));
        let shown = sums(database, &project, from, to, &[]).await;
        assert_eq!((shown.total.all, shown.models.len(), shown.prompts), (SnapshotSums::default(), 0, 0));
        let names: Vec<&str> = shown.entities.iter().map(|sums| sums.name.as_str()).collect();
        assert_eq!(names, ["Kipu", "Acme", "Globex"]);
    }

    async fn another_workspace_sees_no_sums(database: &TestDatabase) {
        let project = make_project(database, &ProjectPlan::default()).await;
        let other = make_project(database, &ProjectPlan::default()).await.workspace;
        let (from, to) = (day("2026-03-01"), day("2026-03-31"));
        let store = &database.store;
        let picked = Picked::default();
        let sums = store.period_sums(other, project.project, from, to, picked, None).await;
        assert!(matches!(sums, Err(StoreError::NotFound)));
        let listed = store.sums_of_projects(other, &[project.project], from, to).await;
        assert!(listed.expect("none").is_empty());
    }
}
