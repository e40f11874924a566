//! The rooms of the store know each other one way: each only those behind it, be it by an import
//! or by a method of `Store` that another room gives it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::one_connection::{NO_CODE, before, pattern, sources};

/// The rooms, as the head of `store` has them: each knows only those behind it.
const ORDER: [&str; 10] = [
    "jobs", "runs", "judging", "accounts", "money", "answers", "sums", "projects", "registry",
    "sql",
];
/// Who climbs does not say where to.
const CLIMBING: &str = "super::super";

static PATH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bcrate\s*::\s*store\s*::\s*(\w+|\{)"));
/// What `store/mod.rs` names of its rooms.
static RELATIVE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\w+)\s*::"));
static CLIMB: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bsuper\s*::\s*super\b"));
static OWN_METHODS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bimpl\s+Store\s*\{"));
static ALL_METHODS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bimpl\s+(?:\w+\s+for\s+)?Store\s*\{"));
static METHOD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bfn\s+(\w+)"));
static CALL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bself\s*\.\s*(\w+)\s*\("));

/// A source of the store, without texts and comments.
struct Source {
    /// The folder that it is in; empty for `store/mod.rs`.
    room: String,
    file: String,
    code: String,
}

impl Source {
    fn new(room: &str, file: &str, text: &str) -> Self {
        Self {
            room: room.to_owned(),
            file: file.to_owned(),
            code: NO_CODE.replace_all(text, " ").into_owned(),
        }
    }

    /// What stands between the brackets that `heads` finds.
    fn bodies<'a>(&'a self, heads: &'a Regex) -> impl Iterator<Item = &'a str> {
        let code = self.code.as_str();
        let body = move |head: regex::Match<'a>| before(&code[head.end()..], &['}']);
        heads.find_iter(code).filter_map(body)
    }
}

fn sources_of_store() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let read = |(path, text): (String, String)| {
        let file = Path::new(&path).strip_prefix(&root).expect("a source");
        let folder = file.parent().and_then(Path::to_str).expect("a folder");
        let first = folder.split('/').next().unwrap_or_default();
        Source::new(first, &file.display().to_string(), &text)
    };
    sources(&root).into_iter().map(read).collect()
}

/// In which room each method of the store is.
fn rooms_of_methods(sources: &[Source]) -> BTreeMap<&str, &str> {
    let mut rooms: BTreeMap<&str, &str> = BTreeMap::new();
    for source in sources {
        for body in source.bodies(&OWN_METHODS) {
            let names = METHOD
                .captures_iter(body)
                .filter_map(|method| method.get(1));
            rooms.extend(names.map(|name| (name.as_str(), source.room.as_str())));
        }
    }
    rooms
}

/// The first names of a list of imports.
fn heads(list: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let mut rest = list;
    loop {
        let import = before(rest, &[',']).unwrap_or(rest);
        names.extend(import.split("::").next().map(str::trim));
        let Some(more) = rest.get(import.len() + 1..) else {
            return names;
        };
        rest = more;
    }
}

/// What a source knows of the store: rooms and other modules by their names.
fn known_to<'a>(source: &'a Source, methods: &BTreeMap<&str, &'a str>) -> BTreeSet<&'a str> {
    let code = source.code.as_str();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let is_root = source.room.is_empty();
    let relative = is_root.then(|| RELATIVE.captures_iter(code));
    let paths = PATH
        .captures_iter(code)
        .chain(relative.into_iter().flatten());
    for name in paths.filter_map(|path| path.get(1)) {
        if name.as_str() == "{" {
            let list = before(&code[name.end()..], &['}']);
            known.extend(heads(list.unwrap_or_default()));
        } else {
            known.insert(name.as_str());
        }
    }
    if CLIMB.is_match(code) {
        known.insert(CLIMBING);
    }
    for body in source.bodies(&ALL_METHODS) {
        let calls = CALL.captures_iter(body).filter_map(|call| call.get(1));
        known.extend(calls.filter_map(|call| methods.get(call.as_str()).copied()));
    }
    known
}

fn may_know(room: &str, other: &str) -> bool {
    let place = |name: &str| ORDER.iter().position(|known| *known == name);
    let is_room = place(other).is_some() || other == "backup";
    if other == CLIMBING {
        return false;
    }
    if room == other || !is_room {
        return true;
    }
    match room {
        "" | "backup" => other == "sql",
        "entity" => false,
        // Nobody's place is before one that is none.
        _ => place(room) < place(other),
    }
}

/// Which sources know what they may not.
fn against_the_order(sources: &[Source]) -> Vec<String> {
    let methods = rooms_of_methods(sources);
    let mut found = Vec::new();
    for source in sources {
        let known = known_to(source, &methods).into_iter();
        let wrong = known.filter(|other| !may_know(&source.room, other));
        found.extend(wrong.map(|other| format!("{} knows {other}", source.file)));
    }
    found
}

#[test]
fn rooms_know_only_those_behind_them() {
    let sources = sources_of_store();
    for source in &sources {
        let room = source.room.as_str();
        let has_a_place = ORDER.contains(&room) || matches!(room, "" | "backup" | "entity");
        assert!(has_a_place, "{} is in no room of the order", source.file);
    }
    let methods = rooms_of_methods(&sources);
    assert!(methods.len() > 200, "the methods are not read");
    for room in ORDER {
        let mut own = sources.iter().filter(|source| source.room == room);
        let is_read = room == "sql"
            || own.any(|source| {
                let known = known_to(source, &methods);
                known.contains("sql")
            });
        assert!(is_read, "{room} is not read");
    }
    assert_eq!(against_the_order(&sources), Vec::<String>::new());
}

#[test]
fn what_is_against_the_order_is_found() {
    let sample = [
        ("jobs", "a", "use crate::store::runs::plans::plan_slot;"),
        ("sums", "b", "use crate::store::answers::citations::write;"),
        (
            "money",
            "c",
            "use crate::store::{Store, runs::{lanes, watch}, sql::rows};",
        ),
        (
            "registry",
            "d",
            "fn f() { crate::store::registry::prices::g(); super::super::h() }",
        ),
        (
            "runs",
            "e",
            "impl Store { async fn cancel(&self) { self.names().await } }",
        ),
        (
            "projects",
            "f",
            "impl Store { async fn delete(&self) { self.cancel().await } }",
        ),
        ("answers", "g", "impl Store { async fn names(&self) {} }"),
        (
            "sums",
            "h",
            "impl Asks for Store { fn names(&self) { self.names() } }",
        ),
        (
            "backup",
            "i",
            "use crate::store::sql::rows; use crate::store::money::ledger;",
        ),
        (
            "sql",
            "j",
            "/// crate::store::runs\nconst T: &str = \"crate::store::runs::lanes\";",
        ),
        (
            "sql",
            "k",
            "use crate::store::entity::user; use crate::store::backup::Counts;",
        ),
        ("entity", "l", "use crate::store::sql::rows;"),
        (
            "",
            "m",
            "pub mod runs; use sql::error::StoreError; use jobs::news::News;",
        ),
    ];
    let sources: Vec<Source> = sample
        .iter()
        .map(|(room, file, text)| Source::new(room, file, text))
        .collect();
    assert_eq!(
        against_the_order(&sources),
        [
            "b knows answers",
            "c knows runs",
            "d knows super::super",
            "f knows runs",
            "h knows answers",
            "i knows money",
            "k knows backup",
            "l knows sql",
            "m knows jobs",
        ]
    );
}
