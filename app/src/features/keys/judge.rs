//! The model that judges answers: none, or one of those that could, each with its cost.

use leptos::prelude::*;

use crate::api;
use crate::model::ids::ModelId;
use crate::model::judge::{JudgeChoice, JudgeView};
use crate::texts::{common, keys};
use crate::ui::{
    AsyncView, Card, Remote, SelectField, Submission, Words, fill, format, locale, t, toast,
};
use crate::words::accuracy;

/// Who judges, and what that costs.
#[component]
pub fn JudgeCard(
    /// Who judges.
    judge: Remote<JudgeView>,
    /// Whether the user may change it.
    is_owner: Signal<bool>,
) -> impl IntoView {
    view! {
        <Card title=keys::JUDGE lead=Words::new(|| accuracy::fill(keys::JUDGE_LEAD, locale::language()))>
            <AsyncView remote=judge lines=2 let:stored>
                {contents(&stored, judge, is_owner).into_any()}
            </AsyncView>
        </Card>
    }
}

fn contents(
    stored: &JudgeView,
    remote: Remote<JudgeView>,
    is_owner: Signal<bool>,
) -> impl IntoView + use<> {
    let form = Submission::new();
    let chosen = stored.model_id.map(|id| id.to_string()).unwrap_or_default();
    let value = RwSignal::new(chosen.clone());
    let proposal = stored
        .proposed()
        .filter(|_| stored.model_id.is_none())
        .map(|choice| named(choice, keys::JUDGE_PROPOSAL));
    let present = stored.chosen().map_or_else(
        || t(keys::JUDGE_NONE_NOW)().to_owned(),
        |choice| named(choice, keys::JUDGE_NOW),
    );
    let mut options = vec![(String::new(), t(keys::JUDGE_NONE)().to_owned())];
    options.extend(stored.choices.iter().map(|choice| {
        let words = named(choice, keys::JUDGE_OPTION);
        (choice.model_id.to_string(), words)
    }));
    Effect::new(move |_| {
        let wanted = value.get();
        if wanted != chosen {
            let model: Option<ModelId> = wanted.parse().ok();
            form.run(api::keys::save_judge(model), move |stored| {
                toast::success(common::SAVED);
                remote.set(stored);
            });
        }
    });
    let options = Signal::stored(options);
    view! {
        <p>{present}</p>
        {proposal.map(|proposal| view! { <p class="field-hint">{proposal}</p> })}
        <Show when=move || is_owner.get()>
            <SelectField label=keys::JUDGE_MODEL value form path="model_id" options />
        </Show>
    }
}

/// A text about a model and its cost for 1,000 answers.
fn named(choice: &JudgeChoice, text: crate::texts::Text) -> String {
    let cost = choice
        .per_thousand
        .map_or_else(|| "–".to_owned(), format::money);
    fill(text, &[("name", &choice.name), ("cost", &cost)])
}
