//! What changes and lines are made of, against what the test answered itself.

use std::collections::BTreeMap;

use app::model::answer::MentionSource;
use app::model::ids::{ModelId, PromptId};
use app::model::metrics::Ratio;
use app::model::overview::{Bucket, ChartMetric, Split};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use engine::{AskOutcome, pages_of};
use providers::Citation;

use super::{answered, begin, claiming, finding, ids, store};
use crate::store::sums::{LinesOf, Picked};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};
use statistics::Moments;

/// Days that are asked, of which the 2nd of March 2026 is a Monday: two weeks and a half, with gaps.
const ASKED: [u32; 11] = [1, 2, 4, 5, 8, 9, 10, 13, 14, 16, 17];

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
}

/// Whether an answer names the brand, and whether it names the competitor and cites a guide.
fn says(prompt: usize, model: usize, day: u32) -> (bool, bool) {
    let day = usize::try_from(day).expect("a day");
    let mixed = prompt * 7 + model * 5 + day * 3;
    (mixed % 10 < 4, mixed % 4 == 1)
}

async fn ask(database: &TestDatabase, project: &TestProject, on: u32) {
    let first: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().expect("a time");
    database
        .clock
        .set(first + TimeDelta::days(i64::from(on) - 1));
    project.plan(database).await;
    while let Some(claimed) = database
        .store
        .claim_lane(&claiming("a"))
        .await
        .expect("claimed")
    {
        begin(database, &claimed, &ids(&claimed)).await;
        let models = &project.models;
        let model = models.iter().position(|one| *one == claimed.scope.model.id);
        let model = model.expect("a model");
        let outcomes: Vec<AskOutcome> = claimed
            .asks
            .iter()
            .map(|work| {
                let prompts = &project.prompts;
                let prompt = prompts.iter().position(|one| *one == work.prompt);
                let (is_named, is_cited) = says(prompt.expect("a prompt"), model, on);
                let mut findings = Vec::new();
                if is_named {
                    findings.push(finding(project.brand, MentionSource::Text, Some(2)));
                }
                if is_cited {
                    let rival = project.competitors[0];
                    findings.push(finding(rival, MentionSource::Text, None));
                }
                let mut outcome = answered(database, &claimed, work, findings);
                if let Ok(answer) = &mut outcome.exchange.result {
                    answer.citations = cited(is_cited, on);
                    outcome.pages = pages_of(&answer.citations);
                }
                outcome
            })
            .collect();
        store(database, &claimed, &outcomes).await;
    }
}

/// Two pages of a guide in the second half, where it is cited; elsewhere a page that is only shown.
fn cited(is_cited: bool, on: u32) -> Vec<Citation> {
    let page = |url: &str, cited: bool| Citation {
        url: url.to_owned(),
        title: None,
        start: None,
        end: None,
        cited,
    };
    let mut pages = vec![page("https://shown.example/page", false)];
    if is_cited && on >= 8 {
        pages.push(page("https://guide.example/one", true));
        pages.push(page("https://guide.example/two", true));
    }
    pages
}

async fn watched(database: &TestDatabase) -> TestProject {
    let plan = ProjectPlan {
        prompts: 6,
        ..ProjectPlan::default()
    };
    let project = make_project(database, &plan).await;
    for on in ASKED {
        ask(database, &project, on).await;
    }
    project
}

/// What the answers of some days say: of each prompt and model how many there are, how many name
/// the brand, and how many name the competitor.
fn said(
    project: &TestProject,
    from: NaiveDate,
    to: NaiveDate,
) -> BTreeMap<(PromptId, ModelId), [i64; 3]> {
    let mut all: BTreeMap<(PromptId, ModelId), [i64; 3]> = BTreeMap::new();
    for on in ASKED
        .into_iter()
        .filter(|on| (from..=to).contains(&day(*on)))
    {
        for (prompt, prompt_id) in project.prompts.iter().enumerate() {
            for (model, model_id) in project.models.iter().enumerate() {
                let (is_named, is_cited) = says(prompt, model, on);
                let sums = all.entry((*prompt_id, *model_id)).or_default();
                sums[0] += 1;
                sums[1] += i64::from(is_named);
                sums[2] += i64::from(is_cited);
            }
        }
    }
    all
}

