//! The rooms of the browser's half know each other one way, and the host knows no page: read off
//! the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Of the frame, what only the application as a whole knows.
const ABOVE_FEATURES: [&str; 6] = [
    "pages",
    "palette",
    "shell",
    "shortcuts",
    "side_bar",
    "switcher",
];

/// A source without comments and texts.
struct Source {
    /// The file, from the folder of the sources on.
    file: String,
    code: String,
}

impl Source {
    fn new(file: &str, text: &str) -> Self {
        Self {
            file: file.to_owned(),
            code: code_of(text),
        }
    }

    /// The module that the file is: `["ui", "layout"]`.
    fn module(&self) -> Vec<&str> {
        let stem = self.file.trim_end_matches(".rs");
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        stem.split('/').filter(|part| *part != "lib").collect()
    }

    /// What it knows of its own crate, each as a path from the root on.
    fn known(&self) -> Vec<Vec<&str>> {
        let tokens = tokens(&self.code);
        // The blocks around a place, those of modules with their names.
        let mut inside: Vec<Option<&str>> = Vec::new();
        let mut known = Vec::new();
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            let before = |steps: usize| tokens.get(place.wrapping_sub(steps)).copied();
            let begins = tokens.get(place + 1) == Some(&"::") && before(1) != Some("::");
            match *token {
                "{" => inside.push(before(1).filter(|_| before(2) == Some("mod"))),
                "}" => {
                    inside.pop();
                }
                "crate" | "self" | "super" if begins => {
                    let mut own = self.module();
                    own.extend(inside.iter().flatten());
                    let mut found = Vec::new();
                    place = read_path(&tokens, place, &[], &mut found);
                    known.extend(found.iter().map(|path| from_the_root(&own, path)));
                    continue;
                }
                _ => {}
            }
            place += 1;
        }
        known
    }

    /// What it knows of the crate `app`.
    fn known_of_app(&self) -> Vec<Vec<&str>> {
        let tokens = tokens(&self.code);
        let mut known = Vec::new();
        for (place, pair) in tokens.windows(2).enumerate() {
            let is_root = place == 0 || tokens.get(place - 1) != Some(&"::");
            if is_root && pair == ["app", "::"] {
                read_path(&tokens, place + 2, &[], &mut known);
            }
        }
        known
    }
}

/// A source's text without comments, texts and characters.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_in_name = code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            text_length(rest)
        } else if first == 'r' && !is_in_name {
            raw_text_length(rest).unwrap_or_default()
        } else if first == '\'' {
            character_length(rest).unwrap_or_default()
        } else {
            0
        };
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[length..];
        }
    }
    code
}

fn text_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (place, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return place + 1,
            _ => {}
        }
    }
    rest.len()
}

fn raw_text_length(rest: &str) -> Option<usize> {
    let marks = rest[1..].find(|mark: char| mark != '#')?;
    let text = rest.get(1 + marks..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let length = text.find(&end)?;
    Some(1 + marks + 1 + length + end.len())
}

/// `None`: it is a lifetime.
fn character_length(rest: &str) -> Option<usize> {
    let inner = &rest[1..];
    if let Some(escaped) = inner.strip_prefix('\\') {
        let letter = escaped.chars().next()?.len_utf8();
        return escaped[letter..].find('\'').map(|end| 2 + letter + end + 1);
    }
    let letter = inner.chars().next()?.len_utf8();
    inner[letter..].starts_with('\'').then_some(1 + letter + 1)
}

/// Names, and all else sign by sign but for `::`.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = if rest.starts_with("::") {
            2
        } else if is_of_name(first) {
            rest.find(|letter: char| !is_of_name(letter))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Adds the paths that begin with `start` and go on at `place`, those in brackets one by one.
/// Gives the place behind them.
fn read_path<'a>(
    tokens: &[&'a str],
    mut place: usize,
    start: &[&'a str],
    found: &mut Vec<Vec<&'a str>>,
) -> usize {
    let mut path = start.to_vec();
    while let Some(token) = tokens.get(place) {
        place += 1;
        if *token == "{" {
            while let Some(token) = tokens.get(place) {
                place = match *token {
                    "}" => return place + 1,
                    "," => place + 1,
                    _ => read_path(tokens, place, &path, found),
                };
            }
            return place;
        }
        if token.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            path.push(*token);
        }
        if tokens.get(place) != Some(&"::") {
            break;
        }
        place += 1;
    }
    found.push(path);
    place
}

/// A path as it is from the root of the crate on, where it stands in the module `own`.
fn from_the_root<'a>(own: &[&'a str], path: &[&'a str]) -> Vec<&'a str> {
    let mut whole = own.to_vec();
    for part in path {
        match *part {
            "crate" => whole.clear(),
            "self" => {}
            "super" => {
                whole.pop();
            }
            name => whole.push(name),
        }
    }
    whole
}

/// Whether the module `own` may know the module `other`, both from the root on.
fn may_know(own: &[&str], other: &[&str]) -> bool {
    let Some(room) = other.first().copied() else {
        return true;
    };
    match *own {
        ["features", feature, ..] => match *other {
            ["features", known, ..] => feature == known || feature == "project",
            ["frame", part, ..] => !ABOVE_FEATURES.contains(&part),
            _ => true,
        },
        ["frame", "pages", ..] => true,
        ["frame", ..] => room != "features",
        ["ui", ..] => !["frame", "features"].contains(&room),
        ["words", ..] => ["words", "model", "texts", "letters"].contains(&room),
        _ => !["ui", "frame", "features"].contains(&room),
    }
}

/// Which sources of the browser's half know what they may not.
fn against_the_rules(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let own = source.module();
        let wrong = source.known().into_iter();
        let wrong = wrong.filter(|other| !may_know(&own, other));
        found.extend(wrong.map(|other| format!("{} knows {}", source.file, other.join("::"))));
    }
    found
}

