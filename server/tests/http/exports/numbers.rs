//! The numbers of the product, computed from its files alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::file;
use crate::support::{Caller, TestApp, on_both_databases};

on_both_databases!(
    visibility_and_position_are_those_of_the_answers,
    one_share_of_voice_stands_everywhere,
    tone_is_that_of_the_answers,
    sources_are_those_of_the_answers,
    costs_are_tokens_times_prices
);

/// What a file and a reply may differ by: both are rounded to two decimals.
const ROUNDED: f64 = 0.006;

/// Four runs of a project, and what the file has of them.
struct FourRuns<'a> {
    api: Caller<'a>,
    project: i64,
    answers: Vec<Value>,
    /// What `metrics` has of the whole period.
    aggregated: Value,
}

impl<'a> FourRuns<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let ana = app.admin().await;
        let project = ana.make_project("Kipu").await;
        for _ in 0..4 {
            ana.run_project(project).await;
        }
        let api = ana.program().await;
        let answers = file(&api, project, "answers").await;
        let path = format!("/projects/{project}/metrics");
        let aggregated = api.get(&path).await.expect(200)["aggregated"].clone();
        Self {
            api,
            project,
            answers,
            aggregated,
        }
    }

    /// The answers that are in the numbers, by their ids.
    fn counted(&self) -> BTreeMap<i64, &Value> {
        let counted: BTreeMap<i64, &Value> = self
            .answers
            .iter()
            .filter(|row| is_counted(row))
            .map(|row| (row["id"].as_i64().expect("an id"), row))
            .collect();
        assert_eq!(counted.len(), 12);
        counted
    }

    fn pooled(&self) -> &Value {
        &self.aggregated["metrics_by_llm"]["simulator"]
    }
}

pub(super) fn number(row: &Value, field: &str) -> f64 {
    row[field].as_f64().unwrap_or_default()
}

fn flag(row: &Value, field: &str) -> bool {
    row[field].as_bool().expect(field)
}

/// Whether an answer is in the numbers: one that was cut to nothing is in none.
pub(super) fn is_counted(answer: &Value) -> bool {
    ["answered", "truncated", "refused"]
        .iter()
        .any(|word| answer["outcome"] == *word)
}

/// `part` of `all`, in percent.
#[expect(clippy::cast_precision_loss, reason = "a few rows")]
fn percent(part: usize, all: usize) -> f64 {
    part as f64 * 100.0 / all as f64
}

fn assert_near(found: &Value, expected: f64, what: &str) {
    let found = found.as_f64().expect(what);
    assert!(
        (found - expected).abs() < ROUNDED,
        "{what}: {found}, {expected}"
    );
}

async fn visibility_and_position_are_those_of_the_answers(app: &TestApp) {
    let runs = FourRuns::of(app).await;
    let counted = runs.counted();
    let pooled = runs.pooled();
    let named: Vec<&&Value> = counted
        .values()
        .filter(|row| flag(row, "brand_mentioned"))
        .collect();
    assert!(!named.is_empty(), "the simulator names the brand");
    assert_near(
        &pooled["avg_mention_rate"],
        percent(named.len(), counted.len()),
        "visibility",
    );
    let ranks: Vec<f64> = named
        .iter()
        .filter_map(|row| row["position_in_list"].as_f64())
        .collect();
    if ranks.is_empty() {
        assert!(pooled["avg_position"].is_null());
    } else {
        let count = f64::from(u32::try_from(ranks.len()).expect("few"));
        assert_near(
            &pooled["avg_position"],
            ranks.iter().sum::<f64>() / count,
            "position",
        );
    }
}

