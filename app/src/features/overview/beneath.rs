//! What stands beside and below the chart, in a part of the code of its own: nobody waits for it to
//! see the first figures.

use leptos::prelude::*;

use super::models::model_table;
use super::named::named;
use super::prompts::by_prompt;
use crate::frame::scope::Scope;
use crate::ui::part::part;

part! {
    /// Who is named how often, and what to work on.
    beneath: pub fn brands_and_gaps(scope: Scope) {
        named(scope)
    }
}

part! {
    /// The numbers of each model, and the questions by model once the chart stands.
    beneath: pub fn models_and_questions((scope, stands): (Scope, RwSignal<bool>)) {
        (model_table(scope), by_prompt(scope, stands))
    }
}
