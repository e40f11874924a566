//! What stands below the chart, in a part of the code of its own: nobody waits for it to see the
//! first screen.

use super::models::model_table;
use super::prompts::by_prompt;
use crate::frame::scope::Scope;
use crate::ui::part::part;

part! {
    /// The numbers of each model, and the questions by model.
    beneath: pub fn models_and_questions(scope: Scope) {
        (model_table(scope), by_prompt(scope))
    }
}
