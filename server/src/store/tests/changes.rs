//! Changes from stored answers to the page: what the mix of questions and models does to them,
//! and that every number lies within its interval.

use app::model::answer::{MentionSource, Sentiment};
use app::model::dashboard::{ComparedWith, Dashboard, DashboardQuery, Figures};
use app::model::metrics::{Interval, Metric, Ratio, Verdict};
use chrono::{DateTime, Utc};
use engine::AskOutcome;

use super::{answered, begin, claiming, finding, ids, store};
use crate::store::sums::{Picked, SnapshotFilter, Surfaces};
use crate::store::testing::{
    ProjectPlan, TestDatabase, TestProject, make_project, on_both_databases,
};
use statistics::{self, cluster_wilson};

/// A day of March 2026, of which the 2nd is a Monday.
fn noon(day: i64) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().expect("a time");
    first + chrono::TimeDelta::days(day - 1)
}

/// Asks everything once on a day. `names`: whether the brand is named, by the places of model
/// and prompt.
async fn ask(
    database: &TestDatabase,
    project: &TestProject,
    day: i64,
    names: impl Fn(usize, usize) -> bool,
) {
    database.clock.set(noon(day));
    project.plan(database).await;
    while let Some(claimed) = database
        .store
        .claim_lane(&claiming("a"))
        .await
        .expect("claimed")
    {
        begin(database, &claimed, &ids(&claimed)).await;
        let place = |all: &[_], one| all.iter().position(|known| *known == one).expect("known");
        let model = place(&project.models, claimed.scope.model.id);
        let outcomes: Vec<AskOutcome> = claimed
            .asks
            .iter()
            .map(|work| {
                let prompts = &project.prompts;
                let prompt = prompts.iter().position(|known| *known == work.prompt);
                let prompt = prompt.expect("a prompt");
                let rank = u32::try_from(1 + (prompt + model) % 5).expect("small");
                let mut findings = vec![finding(
                    project.competitors[0],
                    MentionSource::Text,
                    Some(6),
                )];
                if names(model, prompt) {
                    let mut found = finding(project.brand, MentionSource::Text, Some(rank));
                    found.sentiment = Some(if prompt % 3 == 0 {
                        Sentiment::Negative
                    } else {
                        Sentiment::Positive
                    });
                    findings.push(found);
                }
                answered(database, &claimed, work, findings)
            })
            .collect();
        store(database, &claimed, &outcomes).await;
    }
}

/// The page of the days 8 to 14, which follow on the days 1 to 7.
async fn page(database: &TestDatabase, project: &TestProject) -> Dashboard {
    let query = DashboardQuery {
        project_id: project.project,
        from: noon(8).date_naive(),
        to: noon(14).date_naive(),
        model_ids: Vec::new(),
        compare: ComparedWith::default(),
        tags: Vec::new(),
    };
    let (workspace, from, to) = (project.workspace, query.from, query.to);
    let sums = database
        .store
        .period_sums(
            workspace,
            project.project,
            from,
            to,
            Picked::default(),
            query.earlier(),
        )
        .await;
    statistics::dashboard(&query, sums.expect("sums"))
}

/// Judges every mention of the brand as the local rules do.
async fn judge(database: &TestDatabase) {
    database
        .execute(
            "INSERT INTO llm_monitoring_judgements (result_id, entity_id, workspace_id, project_id, \
             model_id, model_served, judge_version, sentiment, sentiment_thousandths, recommended, \
             reason, praised, blamed, created_at) \
             SELECT f.result_id, f.entity_id, f.workspace_id, a.project_id, a.model_id, 'judge', 1, \
             f.sentiment, 500, f.recommended, 'It says so.', '[]', '[]', a.analysis_date \
             FROM llm_monitoring_findings f JOIN llm_monitoring_results a ON a.id = f.result_id \
             WHERE f.is_brand",
        )
        .await;
}

async fn asks_model(database: &TestDatabase, project: &TestProject, place: usize, is_asked: bool) {
    let TestProject {
        project: id,
        workspace,
        models,
        ..
    } = project;
    let model = models[place];
    let sql = if is_asked {
        format!(
            "INSERT INTO llm_monitoring_project_models (project_id, model_id, workspace_id) \
             VALUES ({id}, {model}, {workspace})"
        )
    } else {
        format!(
            "DELETE FROM llm_monitoring_project_models WHERE project_id = {id} \
             AND model_id = {model}"
        )
    };
    database.execute(&sql).await;
}

