//! The first screen of a project and the lines of its chart, against the rows of its files.

use std::collections::BTreeMap;

use app::model::keys::BudgetView;
use app::model::overview::{
    Bucket, ChartMetric, ChartSeries, LineKey, Overview, RankClaim, SeriesLine, Split, Trend,
};
use app::model::project::{ProjectFrame, ProjectView};
use app::model::provider::Provider;
use app::model::spend::BudgetAlert;
use chrono::{Days, Duration, NaiveDate};
use serde_json::{Value, json};

use crate::support::{BilledRun, Caller, TestApp, on_both_databases};

on_both_databases!(
    lines_are_what_the_files_add_up_to,
    the_first_screen_is_of_the_same_answers,
    the_first_screen_brings_what_stands_around_it,
    of_a_budget_a_project_is_told_what_concerns_it,
    what_cannot_be_drawn_is_refused
);

/// What the files of a project say, by day.
struct Filed {
    answers: BTreeMap<NaiveDate, i64>,
    /// Answers that name an entity.
    named: BTreeMap<(i64, NaiveDate), i64>,
    /// Ranks of an entity: their sum and how many there are.
    ranks: BTreeMap<(i64, NaiveDate), (i64, i64)>,
    first: NaiveDate,
    last: NaiveDate,
}

async fn file(caller: &Caller<'_>, project: i64, name: &str) -> Vec<Value> {
    let path = format!("/projects/{project}/export/{name}?format=jsonl");
    let body = caller.get(&path).await.body;
    let text = std::str::from_utf8(&body).expect("text").to_owned();
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

fn day(row: &Value) -> NaiveDate {
    let day = row["analysis_day"].as_str().expect("a day");
    day.parse().expect("a day")
}

impl Filed {
    async fn of(caller: &Caller<'_>, project: i64) -> Self {
        let mut answers: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for answer in file(caller, project, "answers").await {
            let outcome = answer["outcome"].as_str().expect("an outcome");
            if ["answered", "truncated", "refused"].contains(&outcome) {
                *answers.entry(day(&answer)).or_default() += 1;
            }
        }
        let mut named: BTreeMap<(i64, NaiveDate), i64> = BTreeMap::new();
        let mut ranks: BTreeMap<(i64, NaiveDate), (i64, i64)> = BTreeMap::new();
        for finding in file(caller, project, "findings").await {
            if finding["source"] == "none" {
                continue;
            }
            let key = (finding["entity_id"].as_i64().expect("an id"), day(&finding));
            *named.entry(key).or_default() += 1;
            if let Some(rank) = finding["position_in_list"].as_i64() {
                let ranked = ranks.entry(key).or_default();
                *ranked = (ranked.0 + rank, ranked.1 + 1);
            }
        }
        let days = || answers.keys().copied();
        Self {
            first: days().next().expect("answers"),
            last: days().next_back().expect("answers"),
            answers,
            named,
            ranks,
        }
    }

    /// Numerator and denominator of an entity from one day to another; `None`: no data.
    fn value(
        &self,
        metric: ChartMetric,
        entity: i64,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Option<(i64, i64)> {
        let days = || from.iter_days().take_while(|day| *day <= to);
        let found = match metric {
            ChartMetric::Position => {
                let ranks = days().filter_map(|day| self.ranks.get(&(entity, day)));
                ranks.fold((0, 0), |sum, (rank, count)| (sum.0 + rank, sum.1 + count))
            }
            _ => (
                days()
                    .filter_map(|day| self.named.get(&(entity, day)))
                    .sum(),
                days().filter_map(|day| self.answers.get(&day)).sum(),
            ),
        };
        (found.1 > 0).then_some(found)
    }
}

/// A project that was run on two days, and twice on a third one two days later.
async fn with_days(app: &TestApp) -> (Caller<'_>, i64) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    for days in [0, 1, 2, 0] {
        app.pass(Duration::days(days));
        ana.run_project(project).await;
    }
    (ana, project)
}

fn query(project: i64, from: NaiveDate, to: NaiveDate) -> Value {
    json!({"project_id": project, "from": from, "to": to, "model_ids": []})
}

async fn series(caller: &Caller<'_>, query: &Value) -> ChartSeries {
    let reply = caller
        .call("overview/series", &json!({"query": query}))
        .await;
    serde_json::from_value(reply.expect(200)).expect("lines")
}

fn assert_line(
    filed: &Filed,
    series: &ChartSeries,
    line: &SeriesLine,
    (metric, bucket): (ChartMetric, Bucket),
) {
    let LineKey::Entity(entity) = line.key else {
        panic!("a line of {:?}", line.key);
    };
    let spans = bucket.spans(filed.first, filed.last);
    assert_eq!(line.points.len(), spans.len());
    for ((span, point), answers) in spans.iter().zip(&line.points).zip(&series.answers) {
        let is_gap = bucket == Bucket::SevenDays && !filed.answers.contains_key(&span.to);
        let expected = filed
            .value(metric, entity.0, (span.from, span.to))
            .filter(|_| !is_gap);
        let found = point.map(|point| (point.numerator, point.denominator));
        assert_eq!(found, expected, "{metric} by {bucket}, {span:?}");
        if metric == ChartMetric::Visibility {
            let counted = expected.map_or(0, |(_, denominator)| denominator);
            assert_eq!(*answers, counted, "{bucket}, {span:?}");
        }
        if let Some(point) = point {
            let value = point.ratio().value().expect("a value");
            let holds = point.interval.is_none_or(|interval| interval.holds(value));
            assert!(holds, "{metric} by {bucket}: {point:?}");
        }
    }
}

async fn lines_are_what_the_files_add_up_to(app: &TestApp) {
    let (ana, project) = with_days(app).await;
    let filed = Filed::of(&ana, project).await;
    assert_eq!((filed.last - filed.first).num_days(), 3);
    for metric in [ChartMetric::Visibility, ChartMetric::Position] {
        for bucket in Bucket::ALL {
            let query = json!({
                "dashboard": query(project, filed.first, filed.last),
                "metric": metric, "split": "brands", "bucket": bucket,
            });
            let series = series(&ana, &query).await;
            assert_eq!(
                (series.days, series.days_with_answers, series.last_day),
                (4, 3, Some(filed.last))
            );
            assert_eq!(series.lines.len(), 3);
            assert!(series.lines[0].is_you);
            for line in &series.lines {
                assert_line(&filed, &series, line, (metric, *bucket));
            }
        }
    }
    // With one model, its line is the brand's.
    let of = |split: Split, metric: ChartMetric| {
        json!({
            "dashboard": query(project, filed.first, filed.last),
            "metric": metric, "split": split, "bucket": "day",
        })
    };
    for metric in [
        ChartMetric::Visibility,
        ChartMetric::ShareOfVoice,
        ChartMetric::Position,
        ChartMetric::Sentiment,
        ChartMetric::Citations,
    ] {
        let by_model = series(&ana, &of(Split::Models, metric)).await;
        let by_brand = series(&ana, &of(Split::Brands, metric)).await;
        assert_eq!(by_model.lines.len(), 1, "{metric}");
        assert_eq!(
            by_model.lines[0].points, by_brand.lines[0].points,
            "{metric}"
        );
    }
    // Shares of all mentions add up to all.
    let shares = series(&ana, &of(Split::Brands, ChartMetric::ShareOfVoice)).await;
    for place in 0..shares.buckets.len() {
        let points = shares.lines.iter().filter_map(|line| line.points[place]);
        let (counted, of) = points.fold((0, None), |(counted, _), point| {
            (counted + point.numerator, Some(point.denominator))
        });
        assert!(of.is_none_or(|of| of == counted), "{place}: {counted}");
    }
}

async fn the_first_screen_is_of_the_same_answers(app: &TestApp) {
    let (ana, project) = with_days(app).await;
    let filed = Filed::of(&ana, project).await;
    let shown = async |query: &Value| {
        let reply = ana.call("overview/get", &json!({"query": query})).await;
        reply.expect(200)
    };
    let whole = query(project, filed.first, filed.last);
    let first = shown(&whole).await;
    // Nothing happened: the same, to the last digit of its intervals.
    assert_eq!(shown(&whole).await, first);
    let overview: Overview = serde_json::from_value(first).expect("an overview");
    let all = |entity: i64| {
        filed
            .value(ChartMetric::Visibility, entity, (filed.first, filed.last))
            .expect("answers")
    };
    for row in &overview.brands {
        let found = (row.visibility.numerator, row.visibility.denominator);
        assert_eq!(found, all(row.entity_id.0), "{}", row.name);
        assert_eq!(row.points.len(), 4);
        assert_eq!(row.points.iter().flatten().count(), 3);
    }
    let brand = overview.brands.iter().find(|row| row.is_brand);
    let brand = brand.expect("the brand");
    let headline = &overview.headline;
    assert_eq!(headline.brand, brand.name);
    assert_eq!(headline.visibility, brand.visibility);
    assert_eq!((headline.answers, headline.questions), (12, 3));
    assert_eq!(headline.last_day, Some(filed.last));
    // Twelve answers, and none before: nothing is said of a place or of a change.
    assert_eq!(headline.rank, RankClaim::Nothing);
    assert_eq!((headline.trend, headline.earlier), (Trend::NoEarlier, None));
    assert!(headline.is_too_early() && overview.moves.is_empty());
    let chart = json!({
        "dashboard": whole, "metric": "visibility", "split": "brands", "bucket": "day",
    });
    assert_eq!(overview.chart, series(&ana, &chart).await);
    // The days after the last answers have none.
    let after = query(
        project,
        filed.last + Days::new(1),
        filed.last + Days::new(7),
    );
    let empty: Overview = serde_json::from_value(shown(&after).await).expect("an overview");
    assert_eq!(empty.headline.answers, 0);
    assert_eq!(empty.headline.last_day, Some(filed.last));
    assert_eq!(empty.chart.days_with_answers, 0);
    // Another answer, and it is another screen.
    ana.run_project(project).await;
    let later: Overview = serde_json::from_value(shown(&whole).await).expect("an overview");
    assert_eq!(later.headline.answers, 15);
}

/// What stands around the first screen of a week; the screen is the same with it as without.
async fn frame_of_week(app: &TestApp, caller: &Caller<'_>, project: i64) -> Value {
    let today = app.now().date_naive();
    let week = query(project, today - Days::new(6), today);
    let parts = async |asked: Value| -> Vec<Value> {
        let reply = caller.call("overview/get", &asked).await;
        serde_json::from_value(reply.expect(200)).expect("parts")
    };
    let mut whole = parts(json!({"query": week, "with_frame": true})).await;
    let mut alone = parts(json!({"query": week})).await;
    let frame = whole.pop().expect("a frame");
    assert_eq!(alone.pop(), Some(Value::Null), "nobody has asked for it");
    assert_eq!(whole, alone);
    frame
}

async fn the_first_screen_brings_what_stands_around_it(app: &TestApp) {
    let (ana, project) = with_days(app).await;
    let frame = frame_of_week(app, &ana, project).await;
    let id = json!({"project_id": project});
    let shown = ana.call("projects/get", &id).await.expect(200);
    let budget = ana.call("budget/get", &json!({})).await.expect(200);
    assert_eq!(frame, json!([shown, budget]));
    let view: ProjectView = serde_json::from_value(shown).expect("a project");
    let asked: Vec<_> = view.models.iter().map(|model| model.id).collect();
    assert_eq!(asked, view.record.model_ids);
    assert_eq!(view.models[0].provider, Provider::Simulator);
    assert!(!view.models[0].name.is_empty());
    // A model that is asked no more has answers all the same, and a name.
    app.execute("DELETE FROM llm_monitoring_project_models")
        .await;
    let later = ana.call("projects/get", &id).await.expect(200);
    let later: ProjectView = serde_json::from_value(later).expect("a project");
    assert_eq!(
        (later.record.model_ids.len(), later.models),
        (0, view.models)
    );
    let ben = app.sign_up("ben@example.com").await;
    let foreign = json!({
        "query": {"project_id": project, "from": "2026-01-01", "to": "2026-01-31"},
        "with_frame": true,
    });
    ben.call("overview/get", &foreign).await.expect(404);
}

async fn of_a_budget_a_project_is_told_what_concerns_it(app: &TestApp) {
    let run = BilledRun::of(app).await;
    let (ana, own) = (&run.ana, run.project);
    let other = run.api.make_billed_project("Other").await;
    run.api.run_project(other).await;
    app.execute("UPDATE llm_monitoring_projects SET monthly_budget_nano_usd = 0")
        .await;
    let budget = ana.call("budget/get", &json!({})).await.expect(200);
    let all: BudgetView = serde_json::from_value(budget).expect("a budget");
    let of = |project: i64| {
        let is_its = |alert: &&BudgetAlert| {
            let of = alert.project.as_ref();
            of.is_some_and(|(of, _)| of.0 == project)
        };
        all.alerts
            .iter()
            .filter(is_its)
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (all.alerts.len(), of(own).len(), of(other).len()),
        (2, 1, 1)
    );
    let frame = frame_of_week(app, ana, own).await;
    let frame: ProjectFrame = serde_json::from_value(frame).expect("a frame");
    assert_eq!(frame.budget.alerts, of(own));
}

async fn what_cannot_be_drawn_is_refused(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    let of = |from: &str, to: &str, keys: usize| {
        let keys: Vec<Value> = (1..=keys).map(|id| json!({"entity": id})).collect();
        let dashboard = json!({"project_id": project, "from": from, "to": to});
        json!({"dashboard": dashboard, "keys": keys})
    };
    let call = async |caller: &Caller<'_>, query: &Value| {
        caller
            .call("overview/series", &json!({"query": query}))
            .await
    };
    for (query, field) in [
        (of("2026-01-01", "2025-12-31", 0), "to"),
        (of("2020-01-01", "2029-12-31", 0), "to"),
        (of("2026-01-01", "2026-01-31", 25), "keys"),
    ] {
        let refused = call(&ana, &query).await.expect(422);
        assert_eq!(refused["fields"][0]["field"], field);
        if field == "to" {
            let overview = json!({"query": query["dashboard"]});
            ana.call("overview/get", &overview).await.expect(422);
        }
    }
    // Without answers there is an axis and nothing on it; unknown lines are left out.
    let longest = of("2024-12-29", "2029-12-31", 24);
    let drawn: ChartSeries =
        serde_json::from_value(call(&ana, &longest).await.expect(200)).expect("lines");
    assert_eq!((drawn.bucket, drawn.days), (Bucket::Week, 1_829));
    assert!(drawn.buckets.len() <= 400 && drawn.notes.is_empty());
    assert!(
        drawn
            .lines
            .iter()
            .all(|line| line.points.iter().all(Option::is_none))
    );
    let ben = app.sign_up("ben@example.com").await;
    call(&ben, &of("2026-01-01", "2026-01-31", 0))
        .await
        .expect(404);
}
