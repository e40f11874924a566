//! What a run and a month have cost, computed from the files alone, beside what the budget says of
//! itself and where it ends: answers, lost attempts, a judge and suggestions.

use serde_json::{Value, json};

use super::costs::{OF_ASKS, nanos, paid_for, sum};
use super::file;
use super::numbers::{cost_of, number};
use crate::support::{Caller, Simulated, TestApp, on_both_databases, rest_project};

on_both_databases!(flow);

/// What answers are in the ledger.
const ANSWERS: [&str; 2] = ["answer", "filtered"];
/// Questions, times models that are paid.
const PAID_ASKS: usize = 6;

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    // A connection that breaks may be billed all the same.
    let openai = Simulated::start("drop:first=2").await;
    openai.judge_for(&ana, "openai").await;
    let anthropic = Simulated::start("").await;
    anthropic.key_for(&ana, "anthropic").await;
    let mut fields = rest_project("Paid");
    fields["enabled_llms"] = json!(["simulator", "openai", "anthropic"]);
    let made = ana.post("/projects", &fields).await.expect(201);
    let project = made["project"]["id"].as_i64().expect("an id");
    let api = ana.program().await;
    let nothing = Files::default();

    let first = ana.run_project(project).await;
    app.judge().await;
    let one_run = Files::read(&api, project).await;
    assert_eq!(one_run.answers_of(first).count(), PAID_ASKS);
    for kind in ["lost", "judge"] {
        assert!(one_run.paid_for(&[kind]) > 0.0, "{kind}");
    }
    as_the_run_says(&api, project, first, [&nothing, &one_run]).await;
    let begun = as_the_budget_says(&api, &one_run, 0.0).await;
    assert!(begun.spent < begun.limit);

    let of_project = suggestions(&ana, &json!({"project_id": project, "by_model": true})).await;
    let of_none = json!({"brand_name": "Kipu", "about": "accounting software", "by_model": true});
    let of_none = suggestions(&ana, &of_none).await;
    let suggested = Files::read(&api, project).await;
    same(suggested.paid_for(&["suggest"]), of_project, "suggestions");
    let month = as_the_budget_says(&api, &suggested, of_none).await;

    // What is left is enough for one answer, and not for one more.
    let limit = month.spent + one_run.least_of_an_ask() + one_run.cheapest_answer() / 2.0;
    let limit = json!({"monthly_budget_usd": limit.round() / 1e9});
    ana.put("/budget", &limit).await.expect(200);
    let path = format!("/projects/{project}/analyze?wait=true");
    let ended = ana.post(&path, &json!({})).await.expect(200);
    assert_eq!(ended["results"]["status"], "over_budget");
    app.judge().await;
    let second = ended["run_id"].as_i64().expect("an id");
    let two_runs = Files::read(&api, project).await;
    let answered = two_runs.answers_of(second).count();
    assert!((1..PAID_ASKS).contains(&answered), "{answered}");
    as_the_run_says(&api, project, second, [&suggested, &two_runs]).await;
    let full = as_the_budget_says(&api, &two_runs, of_none).await;
    assert!(month.spent < full.spent && full.spent <= full.limit);
}

/// What the files of a project say.
#[derive(Default)]
struct Files {
    answers: Vec<Value>,
    ledger: Vec<Value>,
}

impl Files {
    async fn read(api: &Caller<'_>, project: i64) -> Self {
        Self {
            answers: file(api, project, "answers").await,
            ledger: file(api, project, "ledger").await,
        }
    }

    /// Nano-dollars of the ledger for these kinds.
    fn paid_for(&self, kinds: &[&str]) -> f64 {
        sum(paid_for(&self.ledger, kinds))
    }

    /// The answers of a run that somebody paid for.
    fn answers_of(&self, run: i64) -> impl Iterator<Item = &Value> {
        let is_of = move |row: &&Value| row["run_id"] == run && row["simulated"] == false;
        self.answers.iter().filter(is_of)
    }

    fn paid_answers(&self) -> impl Iterator<Item = &Value> {
        self.answers.iter().filter(|row| row["simulated"] == false)
    }

    /// Nano-dollars of the dearest model's ask at its least, as ENGINE.md has it: 1,000 tokens and
    /// the question's bytes, five searches of 8,000 tokens each, and an answer of 2,048 tokens.
    fn least_of_an_ask(&self) -> f64 {
        let least = |row: &Value| {
            let question = row["query_text"].as_str().expect("a question").len();
            let question = f64::from(u32::try_from(question).expect("short"));
            let read = question + 1_000.0 + 5.0 * 8_000.0;
            (read * number(row, "price_input_usd_per_1m") / 1e6
                + 2_048.0 * number(row, "price_output_usd_per_1m") / 1e6
                + 5.0 * number(row, "price_search_usd"))
                * 1e9
        };
        self.paid_answers().map(least).fold(0.0, f64::max)
    }

    fn cheapest_answer(&self) -> f64 {
        let costs = self.paid_answers().map(|row| nanos(&row["cost_usd"]));
        costs.fold(f64::INFINITY, f64::min)
    }
}

fn same(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() < 0.5,
        "{what}: {found}, {expected}"
    );
}

/// Asks a model for questions, and gives the nano-dollars that this is said to have cost.
async fn suggestions(by: &Caller<'_>, wish: &Value) -> f64 {
    let made = by.post("/suggest", wish).await.expect(200);
    assert_eq!(made["origin"], "model", "{made}");
    let cost = nanos(&made["cost_usd"]);
    assert!(cost > 0.0);
    cost
}

/// A run costs what its asks have added to the ledger; its answers what their tokens, searches
/// and prices say, each to five nano-dollars, as each part is rounded up.
async fn as_the_run_says(api: &Caller<'_>, project: i64, run: i64, [before, after]: [&Files; 2]) {
    let path = format!("/projects/{project}/runs/{run}");
    let shown = api.get(&path).await.expect(200)["run"].clone();
    let added = |kinds: &[&str]| after.paid_for(kinds) - before.paid_for(kinds);
    same(nanos(&shown["cost_usd"]), added(&OF_ASKS), "the run");
    let models = shown["models"].as_array().expect("models").iter();
    let of_models: f64 = models.map(|model| nanos(&model["cost_usd"])).sum();
    same(of_models, added(&OF_ASKS) - added(&["judge"]), "its models");
    let (mut computed, mut allowed) = (0.0, 0.5);
    for row in after.answers_of(run) {
        computed += match row["cost_kind"].as_str() {
            Some("computed") => cost_of(row) * 1e9,
            _ => nanos(&row["cost_usd"]),
        };
        allowed += 5.0;
    }
    let booked = added(&ANSWERS);
    assert!(
        (computed - booked).abs() < allowed,
        "answers: {computed}, {booked}"
    );
}

/// What the budget says of a month, in nano-dollars.
struct Month {
    spent: f64,
    limit: f64,
}

/// A month has cost what the file of its only project says, and what belongs to no project.
async fn as_the_budget_says(api: &Caller<'_>, files: &Files, of_none: f64) -> Month {
    let expected = sum(files.ledger.iter()) + of_none;
    let budget = api.get("/budget").await.expect(200)["budget"].clone();
    let spent = nanos(&budget["current_month_spend"]);
    same(spent, expected, "the budget");
    same(nanos(&budget["reserved"]), 0.0, "nothing stays set aside");
    let limit = nanos(&budget["monthly_budget_usd"]);
    same(nanos(&budget["remaining"]), limit - spent, "what is left");
    let usage = api.get("/usage").await.expect(200);
    same(nanos(&usage["total_cost_usd"]), expected, "the month");
    Month { spent, limit }
}
