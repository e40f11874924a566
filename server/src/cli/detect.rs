//! `parallax detect`: what the analysis sees in a text, for people who want to know why.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use analysis::{Detector, EntitySpec, Finding, SharedName, shared_name};
use app::model::domain::{self, DomainError};
use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What to look for, and where.
#[derive(Args, Clone, Debug)]
pub struct DetectArgs {
    /// JSON file: [{"key", "name", "aliases": [], "domains": []}]; what an alias may be besides
    /// a string stands in docs/ANALYSIS.md
    #[arg(long, value_name = "FILE")]
    pub entities: PathBuf,
    /// The text; standard input without it
    #[arg(value_name = "TEXTFILE")]
    pub text: Option<PathBuf>,
}

/// Why a text could not be read for findings.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file, or "standard input".
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The entities are not what they should be.
    #[error("{path} is no list of entities: {source}")]
    Entities {
        /// The file.
        path: String,
        /// Where and why.
        source: serde_json::Error,
    },
    /// Two entities with one name.
    #[error(
        "{:?} is a name of both {:?} and {:?}, which an answer could not tell apart",
        .0.name, .0.first, .0.second
    )]
    NameTwice(SharedName),
    /// Two entities with one key.
    #[error("the key {0:?} stands twice in the list of entities")]
    KeyTwice(String),
    /// A page in place of a domain.
    #[error(
        "{domain:?} of {name:?} is a page of a site; a domain only, please: leave out {page:?}, or \
         use the domain that is {name:?}'s alone"
    )]
    Page {
        /// The entity.
        name: String,
        /// As given.
        domain: String,
        /// What stands behind the domain.
        page: String,
    },
}

/// Reads entities and text, and gives the findings as JSON, by key.
pub fn run(args: &DetectArgs) -> Result<String, DetectError> {
    let entities = read_entities(&args.entities)?;
    let bytes = match &args.text {
        Some(path) => fs::read(path).map_err(|source| unreadable(path, source))?,
        None => read_stdin()?,
    };
    Ok(findings_json(&entities, &as_text(&bytes)))
}

/// The findings about `text` as JSON, by key.
fn findings_json(entities: &[EntitySpec<String>], text: &str) -> String {
    let findings = Detector::new(entities).analyze(text, &[], None);
    let by_key: Map<String, Value> = findings
        .into_iter()
        .map(|finding| (finding.key.clone(), finding_json(&finding)))
        .collect();
    Value::Object(by_key).to_string()
}

fn finding_json(finding: &Finding<String>) -> Value {
    json!({
        "mentioned": finding.is_mentioned(),
        "source": finding.source,
        "text_count": finding.text_count,
        "rank": finding.rank,
        "list_total": finding.list_total,
        "bullet_order": finding.bullet_order,
        "spans": finding.spans,
        "sentiment": finding.sentiment,
        "sentiment_score": finding.sentiment_score,
        "recommended": finding.recommended,
    })
}

fn read_entities(path: &Path) -> Result<Vec<EntitySpec<String>>, DetectError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Key {
        Text(String),
        Number(serde_json::Number),
    }

    let bytes = fs::read(path).map_err(|source| unreadable(path, source))?;
    let specs: Vec<EntitySpec<Key>> =
        serde_json::from_slice(&bytes).map_err(|source| DetectError::Entities {
            path: path.display().to_string(),
            source,
        })?;
    let entities: Vec<EntitySpec<String>> = specs
        .into_iter()
        .map(|spec| EntitySpec {
            key: match spec.key {
                Key::Text(text) => text,
                Key::Number(number) => number.to_string(),
            },
            name: spec.name,
            aliases: spec.aliases,
            domains: spec.domains,
        })
        .collect();
    if let Some(shared) = shared_name(&entities) {
        return Err(DetectError::NameTwice(shared));
    }
    refuse_pages(&entities)?;
    let mut seen = HashSet::new();
    match entities.iter().find(|entity| !seen.insert(&entity.key)) {
        Some(twice) => Err(DetectError::KeyTwice(twice.key.clone())),
        None => Ok(entities),
    }
}

/// A page would claim a whole site, which may be everybody's.
fn refuse_pages(entities: &[EntitySpec<String>]) -> Result<(), DetectError> {
    for entity in entities {
        for domain in &entity.domains {
            if let Err(DomainError::Page(page)) = domain::parse(domain) {
                return Err(DetectError::Page {
                    name: entity.name.clone(),
                    domain: domain.clone(),
                    page,
                });
            }
        }
    }
    Ok(())
}

fn read_stdin() -> Result<Vec<u8>, DetectError> {
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|source| unreadable(Path::new("standard input"), source))?;
    Ok(bytes)
}

fn unreadable(path: &Path, source: io::Error) -> DetectError {
    DetectError::Read {
        path: path.display().to_string(),
        source,
    }
}

/// `bytes` as text of the same length: what is not UTF-8 becomes control characters, so that
/// spans stay offsets in the file.
fn as_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{1A}'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str, content: &[u8]) -> PathBuf {
        let path = dir.join(name);
        fs::write(&path, content).expect("write");
        path
    }

    #[test]
    fn findings_by_key_with_offsets_of_the_file() {
        let dir = tempfile::tempdir().expect("directory");
        let entities = write(
            dir.path(),
            "entities.json",
            br#"[{"key": 7, "name": "Kipu", "domains": ["kipu.io"]}, {"key": "b", "name": "Acme"}]"#,
        );
        let text = write(dir.path(), "text", b"\xFF 1. Kipu\n\xC3 Kipu");
        let args = DetectArgs {
            entities,
            text: Some(text),
        };
        let found: Value = serde_json::from_str(&run(&args).expect("run")).expect("json");
        assert_eq!(found["7"]["spans"], json!([[5, 9], [12, 16]]));
        assert_eq!(found["7"]["source"], "text");
        assert_eq!(found["7"]["sentiment"], "neutral");
        assert_eq!(found["7"]["sentiment_score"], 0.0);
        assert_eq!(found["7"]["recommended"], Value::Null);
        assert_eq!(found["b"]["sentiment"], Value::Null);
        assert_eq!(found["b"]["mentioned"], false);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let dir = tempfile::tempdir().expect("directory");
        let none = DetectArgs {
            entities: dir.path().join("none.json"),
            text: None,
        };
        assert!(matches!(run(&none), Err(DetectError::Read { .. })));
        for (content, expected) in [
            (&br#"{"key": "a"}"#[..], "is no list of entities"),
            (
                &br#"[{"key":"a","name":"A"},{"key":"a","name":"B"}]"#[..],
                "stands twice",
            ),
            (
                r#"[{"key":"a","name":"Kipu"},{"key":"b","name":"B","aliases":["KIPÚ"]}]"#
                    .as_bytes(),
                r#""KIPÚ" is a name of both "Kipu" and "B""#,
            ),
            (
                &br#"[{"key":"a","name":"Kipu","domains":["kipu.io","social.example/kipu"]}]"#[..],
                r#""social.example/kipu" of "Kipu" is a page of a site; a domain only, please: leave out "/kipu""#,
            ),
        ] {
            let entities = write(dir.path(), "entities.json", content);
            let error = read_entities(&entities).expect_err("refused").to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
