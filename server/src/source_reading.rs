//! Reads the sources of this crate, for tests that hold who may know whom: the compiler lets a
//! module know any other one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// Texts, characters and comments: what stands in them is no code.
pub(crate) static NO_CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r##"(?s)r#".*?"#|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|//[^\n]*"##));
static METHOD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bfn\s+(\w+)"));
static CALL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bself\s*\.\s*(\w+)\s*\("));
/// What the root of rooms names of them.
static BELOW: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\w+)\s*::"));
/// What a room of one file names of the others.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bsuper\s*::\s*(\w+|\{)"));
static CLIMB: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bsuper\s*::\s*super\b"));

/// What somebody knows who climbs: that does not say where to.
pub(crate) const CLIMBING: &str = "super::super";

pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// Up to the first of `ends` that no brackets enclose.
pub(crate) fn before<'a>(code: &'a str, ends: &[char]) -> Option<&'a str> {
    let mut depth = 0_usize;
    for (place, character) in code.char_indices() {
        if depth == 0 && ends.contains(&character) {
            return Some(&code[..place]);
        }
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// The sources below a folder, each with its path, but for tests.
pub(crate) fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let is_source = path.extension().is_some_and(|ending| ending == "rs");
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(sources(&path));
        } else if is_source && !path.ends_with("testing.rs") {
            let text = fs::read_to_string(&path).expect("a source");
            found.push((path.display().to_string(), text));
        }
    }
    found
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

/// The names with which the paths go on that `path` finds: one each, or those of a list.
fn next_names<'a>(code: &'a str, path: &Regex) -> Vec<&'a str> {
    let mut names = Vec::new();
    for name in path.captures_iter(code).filter_map(|found| found.get(1)) {
        if name.as_str() == "{" {
            let list = before(&code[name.end()..], &['}']);
            names.extend(heads(list.unwrap_or_default()));
        } else {
            names.push(name.as_str());
        }
    }
    names
}

/// A source without texts and comments, and the room that it is in.
pub(crate) struct Source {
    /// The folder below the root of the rooms, or the name of a file there; empty for the root.
    pub(crate) room: String,
    /// The path from the root.
    pub(crate) file: String,
    code: String,
    is_beside: bool,
}

impl Source {
    /// A source by its path from the root of the rooms.
    pub(crate) fn new(file: &str, text: &str) -> Self {
        let room = match file.split_once('/') {
            Some((folder, _)) => folder,
            None => file.strip_suffix(".rs").unwrap_or(file),
        };
        let is_root = matches!(room, "mod" | "lib" | "main");
        let room = if is_root { "" } else { room };
        Self {
            room: room.to_owned(),
            file: file.to_owned(),
            code: NO_CODE.replace_all(text, " ").into_owned(),
            is_beside: !is_root && !file.contains('/'),
        }
    }

    /// What stands between the brackets that `heads` finds.
    fn bodies<'a>(&'a self, heads: &'a Regex) -> impl Iterator<Item = &'a str> {
        let code = self.code.as_str();
        let body = move |head: regex::Match<'a>| before(&code[head.end()..], &['}']);
        heads.find_iter(code).filter_map(body)
    }
}

/// The sources of the rooms in a folder of `src`; empty: of `src` itself.
pub(crate) fn sources_of_rooms(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(folder);
    let read = |(path, text): (String, String)| {
        let file = Path::new(&path).strip_prefix(&root).expect("a source");
        Source::new(&file.display().to_string(), &text)
    };
    sources(&root).into_iter().map(read).collect()
}

/// Finds what sources know of rooms: by a path from the crate's root, or by a method that one
/// room gives to a type that they share.
pub(crate) struct RoomReader {
    path: Regex,
    own_methods: Regex,
    all_methods: Regex,
    /// What begins with the name of a crate.
    crates: Option<Regex>,
}

impl RoomReader {
    /// For the rooms of `module`, which share the type `owner`.
    pub(crate) fn new(module: &str, owner: &str) -> Self {
        let steps = module.replace("::", r"\s*::\s*");
        Self {
            path: pattern(&format!(r"\b{steps}\s*::\s*(\w+|\{{)")),
            own_methods: pattern(&format!(r"\bimpl\s+{owner}\s*\{{")),
            all_methods: pattern(&format!(r"\bimpl\s+(?:\w+\s+for\s+)?{owner}\s*\{{")),
            crates: None,
        }
    }

    /// The same, which finds these crates, too: no path of theirs comes from the crate's root.
    pub(crate) fn with_crates(mut self, names: &[&str]) -> Self {
        let names = names.join("|");
        self.crates = Some(pattern(&format!(r"(?:^|[^\w:])({names})\s*::")));
        self
    }

    /// In which room each method of the shared type is.
    pub(crate) fn rooms_of_methods<'a>(
        &'a self,
        sources: &'a [Source],
    ) -> BTreeMap<&'a str, &'a str> {
        let mut rooms: BTreeMap<&str, &str> = BTreeMap::new();
        for source in sources {
            for body in source.bodies(&self.own_methods) {
                let names = METHOD
                    .captures_iter(body)
                    .filter_map(|method| method.get(1));
                rooms.extend(names.map(|name| (name.as_str(), source.room.as_str())));
            }
        }
        rooms
    }

    /// What a source knows: rooms and other modules by their names.
    pub(crate) fn known_to<'a>(
        &'a self,
        source: &'a Source,
        methods: &BTreeMap<&str, &'a str>,
    ) -> BTreeSet<&'a str> {
        let code = source.code.as_str();
        let mut known: BTreeSet<&str> = next_names(code, &self.path).into_iter().collect();
        if let Some(crates) = &self.crates {
            known.extend(next_names(code, crates));
        }
        if source.room.is_empty() {
            known.extend(next_names(code, &BELOW));
        }
        if source.is_beside {
            known.extend(next_names(code, &BESIDE));
        }
        if CLIMB.is_match(code) {
            known.insert(CLIMBING);
        }
        for body in source.bodies(&self.all_methods) {
            let calls = CALL.captures_iter(body).filter_map(|call| call.get(1));
            known.extend(calls.filter_map(|call| methods.get(call.as_str()).copied()));
        }
        known
    }

    /// Which sources know what `may_know` does not let them.
    pub(crate) fn wrong_edges(
        &self,
        sources: &[Source],
        may_know: impl Fn(&str, &str) -> bool,
    ) -> Vec<String> {
        let methods = self.rooms_of_methods(sources);
        let mut found = Vec::new();
        for source in sources {
            let known = self.known_to(source, &methods).into_iter();
            let wrong = known.filter(|other| !may_know(&source.room, other));
            found.extend(wrong.map(|other| format!("{} knows {other}", source.file)));
        }
        found
    }
}

/// Whether `one` may know `other` by an order in which each knows only itself and those behind it.
/// What has no place in the order is free.
pub(crate) fn is_allowed_by_order(order: &[&str], one: &str, other: &str) -> bool {
    let place = |name: &str| order.iter().position(|known| *known == name);
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one <= other,
        _ => true,
    }
}
