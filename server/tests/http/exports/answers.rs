//! Every answer, as a file.

use serde_json::json;

use super::{Exported, file, lines};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_file_has_the_answers_of_the_pages,
    filters_may_let_through_nothing,
    what_is_wrong_about_a_file_is_named,
    what_a_model_looked_up_stands_in_pages_and_files_alike,
    an_answer_keeps_the_tags_of_its_time,
    what_a_spreadsheet_would_run_is_harmless
);

async fn a_file_has_the_answers_of_the_pages(app: &TestApp) {
    let Exported {
        api, project, base, ..
    } = Exported::of(app).await;
    let file = api.get(&format!("{base}/answers?format=jsonl")).await;
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    // The project, the page and the day: the name of this one begins a formula, and more.
    let name = file.header("content-disposition");
    let day = name
        .strip_prefix("attachment; filename=\"cmd-c-calc-a1-answers-")
        .and_then(|rest| rest.strip_suffix(".jsonl\""));
    let day = day.map(str::parse::<chrono::NaiveDate>);
    assert!(day.is_some_and(|day| day.is_ok()), "{name}");
    let answers = lines(&file.body);
    let listed = api
        .get(&format!("/projects/{project}/results"))
        .await
        .expect(200);
    let listed = listed["results"].as_array().expect("results");
    assert_eq!(answers.len(), 3);
    for (answer, result) in answers.iter().zip(listed) {
        for field in [
            "id",
            "run_id",
            "query_id",
            "query_text",
            "llm_provider",
            "model_requested",
            "model_served",
            "brand_mentioned",
            "source",
            "mention_count",
            "position_in_list",
            "full_response",
            "cost_usd",
            "cost_kind",
            "simulated",
            "search_queries",
        ] {
            assert_eq!(answer[field], result[field], "{field}");
        }
        assert_eq!(answer["simulated"], true);
        assert!(answer["search_queries"].is_array(), "{answer}");
    }
}

async fn filters_may_let_through_nothing(app: &TestApp) {
    let Exported { api, run, base, .. } = Exported::of(app).await;
    let none = api
        .get(&format!("{base}/answers?format=jsonl&run_id={}", run + 1))
        .await;
    assert_eq!((none.status.as_u16(), none.body.len()), (200, 0));
    let path = format!("{base}/answers?format=jsonl&model_id=999998,999999");
    assert!(api.get(&path).await.body.is_empty());
    let csv = api
        .get(&format!("{base}/answers?llm_provider=openai"))
        .await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let heading = String::from_utf8(csv.body.to_vec()).expect("text");
    assert!(
        heading.starts_with("\u{feff}id,run_id,query_id,query_text,"),
        "{heading}"
    );
    assert_eq!(heading.lines().count(), 1);
}

async fn what_is_wrong_about_a_file_is_named(app: &TestApp) {
    let Exported { api, base, .. } = Exported::of(app).await;
    for wrong in [
        "format=xlsx",
        "run_id=x",
        "model_id=1,x",
        "start_date=2026-02-30",
    ] {
        let refused = api.get(&format!("{base}/answers?{wrong}")).await;
        assert_eq!(refused.wrong_fields().len(), 1, "{wrong}");
    }
}

async fn what_a_model_looked_up_stands_in_pages_and_files_alike(app: &TestApp) {
    let Exported { api, project, .. } = Exported::of(app).await;
    app.execute("DELETE FROM llm_monitoring_search_queries")
        .await;
    for (position, query) in ["best ledger 2026", "=1|2"].into_iter().enumerate() {
        app.execute(&format!(
            "INSERT INTO llm_monitoring_search_queries (workspace_id, project_id, result_id, \
             position, query_id, model_id, analysis_day, search_query) \
             SELECT workspace_id, project_id, id, {position}, query_id, model_id, analysis_day, \
             '{query}' FROM llm_monitoring_results"
        ))
        .await;
    }
    let expected = json!(["best ledger 2026", "=1|2"]);
    let path = format!("/projects/{project}/results");
    let listed = api.get(&path).await.expect(200);
    let first = &listed["results"][0];
    assert_eq!(first["search_queries"], expected);
    let one = api
        .get(&format!("{path}/{}", first["id"]))
        .await
        .expect(200);
    assert_eq!(one["result"]["search_queries"], expected);
    let file = format!("/projects/{project}/export/answers");
    let json = api.get(&format!("{file}?format=jsonl")).await;
    assert_eq!(lines(&json.body)[0]["search_queries"], expected);
    let csv = String::from_utf8(api.get(&file).await.body.to_vec()).expect("text");
    let cell = "\"[\"\"best ledger 2026\"\",\"\"=1|2\"\"]\"";
    assert!(csv.contains(cell), "{csv}");
}

/// In clusters it counts with those of today.
async fn an_answer_keeps_the_tags_of_its_time(app: &TestApp) {
    let Exported { api, project, .. } = Exported::of(app).await;
    let path = format!("/projects/{project}/queries");
    let listed = api.get(&path).await.expect(200);
    let query = listed["queries"][0]["id"].clone();
    let change = json!({"tags": ["food", "small"]});
    api.put(&format!("{path}/{query}"), &change)
        .await
        .expect(200);
    let answers = file(&api, project, "answers").await;
    let mut own = answers.iter().filter(|answer| answer["query_id"] == query);
    let answer = own.next().expect("an answer");
    assert_eq!(
        (&answer["query_tags"], &answer["query_tags_now"]),
        (&json!(""), &json!("food; small"))
    );
    let clusters = api.get(&format!("/projects/{project}/clusters")).await;
    let clusters = clusters.expect(200)["clusters"].clone();
    let food = &clusters[0];
    assert_eq!(
        (&food["tag"], &food["mention_rate"]["denominator"]),
        (&json!("food"), &json!(1))
    );
}

async fn what_a_spreadsheet_would_run_is_harmless(app: &TestApp) {
    let Exported { api, project, .. } = Exported::of(app).await;
    app.execute(
        "UPDATE llm_monitoring_results SET full_response = '=HYPERLINK(\"http://evil.example\")'",
    )
    .await;
    let csv = api
        .get(&format!("/projects/{project}/export/answers"))
        .await;
    let text = String::from_utf8(csv.body.to_vec()).expect("text");
    assert_eq!(
        text.matches("\"'=HYPERLINK(\"\"http://evil.example\"\")\"")
            .count(),
        3,
        "{text}"
    );
    let json = api
        .get(&format!("/projects/{project}/export/answers?format=jsonl"))
        .await;
    assert_eq!(
        lines(&json.body)[0]["full_response"],
        "=HYPERLINK(\"http://evil.example\")"
    );
}
