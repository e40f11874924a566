//! Answers are shown as the Markdown that they are.

use serde_json::{Value, json};

use crate::support::{TestApp, named, on_both_databases};

on_both_databases!(answers_come_laid_out_and_their_beginnings_without_marks);

const ROW: &str = "id run_id at prompt_id prompt_text provider model_id model_name outcome \
    error_class source text_count rank list_total competitors cost cost_kind latency_ms simulated \
    excerpt";

async fn answers_come_laid_out_and_their_beginnings_without_marks(app: &TestApp) {
    let ana = app.admin().await;
    let project = ana.make_project("Watch").await;
    ana.run_project(project).await;
    app.execute(
        "UPDATE llm_monitoring_results SET \
         full_response = '## Best\n\n1. **Acme**: [cheap](https://acme.example/a)'",
    )
    .await;
    app.execute("DELETE FROM llm_monitoring_findings").await;

    let filter = json!({"filter": {"project_id": project}});
    let page: Value = ana.call("answers/list", &filter).await.expect(200);
    let row = named(&page[0][0], ROW);
    assert_eq!(row["excerpt"], "Best Acme: cheap");

    let wanted = json!({"answer_id": row["id"]});
    let answer = ana.call("answers/get", &wanted).await.expect(200);
    let fields = "record sources findings attempts brand layout";
    let answer = named(&answer, fields);
    // Nothing of the brand is found, and it is said whom nobody found.
    assert_eq!(
        (&answer["findings"], &answer["brand"]),
        (&json!([]), &json!("Kipu"))
    );
    let item = json!([
        "li",
        null,
        [
            [14, 18, null, ["b"], null],
            [20, 22, null, [], null],
            [23, 28, null, [], 0],
        ],
        [],
    ]);
    assert_eq!(
        answer["layout"],
        json!([
            [
                ["h", 1, [[3, 7, null, [], null]], []],
                ["ol", 1, [], [item]],
            ],
            ["https://acme.example/a"],
        ])
    );
}
