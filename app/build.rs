//! Turns `locales/<language>/<area>.json` into one table a language and one constant a text (its
//! place there: areas and keys by their bytes, as `frontend/assemble.mjs` has them too), so that a text that is missing in a language, or that has other placeholders there, does not
//! compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const LANGUAGES: [&str; 2] = ["en", "es"];

type Area = BTreeMap<String, String>;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let english = read_language(LANGUAGES[0]);
    let spanish = read_language(LANGUAGES[1]);
    assert_same_keys("the languages", english.keys(), spanish.keys());

    let mut code = String::new();
    let mut tables = [Vec::new(), Vec::new()];
    for (area, texts) in &english {
        let translated = &spanish[area];
        assert_same_keys(area, texts.keys(), translated.keys());
        let _ = writeln!(
            code,
            "/// Texts of the area `{area}`.\npub mod {area} {{\n    use super::Text;"
        );
        for (key, text) in texts {
            let translation = &translated[key];
            assert_eq!(
                placeholders(text),
                placeholders(translation),
                "{area}.{key}: the languages have other placeholders"
            );
            let name = key.to_uppercase();
            // As code: names of settings in a text are no links.
            let quoted = format!("`{text}`");
            let _ = writeln!(code, "    #[doc = {quoted:?}]");
            let _ = writeln!(
                code,
                "    pub const {name}: Text = Text({});",
                tables[0].len()
            );
            tables[0].push(text.as_str());
            tables[1].push(translation.as_str());
        }
        code.push_str("}\n\n");
    }
    let count = tables[0].len();
    // The browser loads its tables; it only checks how long they are.
    let _ = writeln!(
        code,
        "#[cfg(feature = \"csr\")]\nconst COUNT: usize = {count};"
    );
    for (name, table) in ["ENGLISH", "SPANISH"].into_iter().zip(tables) {
        let _ = writeln!(
            code,
            "#[cfg(not(feature = \"csr\"))]\nstatic {name}: [&str; {count}] = {table:?};"
        );
    }
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("texts.rs");
    fs::write(target, code).expect("the build folder can be written");
}

fn read_language(language: &str) -> BTreeMap<String, Area> {
    let folder = Path::new("locales").join(language);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let area: Area = serde_json::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            // Of two with one key the later would hold, and nobody would see it.
            assert_eq!(
                text.lines()
                    .filter(|line| line.trim_start().starts_with('"'))
                    .count(),
                area.len(),
                "{}: a key stands twice, or not on a line of its own",
                path.display()
            );
            let name = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("a file name")
                .to_owned();
            (name, area)
        })
        .collect()
}

fn assert_same_keys<'a>(
    what: &str,
    first: impl Iterator<Item = &'a String>,
    second: impl Iterator<Item = &'a String>,
) {
    let first: BTreeSet<_> = first.collect();
    let second: BTreeSet<_> = second.collect();
    let missing: Vec<_> = first.symmetric_difference(&second).collect();
    assert!(
        missing.is_empty(),
        "{what}: only in one language: {missing:?}"
    );
}

/// The names between braces.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}
