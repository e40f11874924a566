//! What is logged, and how: lines for people, or JSON in production.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Environment;

/// Everything of ours from info on; of the database only what is wrong, because its statements
/// hold prompts and answers.
const DEFAULT_FILTER: &str = "info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn";

/// Starts logging to standard error. `RUST_LOG` takes the place of the default filter.
pub fn start(environment: Environment) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match environment {
        Environment::Production => builder.json().flatten_event(true).init(),
        Environment::Development => builder.compact().init(),
    }
}
