//! What a handler of REST documents of its query is what it reads: the sources say both, once in
//! its attribute and once in its arguments.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;

use crate::support::sources;

/// A handler: its attribute, and its arguments.
static HANDLER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?s)#\[utoipa::path\(\n(.*?)\n\)\]\n.*?\bfn \w+\((.*?)\) -> "));
/// What the attribute says of parameters.
static DOCUMENTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^    params\((\n(?:        .*\n)*    |.*)\),$"));
/// A parameter of the path.
static OF_PATH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\("\w+" = \w+, Path, description = "[^"]*"\)"#));
/// What the arguments have of them.
static READ: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bParams<\(?([^()]*?)\)?>,?"));
static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\w+"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// The words of a list.
fn names(list: &str) -> Vec<String> {
    NAME.find_iter(list)
        .map(|name| name.as_str().to_owned())
        .collect()
}

/// The first thing that a pattern takes out of a text; empty where it takes nothing.
fn taken<'a>(pattern: &Regex, text: &'a str) -> &'a str {
    let found = pattern.captures(text).and_then(|found| found.get(1));
    found.map_or("", |part| part.as_str())
}

/// Of each handler of a source: the structs that its attribute names, and those that it reads.
fn handlers(source: &str) -> Vec<(Vec<String>, Vec<String>)> {
    HANDLER
        .captures_iter(source)
        .map(|handler| {
            let documented = OF_PATH.replace_all(taken(&DOCUMENTED, &handler[1]), "");
            (names(&documented), names(taken(&READ, &handler[2])))
        })
        .collect()
}

#[test]
fn what_is_documented_of_a_query_is_what_is_read() {
    let mut with_a_query = 0;
    let mut wrong: Vec<(PathBuf, _)> = Vec::new();
    for (path, text) in sources("server/src/http/rest") {
        let declared = text.matches("#[utoipa::path(").count();
        let found = handlers(&text);
        assert_eq!(found.len(), declared, "{}", path.display());
        for (documented, read) in found {
            with_a_query += usize::from(!read.is_empty());
            if documented != read {
                wrong.push((path.clone(), (documented, read)));
            }
        }
    }
    assert!(
        with_a_query > 30,
        "{with_a_query} handlers with a query were found"
    );
    assert!(wrong.is_empty(), "documented, and read: {wrong:#?}");
}

#[test]
fn both_are_taken_out_of_a_source() {
    let source = r#"
/// One
#[utoipa::path(
    get,
    path = "/things/{id}",
    params(("id" = ThingId, Path, description = "Thing (small)"), Page),
    responses((status = 200, description = "It")),
)]
pub(super) async fn one(
    services: Services,
    Ids(id): Ids<ThingId>,
    params: Params<Page>,
) -> Reply<Thing> {
/// Two
#[utoipa::path(
    post,
    path = "/things",
    params(
        Period,
        Page,
    ),
)]
async fn two(services: Services, params: Params<(Period, Other)>, Body(it): Body<It>) -> Reply<It> {
/// Three
#[utoipa::path(
    get,
    path = "/nothing",
)]
async fn three(services: Services) -> Reply<Thing> {
"#;
    let list =
        |names: &[&str]| -> Vec<String> { names.iter().copied().map(String::from).collect() };
    assert_eq!(
        handlers(source),
        [
            (list(&["Page"]), list(&["Page"])),
            (list(&["Period", "Page"]), list(&["Period", "Other"])),
            (list(&[]), list(&[])),
        ]
    );
}
