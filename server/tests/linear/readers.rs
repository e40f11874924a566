//! Whatever reads an answer, or a part of one, and is not counted by its own tests.

use std::sync::LazyLock;

use analysis::citations::{Owners, page, read_sources};
use analysis::{Alias, Detector, EntitySpec, fold, layout};
use app::model::answer::CitationView;

use crate::growth::Reader;

/// The names that are looked for.
pub(crate) const NAMES: [&str; 8] = [
    "Kipu",
    "Acme Cloud",
    "Coca-Cola",
    "AT&T",
    "小米",
    "카카오",
    "ライン",
    "a b",
];

static DETECTOR: LazyLock<Detector<usize>> = LazyLock::new(|| {
    let mut entities: Vec<EntitySpec<usize>> = NAMES
        .iter()
        .enumerate()
        .map(|(key, name)| EntitySpec {
            key,
            name: (*name).to_owned(),
            aliases: Vec::new(),
            domains: vec![format!("kipu{key}.example")],
        })
        .collect();
    entities[0].aliases.push(Alias {
        not: vec!["kipu cord".to_owned()],
        needs: vec!["kipu".to_owned()],
        ..Alias::from("Kipu")
    });
    Detector::new(&entities)
});

/// Sources with places all over a text.
static SOURCES: LazyLock<Vec<CitationView>> = LazyLock::new(|| {
    let source = |number: usize| CitationView {
        url: format!("https://kipu{number}.example/page"),
        title: None,
        start: Some(number * 3),
        end: Some(number * 3 + 3),
        cited: true,
    };
    (0..100).map(source).collect()
});

static OWNERS: LazyLock<Owners> = LazyLock::new(|| {
    let own = ["kipu1.example".to_owned()];
    Owners::new([("Kipu", true, &own[..])])
});

fn analyze(text: &str, language: Option<&str>) {
    DETECTOR.analyze(text, &[text], language);
}

pub(crate) const READERS: &[Reader] = &[
    Reader {
        name: "detector, in English",
        bytes: 4_000,
        read: |text| analyze(text, Some("en")),
    },
    Reader {
        name: "detector, in Spanish",
        bytes: 4_000,
        read: |text| analyze(text, Some("es")),
    },
    Reader {
        name: "names beside",
        bytes: 4_000,
        read: |text| drop(DETECTOR.names_beside(&0, text, text)),
    },
    Reader {
        name: "sources",
        bytes: 16_000,
        read: |text| drop(read_sources(text, &SOURCES, &OWNERS)),
    },
    Reader {
        name: "address",
        bytes: 16_000,
        read: |text| drop(page(text, Some(text))),
    },
    Reader {
        name: "layout",
        bytes: 4_000,
        read: |text| drop(layout(text)),
    },
    Reader {
        name: "folding",
        bytes: 16_000,
        read: |text| drop(fold(text)),
    },
];
