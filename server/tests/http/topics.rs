//! Figures of chosen topics, against the rows of the questions that have them.

use std::collections::{BTreeMap, BTreeSet};

use app::model::dashboard::{Dashboard, DaySums, PromptMap};
use app::model::overview::{ChartSeries, LineKey, Overview};
use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, on_both_databases};

on_both_databases!(
    figures_of_topics_are_those_of_their_rows,
    a_topic_of_all_questions_changes_no_figure,
    another_topic_of_a_question_counts_at_once,
    what_is_no_topic_is_refused
);

/// A project with answers on three days, and its three questions.
struct Watched<'a> {
    ana: Caller<'a>,
    project: i64,
    questions: Vec<i64>,
}

impl<'a> Watched<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let ana = app.admin().await;
        let project = ana.make_project("Watch").await;
        for days in [0, 1, 2, 0] {
            app.pass(Duration::days(days));
            ana.run_project(project).await;
        }
        let listed = ana
            .get(&format!("/projects/{project}/queries"))
            .await
            .expect(200);
        let queries = listed["queries"].as_array().expect("questions");
        let id = |query: &Value| query["id"].as_i64().expect("an id");
        let questions: Vec<i64> = queries.iter().map(id).collect();
        assert_eq!(questions.len(), 3);
        Self {
            ana,
            project,
            questions,
        }
    }

    async fn tag(&self, question: usize, tags: &[&str]) {
        let path = format!(
            "/projects/{}/queries/{}",
            self.project, self.questions[question]
        );
        self.ana
            .put(&path, &json!({"tags": tags}))
            .await
            .expect(200);
    }

    async fn file(&self, path: &str) -> Vec<Value> {
        let path = format!("/projects/{}/export/{path}", self.project);
        let body = self.ana.get(&path).await.body;
        let text = std::str::from_utf8(&body).expect("text");
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect(line))
            .collect()
    }

    /// What is asked of the days of all answers.
    async fn query(&self, tags: &[&str]) -> Value {
        let answers = self.file("answers?format=jsonl").await;
        let days: BTreeSet<NaiveDate> = answers.iter().map(day).collect();
        json!({
            "project_id": self.project, "from": days.first(), "to": days.last(), "tags": tags,
        })
    }

    async fn call(&self, endpoint: &str, query: &Value) -> Value {
        let reply = self.ana.call(endpoint, &json!({"query": query})).await;
        reply.expect(200)
    }

    async fn dashboard(&self, tags: &[&str]) -> Dashboard {
        let query = self.query(tags).await;
        let shown = self.call("dashboard/get", &query).await;
        serde_json::from_value(shown).expect("the numbers")
    }
}

fn day(row: &Value) -> NaiveDate {
    let day = row["analysis_day"].as_str().expect("a day");
    day.parse().expect("a day")
}

fn count<'a>(rows: impl Iterator<Item = &'a Value>) -> i64 {
    i64::try_from(rows.count()).expect("few")
}

/// Whether the question of an answer has one of these tags now.
fn has_one_of(answer: &Value, tags: &[&str]) -> bool {
    let now = answer["query_tags_now"].as_str().expect("tags");
    let mut now = now.split("; ").map(str::to_lowercase);
    now.any(|tag| tags.iter().any(|wanted| wanted.to_lowercase() == tag))
}

fn is_counted(answer: &Value) -> bool {
    let outcome = answer["outcome"].as_str().expect("an outcome");
    ["answered", "truncated", "refused"].contains(&outcome)
}

/// What the files have of some topics.
struct Rows {
    /// All answers, failures too.
    answers: usize,
    /// Those that are in the numbers.
    counted: Vec<Value>,
    /// Answers among these that name an entity.
    named: BTreeMap<i64, i64>,
    questions: BTreeSet<i64>,
}

impl Rows {
    async fn of(watched: &Watched<'_>, tags: &[&str]) -> Self {
        let mut answers = watched.file("answers?format=jsonl").await;
        answers.retain(|answer| has_one_of(answer, tags));
        let all = answers.len();
        answers.retain(is_counted);
        let ids: BTreeSet<i64> = answers
            .iter()
            .filter_map(|row| row["id"].as_i64())
            .collect();
        let mut named: BTreeMap<i64, i64> = BTreeMap::new();
        for finding in watched.file("findings?format=jsonl").await {
            let of = finding["result_id"].as_i64().expect("an id");
            if ids.contains(&of) && finding["source"] != "none" {
                let entity = finding["entity_id"].as_i64().expect("an id");
                *named.entry(entity).or_default() += 1;
            }
        }
        let questions = answers.iter().filter_map(|row| row["query_id"].as_i64());
        Self {
            answers: all,
            questions: questions.collect(),
            counted: answers,
            named,
        }
    }

