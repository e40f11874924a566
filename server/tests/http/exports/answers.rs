//! Files of everything: what they hold. That their length costs no memory is tried in a process of
//! its own: `export_memory.rs`.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

on_both_databases!(flow);

fn lines(body: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(body).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

#[expect(clippy::too_many_lines, reason = "one flow")]
async fn flow(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("=cmd|'/c calc'!A1").await;
    let run = ana.run_project(project).await;
    let api = ana.program().await;
    let base = format!("/projects/{project}/export");

    let file = api.get(&format!("{base}/answers?format=jsonl")).await;
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    assert_eq!(
        file.header("content-disposition"),
        format!("attachment; filename=\"answers-{project}.jsonl\"")
    );
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
    // Spreadsheets know UTF-8 by its mark; programs would stumble over it.
    for name in ["answers", "findings", "snapshots", "queries"] {
        let csv = api.get(&format!("{base}/{name}")).await;
        assert!(csv.body.starts_with(b"\xef\xbb\xbf"), "{name}");
        assert_eq!(
            csv.body
                .windows(3)
                .filter(|part| part == b"\xef\xbb\xbf")
                .count(),
            1
        );
        let json = api.get(&format!("{base}/{name}?format=jsonl")).await;
        assert!(json.body.starts_with(b"{"), "{name}");
    }
    let none = api
        .get(&format!("{base}/answers?format=jsonl&run_id={}", run + 1))
        .await;
    assert_eq!((none.status.as_u16(), none.body.len()), (200, 0));
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

    let findings = lines(&api.get(&format!("{base}/findings?format=jsonl")).await.body);
    assert!(!findings.is_empty());
    for finding in &findings {
        let of = answers
            .iter()
            .find(|answer| answer["id"] == finding["result_id"]);
        let named = of.expect("its answer")["full_response"]
            .as_str()
            .expect("a text")
            .to_lowercase();
        let is_in_text = finding["mention_count"].as_i64() > Some(0);
        let name = finding["entity_name"]
            .as_str()
            .expect("a name")
            .to_lowercase();
        let first = name.split(' ').next().expect("a word");
        assert!(!is_in_text || named.contains(first), "{finding}");
    }
    let snapshots = lines(
        &api.get(&format!("{base}/snapshots?format=jsonl"))
            .await
            .body,
    );
    let parts: Vec<&Value> = snapshots.iter().map(|row| &row["queries"]).collect();
    assert_eq!(parts, [&json!("all"), &json!("branded"), &json!("plain")]);
    let shown = api
        .get(&format!("/projects/{project}/snapshots"))
        .await
        .expect(200);
    let (row, shown) = (&snapshots[0], &shown["snapshots"][0]);
    assert_eq!(
        (&row["n"], &row["mention_rate_denominator"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(row["mention_rate_numerator"], shown["total_mentions"]);
    assert_eq!(row["mention_rate"], shown["mention_rate"]);
    assert!(row["mention_rate_low"].is_number() && row["mention_rate_high"].is_number());
    assert_eq!(row["simulated"], true);

    for wrong in ["format=xlsx", "run_id=x", "start_date=2026-02-30"] {
        let refused = api.get(&format!("{base}/answers?{wrong}")).await;
        assert_eq!(refused.wrong_fields().len(), 1, "{wrong}");
    }
    looked_up(app, &api, project).await;
    tagged(&api, project).await;
    harmless(app, &api, project).await;
}

/// What a model looked up stands in pages and files alike.
async fn looked_up(app: &TestApp, api: &crate::support::Caller<'_>, project: i64) {
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

/// An answer keeps the tags of its time in the file, and counts with those of today in clusters.
async fn tagged(api: &crate::support::Caller<'_>, project: i64) {
    let path = format!("/projects/{project}/queries");
    let listed = api.get(&path).await.expect(200);
    let query = listed["queries"][0]["id"].clone();
    let change = json!({"tags": ["food", "small"]});
    api.put(&format!("{path}/{query}"), &change)
        .await
        .expect(200);
    let file = format!("/projects/{project}/export/answers?format=jsonl");
    let answers = lines(&api.get(&file).await.body);
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

/// Text of somebody else that a spreadsheet would run.
async fn harmless(app: &TestApp, api: &crate::support::Caller<'_>, project: i64) {
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
