//! What stands below the chart, in a part of the code of its own: nobody waits for it to see the
//! first screen.

use leptos::prelude::*;

use super::models::model_table;
use super::prompts::by_prompt;
use crate::frame::scope::Scope;
use crate::ui::part::part;

part! {
    /// The numbers of each model, and the questions by model once the chart stands.
    beneath: pub fn models_and_questions((scope, stands): (Scope, RwSignal<bool>)) {
        (model_table(scope), by_prompt(scope, stands))
    }
}