on_both_databases! {
    async fn cells_of_both_periods_are_those_of_their_answers(database: &TestDatabase) {
        let project = watched(database).await;
        let (before, shown) = database
            .store
            .cells_of_periods(
                project.workspace,
                project.project,
                (day(8), day(17)),
                Some((day(1), day(7))),
                Picked::default(),
            )
            .await
            .expect("cells");
        for (cells, from, to) in [(&before, day(1), day(7)), (&shown, day(8), day(17))] {
            let expected = said(&project, from, to);
            assert_eq!(cells.answers.len(), expected.len());
            for cell in &cells.answers {
                let [answers, named, _] = expected[&(cell.prompt, cell.model)];
                assert_eq!((cell.answers, cell.mentions), (answers, named));
            }
            let rivals: i64 = cells.rivals.iter().map(|cell| cell.answers).sum();
            let named: i64 = expected.values().map(|sums| sums[2]).sum();
            assert_eq!(rivals, named);
            assert!(cells.rivals.iter().all(|cell| cell.of == project.competitors[0]));
        }
        // A domain is cited once an answer, and what was only shown is not cited.
        assert_eq!(before.sources, []);
        let expected = said(&project, day(8), day(17));
        for cell in &shown.sources {
            assert_eq!(cell.of, "guide.example");
            assert_eq!(cell.answers, expected[&(cell.prompt, cell.model)][2]);
        }
        let cited: i64 = shown.sources.iter().map(|cell| cell.answers).sum();
        assert_eq!(cited, expected.values().map(|sums| sums[2]).sum::<i64>());
        let store = &database.store;
        let first = store
            .first_cited(project.workspace, project.project, "guide.example", None)
            .await
            .expect("a day");
        assert!(first.is_some_and(|first| first >= day(8)));
        let never = store
            .first_cited(project.workspace, project.project, "shown.example", None)
            .await;
        assert_eq!(never.expect("no day"), None);
        // One model alone, and nothing to compare with.
        let one = &project.models[..1];
        let (none, alone) = store
            .cells_of_periods(project.workspace, project.project, (day(8), day(17)), None, Picked::of_models(one))
            .await
            .expect("cells");
        assert!(none.answers.is_empty());
        assert!(alone.answers.iter().all(|cell| cell.model == one[0]));
        // Some prompts alone: what is left of the same cells.
        let some = &project.prompts[1..3];
        let picked = Picked { models: &[], prompts: Some(some) };
        let (_, cut) = database
            .store
            .cells_of_periods(project.workspace, project.project, (day(8), day(17)), None, picked)
            .await
            .expect("cells");
        let is_cut = |prompt: PromptId| some.contains(&prompt);
        let left = shown.answers.iter().filter(|cell| is_cut(cell.prompt));
        assert_eq!(cut.answers.len(), left.clone().count());
        assert!(left.clone().count() > 0);
        for cell in left {
            assert!(cut.answers.contains(cell), "{cell:?}");
        }
        let left: Vec<_> = shown.rivals.iter().filter(|cell| is_cut(cell.prompt)).collect();
        assert_eq!(cut.rivals.len(), left.len());
        assert!(left.into_iter().all(|cell| cut.rivals.contains(cell)));
        let left: Vec<_> = shown.sources.iter().filter(|cell| is_cut(cell.prompt)).collect();
        assert_eq!(cut.sources.len(), left.len());
        assert!(left.into_iter().all(|cell| cut.sources.contains(cell)));
        let cited = database
            .store
            .first_cited(project.workspace, project.project, "guide.example", Some(&[]))
            .await;
        assert_eq!(cited.expect("no day"), None, "no prompt, no answer");
    }

    async fn days_of_some_prompts_are_those_of_their_answers(database: &TestDatabase) {
        let project = watched(database).await;
        let (store, workspace, id) = (&database.store, project.workspace, project.project);
        let period = (day(3), day(16));
        for prompts in [None, Some(&project.prompts[1..4]), Some(&[][..])] {
            let picked = Picked { models: &[], prompts };
            let of = |from, to| {
                let mut cells = said(&project, from, to);
                cells.retain(|(prompt, _), _| prompts.is_none_or(|some| some.contains(prompt)));
                let sum = |place: usize| cells.values().map(|sums| sums[place]).sum::<i64>();
                [sum(0), sum(1), sum(2)]
            };
            let answers = store.answers_of_days(workspace, id, period, picked).await.expect("days");
            let asked = ASKED.map(day).into_iter().filter(|on| (period.0..=period.1).contains(on));
            let expected: Vec<(NaiveDate, i64)> = asked
                .map(|on| (on, of(on, on)[0]))
                .filter(|(_, answers)| *answers > 0)
                .collect();
            assert_eq!(answers, expected, "{prompts:?}");
            let last = store.last_day_of(workspace, id, day(15), picked).await.expect("a day");
            assert_eq!(last, (!expected.is_empty()).then(|| day(14)), "{prompts:?}");
            let days = store.overview_days(workspace, id, period, picked).await.expect("days");
            for (on, answers) in &expected {
                // No prompt of this project names the brand.
                let sums = days.plain[on];
                let [_, named, rival] = of(*on, *on);
                assert_eq!((sums.answers, sums.mentions), (*answers, named), "{on}, {prompts:?}");
                let mentions = |entity| {
                    let own = days.named.iter().filter(|named| named.entity == entity);
                    own.filter(|named| named.day == *on).map(|named| named.mentions).sum::<i64>()
                };
                assert_eq!(mentions(project.brand), named, "{on}, {prompts:?}");
                assert_eq!(mentions(project.competitors[0]), rival, "{on}, {prompts:?}");
            }
            assert_eq!(days.plain.len(), expected.len(), "{prompts:?}");
        }
    }

    async fn lines_are_clusters_of_prompts(database: &TestDatabase) {
        let project = watched(database).await;
        let period = (day(3), day(17));
        let some = &project.prompts[1..4];
        let of_bucket = |bucket| [(bucket, None), (bucket, Some(some))];
        for (bucket, prompts) in Bucket::ALL.iter().flat_map(of_bucket) {
            // Seven days reach back before the period.
            let from = match bucket {
                Bucket::SevenDays => period.0 - Days::new(6),
                _ => period.0,
            };
            let of = |split: Split| LinesOf {
                metric: ChartMetric::Visibility,
                is_judged: false,
                split,
                bucket: *bucket,
                days: (from, period.1),
                picked: Picked { models: &[], prompts },
            };
            let store = &database.store;
            let brands = store
                .chart_lines(project.workspace, project.project, of(Split::Brands))
                .await
                .expect("lines");
            let models = store
                .chart_lines(project.workspace, project.project, of(Split::Models))
                .await
                .expect("lines");
            let topics = store
                .chart_lines(project.workspace, project.project, of(Split::Topics))
                .await
                .expect("lines");
            for span in bucket.spans(period.0, period.1) {
                let place = match bucket {
                    Bucket::Day | Bucket::SevenDays => span.to,
                    Bucket::Week => span.from.week(chrono::Weekday::Mon).first_day(),
                    Bucket::Month => day(1),
                };
                let mut cells = said(&project, span.from, span.to);
                cells.retain(|(prompt, _), _| prompts.is_none_or(|some| some.contains(prompt)));
                let clusters = |model: Option<ModelId>, place: usize| {
                    let mut prompts: BTreeMap<PromptId, Ratio> = BTreeMap::new();
                    for ((prompt, own), sums) in &cells {
                        if model.is_none_or(|model| model == *own) {
                            let cluster = prompts.entry(*prompt).or_default();
                            *cluster = *cluster + Ratio::new(sums[place], sums[0]);
                        }
                    }
                    let clusters: Vec<Ratio> = prompts.into_values().collect();
                    (!clusters.is_empty()).then(|| Moments::of(&clusters))
                };
                let what = format!("{bucket}, {span:?}, {prompts:?}");
                let brand = brands.of_line(project.brand.0, place);
                assert_eq!(brand, clusters(None, 1), "{what}");
                let rival = brands.of_line(project.competitors[0].0, place);
                assert_eq!(rival, clusters(None, 2), "{what}");
                let of_prompts = topics.of_prompts(&project.prompts, place);
                assert_eq!(of_prompts, clusters(None, 1), "{what}");
                for model in &project.models {
                    let line = models.of_line(model.0, place);
                    assert_eq!(line, clusters(Some(*model), 1), "{what}");
                }
            }
        }
    }
}
