//! The hand-made cases of `detection_cases.json`: what a text says about entities.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use analysis::{Detector, EntitySpec};
use app::model::answer::MentionSource;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    text: String,
    entities: Vec<EntitySpec<String>>,
    /// Only what is named here is compared.
    expect: BTreeMap<String, Expected>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Expected {
    source: MentionSource,
    text_count: u32,
    rank: Option<u32>,
    list_total: Option<u32>,
    bullet_order: Option<u32>,
    spans: Vec<String>,
}

#[test]
fn every_case_is_read_as_a_person_reads_it() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("detection_cases.json")).expect("cases");
    assert!(cases.len() >= 150, "{} cases", cases.len());
    let mut failures = String::new();
    for case in &cases {
        let findings = Detector::new(&case.entities).analyze(&case.text, &[], None);
        for (key, expected) in &case.expect {
            let finding = findings.iter().find(|found| found.key == *key);
            let finding = finding.unwrap_or_else(|| panic!("{}: no entity {key}", case.name));
            let seen = Expected {
                source: finding.source,
                text_count: finding.text_count,
                rank: finding.rank,
                list_total: finding.list_total,
                bullet_order: finding.bullet_order,
                spans: finding
                    .spans
                    .iter()
                    .map(|&(start, end)| case.text[start..end].to_owned())
                    .collect(),
            };
            if seen != *expected {
                writeln!(
                    failures,
                    "{} [{key}]\n  expected {expected:?}\n  seen     {seen:?}",
                    case.name
                )
                .expect("a string takes everything");
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn names_of_cases_are_unique() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("detection_cases.json")).expect("cases");
    let mut names: Vec<_> = cases.iter().map(|case| &case.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), cases.len());
}

#[test]
fn a_cited_url_of_its_own_is_a_link() {
    let kipu = EntitySpec {
        key: 1,
        name: "Kipu".to_owned(),
        aliases: Vec::new(),
        domains: vec!["https://www.kipu.io/".to_owned()],
    };
    let detector = Detector::new(&[kipu]);
    let source = |citations: &[&str]| detector.analyze("Fine tools.", citations, None)[0].source;
    assert_eq!(source(&["https://blog.kipu.io/a"]), MentionSource::Link);
    assert_eq!(
        source(&["https://kipu.io.evil.example/"]),
        MentionSource::None
    );
}
