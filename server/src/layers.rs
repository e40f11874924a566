//! The layers of the host know each other one way: each only those behind it, and some of these
//! only through what lies between.
//!
//! There are no exceptions. Whoever needs one writes it down here, with its reason.

use crate::source_reading::{RoomReader, Source, is_allowed_by_order, sources_of_rooms};

/// The modules of the host and the crates below them, from those that people and programs call to
/// those that know nobody.
const LAYERS: [&str; 30] = [
    "engine_tests",
    "cli",
    "bootstrap",
    "jobs",
    "http",
    "services",
    "mail",
    "wake_up",
    "worker_lock",
    "config",
    "auth",
    "store",
    "judge",
    "suggestions",
    "forecast",
    "prices",
    "engine",
    "providers",
    "calendar",
    "alias_lists",
    "analysis",
    "vault",
    "buckets",
    "runtime",
    "data_folder",
    "markup",
    "spreadsheet",
    "structured",
    "usd",
    "source_reading",
];

/// Those of them that are crates, which a path names without the root.
const CRATES: [&str; 4] = ["engine", "providers", "analysis", "runtime"];

/// What a layer does not know although it lies behind it, and why.
const CLOSED: [(&str, &str, &str); 7] = [
    ("jobs", "http", "a job has no request"),
    ("http", "store", "services say who may see a row"),
    ("http", "engine", "services start what is asked"),
    ("http", "providers", "services ask models, and pay"),
    ("http", "judge", "services choose judges"),
    ("http", "vault", "no key comes near a request"),
    ("http", "mail", "jobs send letters"),
];

fn reader() -> RoomReader {
    // No type is shared between layers.
    RoomReader::new("crate", "Nobody").with_crates(&CRATES)
}

fn may_know(layer: &str, other: &str) -> bool {
    let is_closed = CLOSED
        .iter()
        .any(|(from, to, _)| (*from, *to) == (layer, other));
    !is_closed && is_allowed_by_order(&LAYERS, layer, other)
}

#[test]
fn layers_know_only_those_behind_them() {
    let sources = sources_of_rooms("");
    for source in &sources {
        let layer = source.room.as_str();
        let has_a_place = layer.is_empty() || layer == "layers" || LAYERS.contains(&layer);
        assert!(has_a_place, "{} is in no layer", source.file);
    }
    for layer in ["cli", "jobs", "http", "services", "store"] {
        let count = sources.iter().filter(|source| source.room == layer).count();
        assert!(count > 10, "{layer} is not read");
    }
    assert_eq!(
        reader().wrong_edges(&sources, may_know),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_against_the_layers_is_found() {
    let sample = [
        ("http/rest/a.rs", "use crate::services::Services;"),
        ("http/b.rs", "use crate::{auth::Caller, store::Store};"),
        ("jobs/c.rs", "use crate::services::schedule::DueWork;"),
        ("jobs/d.rs", "use crate::http::router;"),
        ("services/runs/e.rs", "fn f() { crate::jobs::g() }"),
        ("services/f.rs", "use crate::store::Store; // crate::http"),
        ("store/g.rs", "use crate::services::ServiceError;"),
        ("vault.rs", "use super::config::Config;"),
        ("http/h.rs", "use engine::Calls;"),
        (
            "http/i.rs",
            "use crate::config::providers::Keys; fn f() { tokio::runtime::g() }",
        ),
        (
            "calendar/j.rs",
            "fn f(ask: engine::Ask) { runtime::clock::now() }",
        ),
        ("lib.rs", "pub mod http; pub mod store;"),
    ];
    let sources: Vec<Source> = sample
        .iter()
        .map(|(file, text)| Source::new(file, text))
        .collect();
    assert_eq!(
        reader().wrong_edges(&sources, may_know),
        [
            "http/b.rs knows store",
            "jobs/d.rs knows http",
            "services/runs/e.rs knows jobs",
            "store/g.rs knows services",
            "vault.rs knows config",
            "http/h.rs knows engine",
            "calendar/j.rs knows engine",
        ]
    );
}
