//! The source that declares the browser's calls: what arguments they take, and which types hold
//! ids. Types are gone by the time a test runs; their declarations are not.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::sources;

/// An argument: its name and its type, as it is written.
pub(crate) type Argument = (String, String);

/// Arguments of each call, by its endpoint.
pub(crate) fn arguments() -> BTreeMap<String, Vec<Argument>> {
    let mut calls = BTreeMap::new();
    for (_, text) in sources("app/src/api") {
        for declared in text.split("#[server(name").skip(1) {
            let (_, rest) = declared.split_once("endpoint = \"").expect("an endpoint");
            let (endpoint, rest) = rest.split_once('"').expect("its end");
            let (_, rest) = rest.split_once("pub async fn ").expect("a function");
            let (_, rest) = rest.split_once('(').expect("arguments");
            let (list, _) = rest.split_once(") ->").expect("their end");
            let arguments = list
                .split(',')
                .filter_map(|argument| argument.split_once(':'))
                .map(|(name, kind)| {
                    // What may be absent says so before its name.
                    let name = name.trim().trim_start_matches("#[server(default)]");
                    (name.trim().to_owned(), kind.trim().to_owned())
                })
                .collect();
            calls.insert(endpoint.to_owned(), arguments);
        }
    }
    calls
}

/// The fields of each struct of the model.
pub(crate) fn structs() -> BTreeMap<String, Vec<Argument>> {
    let mut structs = BTreeMap::new();
    for (_, text) in sources("app/contract/src") {
        for found in text.split("\npub struct ").skip(1) {
            let body = &found[..found.find("\n}").unwrap_or(found.len())];
            let name = body.chars().take_while(|one| one.is_alphanumeric());
            let fields = body
                .lines()
                .filter_map(|line| line.strip_prefix("    pub "))
                .filter_map(|line| line.trim_end_matches(',').split_once(": "))
                .map(|(name, kind)| (name.to_owned(), kind.to_owned()));
            structs.insert(name.collect(), fields.collect());
        }
    }
    structs
}

/// Every kind of id that there is.
pub(super) fn ids() -> BTreeSet<String> {
    let mut model = sources("app/contract/src").into_iter();
    let (_, text) = model
        .find(|(path, _)| path.ends_with("ids.rs"))
        .expect("the ids");
    let (_, list) = text.split_once("ids! {").expect("the list");
    let names = list.lines().map(str::trim);
    names
        .filter_map(|line| line.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

/// The types that hold one of `names`, however deep, with those themselves.
pub(super) fn holders(names: BTreeSet<String>) -> BTreeSet<String> {
    let mut declared = Vec::new();
    for (_, text) in sources("app/contract/src") {
        for word in ["pub struct ", "pub enum "] {
            for found in text.split(word).skip(1) {
                let end = found.find("\n}").unwrap_or(found.len());
                let body = &found[..end];
                let name: String = body
                    .chars()
                    .take_while(|one| one.is_alphanumeric())
                    .collect();
                let words: BTreeSet<String> = body
                    .lines()
                    .skip(1)
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .flat_map(words_of)
                    .collect();
                declared.push((name, words));
            }
        }
    }
    let mut holders = names;
    loop {
        let more: Vec<String> = declared
            .iter()
            .filter(|(name, words)| !holders.contains(name) && !words.is_disjoint(&holders))
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            return holders;
        }
        holders.extend(more);
    }
}

/// The words of a line of source.
pub(super) fn words_of(line: &str) -> Vec<String> {
    line.split(|one: char| !one.is_alphanumeric() && one != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn declarations_are_read() {
    let calls = arguments();
    assert_eq!(
        calls["discovery/dismiss"],
        [
            ("project_id".to_owned(), "ProjectId".to_owned()),
            ("name".to_owned(), "String".to_owned()),
            ("is_dismissed".to_owned(), "bool".to_owned()),
        ]
    );
    assert!(calls["accounts/session"].is_empty());
    let ids = ids();
    assert!(
        ids.contains("ProjectId") && ids.contains("RevisionId"),
        "{ids:?}"
    );
    let holders = holders(BTreeSet::from(["EntityId".to_owned()]));
    for name in ["EntityDraft", "ProjectDraft", "AnswerFilter"] {
        assert!(holders.contains(name), "{name}");
    }
    assert!(!holders.contains("KeyDraft"));
    let fields = &structs()["DashboardQuery"];
    assert!(
        fields.contains(&("model_ids".to_owned(), "Vec<ModelId>".to_owned())),
        "{fields:?}"
    );
}