async fn asks_prompts(database: &TestDatabase, project: &TestProject, from: usize, is_asked: bool) {
    let value = if is_asked { "TRUE" } else { "FALSE" };
    for prompt in &project.prompts[from..] {
        let sql =
            format!("UPDATE llm_monitoring_queries SET is_active = {value} WHERE id = {prompt}");
        database.execute(&sql).await;
    }
}

/// Exactly so many tenths of twenty questions name the brand on any day, each question some
/// days more and some less often.
fn tenths(tenths: usize, prompt: usize, day: i64) -> bool {
    let day = usize::try_from(day).expect("a day");
    (prompt * 7 + day * 3) % 10 < tenths
}

fn headline(figures: &Figures) -> f64 {
    figures.ratio(Metric::Visibility).value().expect("answers")
}

/// Nothing changed, and the headline moved because something else was asked.
fn assert_only_mix(page: &Dashboard, least: f64) {
    let (before, now) = (headline(&page.previous), headline(&page.total));
    assert!((now - before).abs() > least, "{before} to {now}");
    let change = page
        .changes
        .get(Metric::Visibility, None)
        .expect("compared");
    let difference = change.difference.expect("pairs");
    assert!(difference.abs() < 0.02, "{difference}");
    assert_eq!((change.verdict, change.unpaired), (Verdict::WithinNoise, 0));
    assert!(change.is_mix(before, now));
    let changed = page
        .changes
        .iter()
        .find(|one| one.change.verdict.is_change());
    assert_eq!(changed, None);
}

fn assert_within(value: Option<f64>, interval: Option<Interval>, what: &str) {
    if let (Some(value), Some(interval)) = (value, interval) {
        assert!(interval.holds(value), "{what}: {value}, {interval:?}");
    }
}

fn assert_figures(figures: &Figures, what: &str) {
    for metric in Metric::ALL {
        let value = figures.ratio(metric).value();
        assert_within(
            value,
            figures.intervals.get(metric),
            &format!("{what}, {metric:?}"),
        );
    }
}

/// Every number of a page lies within its interval.
fn assert_all_within(page: &Dashboard) {
    assert_figures(&page.total, "total");
    let mut days = 0;
    for model in &page.models {
        assert_figures(&model.total, &model.model_name);
        for day in &model.days {
            days += 1;
            for metric in Metric::ALL {
                let value = metric.ratio(&day.sums).value();
                assert_within(
                    value,
                    day.intervals.get(metric),
                    &format!("{}, {metric:?}", day.day),
                );
            }
        }
    }
    for day in &page.days {
        let interval = day.intervals.get(Metric::Visibility);
        assert!(interval.is_some(), "{}", day.day);
        assert_within(day.sums.visibility().value(), interval, "all models");
    }
    assert!(days > 0 && !page.days.is_empty());
    let all: i64 = page.entities.iter().map(|one| one.plain_mentions).sum();
    for entity in &page.entities {
        let share = Ratio::new(entity.plain_mentions, all).value();
        assert_within(share, entity.share, &entity.name);
    }
    for compared in page.changes.iter() {
        let change = &compared.change;
        assert_within(change.difference, change.interval, "a change");
    }
}

fn plan(prompts: usize) -> ProjectPlan {
    ProjectPlan {
        prompts,
        ..ProjectPlan::default()
    }
}

