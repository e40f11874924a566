//! The lower half of a project's form, in a part of the code of its own: which models are asked, how
//! often and for how much, and when.

use leptos::prelude::*;

use super::form::ProjectForm;
use super::models::ModelChoice;
use super::schedule::{NextTimes, ScheduleCard};
use crate::model::registry::ModelView;
use crate::model::spend::AskCost;
use crate::texts::projects;
use crate::ui::part::part;
use crate::ui::{Card, Remote, TextField, format};

/// What is typed, and what is known of it: the models to choose from, what each costs, and when runs
/// would begin.
type Below = (ProjectForm, Remote<Vec<ModelView>>, Remote<Vec<AskCost>>, NextTimes);

part! {
    /// The models with their budget, and the schedule.
    form_more: pub fn models_and_schedule((fields, models, costs, times): Below) {
        view! {
            <ModelCard fields models costs />
            <ScheduleCard form=fields.form fields=fields.schedule times />
        }
    }
}

#[component]
fn ModelCard(
    fields: ProjectForm,
    models: Remote<Vec<ModelView>>,
    costs: Remote<Vec<AskCost>>,
) -> impl IntoView {
    let form = fields.form;
    view! {
        <Card title=projects::MODELS lead=projects::MODELS_LEAD>
            <ModelChoice form models chosen=fields.model_ids questions=fields.prompts repeats=fields.repeats costs />
            <div class="form-row">
                <TextField
                    label=projects::REPEATS
                    value=fields.repeats
                    form
                    path="repeats"
                    input_mode="numeric"
                    // As often as where nothing is typed.
                    placeholder=format::whole(1)
                    hint=projects::REPEATS_HINT
                />
                <TextField
                    label=projects::MONTHLY_BUDGET
                    value=fields.monthly_budget
                    form
                    path="monthly_budget"
                    prefix="$"
                    input_mode="decimal"
                    hint=projects::MONTHLY_BUDGET_HINT
                />
            </div>
        </Card>
    }
}
