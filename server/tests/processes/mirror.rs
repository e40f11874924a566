//! The tests of REST lie as its handlers do: `http/rest/<noun>/<verb>.rs` has its tests in
//! `tests/http/<noun>/<verb>.rs`. Which files have a handler is read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository::file;

/// The sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                return sources(&path);
            }
            vec![path]
        })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// What stands in a file; nothing where there is none.
fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Whether a source answers requests: as a route of the document, or as a page beside it.
fn has_handler(source: &str) -> bool {
    source.contains("#[utoipa::path(") || source.contains("use axum::routing::")
}

fn has_tests(source: &str) -> bool {
    source.contains("#[tokio::test") || source.contains("on_both_databases!(")
}

/// Whether the file is compiled: declared by the module around it.
fn is_declared(tests: &Path, path: &Path) -> bool {
    let folder = path.parent().expect("a folder");
    let around = if folder == tests { "main.rs" } else { "mod.rs" };
    let name = path.file_stem().expect("a name").to_string_lossy();
    let declaration = format!("mod {name};");
    let around = read(&folder.join(around));
    around.lines().any(|line| line == declaration)
}

#[test]
fn each_handler_of_rest_has_its_tests_in_the_same_place() {
    let rest = file("server/src/http/rest");
    let tests = file("server/tests/http");
    let mut handlers = 0;
    let mut wrong = Vec::new();
    for path in sources(&rest) {
        if !has_handler(&read(&path)) {
            continue;
        }
        handlers += 1;
        let place = path.strip_prefix(&rest).expect("below the folder");
        let own = tests.join(place);
        if !has_tests(&read(&own)) {
            wrong.push(format!("{}: no tests in tests/http", place.display()));
        } else if !is_declared(&tests, &own) {
            wrong.push(format!("{}: its tests are no module", place.display()));
        }
    }
    assert!(handlers > 70, "{handlers} files with a handler were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
