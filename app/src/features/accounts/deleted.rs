//! Projects that were deleted and can be restored.

use leptos::prelude::*;

use super::action_table::{ActionRow, action_table};
use crate::api;
use crate::model::project::DeletedProject;
use crate::texts::{Text, projects};
use crate::ui::{Card, ErrorSummary, Remote, Submission, Words, fill, format, toast};

const HEADS: [Text; 3] = [projects::NAME, projects::DELETED_ON, projects::ERASED_ON];

/// A list to restore from; nothing where nothing was deleted.
#[component]
pub(super) fn RecentlyDeleted() -> impl IntoView {
    let list = Remote::new(api::projects::deleted_projects);
    let form = Submission::new();
    let restore = Callback::new(move |project: DeletedProject| {
        form.run(api::projects::restore_project(project.id), move |()| {
            toast::success(projects::RESTORED);
            list.reload();
        });
    });
    move || {
        let deleted = list.value().filter(|deleted| !deleted.is_empty())?;
        let rows = deleted.into_iter().map(|project| row(project, restore));
        let table = action_table(
            projects::DELETED_TITLE,
            &HEADS,
            projects::RESTORE,
            rows.collect(),
        );
        Some(view! {
            <Card title=projects::DELETED_TITLE lead=projects::DELETED_LEAD>
                <ErrorSummary form />
                {table}
            </Card>
        })
    }
}

fn row(project: DeletedProject, restore: Callback<DeletedProject>) -> ActionRow {
    let named = project.name.clone();
    let (deleted, erased) = (project.deleted_at, project.erased_from);
    ActionRow {
        title: project.name.clone().into(),
        cells: vec![
            Words::new(move || format::day(deleted)),
            Words::new(move || format::day(erased)),
        ],
        name: Words::new(move || fill(projects::RESTORE_NAME, &[("name", &named)])),
        on_press: Callback::new(move |()| restore.run(project.clone())),
    }
}
