//! Pauses a project and resumes it.

use leptos::task::spawn_local;

use super::scope::Scope;
use crate::api;
use crate::api::error::ApiError;
use crate::model::ids::ProjectId;
use crate::model::project::{ProjectDraft, ProjectView};
use crate::texts::nav;
use crate::ui::locale::fill_now;
use crate::ui::toast;

/// Pauses the project or resumes it, and says so with a way back.
pub fn switch(scope: Scope, is_active: bool) {
    spawn_local(async move {
        match switched(scope.project_id, is_active).await {
            Ok(project) => {
                let text = if is_active {
                    nav::PROJECT_RESUMED
                } else {
                    nav::PROJECT_PAUSED
                };
                let message = fill_now(text, &[("name", &project.record.name)]);
                scope.project.set(project);
                toast::undo(message, move || switch(scope, !is_active));
            }
            Err(error) => toast::error(&error),
        }
    });
}

/// Of the project as the host has it: what the page knows may be old, and is not to be stored.
async fn switched(id: ProjectId, is_active: bool) -> Result<ProjectView, ApiError> {
    let stored = api::projects::project(id).await?;
    let draft = ProjectDraft {
        is_active,
        ..stored.record.draft()
    };
    api::projects::update_project(id, draft).await
}
