//! Adds a model that the registry does not have yet.

use leptos::prelude::*;

use super::state;
use crate::api;
use crate::model::provider::Provider;
use crate::model::registry::{ANSWER_TOKENS, ModelDraft};
use crate::texts::{common, registry};
use crate::ui::locale::language_now;
use crate::ui::{
    Button, Checkbox, Dialog, ErrorSummary, SelectField, Submission, SubmitButton, TextField, t,
    toast,
};

/// The window that asks for the new model.
#[component]
pub fn AddModel(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Called after the model was added.
    #[prop(into)]
    on_added: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open title=registry::ADD_MODEL>
            <AddModelForm open on_added />
        </Dialog>
    }
}

#[component]
fn AddModelForm(open: RwSignal<bool>, on_added: Callback<()>) -> impl IntoView {
    let form = Submission::new();
    let provider = RwSignal::new(Provider::OpenAi.slug().to_owned());
    let model_id = RwSignal::new(String::new());
    let display_name = RwSignal::new(String::new());
    let web_search = RwSignal::new(false);
    let max_tokens = RwSignal::new(ANSWER_TOKENS.to_string());
    let providers: Vec<(String, String)> = Provider::ALL
        .iter()
        .map(|provider| (provider.slug().to_owned(), provider.label().to_owned()))
        .collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(provider) = provider.get_untracked().parse() else {
            return;
        };
        let limit = match state::answer_limit(language_now(), &max_tokens.get_untracked()) {
            Ok(limit) => limit,
            Err(wrong) => return form.refuse(vec![wrong]),
        };
        let draft = ModelDraft {
            provider,
            model_id: model_id.get_untracked(),
            display_name: display_name.get_untracked(),
            web_search: web_search.get_untracked(),
            max_tokens: limit,
        };
        form.run(api::registry::add_model(draft), move |_| {
            toast::success(registry::ADDED);
            open.set(false);
            on_added.run(());
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <p class="muted">{t(registry::ADD_LEAD)}</p>
            <ErrorSummary form />
            <SelectField
                label=registry::PROVIDER
                value=provider
                form
                path="provider"
                options=providers
            />
            <TextField
                label=registry::MODEL_ID
                value=model_id
                form
                path="model_id"
                hint=registry::MODEL_ID_HINT
                required=true
            />
            <TextField
                label=registry::DISPLAY_NAME
                value=display_name
                form
                path="display_name"
                hint=registry::DISPLAY_NAME_HINT
            />
            <TextField
                label=registry::MAX_TOKENS
                value=max_tokens
                form
                path="max_tokens"
                input_mode="numeric"
                hint=registry::MAX_TOKENS_HINT
            />
            <Checkbox label=registry::MAY_SEARCH value=web_search />
            <footer class="dialog-actions">
                <Button label=common::CANCEL on_press=move |()| open.set(false) />
                <SubmitButton label=registry::ADD_MODEL form />
            </footer>
        </form>
    }
}
