//! The names that types have in the document of REST, read where they are declared: two types of
//! one name are one schema there, and programs are told the shape of the other one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::Method;
use regex::Regex;
use serde_json::Value;

use crate::support::{Setup, sources, with_sqlite};

static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*//.*$"));
static DERIVED: LazyLock<Regex> = LazyLock::new(|| pattern(r"derive\([^()]*\bToSchema\b[^()]*\)"));
static DECLARED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:struct|enum)\s+(\$?\w+)"));
static RENAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bas\s*=\s*(\w+)"));
/// A schema that is written by hand has the type's name, or the one that it gives itself.
static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\bimpl\s+ToSchema\s+for\s+(\w+)\s*\{(?:\s*fn\s+name\(\)[^"]*"(\w+)")?"#)
});
static MACRO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bmacro_rules!\s*(\w+)"));
/// A type in the call of a macro that declares some.
static NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*([A-Z]\w*)(?:;| \{)"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// The names under which the types of a source stand in the document, one a type. `macros` declare
/// types where they are called.
fn schema_names(source: &str, macros: &BTreeSet<String>) -> Vec<String> {
    let code = COMMENT.replace_all(source, "");
    let mut names = Vec::new();
    for derived in DERIVED.find_iter(&code) {
        let behind = &code[derived.end()..];
        let name = declared_name(behind);
        if name.as_str().starts_with('$') {
            continue;
        }
        let attributes = &behind[..name.start()];
        let renamed = RENAMED
            .captures(attributes)
            .map(|found| found[1].to_owned());
        names.push(renamed.unwrap_or_else(|| name.as_str().to_owned()));
    }
    for declaring in macros {
        names.extend(named_in_calls(&code, declaring));
    }
    names.extend(WRITTEN.captures_iter(&code).map(|found| {
        let name = found.get(2).or_else(|| found.get(1));
        name.expect("a name").as_str().to_owned()
    }));
    names
}

/// The name of the type behind a derive.
fn declared_name(behind: &str) -> regex::Match<'_> {
    let declared = DECLARED.captures(behind).expect("a type");
    declared.get(1).expect("its name")
}

/// The macros of a source by which types of the document are declared.
fn declaring_macros(source: &str) -> Vec<String> {
    let code = COMMENT.replace_all(source, "");
    DERIVED
        .find_iter(&code)
        .filter(|derived| {
            declared_name(&code[derived.end()..])
                .as_str()
                .starts_with('$')
        })
        .map(|derived| {
            let before = &code[..derived.start()];
            let last = MACRO.captures_iter(before).last().expect("a macro");
            last[1].to_owned()
        })
        .collect()
}

/// The types that calls of a macro declare.
fn named_in_calls(code: &str, of_macro: &str) -> Vec<String> {
    let calls = pattern(&format!(r"(?ms)^{of_macro}! \{{$(.*?)^\}}"));
    let mut names = Vec::new();
    for call in calls.captures_iter(code) {
        names.extend(
            NAMED
                .captures_iter(&call[1])
                .map(|found| found[1].to_owned()),
        );
    }
    names
}

/// The names in the document, each with the sources of its types.
fn types_by_name() -> BTreeMap<String, Vec<PathBuf>> {
    let folders = ["server/src", "app/src", "app/contract/src"];
    let texts: Vec<(PathBuf, String)> = folders.into_iter().flat_map(sources).collect();
    let macros = texts.iter().flat_map(|(_, text)| declaring_macros(text));
    let macros: BTreeSet<String> = macros.collect();
    let mut types: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, text) in &texts {
        for name in schema_names(text, &macros) {
            types.entry(name).or_default().push(path.clone());
        }
    }
    types
}

#[test]
fn no_two_types_share_the_name_of_a_schema() {
    let mut types = types_by_name();
    assert!(types.len() > 150, "only {} types are found", types.len());
    types.retain(|_, paths| paths.len() > 1);
    assert!(
        types.is_empty(),
        "give all but one another name, or #[schema(as = …)]: {types:#?}"
    );
}

/// Else a type that is not found could take the name of another.
#[tokio::test]
async fn every_schema_of_the_document_is_found_in_the_sources() {
    with_sqlite(Setup::default(), async |app| {
        let served: Value = app
            .nobody()
            .send(Method::GET, "/api/openapi.json", Body::empty())
            .await
            .expect(200);
        let types = types_by_name();
        let schemas = served["components"]["schemas"]
            .as_object()
            .expect("schemas");
        // `Success_Runs` is made of two.
        let names = schemas.keys().flat_map(|name| name.split('_'));
        let unknown: BTreeSet<&str> = names.filter(|name| !types.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    })
    .await;
}

#[test]
fn names_are_read_as_the_document_has_them() {
    let source = r#"
        /// A struct that derive(ToSchema) is not said of.
        struct Inner;
        #[derive(Serialize, ToSchema)]
        #[schema(as = Problem)]
        pub(super) struct ProblemDocument<'a> { title: &'a str }
        #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Trigger { Manual }
        #[derive(Deserialize, ToSchema)]
        struct Trigger;
        impl ToSchema for Usd {}
        impl ToSchema for AmountText {
            fn name() -> Cow<'static, str> {
                "Amount".into()
            }
        }
macro_rules! ids {
    ($($name:ident;)+) => {$(
        #[derive(Clone, ToSchema)]
        pub struct $name(pub i64);
    )+};
}

ids! {
    /// A person.
    UserId;
    TokenId;
}
"#;
    let macros = BTreeSet::from_iter(declaring_macros(source));
    assert_eq!(macros, BTreeSet::from(["ids".to_owned()]));
    let read = schema_names(source, &macros);
    let expected = [
        "Problem", "Trigger", "Trigger", "UserId", "TokenId", "Usd", "Amount",
    ];
    assert_eq!(read, expected);
    let called_elsewhere = "\nids! {\n    /// A lane.\n    LaneId;\n}\n";
    assert_eq!(schema_names(called_elsewhere, &macros), ["LaneId"]);
}
