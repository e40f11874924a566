//! What the tests drive the host with.

mod app;
mod caller;
mod runs;
mod simulated;
mod sources;

pub(crate) use app::{Setup, TestApp, on_both_databases, with_postgres, with_sqlite};
pub(crate) use caller::{Caller, Reply, all_named, named};
pub(crate) use runs::{BilledRun, TaggedRun, tagged_queries};
pub(crate) use simulated::{Simulated, choose_judge};
pub(crate) use sources::sources;

use serde_json::{Value, json};

/// What opens the jobs to programs.
pub(crate) const CRON_TOKEN: &str = "the operator of this test";

/// A password that is long enough.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A project as REST takes it, with three questions to the simulator.
pub(crate) fn rest_project(name: &str) -> Value {
    json!({
        "name": name,
        "brand_name": "Kipu",
        "brand_domain": "kipu.example",
        "brand_keywords": ["Kipu Suite"],
        "industry": "accounting software",
        "enabled_llms": ["simulator"],
        "competitors": ["Acme", {"name": "Globex", "domain": "globex.example", "keywords": ["Globex Corp"]}],
        "language": "en",
        "country_code": "ES",
        "queries": [
            "Which accounting software is best for bakers?",
            "Name ten accounting tools and rank them.",
            "Is Kipu better than Acme for freelancers?",
        ],
    })
}

/// The names of an object's fields, sorted.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// Sorted, for comparison with [`keys`].
pub(crate) fn sorted<const N: usize>(mut names: [&str; N]) -> Vec<&str> {
    names.sort_unstable();
    names.to_vec()
}
