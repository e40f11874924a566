//! What the documents name is there under that name: tests, files and settings.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::repository::{file, text};

const SECURITY: &str = "docs/SECURITY.md";
const DEPLOY: &str = "docs/DEPLOY.md";

/// A part of a document, from its heading to the next one of the same rank.
pub(crate) fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let (_, rest) = document
        .split_once(&format!("\n## {heading}\n"))
        .expect(heading);
    rest.split("\n## ").next().unwrap_or(rest)
}

/// First and last cell of each row of the tables, without those of their heads.
fn rows(section: &str) -> Vec<(&str, &str)> {
    let lines: Vec<&str> = section.lines().collect();
    let is_head = |index: usize| {
        let below: Option<&&str> = lines.get(index + 1);
        below.is_some_and(|line| line.starts_with("|---"))
    };
    lines
        .iter()
        .enumerate()
        .filter(|(index, _)| !is_head(*index))
        .filter_map(|(_, line)| {
            let cells = line.strip_prefix("| ")?.strip_suffix('|')?.trim_end();
            let (first, rest) = cells.split_once(" | ")?;
            let last = rest.rsplit_once(" | ").map_or(rest, |(_, last)| last);
            Some((first, last))
        })
        .collect()
}

/// What stands between backticks.
fn code_spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The source of a file, or of all files of a folder.
fn sources(path: &Path) -> String {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        return paths.map(|path| sources(&path)).collect();
    }
    fs::read_to_string(path).unwrap_or_default()
}

/// Whether a source has a test of this name, or tests in a module of this name.
fn has_tests(source: &str, name: &str) -> bool {
    let is_function = |line: &str| {
        let (_, declared) = line.split_once("fn ").unwrap_or_default();
        let rest = declared.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('('))
    };
    let module = format!("mod {name} {{");
    let mut code = source
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"));
    code.any(|line| is_function(line) || line == module)
}

#[test]
fn each_attack_of_the_security_guide_names_tests_that_there_are() {
    let document = text(SECURITY);
    let mut wrong = Vec::new();
    let mut attacks = 0;
    for (attack, proof) in rows(section(&document, "Attack, bound, test")) {
        attacks += 1;
        let mut source = String::new();
        for name in code_spans(proof) {
            if name.contains('/') {
                let path = file("server").join(name);
                source = sources(&path);
                if !path.exists() {
                    wrong.push(format!("{attack}: there is no {name}"));
                }
            } else if !has_tests(&source, name) {
                wrong.push(format!("{attack}: no test `{name}` where it is said to be"));
            }
        }
        if source.is_empty() {
            wrong.push(format!("{attack}: no file is named"));
        }
    }
    assert!(attacks > 40, "{attacks} attacks were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_security_guide_links_to_files_and_calls_commands_that_there_are() {
    let document = text(SECURITY);
    let folder = file("docs");
    let links: Vec<&str> = document
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|link| !link.contains("://"))
        .collect();
    assert!(links.len() >= 2, "{links:?}");
    for link in links {
        assert!(folder.join(link).exists(), "{SECURITY} leads to {link}");
    }
    let makefile = text("Makefile");
    let targets: Vec<&str> = code_spans(&document)
        .filter_map(|span| span.strip_prefix("make "))
        .collect();
    assert!(targets.contains(&"faults"), "{targets:?}");
    for target in targets {
        let rule = format!("{target}:");
        assert!(
            makefile.lines().any(|line| line.starts_with(&rule)),
            "make {target}"
        );
    }
}

/// The variables that the host reads, by the texts in the source that look like one.
fn variables_that_are_read() -> BTreeSet<String> {
    let literal = Regex::new(r#""([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)""#).expect("an expression");
    let entries = fs::read_dir(file("server/src/config")).expect("the settings");
    let mut found = BTreeSet::new();
    for entry in entries {
        let source = sources(&entry.expect("an entry").path());
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let names = literal.captures_iter(code).map(|name| name[1].to_owned());
        found.extend(names);
    }
    found
}

#[test]
fn every_setting_is_documented_and_every_documented_one_is_read() {
    let read = variables_that_are_read();
    assert!(
        read.len() > 25 && read.contains("PARALLAX_URL"),
        "too little was found: {read:?}"
    );
    let document = text(DEPLOY);
    let settings = section(&document, "Settings");
    let is_of_name =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    let words: BTreeSet<&str> = settings.split(|letter: char| !is_of_name(letter)).collect();
    let undocumented: Vec<&String> = read
        .iter()
        .filter(|name| !words.contains(name.as_str()))
        .collect();
    assert!(undocumented.is_empty(), "not in {DEPLOY}: {undocumented:?}");
    // `RUST_LOG` is read by the library that writes the log.
    let unread: Vec<&str> = rows(settings)
        .into_iter()
        .flat_map(|(name, _)| code_spans(name))
        .filter(|name| *name != "RUST_LOG" && !read.contains(*name))
        .collect();
    assert!(unread.is_empty(), "nothing reads {unread:?}");
}
