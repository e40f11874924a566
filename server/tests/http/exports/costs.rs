//! What was paid, and how sure a number is, computed from the files alone: real answers, two
//! attempts that were lost, and answers of the simulator beside them.

use std::collections::BTreeMap;

use app::model::dashboard::Dashboard;
use app::model::metrics::Metric;
use chrono::{NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::file;
use super::numbers::{cost_of, is_counted, number};
use crate::support::{Caller, Simulated, TestApp, on_both_databases, rest_project};

on_both_databases!(
    what_was_paid_is_the_same_everywhere,
    the_interval_of_a_day_follows_from_its_answers
);

/// Three runs of a project that cost something, and what its files have of them.
struct Paid<'a> {
    ana: Caller<'a>,
    api: Caller<'a>,
    project: i64,
    answers: Vec<Value>,
    ledger: Vec<Value>,
}

impl<'a> Paid<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let ana = app.admin().await;
        // A connection that breaks may be billed all the same.
        let openai = Simulated::start("drop:first=2").await;
        openai.key_for(&ana, "openai").await;
        let anthropic = Simulated::start("").await;
        anthropic.key_for(&ana, "anthropic").await;
        let mut fields = rest_project("Paid");
        fields["enabled_llms"] = json!(["simulator", "openai", "anthropic"]);
        let made = ana.post("/projects", &fields).await.expect(201);
        let project = made["project"]["id"].as_i64().expect("an id");
        for _ in 0..3 {
            ana.run_project(project).await;
        }
        let api = ana.program().await;
        let answers = file(&api, project, "answers").await;
        assert_eq!(answers.len(), 27);
        let ledger = file(&api, project, "ledger").await;
        Self {
            ana,
            api,
            project,
            answers,
            ledger,
        }
    }
}

/// Whole nano-dollars.
pub(super) fn nanos(dollars: &Value) -> f64 {
    (dollars.as_f64().expect("dollars") * 1e9).round()
}

pub(super) fn paid_for<'a>(
    ledger: &'a [Value],
    kinds: &'a [&str],
) -> impl Iterator<Item = &'a Value> {
    ledger
        .iter()
        .filter(move |row| kinds.contains(&row["kind"].as_str().expect("a word")))
}

pub(super) fn sum<'a>(rows: impl Iterator<Item = &'a Value>) -> f64 {
    rows.map(|row| nanos(&row["cost_usd"])).sum()
}

/// What belongs to an ask.
pub(super) const OF_ASKS: [&str; 4] = ["answer", "filtered", "lost", "judge"];

async fn what_was_paid_is_the_same_everywhere(app: &TestApp) {
    let Paid {
        api,
        project,
        answers,
        ledger,
        ..
    } = Paid::of(app).await;
    as_answers_say(&answers, &ledger);
    as_pages_say(&api, project, &ledger).await;
    by_question(&api, project, &ledger).await;
}

/// An answer costs what its tokens, searches and prices say, and the real ones what the ledger
/// has for answers.
fn as_answers_say(answers: &[Value], ledger: &[Value]) {
    let real: Vec<&Value> = answers
        .iter()
        .filter(|row| row["simulated"] == false)
        .collect();
    assert_eq!(real.len(), 18);
    for row in real.iter().filter(|row| row["cost_kind"] == "computed") {
        let (cost, expected) = (number(row, "cost_usd"), cost_of(row));
        assert!(
            cost > 0.0 && (cost - expected).abs() < 5e-9,
            "{row}: {expected}"
        );
    }
    let booked = sum(paid_for(ledger, &["answer", "filtered"]));
    assert!((sum(real.into_iter()) - booked).abs() < 0.5, "{booked}");
    assert!(sum(paid_for(ledger, &["lost"])) > 0.0, "two were lost");
    let lost: f64 = paid_for(ledger, &["lost"])
        .map(|row| number(row, "entries"))
        .sum();
    assert!((lost - 2.0).abs() < 0.5, "{lost}");
}

