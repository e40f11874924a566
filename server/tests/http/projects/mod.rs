//! Projects: made, looked at, changed, removed and brought back.

mod change;
mod create;
mod deleted;
mod field_limits;
mod list;
mod list_deleted;
mod remove;
mod restore;
mod schedule;
mod show;

use serde_json::{Value, json};

/// A project as a program may send it, whose questions the templates make.
fn whole_project() -> Value {
    json!({
        "name": "Watch", "brand_name": "Kipu", "brand_domain": "https://www.kipu.example/", "brand_keywords": ["Kipu Suite"],
        "industry": "accounting software", "enabled_llms": ["openai"], "queries_per_llm": 5,
        "competitors": ["Acme", {"name": "Globex", "domain": "globex.example", "keywords": ["Globex Corp"]}],
        "language": "en", "country_code": "es", "unknown_field": [1, 2],
    })
}
