//! Making and changing a project.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::delete;
use super::form::{ProjectForm, ProjectSections};
use super::state;
use super::stop::{StopQuestion, stop_question};
use crate::api;
use crate::frame::head::Head;
use crate::frame::scope::Scope;
use crate::model::project::{ProjectDraft, ProjectView};
use crate::model::registry::ModelView;
use crate::model::schedule::DAILY;
use crate::model::spend::AskCost;
use crate::texts::projects;
use crate::ui::locale::language_now;
use crate::ui::part::there_shaped;
use crate::ui::{
    AsyncView, LinkButton, Look, Remote, Shape, SubmitButton, UnsavedBar, toast, unsaved,
};
use crate::validate::QUESTION_LANGUAGES;

/// Makes a project.
#[component]
pub fn NewProjectPage() -> impl IntoView {
    let models = Remote::new(api::registry::list_models);
    let costs = Remote::new(|| api::spend::ask_costs(None));
    let code = language_now().code();
    let language = if QUESTION_LANGUAGES.contains(&code) {
        code
    } else {
        "en"
    };
    let fields = ProjectForm::new(&ProjectDraft {
        language: language.to_owned(),
        schedule: DAILY.to_owned(),
        is_active: true,
        ..ProjectDraft::default()
    });
    Effect::new(move |_| {
        if let Some(models) = models.value() {
            fields.propose_models(&models);
        }
    });
    // The proposed models come by themselves.
    let typed = move || ProjectDraft {
        model_ids: Vec::new(),
        ..fields.draft()
    };
    let begun = StoredValue::new(untrack(typed));
    unsaved::guard(Signal::derive(move || {
        begun.with_value(|begun| typed() != *begun)
    }));
    let navigate = use_navigate();
    let save = Callback::new(move |draft: ProjectDraft| {
        let navigate = navigate.clone();
        fields
            .form
            .run(api::projects::create_project(draft), move |id| {
                toast::success(projects::CREATED);
                navigate(&format!("/projects/{id}"), NavigateOptions::default());
            });
    });
    let question = StopQuestion::new(save);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match fields.checked(None) {
            Ok(draft) if state::stops_all(None, &draft) => question.ask(draft),
            Ok(draft) => save.run(draft),
            Err(wrong) => fields.form.refuse(wrong),
        }
    };
    view! {
        <Head title=projects::NEW />
        <form class="page-stack project-form" novalidate on:submit=submit>
            <ProjectSections fields models costs />
            <div class="form-actions">
                <SubmitButton label=projects::CREATE form=fields.form />
                <LinkButton label=crate::texts::common::CANCEL href="/" look=Look::Quiet />
            </div>
        </form>
        {stop_question(question)}
    }
}

/// Changes a project.
#[component]
pub fn EditProjectPage(
    /// The project.
    scope: Scope,
) -> impl IntoView {
    // Apart from what the frame has: that is fetched anew after a run, and what is typed would be
    // lost.
    let project = Remote::new(move || api::projects::project(scope.project_id));
    let models = Remote::new(api::registry::list_models);
    let costs = Remote::new(move || api::spend::ask_costs(Some(scope.project_id)));
    view! {
        <AsyncView remote=project lines=8 let:stored>
            {view! { <EditForm stored project models costs scope /> }.into_any()}
        </AsyncView>
    }
}

#[component]
fn EditForm(
    stored: ProjectView,
    project: Remote<ProjectView>,
    models: Remote<Vec<ModelView>>,
    costs: Remote<Vec<AskCost>>,
    scope: Scope,
) -> impl IntoView {
    let id = stored.record.id;
    let stored_draft = StoredValue::new(state::draft_of(&stored));
    let fields = ProjectForm::new(&state::draft_of(&stored));
    let dirty = Memo::new(move |_| stored_draft.with_value(|stored| fields.draft() != *stored));
    // The head resumes a project too: what the form has of before would pause it again.
    Effect::new(move |before: Option<Option<bool>>| {
        let now = scope
            .project
            .value()
            .map(|project| project.record.is_active);
        if let (Some(Some(before)), Some(now)) = (before, now)
            && before != now
        {
            stored_draft.update_value(|stored| stored.is_active = now);
            fields.set_active(now);
        }
        now
    });
    let save = Callback::new(move |draft: ProjectDraft| {
        fields
            .form
            .run(api::projects::update_project(id, draft), move |stored| {
                toast::success(projects::SAVED);
                scope.project.set(stored.clone());
                // What may be said of its own budget may be another thing now.
                scope.budget.reload();
                project.set(stored);
            });
    });
    let question = StopQuestion::new(save);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let stops = |draft: &ProjectDraft| {
            stored_draft.with_value(|stored| state::stops_all(Some(stored), draft))
        };
        match stored_draft.with_value(|stored| fields.checked(Some(stored))) {
            Ok(draft) if stops(&draft) => question.ask(draft),
            Ok(draft) => save.run(draft),
            Err(wrong) => fields.form.refuse(wrong),
        }
    };
    let discard = move |()| stored_draft.with_value(|stored| fields.fill(stored));
    view! {
        <form class="page-stack project-form" novalidate on:submit=submit>
            <ProjectSections fields models costs project_id=id />
            <UnsavedBar dirty form=fields.form on_discard=discard />
        </form>
        {stop_question(question)}
        {there_shaped(delete::delete_card, (id, stored.record.name), &[Shape::Rows(2)])}
    }
}