/// Which sources of the host know views.
fn hosts_against_the_rules(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let known = source.known_of_app().into_iter();
        let wrong = known.filter(|path| {
            path.first()
                .is_some_and(|room| ["features", "frame", "ui"].contains(room))
        });
        found.extend(wrong.map(|other| format!("{} knows {}", source.file, other.join("::"))));
    }
    found
}

fn sources_below(folder: &Path) -> Vec<Source> {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    let mut sources = Vec::new();
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let file = path.strip_prefix(folder).expect("a source of the folder");
                let text = fs::read_to_string(&path).expect("a source");
                sources.push(Source::new(&file.display().to_string(), &text));
            }
        }
    }
    sources
}

#[test]
fn rooms_know_each_other_one_way() {
    let sources = sources_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for room in ["features/answers", "frame", "ui", "words"] {
        let own = sources
            .iter()
            .filter(|source| source.file.starts_with(room));
        let known: usize = own.map(|source| source.known().len()).sum();
        assert!(known > 20, "{room} is not read");
    }
    assert_eq!(against_the_rules(&sources), Vec::<String>::new());
}

#[test]
fn the_host_knows_no_page() {
    let host = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let sources = sources_below(&host);
    let known: usize = sources
        .iter()
        .map(|source| source.known_of_app().len())
        .sum();
    assert!(known > 200, "the host is not read");
    assert_eq!(hosts_against_the_rules(&sources), Vec::<String>::new());
}

#[test]
fn what_is_against_the_rules_is_found() {
    let sample = [
        (
            "features/answers/list.rs",
            "use crate::{api, features::{runs::RunsView, answers::state}};",
        ),
        (
            "features/runs/live.rs",
            "fn f() { super::super::keys::g(); super::state::h() }",
        ),
        (
            "features/keys/chart.rs",
            "mod tests { use super::super::state; use super::super::super::notices::page; }",
        ),
        (
            "features/keys/page.rs",
            "use crate::frame::pages::ENTRIES; use crate::frame::scope::Scope;",
        ),
        (
            "features/project/page.rs",
            "use crate::features::{keys, runs};",
        ),
        ("frame/scope.rs", "use crate::features::keys::page;"),
        ("frame/pages.rs", "use crate::features::keys::page;"),
        ("ui/mod.rs", "use crate::frame::scope; use super::features;"),
        (
            "ui/icon.rs",
            "/* crate::frame */ fn g<'a>() { h('\"', \"crate::ui\", r#\"\"crate::frame\"#) }",
        ),
        ("ui/menu.rs", "// crate::frame\nfn g() {}"),
        ("words/dates.rs", "use crate::api::error::ApiError;"),
        ("order.rs", "pub(crate) use crate::ui::fill as words;"),
    ];
    let sources: Vec<Source> = sample
        .iter()
        .map(|(file, text)| Source::new(file, text))
        .collect();
    assert_eq!(
        against_the_rules(&sources),
        [
            "features/answers/list.rs knows features::runs::RunsView",
            "features/runs/live.rs knows features::keys::g",
            "features/keys/chart.rs knows features::notices::page",
            "features/keys/page.rs knows frame::pages::ENTRIES",
            "frame/scope.rs knows features::keys::page",
            "ui/mod.rs knows frame::scope",
            "ui/mod.rs knows features",
            "words/dates.rs knows api::error::ApiError",
            "order.rs knows ui::fill",
        ]
    );
    let host = Source::new(
        "mail/message.rs",
        "use app::{features::notices, words::dates}; fn f() { app::ui::g(); other::app::ui() }",
    );
    assert_eq!(
        hosts_against_the_rules(&[host]),
        [
            "mail/message.rs knows features::notices",
            "mail/message.rs knows ui::g",
        ]
    );
}
