//! The browser's calls, from the functions that are registered.

use std::collections::BTreeSet;

use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};

use super::source::{self, Argument, words_of};
use super::{Ids, OF_INSTANCE};
use crate::support::{Caller, Reply};

/// Arguments whose types say nothing of their kind.
const BY_NAME: [(&str, &str); 1] = [("token_id", "TokenId")];

/// Types that hold ids which one's own reply may hold too, with the test that tries them.
const TRIED_ELSEWHERE: [(&str, &str); 1] = [("ProjectDraft", "a_foreign_entity_stays_as_it_is")];

/// A value of a type; ids stand as `{"id": "ProjectId"}`. Those that may be absent are tried
/// one by one, among one's own.
fn example(kind: &str) -> Option<Value> {
    let id = |kind: &str| json!({"id": kind});
    Some(match kind {
        "String" => json!("Datev"),
        "NoticeKind" => json!("budget_end"),
        "ViewPlace" => json!("answers"),
        "SavedViewChange" => json!({"name": "Renamed"}),
        "SavedViewDraft" => json!({
            "place": "answers", "project_id": id("ProjectId"), "name": "Lost", "setting": {},
        }),
        "bool" => json!(true),
        "u32" => json!(0),
        "ProjectDraft" => json!({
            "name": "Taken over", "brand": {"name": "Kipu"}, "competitors": [], "industry": "", "language": "en",
            "country": "", "model_ids": [1], "prompts": null, "is_active": true,
        }),
        "ComparisonQuery" => {
            json!({"project_id": id("ProjectId"), "from": "2026-01-01", "to": "2026-12-31"})
        }
        "DashboardQuery" => {
            json!({"project_id": id("ProjectId"), "from": "2026-01-01", "to": "2026-12-31", "model_ids": []})
        }
        "NoteDraft" => json!({"day": "2025-01-31", "text": "New site"}),
        "SeriesQuery" => json!({
            "dashboard": {"project_id": id("ProjectId"), "from": "2026-01-01", "to": "2026-12-31"},
            "keys": [{"entity": id("EntityId")}],
        }),
        "SourceQuery" => json!({
            "project_id": id("ProjectId"), "from": "2026-01-01", "to": "2026-12-31", "model_ids": [],
            "domain": "kipu.example", "page_id": id("PageId"),
        }),
        "AnswerFilter" => json!({
            "project_id": id("ProjectId"), "run_id": id("RunId"), "prompt_id": id("PromptId"),
            "entity_id": id("EntityId"), "page_id": id("PageId"), "before": id("AnswerId"),
        }),
        "SuggestionWish" => {
            json!({"project_id": id("ProjectId"), "brand": "Kipu", "language": "en", "count": 5})
        }
        _ => return None,
    })
}

/// Tries every call that takes an id of a workspace; gives how many there are.
pub(super) async fn try_all(ben: &Caller<'_>, own: &Ids, foreign: &Ids, but: &[&str]) -> usize {
    let mut declared = source::arguments();
    let of_workspaces: BTreeSet<String> = source::ids()
        .into_iter()
        .filter(|id| !OF_INSTANCE.contains(&id.as_str()))
        .collect();
    let holders = source::holders(of_workspaces.clone());
    let mut tried = 0;
    for (path, _) in server_fn_paths() {
        let endpoint = path.trim_start_matches("/api/fn/");
        let arguments = declared
            .remove(endpoint)
            .unwrap_or_else(|| panic!("{endpoint} is declared in no file of app/src/api"));
        let Some(call) = read(endpoint, &arguments, &of_workspaces, &holders) else {
            continue;
        };
        if but.contains(&endpoint) {
            continue;
        }
        try_one(ben, endpoint, &call, own, foreign).await;
        tried += 1;
    }
    assert!(
        declared.is_empty(),
        "declared, but not registered: {declared:?}"
    );
    tried
}

/// The arguments of a call that takes ids of a workspace, with places for these.
fn read(
    endpoint: &str,
    arguments: &[Argument],
    ids: &BTreeSet<String>,
    holders: &BTreeSet<String>,
) -> Option<Value> {
    let by_name = |name: &str| BY_NAME.iter().find(|(known, _)| *known == name);
    let holds_ids = |(name, kind): &Argument| {
        by_name(name).is_some()
            || words_of(kind).iter().any(|word| {
                let is_tried = TRIED_ELSEWHERE.iter().any(|(known, _)| known == word);
                holders.contains(word) && !is_tried
            })
    };
    if !arguments.iter().any(holds_ids) {
        return None;
    }
    let value = |(name, kind): &Argument| {
        let words = words_of(kind);
        let id = by_name(name)
            .map(|(_, kind)| (*kind).to_owned())
            .or_else(|| words.iter().find(|word| ids.contains(*word)).cloned());
        let value = match id {
            Some(id) => json!({ "id": id }),
            None => words
                .last()
                .and_then(|word| example(word))
                .unwrap_or_else(|| panic!("{endpoint}: give an example of {kind} above")),
        };
        (name.clone(), value)
    };
    Some(Value::Object(arguments.iter().map(value).collect()))
}

async fn try_one(ben: &Caller<'_>, endpoint: &str, call: &Value, own: &Ids, foreign: &Ids) {
    let theirs = ben.call(endpoint, &filled(call, foreign)).await;
    assert_eq!(theirs.status, 404, "{endpoint}: {}", text(&theirs));
    let nobodys = ben.call(endpoint, &filled(call, &foreign.unknown())).await;
    assert_eq!(text(&theirs), text(&nobodys), "{endpoint}");
    let kinds = kinds(call);
    if kinds.len() < 2 {
        return;
    }
    // One foreign id among one's own.
    for kind in kinds {
        let kind = own.kind(&kind);
        let theirs = ben
            .call(endpoint, &filled(call, &own.with(kind, foreign)))
            .await;
        let nobodys = ben.call(endpoint, &filled(call, &own.without(kind))).await;
        assert_eq!(
            (theirs.status, text(&theirs)),
            (nobodys.status, text(&nobodys)),
            "{endpoint}, {kind}: a foreign id is told from an unknown one"
        );
    }
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The id that stands in a place.
fn place(value: &Value) -> Option<&str> {
    value
        .get("id")?
        .as_str()
        .filter(|kind| kind.ends_with("Id"))
}

fn filled(value: &Value, ids: &Ids) -> Value {
    if let Some(kind) = place(value) {
        return json!(ids.of(kind));
    }
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, ids)))
            .collect(),
        Value::Array(values) => values.iter().map(|value| filled(value, ids)).collect(),
        other => other.clone(),
    }
}

fn kinds(value: &Value) -> BTreeSet<String> {
    if let Some(kind) = place(value) {
        return BTreeSet::from([kind.to_owned()]);
    }
    match value {
        Value::Object(fields) => fields.values().flat_map(kinds).collect(),
        Value::Array(values) => values.iter().flat_map(kinds).collect(),
        _ => BTreeSet::new(),
    }
}