    fn mentions(&self) -> i64 {
        let rows = self.counted.iter();
        count(rows.filter(|row| row["brand_mentioned"] == true))
    }
}

async fn figures_of_topics_are_those_of_their_rows(app: &TestApp) {
    let watched = Watched::of(app).await;
    watched.tag(0, &["food"]).await;
    watched.tag(1, &["price, taste", "food"]).await;
    for tags in [
        &["food"][..],
        &["PRICE, taste"],
        &["price, taste", "Food"],
        &["nothing"],
    ] {
        let rows = Rows::of(&watched, tags).await;
        let answers = count(rows.counted.iter());
        let query = watched.query(tags).await;
        let shown = watched.dashboard(tags).await;
        let total = shown.total.all;
        assert_eq!((total.answers, total.mentions), (answers, rows.mentions()));
        assert_eq!(shown.prompts, count_of(&rows.questions), "{tags:?}");
        let of_models: i64 = shown
            .models
            .iter()
            .map(|model| model.total.all.answers)
            .sum();
        assert_eq!(of_models, answers, "{tags:?}");
        for of_day in &shown.days {
            let own = rows.counted.iter().filter(|row| day(row) == of_day.day);
            assert_eq!(of_day.sums.answers, count(own), "{tags:?}");
        }
        let of_days: i64 = shown.days.iter().map(|day| day.sums.answers).sum();
        assert_eq!(of_days, answers, "{tags:?}");
        for entity in &shown.entities {
            let named = rows.named.get(&entity.entity_id.0).copied();
            assert_eq!(entity.sums.mentions, named.unwrap_or_default(), "{tags:?}");
        }
        first_screen(&watched, &query, &rows, &shown).await;
        let map = watched.call("dashboard/prompt-map", &query).await;
        let map: PromptMap = serde_json::from_value(map).expect("a map");
        let asked: BTreeSet<i64> = map
            .prompts
            .iter()
            .map(|prompt| prompt.prompt_id.0)
            .collect();
        assert_eq!(asked, rows.questions, "{tags:?}");
        lines(&watched, &query, tags).await;
        // The numbers lead to these answers, on the screen and in the file.
        let filter = json!({"filter": {"project_id": watched.project, "tags": tags}});
        let listed = watched.ana.call("answers/list", &filter).await.expect(200);
        // Rows, where the next page begins, and how many there are.
        assert_eq!(listed[2], rows.answers, "{tags:?}");
        let typed: Vec<String> = tags
            .iter()
            .map(|tag| tag.replace(',', "%252C").replace(' ', "%20"))
            .collect();
        let path = format!("answers?format=jsonl&tags={}", typed.join(","));
        assert_eq!(watched.file(&path).await.len(), rows.answers, "{tags:?}");
    }
}

fn count_of(ids: &BTreeSet<i64>) -> i64 {
    i64::try_from(ids.len()).expect("few")
}

async fn first_screen(watched: &Watched<'_>, query: &Value, rows: &Rows, shown: &Dashboard) {
    let overview = watched.call("overview/get", query).await;
    let overview: Overview = serde_json::from_value(overview).expect("an overview");
    assert_eq!(overview.dashboard, *shown);
    let answers = count(rows.counted.iter());
    let headline = &overview.headline;
    assert_eq!(headline.answers, answers);
    assert_eq!(headline.questions, count_of(&rows.questions));
    assert_eq!(headline.last_day, rows.counted.iter().map(day).max());
    for row in &overview.brands {
        let named = rows.named.get(&row.entity_id.0).copied();
        assert_eq!(
            (row.visibility.numerator, row.visibility.denominator),
            (named.unwrap_or_default(), answers),
            "{}",
            row.name
        );
    }
    // The chart that the page opens with is by day.
    let places = overview.chart.buckets.iter().zip(&overview.chart.answers);
    for (bucket, answers) in places {
        let own = rows.counted.iter().filter(|row| day(row) == *bucket);
        assert_eq!(*answers, count(own));
    }
    let you = overview.chart.lines.iter().find(|line| line.is_you);
    let points = you.expect("the brand").points.iter().flatten();
    let named: i64 = points.map(|point| point.numerator).sum();
    assert_eq!(named, rows.mentions());
}

