//! What workspaces may spend on the operator's keys: admins set it, and nobody else.

mod list;
mod set;

use serde_json::{Value, json};

/// What Leo's workspace may spend.
fn ceiling_of_leo() -> Value {
    json!({"email": "leo@example.com", "monthly_ceiling_usd": "2.50"})
}
