//! What was paid for a project, as a file.

use super::file;
use crate::support::{BilledRun, TestApp, on_both_databases};

on_both_databases!(a_row_is_what_was_paid_on_a_day);

async fn a_row_is_what_was_paid_on_a_day(app: &TestApp) {
    let BilledRun { api, project, .. } = &BilledRun::of(app).await;
    let rows = file(api, *project, "ledger").await.len();
    assert!(rows > 0, "it was paid for");
    let path = format!("/projects/{project}/export/ledger");
    let csv = api.get(&path).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(csv.body.to_vec()).expect("text");
    let heading = "\u{feff}day,kind,query_id,model_id,llm_provider,paid_model_id,paid_llm_provider,\
        paid_model_display_name,entries,cost_usd,cost_is_at_least";
    assert_eq!(text.lines().next(), Some(heading));
    assert_eq!(text.lines().count(), rows + 1);
    let early = api
        .get(&format!("{path}?format=jsonl&end_date=2001-01-01"))
        .await;
    assert_eq!((early.status.as_u16(), early.body.len()), (200, 0));
    let wrong = api.get(&format!("{path}?start_date=2026-02-30")).await;
    assert_eq!(wrong.wrong_fields(), ["start_date"]);
    let foreign = api.get("/projects/999999/export/ledger").await;
    foreign.problem(404);
}
