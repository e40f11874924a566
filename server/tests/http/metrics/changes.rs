//! How numbers moved, by REST, and that every number that leaves the host lies within its
//! interval.

use app::model::dashboard::Dashboard;
use app::model::metrics::{Metric, Verdict};
use chrono::{NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, keys, on_both_databases};

on_both_databases!(
    each_change_says_of_what_and_how_sure_it_is,
    programs_are_told_what_the_screen_says,
    changes_may_be_those_of_one_provider,
    where_one_period_is_empty_there_is_nothing_to_compare,
    every_number_lies_within_its_interval
);

/// A project that ran three times, and three times more three days later.
struct TwoPeriods<'a> {
    ana: Caller<'a>,
    api: Caller<'a>,
    project: i64,
    /// The day of the first runs.
    first: NaiveDate,
}

impl<'a> TwoPeriods<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let ana = app.admin().await;
        let api = ana.program().await;
        let project = ana.make_project("Watch").await;
        for _ in 0..3 {
            ana.run_project(project).await;
        }
        let first = Utc::now().date_naive();
        app.pass(TimeDelta::days(3));
        for _ in 0..3 {
            ana.run_project(project).await;
        }
        Self {
            ana,
            api,
            project,
            first,
        }
    }

    /// A day, counted from the first.
    fn day(&self, after: i64) -> NaiveDate {
        self.first + TimeDelta::days(after)
    }

    /// Where the numbers of some days are.
    fn metrics(&self, from: i64, to: i64) -> String {
        format!(
            "/projects/{}/metrics?start_date={}&end_date={}",
            self.project,
            self.day(from),
            self.day(to)
        )
    }

    /// The same of the later runs: two days before and after, so that midnight may pass meanwhile.
    fn now(&self) -> String {
        self.metrics(2, 4)
    }

    async fn get(&self, path: &str) -> Value {
        self.api.get(path).await.expect(200)
    }

    /// How the numbers of the later runs moved.
    async fn changes(&self) -> Vec<Value> {
        let found = self.get(&format!("{}&compare=previous", self.now())).await;
        found["changes"].as_array().expect("changes").clone()
    }
}

async fn each_change_says_of_what_and_how_sure_it_is(app: &TestApp) {
    let periods = TwoPeriods::of(app).await;
    let now = periods.now();
    let plain = periods.get(&now).await;
    assert!(plain.get("changes").is_none());
    let found = periods.get(&format!("{now}&compare=previous")).await;
    assert_eq!(found["snapshots"], plain["snapshots"]);
    let wrong = periods.api.get(&format!("{now}&compare=tomorrow")).await;
    assert_eq!(wrong.wrong_fields(), ["compare"]);
    check_shape(found["changes"].as_array().expect("changes"));
}

fn check_shape(changes: &[Value]) {
    let of = |metric: &str, is_of_all: bool| {
        let found = changes
            .iter()
            .find(|change| change["metric"] == metric && change["model_id"].is_null() == is_of_all);
        found
            .unwrap_or_else(|| panic!("no {metric} in {changes:?}"))
            .clone()
    };
    let visibility = of("mention_rate", true);
    assert_eq!(
        keys(&visibility),
        [
            "after",
            "before",
            "difference",
            "high",
            "low",
            "metric",
            "model_id",
            "pairs",
            "seam",
            "unpaired",
            "verdict",
        ]
    );
    assert_eq!(
        (&visibility["pairs"], &visibility["unpaired"]),
        (&json!(3), &json!(0))
    );
    let number = |name: &str| visibility[name].as_f64().expect(name);
    assert!((number("after") - number("before") - number("difference")).abs() < 0.011);
    assert!((0.0..=100.0).contains(&number("before")));
    assert!(
        ["up", "down", "within_noise"].contains(&visibility["verdict"].as_str().expect("a word"))
    );
    // One model is all models.
    let mut own = of("mention_rate", false);
    assert!(own["model_id"].is_i64());
    own["model_id"] = Value::Null;
    assert_eq!(own, visibility);
    for metric in [
        "share_of_voice",
        "weighted_share_of_voice",
        "avg_position",
        "top3_rate",
        "net_tone",
    ] {
        of(metric, true);
    }
    assert_eq!(of("net_sentiment", true)["verdict"], "no_data");
}

async fn programs_are_told_what_the_screen_says(app: &TestApp) {
    let periods = TwoPeriods::of(app).await;
    let changes = periods.changes().await;
    let (from, to) = (periods.day(2), periods.day(4));
    let query = json!({"project_id": periods.project, "from": from, "to": to, "model_ids": []});
    let page = periods
        .ana
        .call("dashboard/get", &json!({"query": query}))
        .await
        .expect(200);
    let page: Dashboard = serde_json::from_value(page).expect("the numbers");
    assert_eq!(page.changes.iter().count(), changes.len());
    let visibility = page
        .changes
        .get(Metric::Visibility, None)
        .expect("compared");
    assert_ne!(visibility.verdict, Verdict::NoData);
    let shown = changes[0]["difference"].as_f64().expect("a difference");
    assert!((shown - visibility.difference.expect("pairs") * 100.0).abs() < 0.006);
}