async fn as_pages_say(api: &Caller<'_>, project: i64, ledger: &[Value]) {
    let same = |found: &Value, expected: f64, what: &str| {
        let found = nanos(found);
        assert!(
            (found - expected).abs() < 0.5,
            "{what}: {found}, {expected}"
        );
    };
    let (all, of_asks) = (sum(ledger.iter()), sum(paid_for(ledger, &OF_ASKS)));
    let path = format!("/projects/{project}/metrics");
    let metrics = api.get(&path).await.expect(200)["aggregated"].clone();
    same(&metrics["total_cost_usd"], of_asks, "metrics");
    same(&metrics["other_cost_usd"], all - of_asks, "beside asks");
    for provider in ["openai", "anthropic"] {
        let own = ledger.iter().filter(|row| row["llm_provider"] == provider);
        let pooled = &metrics["metrics_by_llm"][provider];
        same(&pooled["total_cost_usd"], sum(own), provider);
    }
    let usage = api.get("/usage").await.expect(200);
    same(&usage["total_cost_usd"], all, "the month");
    same(&usage["by_project"][0]["cost_usd"], all, "the project");
    for kind in usage["by_kind"].as_array().expect("kinds") {
        let word = kind["kind"].as_str().expect("a word");
        same(&kind["cost_usd"], sum(paid_for(ledger, &[word])), word);
    }
    let snapshots = file(api, project, "snapshots").await;
    let whole = snapshots.iter().filter(|row| row["queries"] == "all");
    let whole = json!(sum(whole) / 1e9);
    same(&whole, of_asks, "snapshots");
}

/// Lost attempts too belong to the question that was asked.
async fn by_question(api: &Caller<'_>, project: i64, ledger: &[Value]) {
    let path = format!("/projects/{project}/queries");
    let listed = api.get(&path).await.expect(200);
    for query in listed["queries"].as_array().expect("questions") {
        let history = api.get(&format!("{path}/{}/history", query["id"])).await;
        let days = history.expect(200)["history"].clone();
        let days = days.as_array().expect("days").iter();
        let shown: f64 = days.map(|day| nanos(&day["total_cost"])).sum();
        let own = sum(ledger.iter().filter(|row| row["query_id"] == query["id"]));
        assert!((shown - own).abs() < 0.5 && own > 0.0, "{query}: {own}");
    }
}

/// Of each day in the chart, over both real models, with questions as clusters.
async fn the_interval_of_a_day_follows_from_its_answers(app: &TestApp) {
    let Paid {
        ana,
        project,
        answers,
        ..
    } = Paid::of(app).await;
    let mut days: BTreeMap<NaiveDate, BTreeMap<i64, (f64, f64)>> = BTreeMap::new();
    for row in &answers {
        if row["simulated"] == true || !is_counted(row) {
            continue;
        }
        let day: NaiveDate = serde_json::from_value(row["analysis_day"].clone()).expect("a day");
        let questions = days.entry(day).or_default();
        let question = row["query_id"].as_i64().expect("an id");
        let (named, all) = questions.entry(question).or_default();
        *named += f64::from(u8::from(row["brand_mentioned"] == true));
        *all += 1.0;
    }
    let today = Utc::now().date_naive();
    let (from, to) = (today - TimeDelta::days(1), today + TimeDelta::days(1));
    let query = json!({"project_id": project, "from": from, "to": to, "model_ids": []});
    let page = ana.call("dashboard/get", &json!({"query": query})).await;
    let page: Dashboard = serde_json::from_value(page.expect(200)).expect("the numbers");
    assert_eq!(page.days.len(), days.len());
    for day in &page.days {
        let clusters: Vec<(f64, f64)> = days[&day.day].values().copied().collect();
        if clusters.len() != 3 {
            // Midnight passed in the middle of a run.
            continue;
        }
        let shown = day.intervals.get(Metric::Visibility).expect("an interval");
        let (low, high) = interval_of_three(&clusters);
        assert!(
            (shown.low - low).abs() < 1e-6 && (shown.high - high).abs() < 1e-6,
            "{shown:?}, {low} to {high}"
        );
    }
}

/// Wilson's interval of a share of three clusters, each with its successes and trials, over as
/// many trials as the spread of the clusters says that the answers are worth.
fn interval_of_three(clusters: &[(f64, f64)]) -> (f64, f64) {
    const Z: f64 = 1.959_963_985;
    // Student's quantile with two degrees of freedom: `0.95 * sqrt(2 / (1 - 0.95^2))`.
    const T: f64 = 4.302_652_730;
    let named: f64 = clusters.iter().map(|(named, _)| named).sum();
    let all: f64 = clusters.iter().map(|(_, all)| all).sum();
    let share = named / all;
    let squares = clusters
        .iter()
        .map(|(named, all)| (named - share * all).powi(2))
        .sum::<f64>();
    let error = (1.5 * squares).sqrt() / all;
    let trials = if error < 1e-12 {
        3.0
    } else {
        all.min(share * (1.0 - share) * (Z / (T * error)).powi(2))
    };
    let centre = share + Z * Z / (2.0 * trials);
    let half = Z * (share * (1.0 - share) / trials + (Z / (2.0 * trials)).powi(2)).sqrt();
    let scale = 1.0 + Z * Z / trials;
    ((centre - half) / scale, (centre + half) / scale)
}