on_both_databases! {
    async fn a_model_that_is_added_is_no_change(database: &TestDatabase) {
        let project = make_project(database, &plan(20)).await;
        asks_model(database, &project, 1, false).await;
        for day in 1..=14 {
            if day == 7 {
                asks_model(database, &project, 1, true).await;
            }
            ask(database, &project, day, |model, prompt| tenths([7, 3][model], prompt, day)).await;
        }
        let page = page(database, &project).await;
        assert_only_mix(&page, 0.14);
        assert_all_within(&page);
        // One number of the page has one interval.
        let brand = page.entities.iter().find(|entity| entity.is_brand).expect("the brand");
        assert_eq!(brand.share, page.total.intervals.get(Metric::ShareOfVoice));
        // The day of both models is its twenty questions, each asked twice.
        let clusters: Vec<Ratio> = (0..20)
            .map(|prompt| {
                let named = |tenth| i64::from(tenths(tenth, prompt, 8));
                Ratio::new(named(7) + named(3), 2)
            })
            .collect();
        let day = &page.days[0];
        assert_eq!(day.sums.visibility(), Ratio::new(20, 40));
        let drawn = day.intervals.get(Metric::Visibility).expect("an interval");
        let expected = cluster_wilson(&clusters).expect("an interval");
        assert!((drawn.low - expected.low).abs() < 1e-12 && (drawn.high - expected.high).abs() < 1e-12);
    }

    async fn a_model_that_is_out_is_no_change(database: &TestDatabase) {
        let project = make_project(database, &plan(20)).await;
        for day in 1..=14 {
            if day == 8 {
                asks_model(database, &project, 1, false).await;
            }
            if day == 14 {
                asks_model(database, &project, 1, true).await;
            }
            ask(database, &project, day, |model, prompt| tenths([7, 3][model], prompt, day)).await;
        }
        let page = page(database, &project).await;
        assert_only_mix(&page, 0.14);
        assert_all_within(&page);
    }

    async fn questions_that_are_added_are_no_change(database: &TestDatabase) {
        let project = make_project(database, &plan(40)).await;
        asks_model(database, &project, 1, false).await;
        asks_prompts(database, &project, 20, false).await;
        for day in 1..=14 {
            if day == 7 {
                asks_prompts(database, &project, 20, true).await;
            }
            ask(database, &project, day, |_, prompt| {
                tenths(if prompt < 20 { 7 } else { 3 }, prompt, day)
            })
            .await;
        }
        let page = page(database, &project).await;
        assert_only_mix(&page, 0.14);
        assert_all_within(&page);
        // The only model is all models.
        assert_eq!(page.days, page.models[0].days);
        assert_eq!(page.changes.get(Metric::Visibility, None), page.changes.get(Metric::Visibility, Some(project.models[0])));
    }

    /// The first model names the brand far more often; one that seldom does comes in, and the
    /// headline stays.
    async fn a_true_change_is_told_whatever_the_mix(database: &TestDatabase) {
        let project = make_project(database, &plan(20)).await;
        asks_model(database, &project, 1, false).await;
        for day in 1..=14 {
            if day == 7 {
                asks_model(database, &project, 1, true).await;
            }
            let often = if day < 8 { 5 } else { 9 };
            ask(database, &project, day, |model, prompt| tenths([often, 1][model], prompt, day)).await;
        }
        let page = page(database, &project).await;
        let change = page.changes.get(Metric::Visibility, None).expect("compared");
        assert!(headline(&page.total) - headline(&page.previous) < 0.06);
        assert_eq!(change.verdict, Verdict::Up);
        // 0.4 of weight 3.5 and nothing of weight 7/8, for each question.
        assert!((change.difference.expect("pairs") - 0.32).abs() < 1e-9);
        let own = page.changes.get(Metric::Visibility, Some(project.models[0])).expect("compared");
        assert_eq!(own.verdict, Verdict::Up);
        assert_eq!(page.ends.best, Some(project.models[0]));
        assert_eq!(page.ends.worst, Some(project.models[1]));
    }

    /// Over all questions, over those that do not name the brand and over those that do.
    async fn every_rate_of_a_day_is_kept_with_its_interval(database: &TestDatabase) {
        let project = make_project(database, &plan(20)).await;
        database
            .execute(
                "UPDATE llm_monitoring_queries SET query_text = 'Is Kipu good? ' || position, \
                 query_key = 'is kipu good? ' || position WHERE position < 8",
            )
            .await;
        ask(database, &project, 1, |model, prompt| (prompt + model) % 5 < 3).await;
        // How early and how warmly it is named: made with the sums, whenever these are made.
        database
            .execute(
                "UPDATE llm_monitoring_findings SET prominence_parts = 9000, \
                 recommended = (sentiment = 'positive') WHERE is_brand",
            )
            .await;
        judge(database).await;
        database.store.sum_everything_again().await.expect("begun");
        crate::jobs::reread::work_off(&database.store, "summer").await.expect("summed");
        let filter = SnapshotFilter {
            project_id: project.project,
            from: noon(1).date_naive(),
            to: noon(1).date_naive(),
            provider: None,
            surfaces: Surfaces::Both,
        };
        let exported = database.store.export_snapshots(project.workspace, &filter, (0, 100)).await;
        let mut seen = Vec::new();
        for row in exported.expect("snapshots") {
            for metric in Metric::ALL {
                let value = metric.ratio(&row.sums).value().expect("data");
                let found = row.intervals.get(metric);
                let found = found.unwrap_or_else(|| panic!("{}: no interval of {metric:?}", row.prompts));
                assert!(found.holds(value), "{}, {metric:?}: {found:?}, {value}", row.prompts);
            }
            seen.push(row.prompts.word());
        }
        seen.sort_unstable();
        assert_eq!(seen, ["all", "all", "branded", "branded", "plain", "plain"]);
    }
}