async fn changes_may_be_those_of_one_provider(app: &TestApp) {
    let periods = TwoPeriods::of(app).await;
    let now = periods.now();
    let of_provider = |provider: &str| format!("{now}&compare=previous&llm_provider={provider}");
    let own = periods.get(&of_provider("simulator")).await;
    assert_eq!(own["changes"], Value::from(periods.changes().await));
    let none = periods.get(&of_provider("openai")).await;
    without_data(&none, false);
}

async fn where_one_period_is_empty_there_is_nothing_to_compare(app: &TestApp) {
    let periods = TwoPeriods::of(app).await;
    // Nothing was asked before the first day.
    let empty = periods
        .get(&format!("{}&compare=previous", periods.metrics(-1, 1)))
        .await;
    for change in empty["changes"].as_array().expect("changes") {
        assert_eq!(change["verdict"], "no_data", "{change}");
        assert_eq!(
            (&change["difference"], &change["low"]),
            (&Value::Null, &Value::Null)
        );
    }
    // What answered before and not since is told, too.
    let later = periods.metrics(5, 7);
    for filter in ["", "&llm_provider=simulator", "&simulated=true"] {
        let gone = format!("{later}&compare=previous{filter}");
        without_data(&periods.get(&gone).await, true);
    }
}

/// Every number of all models is there, and those of models where one answered; nothing is known
/// of any.
fn without_data(found: &Value, has_models: bool) {
    let changes = found["changes"].as_array().expect("changes");
    let of_all = changes.iter().filter(|change| change["model_id"].is_null());
    assert_eq!(of_all.count(), Metric::ALL.len(), "{found}");
    let has_more = changes.len() > Metric::ALL.len();
    assert_eq!(has_more, has_models, "{found}");
    for change in changes {
        assert_eq!(
            (&change["verdict"], &change["pairs"]),
            (&json!("no_data"), &json!(0)),
            "{change}"
        );
    }
}

/// Wherever it stands.
async fn every_number_lies_within_its_interval(app: &TestApp) {
    let periods = TwoPeriods::of(app).await;
    let (api, project) = (&periods.api, periods.project);
    let (from, to) = (periods.day(-1), periods.day(4));
    let days = format!("start_date={from}&end_date={to}");
    // The days before the later runs have the earlier ones.
    let later = from + TimeDelta::days(3);
    let moved = format!("metrics?compare=previous&start_date={later}&end_date={to}");
    let moved = api
        .get(&format!("/projects/{project}/{moved}"))
        .await
        .expect(200);
    let mut checked = check(&moved);
    assert!(checked > 0, "{moved}");
    for path in ["clusters?", "competitors?", "urls-ranking?"] {
        let reply = api
            .get(&format!("/projects/{project}/{path}{days}"))
            .await
            .expect(200);
        let found = check(&reply);
        assert!(found > 0, "{path}: {reply}");
        checked += found;
    }
    let queries = api
        .get(&format!("/projects/{project}/queries"))
        .await
        .expect(200);
    let query = queries["queries"][0]["id"].clone();
    let history = format!("/projects/{project}/queries/{query}/history?{days}");
    checked += check(&api.get(&history).await.expect(200));
    let file = format!("/projects/{project}/export/snapshots?format=jsonl&{days}");
    let file = api.get(&file).await;
    for line in String::from_utf8_lossy(&file.body).lines() {
        let row: Value = serde_json::from_str(line).expect("a row");
        checked += check(&row);
    }
    assert!(checked > 25, "{checked}");
}

/// How many numbers of a document have an interval; each must lie within it, and what has a place
/// for its ends must have both.
fn check(document: &Value) -> usize {
    check_named("", document)
}

/// The same of what stands under a name.
fn check_named(above: &str, document: &Value) -> usize {
    match document {
        Value::Array(all) => all.iter().map(|one| check_named(above, one)).sum(),
        Value::Object(fields) => {
            let inner = |(name, value): (&String, &Value)| check_named(name, value);
            let own = fields
                .keys()
                .filter(|name| is_within(above, name, document))
                .count();
            fields.iter().map(inner).sum::<usize>() + own
        }
        _ => 0,
    }
}

/// Whether a number of a document has an interval, which must hold it.
fn is_within(above: &str, name: &str, document: &Value) -> bool {
    let (ends, what) = match name {
        "value" => (["low".to_owned(), "high".to_owned()], above),
        "difference" => (["low".to_owned(), "high".to_owned()], name),
        name => (["low", "high"].map(|end| format!("{name}_{end}")), name),
    };
    let (Some(value), Some(low)) = (document[name].as_f64(), document.get(&ends[0])) else {
        return false;
    };
    let Some((low, high)) = low.as_f64().zip(document[&ends[1]].as_f64()) else {
        // Ranks have no bounds: of one, or of the same one everywhere, nothing can be told. Nor
        // can a change of one question in anything but a share.
        assert!(
            ["avg_position", "difference"].contains(&what),
            "no interval of {what}: {document}"
        );
        return false;
    };
    assert!(low <= value && value <= high, "{name} of {document}");
    true
}
