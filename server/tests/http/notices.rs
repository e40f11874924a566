//! What people are told without having asked.

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

on_both_databases!(
    a_notice_is_told_in_the_callers_language_and_to_its_workspace,
    a_notice_about_a_budget_is_resolved_when_it_is_raised_or_its_month_is_over,
);

async fn a_notice_is_told_in_the_callers_language_and_to_its_workspace(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    assert_eq!(api.get("/notices").await.expect(200)["notices"], json!([]));
    let workspace = ana.workspace().await;
    app.execute(&format!(
        "INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) \
         VALUES ({workspace}, 'key_rejected', 'openai', 0, \
         '{{\"key_rejected\":{{\"provider\":\"openai\",\"no_credit\":false}}}}', \
         '2026-11-01T10:00:00Z')"
    ))
    .await;
    let spanish = api.with("accept-language", "es");
    for (by, word) in [(&api, "key"), (&spanish, "clave")] {
        let told = by.get("/notices").await.expect(200);
        let told = &told["notices"][0];
        assert_eq!(
            (&told["kind"], &told["link"]),
            (&json!("key_rejected"), &json!("/keys"))
        );
        let words = format!("{} {}", told["title"], told["message"]).to_lowercase();
        assert!(words.contains(word) && words.contains("chatgpt"), "{words}");
    }
    let ben = app.sign_up("ben@example.com").await;
    assert_eq!(ben.get("/notices").await.expect(200)["total"], 0);
}

async fn a_notice_about_a_budget_is_resolved_when_it_is_raised_or_its_month_is_over(app: &TestApp) {
    let ana = app.admin().await;
    let api = ana.program().await;
    let workspace = ana.workspace().await;
    for (subject, raised_at) in [("past", "2001-01-01"), ("now", "2199-01-01")] {
        app.execute(&format!(
            "INSERT INTO llm_notices (workspace_id, kind, subject, project_id, facts, raised_at) \
             VALUES ({workspace}, 'budget_end', '{subject}', 0, \
             '{{\"budget_end\":{{\"spent\":5000000000,\"monthly\":0}}}}', \
             '{raised_at}T10:00:00Z')"
        ))
        .await;
    }
    // The newest first.
    for (budget, resolved) in [("0", [false, true]), ("100", [true, true])] {
        api.put("/budget", &json!({"monthly_budget_usd": budget}))
            .await
            .expect(200);
        let told = api.get("/notices").await.expect(200);
        for (place, is_resolved) in resolved.into_iter().enumerate() {
            let notice = &told["notices"][place];
            assert_eq!(notice["is_resolved"], is_resolved, "{budget}: {notice}");
        }
    }
}
