//! What a schedule outside of Parallax starts over HTTP.

mod check_models;
mod start_day;

use crate::support::{CRON_TOKEN, Caller, TestApp};

/// Who has the operator's token.
fn operator(app: &TestApp) -> Caller<'_> {
    app.nobody()
        .with("authorization", &format!("Bearer {CRON_TOKEN}"))
}
