//! The sources of every answer, as a file.

use super::{Exported, file};
use crate::support::{TestApp, keys, on_both_databases, sorted};

on_both_databases!(each_source_is_of_an_answer_and_has_its_page);

async fn each_source_is_of_an_answer_and_has_its_page(app: &TestApp) {
    let Exported { api, project, .. } = Exported::of(app).await;
    let answers = file(&api, project, "answers").await;
    let citations = file(&api, project, "citations").await;
    assert!(!citations.is_empty(), "the simulator cites");
    let owed = sorted([
        "result_id",
        "analysis_day",
        "llm_provider",
        "model_id",
        "query_id",
        "simulated",
        "position",
        "page_id",
        "url",
        "domain",
        "title",
        "site_only",
        "cited",
        "counts_for_domain",
    ]);
    for citation in &citations {
        assert_eq!(keys(citation), owed);
        let of = answers
            .iter()
            .find(|answer| answer["id"] == citation["result_id"]);
        let of = of.expect("its answer");
        assert_eq!(citation["query_id"], of["query_id"]);
        assert!(
            citation["url"].is_string() && citation["domain"].is_string(),
            "{citation}"
        );
    }
}
