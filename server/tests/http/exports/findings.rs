//! What every answer says of whom, as a file.

use super::{Exported, file};
use crate::support::{TestApp, on_both_databases};

on_both_databases!(what_is_found_in_a_text_stands_there);

async fn what_is_found_in_a_text_stands_there(app: &TestApp) {
    let Exported { api, project, .. } = Exported::of(app).await;
    let answers = file(&api, project, "answers").await;
    let findings = file(&api, project, "findings").await;
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
}