/// A line a chosen topic, each over all of its questions.
async fn lines(watched: &Watched<'_>, dashboard: &Value, tags: &[&str]) {
    let query = json!({
        "dashboard": dashboard, "metric": "visibility", "split": "topics", "bucket": "day",
    });
    let drawn = watched.call("overview/series", &query).await;
    let drawn: ChartSeries = serde_json::from_value(drawn).expect("lines");
    let mut topics = BTreeSet::new();
    for line in &drawn.lines {
        let LineKey::Topic(topic) = &line.key else {
            panic!("a line of {:?}", line.key);
        };
        let rows = Rows::of(watched, &[topic.as_str()]).await;
        let points = line.points.iter().flatten();
        let denominators: i64 = points.map(|point| point.denominator).sum();
        assert_eq!(denominators, count(rows.counted.iter()), "{topic}");
        topics.insert(topic.to_lowercase());
    }
    let mut wanted: BTreeSet<String> = tags.iter().map(|tag| tag.to_lowercase()).collect();
    wanted.remove("nothing");
    assert_eq!(topics, wanted);
}

async fn a_topic_of_all_questions_changes_no_figure(app: &TestApp) {
    let watched = Watched::of(app).await;
    for question in 0..3 {
        watched.tag(question, &["all"]).await;
    }
    let (all, tagged) = (
        watched.dashboard(&[]).await,
        watched.dashboard(&["all"]).await,
    );
    // To the last digit of their intervals; added up from snapshots, and from what is said of each
    // question.
    assert_eq!(tagged.total, all.total);
    assert_eq!(tagged.previous, all.previous);
    assert_eq!(tagged.changes, all.changes);
    assert_eq!(tagged.entities, all.entities);
    for (own, model) in tagged.models.iter().zip(&all.models) {
        assert_eq!((own.model_id, &own.total), (model.model_id, &model.total));
        let sums =
            |days: &[DaySums]| -> Vec<_> { days.iter().map(|day| (day.day, day.sums)).collect() };
        assert_eq!(sums(&own.days), sums(&model.days));
    }
    assert_eq!(tagged.models.len(), all.models.len());
}

async fn another_topic_of_a_question_counts_at_once(app: &TestApp) {
    let watched = Watched::of(app).await;
    let answers = async || {
        let query = watched.query(&["food"]).await;
        let overview = watched.call("overview/get", &query).await;
        let overview: Overview = serde_json::from_value(overview).expect("an overview");
        let shown = watched.dashboard(&["food"]).await;
        assert_eq!(overview.dashboard, shown);
        shown.total.all.answers
    };
    let expected = async || count(Rows::of(&watched, &["food"]).await.counted.iter());
    assert_eq!(answers().await, 0);
    watched.tag(0, &["food"]).await;
    let one = answers().await;
    assert_eq!(one, expected().await);
    assert!(one > 0);
    watched.tag(2, &["food"]).await;
    let two = answers().await;
    assert_eq!(two, expected().await);
    assert!(two > one);
    // A question that is removed keeps its past answers.
    let path = format!(
        "/projects/{}/queries/{}",
        watched.project, watched.questions[2]
    );
    let removed = watched.ana.delete(&path).await;
    assert!(removed.status.is_success());
    assert_eq!(answers().await, two);
    watched.tag(0, &["price"]).await;
    assert_eq!(answers().await, two - one);
}

async fn what_is_no_topic_is_refused(app: &TestApp) {
    let watched = Watched::of(app).await;
    let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
    let long = ["x".repeat(51)];
    let zero = ["a\0b".to_owned()];
    let empty = [String::new()];
    for wrong in [&many[..], &long, &zero, &empty] {
        let mut query = watched.query(&[]).await;
        query["tags"] = json!(wrong);
        let refused = async |endpoint: &str, query: &Value| {
            let reply = watched.ana.call(endpoint, &json!({"query": query})).await;
            reply.expect(422)["fields"][0]["field"].clone()
        };
        for endpoint in ["dashboard/get", "dashboard/prompt-map", "overview/get"] {
            assert_eq!(
                refused(endpoint, &query).await,
                "tags",
                "{endpoint}: {wrong:?}"
            );
        }
        let chart = json!({"dashboard": query});
        assert_eq!(refused("overview/series", &chart).await, "dashboard.tags");
    }
    // As many as there may be.
    let mut query = watched.query(&[]).await;
    query["tags"] = json!(many[..20]);
    watched.call("dashboard/get", &query).await;
    let ben = app.sign_up("ben@example.com").await;
    for endpoint in ["dashboard/get", "dashboard/prompt-map", "overview/get"] {
        let foreign = ben.call(endpoint, &json!({"query": query})).await;
        foreign.expect(404);
    }
}
