//! What the documents name is there under that name: tests, files and settings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use parallax::store::sql::DatabasePlace;
use regex::Regex;

use crate::support::home::with_sqlite;
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

/// What people read: of the root, of `docs` and of the decisions, by their paths from the root.
fn documents() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "docs/", "docs/adr/"] {
        for entry in fs::read_dir(file(folder)).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            let name = name.to_str().expect("a name");
            if Path::new(name).extension().is_some_and(|kind| kind == "md") {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    assert!(found.len() > 30, "{found:?}");
    found
}

/// The mark by which a heading is linked to.
fn mark_of(heading: &str) -> String {
    let kept = |one: &char| one.is_alphanumeric() || matches!(one, '-' | '_' | ' ');
    let letters = heading.trim().to_lowercase();
    letters
        .chars()
        .filter(kept)
        .collect::<String>()
        .replace(' ', "-")
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_there_are() {
    let (mut wrong, mut links) = (Vec::new(), 0);
    for name in documents() {
        let document = text(&name);
        for link in document.split("](").skip(1) {
            let link = link.split(')').next().unwrap_or_default();
            if link.contains("://") {
                continue;
            }
            links += 1;
            let (path, mark) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => file(&name),
                path => file(&name).parent().expect("a folder").join(path),
            };
            let Ok(found) = target.canonicalize() else {
                wrong.push(format!("{name}: there is no {link}"));
                continue;
            };
            if mark.is_empty() {
                continue;
            }
            let there = fs::read_to_string(found).expect("a document");
            let mut headings = there.lines().filter(|line| line.starts_with('#'));
            if !headings.any(|line| mark_of(line.trim_start_matches('#')) == mark) {
                wrong.push(format!("{name}: no heading has {link}"));
            }
        }
    }
    assert!(links > 80, "{links} links were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_target_of_make_that_is_named_is_there() {
    let makefile = text("Makefile");
    let mut named = BTreeSet::new();
    let workflow = text(".github/workflows/check.yaml");
    let tasks = workflow.lines().find_map(|line| {
        let tasks = line.trim().strip_prefix("task: [")?.strip_suffix(']')?;
        Some(tasks.to_owned())
    });
    let tasks = tasks.expect("the tasks of the workflow");
    named.extend(tasks.split(", ").map(str::to_owned));
    assert!(
        workflow.contains("- run: make ${{ matrix.task }}"),
        "{workflow}"
    );
    let call = Regex::new(r"(?m)(?:`|^)make ([a-z]+)\b").expect("an expression");
    for name in documents() {
        let document = text(&name);
        named.extend(call.captures_iter(&document).map(|word| word[1].to_owned()));
    }
    for target in ["run", "test", "lint", "faults"] {
        assert!(named.contains(target), "{target}: {named:?}");
    }
    for target in named {
        let rule = format!("{target}:");
        let has_rule = makefile.lines().any(|line| line.starts_with(&rule));
        assert!(has_rule, "make {target}");
    }
}

/// Paths from the root that documents name between backticks or call in blocks.
#[test]
fn every_script_that_is_named_is_there() {
    let path = Regex::new(r"\b(?:scripts|deploy|fuzz|\.github)/[A-Za-z0-9_./-]*[A-Za-z0-9_]")
        .expect("an expression");
    let mut named = BTreeSet::new();
    for name in documents() {
        let document = text(&name);
        named.extend(
            path.find_iter(&document)
                .map(|path| path.as_str().to_owned()),
        );
    }
    // Made by whoever deploys.
    named.remove("deploy/.env");
    assert!(named.len() > 10, "{named:?}");
    for path in named {
        assert!(file(&path).exists(), "there is no {path}");
    }
}

/// Commands of the binary with the options that documents give them, by their words.
fn named_commands() -> BTreeMap<Vec<String>, BTreeSet<String>> {
    let call = Regex::new(r"(?m)(?:^|[`\s(/])parallax(?:-run)?((?: [^\s`|;&)#]+)+)")
        .expect("an expression");
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    let is_word =
        |word: &&str| word.len() > 1 && !word.starts_with('-') && word.bytes().all(is_letter);
    let mut named: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for name in documents() {
        let document = text(&name);
        // What is code: blocks and spans; sentences have words behind the name, too.
        let blocks = document.split("```").skip(1).step_by(2);
        let spans = document.lines().flat_map(code_spans);
        for code in blocks.chain(spans) {
            for found in call.captures_iter(code) {
                let mut words = found[1].split_whitespace().peekable();
                let mut command = Vec::new();
                while let Some(word) = words.next_if(is_word) {
                    command.push(word.to_owned());
                }
                // Of Docker, as in `docker compose exec parallax parallax doctor`.
                command.retain(|word| word != "parallax");
                let options = words.filter(|word| word.starts_with("--"));
                let options = options.filter_map(|word| word.split('=').next());
                let options = options.map(str::to_owned);
                if !command.is_empty() {
                    named.entry(command).or_default().extend(options);
                }
            }
        }
    }
    named
}

#[tokio::test]
async fn every_command_that_is_named_is_there_with_its_options() {
    let named = named_commands();
    let options = |command: &[&str]| {
        let words: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
        let options = named.get(&words);
        options.unwrap_or_else(|| panic!("{command:?} is not in {named:?}"))
    };
    assert!(options(&["user", "reset-password"]).is_empty());
    assert!(options(&["worker"]).contains("--concurrency"));
    assert!(options(&["user", "add"]).contains("--password-stdin"));
    with_sqlite(async |home| {
        for (command, options) in &named {
            // A word behind a command may be what it is given.
            let mut words: Vec<&str> = command.iter().map(String::as_str).take(2).collect();
            words.push("--help");
            let help = home.run(&words, &Vec::new(), "").await.printed();
            for option in options {
                assert!(
                    help.contains(option.as_str()),
                    "{command:?} has no {option}"
                );
            }
        }
    })
    .await;
}

/// Each `sslmode` of the manual's table is one that the host takes.
#[test]
fn every_mode_of_tls_in_the_manual_is_taken() {
    let document = text(DEPLOY);
    let chapter = section(&document, "PostgreSQL");
    let (_, table) = chapter.split_once("| `sslmode=` |").expect("a table");
    let modes: Vec<&str> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with("| `"))
        .filter_map(|line| code_spans(line).next())
        .collect();
    assert!(modes.contains(&"verify-full"), "{modes:?}");
    for mode in modes {
        let address = format!("postgres://u@db.example/d?sslmode={mode}");
        assert!(DatabasePlace::parse(&address).is_ok(), "{mode}");
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
