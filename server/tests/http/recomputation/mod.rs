//! What past answers would have cost at the prices of the book.

mod book;
mod show;

use crate::models::current_model;
use crate::support::Caller;

/// Where the past of OpenAI's current model is computed again, in a half year without answers.
async fn past_of_a_model(api: &Caller<'_>) -> String {
    let model = current_model(api, "openai").await;
    format!("/models/{model}/recompute?start_date=2026-01-01&end_date=2026-06-30")
}