async fn one_share_of_voice_stands_everywhere(app: &TestApp) {
    let runs = FourRuns::of(app).await;
    let counted = runs.counted();
    let (api, project, pooled) = (&runs.api, runs.project, runs.pooled());
    let findings = file(api, project, "findings").await;
    let of_counted: Vec<&Value> = findings
        .iter()
        .filter(|row| counted.contains_key(&row["result_id"].as_i64().expect("an id")))
        .collect();
    let is_plain = |row: &&&Value| {
        let answer = counted[&row["result_id"].as_i64().expect("an id")];
        !flag(answer, "query_names_brand")
    };
    let brand = |rows: &[&Value]| rows.iter().filter(|row| flag(row, "is_brand")).count();
    let plain: Vec<&Value> = of_counted.iter().filter(is_plain).copied().collect();
    assert!(
        plain.len() < of_counted.len(),
        "one question names the brand"
    );
    assert_near(
        &pooled["share_of_voice"],
        percent(brand(&plain), plain.len()),
        "share of voice",
    );
    let all = percent(brand(&of_counted), of_counted.len());
    assert_near(
        &pooled["share_of_voice_all"],
        all,
        "share of voice over all",
    );
    // One name, one number: wherever it stands.
    let share = pooled["share_of_voice"].clone();
    let get = async |path: &str| {
        api.get(&format!("/projects/{project}{path}"))
            .await
            .expect(200)
    };
    let rivals = get("/competitors").await;
    assert_eq!(rivals["competitors"][0]["share_of_voice"], share);
    let compared = get("/comparison").await;
    assert_eq!(compared["comparison"][0]["share_of_voice"], share);
    assert_eq!(
        compared["comparison"][0]["share_of_voice_all"],
        pooled["share_of_voice_all"]
    );
    let listed = get("/snapshots").await;
    assert_eq!(listed["snapshots"][0]["share_of_voice"], share);
    let history = get("/share-of-voice-history").await;
    assert_eq!(
        history["history"][0]["entities"][0]["share_of_voice"],
        share
    );
    let latest = get("").await;
    assert_eq!(
        latest["latest_metrics"]["simulator"]["share_of_voice"],
        share
    );
    let rows = file(api, project, "snapshots").await;
    let of = |part: &str| {
        rows.iter()
            .find(|row| row["queries"] == part)
            .expect("a row")
    };
    assert_eq!(of("all")["share_of_voice"], share);
    assert_eq!(of("plain")["share_of_voice"], share);
    assert!(of("branded")["share_of_voice"].is_null());
    assert_eq!(
        of("all")["share_of_voice_all"],
        pooled["share_of_voice_all"]
    );
}

async fn tone_is_that_of_the_answers(app: &TestApp) {
    let runs = FourRuns::of(app).await;
    let counted = runs.counted();
    let rows = file(&runs.api, runs.project, "snapshots").await;
    let all = rows
        .iter()
        .find(|row| row["queries"] == "all")
        .expect("a row");
    let spoken = |word: &str| {
        let of_word = counted
            .values()
            .filter(|row| flag(row, "brand_mentioned") && row["tone"] == word);
        of_word.count()
    };
    let (good, middling, bad) = (spoken("positive"), spoken("neutral"), spoken("negative"));
    let judged = good + middling + bad;
    assert!(judged > 0, "the rules read English");
    assert_near(&all["net_tone_denominator"], percent(judged, 100), "judged");
    let net = (percent(good, judged) - percent(bad, judged)) / 100.0;
    assert_near(&all["net_tone"], net, "net tone");
}

async fn sources_are_those_of_the_answers(app: &TestApp) {
    let runs = FourRuns::of(app).await;
    let counted = runs.counted();
    let (api, project) = (&runs.api, runs.project);
    let citations = file(api, project, "citations").await;
    let mut citing: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for row in &citations {
        let answer = row["result_id"].as_i64().expect("an id");
        if flag(row, "cited") && counted.contains_key(&answer) {
            citing
                .entry(row["domain"].as_str().expect("a domain"))
                .or_default()
                .insert(answer);
        }
    }
    let path = format!("/projects/{project}/urls-ranking?group_by=domain&limit=200");
    let ranking = api.get(&path).await.expect(200);
    let ranked = ranking["urls"].as_array().expect("rows");
    let cited: Vec<&Value> = ranked
        .iter()
        .filter(|row| number(row, "citing_answers") > 0.0)
        .collect();
    assert_eq!(cited.len(), citing.len());
    assert!(!cited.is_empty(), "the simulator cites");
    for row in cited {
        let domain = row["domain"].as_str().expect("a domain");
        assert_near(
            &row["citation_rate"],
            percent(citing[domain].len(), counted.len()),
            domain,
        );
    }
}

/// What an answer costs: tokens times prices. Each kind of token and each search is rounded up to
/// a nano-dollar.
pub(super) fn cost_of(row: &Value) -> f64 {
    let cached = number(row, "cached_tokens");
    (number(row, "input_tokens") - cached) * number(row, "price_input_usd_per_1m") / 1e6
        + cached * number(row, "price_cached_input_usd_per_1m") / 1e6
        + number(row, "output_tokens") * number(row, "price_output_usd_per_1m") / 1e6
        + number(row, "searches") * number(row, "price_search_usd")
}

/// They are made up: what they would have cost is in no sum of money.
async fn costs_are_tokens_times_prices(app: &TestApp) {
    let runs = FourRuns::of(app).await;
    let mut sum = 0.0;
    for row in &runs.answers {
        let expected = cost_of(row);
        let cost = number(row, "cost_usd");
        assert!(
            cost > 0.0 && (cost - expected).abs() < 5e-9,
            "{row}: {expected}"
        );
        sum += expected;
    }
    let total = &runs.aggregated["simulated_cost_usd"];
    let total = total.as_f64().expect("dollars");
    assert!((total - sum).abs() < 1e-7, "{total}, {sum}");
    assert_eq!(runs.aggregated["total_cost_usd"], json!(0));
}
