//! The card that deletes a project, and the question before, in a part of the code of its own.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::frame::chosen_project;
use crate::model::ids::ProjectId;
use crate::texts::projects;
use crate::ui::locale::language_now;
use crate::ui::part::part;
use crate::ui::{Button, Card, ConfirmDialog, Look, Submission, Words, fill, toast};

part! {
    /// The card of a project with this id and name.
    form_more: pub fn delete_card((id, name): (ProjectId, String)) {
        view! { <DeleteCard id name /> }
    }
}

/// Takes a deletion back, and shows the project again.
fn restore(id: ProjectId, open: impl Fn(&str, NavigateOptions) + 'static) {
    spawn_local(async move {
        match api::projects::restore_project(id).await {
            Ok(()) => open(&format!("/projects/{id}"), NavigateOptions::default()),
            Err(error) => toast::error(&error),
        }
    });
}

#[component]
fn DeleteCard(id: ProjectId, name: String) -> impl IntoView {
    let asking = RwSignal::new(false);
    let form = Submission::new();
    let navigate = use_navigate();
    let delete = Callback::new(move |()| {
        let navigate = navigate.clone();
        let failed = Callback::new(move |()| {
            if let Some(error) = form.error() {
                toast::error(&error);
            }
        });
        form.run_or(
            api::projects::delete_project(id),
            move |()| {
                chosen_project::forget(id);
                let open = navigate.clone();
                let said = projects::DELETED.get(language_now()).to_owned();
                toast::undo(said, move || restore(id, open.clone()));
                navigate("/", NavigateOptions::default());
            },
            failed,
        );
    });
    let title = Words::new(move || fill(projects::DELETE_TITLE, &[("name", &name)]));
    view! {
        <div class="project-form danger-zone">
            <Card title=projects::DELETE lead=projects::DELETE_LEAD>
                <div class="form-actions">
                    <Button
                        label=projects::DELETE
                        look=Look::Danger
                        on_press=move |()| asking.set(true)
                        pending=Signal::derive(move || form.is_pending())
                    />
                </div>
            </Card>
        </div>
        <ConfirmDialog
            open=asking
            title
            message=projects::DELETE_LEAD
            confirm=projects::DELETE
            on_confirm=delete
        />
    }
}
