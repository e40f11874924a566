//! Everything that is known about speaking to providers.
//!
//! Invariant: knows nothing of runs, lanes, budgets or the database.

pub mod adapter;
pub mod anthropic;
mod citations;
pub mod client;
mod code_spans;
mod effort;
mod ends;
mod error_rules;
mod errors;
pub mod gemini;
mod http_request;
mod json;
mod json_repair;
mod locale;
mod markers;
pub mod models;
pub mod openai_chat;
pub mod openai_responses;
pub mod perplexity;
mod prose;
mod queries;
mod rate;
pub mod reach;
mod redaction;
mod resolver;
mod retry;
pub mod simulator;
pub mod sonar;
mod thoughts;
mod types;
mod wire;

pub use client::{ClientOptions, HttpProvider, Providers};
pub use ends::is_visible;
pub use http_request::HttpRequest;
pub use locale::{country_name, language_name};
pub use queries::search_queries_of;
pub use rate::{Allowance, RateLimits};
pub use reach::Reach;
pub use resolver::check_address;
pub use types::*;
pub use wire::BODY_LIMIT;
