//! The numbers of a project, as the screen fetches them.

use app::model::comparison::Comparison;
use app::model::dashboard::{Dashboard, Figures};
use app::model::metrics::SnapshotSums;
use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::{Caller, Setup, TestApp, with_postgres, with_sqlite};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_follows_the_answers_on_sqlite() {
    with_sqlite(Setup::default(), async |app| flow(app).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_follows_the_answers_on_postgres() {
    with_postgres(Setup::default(), async |app| flow(app).await).await;
}

/// The page, and the number of answers that it is made of.
async fn shown(caller: &Caller<'_>, project: i64) -> (Value, Value) {
    let query = json!({
        "project_id": project, "from": "2025-01-01", "to": "2029-12-31", "model_ids": []
    });
    let page = caller.call("dashboard/get", &json!({"query": query})).await;
    let page = page.expect(200);
    // Its total, over all prompts, answers.
    let answers = page[2][0][0].clone();
    (page, answers)
}

async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    assert_eq!(shown(&ana, project).await.1, 0);
    ana.run_project(project).await;
    let (first, answers) = shown(&ana, project).await;
    assert_eq!(answers, 3);
    // Nothing happened: the same, to the last digit of its intervals.
    assert_eq!(shown(&ana, project).await.0, first);
    ana.run_project(project).await;
    assert_eq!(shown(&ana, project).await.1, 6);
    agree(&ana, project).await;
    compares(&ana, project).await;
    // What is kept of one workspace's project is not shown to another.
    let ben = app.sign_up("ben@example.com").await;
    let query = json!({
        "project_id": project, "from": "2025-01-01", "to": "2029-12-31", "model_ids": []
    });
    let foreign = ben.call("dashboard/get", &json!({"query": query})).await;
    foreign.expect(404);
}

/// What the numbers are compared with is the caller's choice, and no reply is kept for another.
async fn compares(caller: &Caller<'_>, project: i64) {
    let page = async |from: &str, compare: Option<&str>| {
        let mut query = json!({"project_id": project, "from": from, "to": "2029-12-31"});
        if let Some(compare) = compare {
            query["compare"] = json!(compare);
        }
        let page = caller.call("dashboard/get", &json!({"query": query})).await;
        serde_json::from_value::<Dashboard>(page.expect(200)).expect("the numbers")
    };
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    let usual = page("2025-01-01", None).await;
    assert_eq!(usual, page("2025-01-01", Some("before")).await);
    let days = json!({"project_id": project});
    let days = caller.call("dashboard/days", &days).await.expect(200);
    let days: Vec<NaiveDate> = serde_json::from_value(days).expect("days");
    assert_eq!(
        days,
        usual.days.iter().map(|day| day.day).collect::<Vec<_>>()
    );
    let nothing = page("2025-01-01", Some("none")).await;
    assert_eq!((nothing.earlier, nothing.changes.iter().count()), (None, 0));
    assert_eq!(nothing.total, usual.total);
    let year = page("2029-01-01", Some("year")).await;
    assert_eq!(year.earlier, Some((day("2028-01-01"), day("2028-12-31"))));
    // Five years and those before them have days in common.
    assert_eq!(page("2025-01-01", Some("year")).await.earlier, None);
    let odd = json!({"query": {
        "project_id": project, "from": "2025-01-01", "to": "2029-12-31", "compare": "week"
    }});
    let refused = caller.call("dashboard/get", &odd).await;
    assert!(refused.status.is_client_error());
}

/// The providers side by side add up to the numbers of the overview.
async fn agree(caller: &Caller<'_>, project: i64) {
    let (page, _) = shown(caller, project).await;
    let page: Dashboard = serde_json::from_value(page).expect("the numbers");
    let compare = async |to: &str| {
        let query = json!({"project_id": project, "from": "2025-01-01", "to": to});
        caller
            .call("dashboard/compare", &json!({"query": query}))
            .await
    };
    let days = compare("2029-12-31").await.expect(200);
    let compared: Comparison = serde_json::from_value(days).expect("days of providers");
    let mut sums = Figures::default();
    for day in &compared.days {
        let figures = day.sums.figures();
        sums.all += figures.all;
        sums.plain += figures.plain;
    }
    let of_all = |sums: &SnapshotSums| {
        (
            sums.answers,
            sums.mentions,
            sums.rank_sum,
            sums.rank_count,
            sums.simulated,
        )
    };
    let of_plain = |sums: &SnapshotSums| (sums.mentions, sums.competitor_mentions);
    assert!(page.total.all.mentions > 0 && page.total.plain.competitor_mentions > 0);
    assert!(page.total.plain.mentions < page.total.all.mentions);
    assert_eq!(of_all(&sums.all), of_all(&page.total.all));
    assert_eq!(of_plain(&sums.plain), of_plain(&page.total.plain));
    // A period of which nothing can be shown is refused as the overview refuses it.
    compare("2024-12-31").await.expect(422);
    compare("2039-12-31").await.expect(422);
}
