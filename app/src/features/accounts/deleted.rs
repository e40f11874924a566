//! Projects that were deleted and can be restored.

use leptos::prelude::*;

use crate::api;
use crate::model::project::DeletedProject;
use crate::texts::projects;
use crate::ui::{Button, Card, ErrorSummary, Look, Remote, Submission, Words, fill, format, toast};

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
        let rows = rows.collect_view();
        Some(view! {
            <Card title=projects::DELETED_TITLE>
                <ErrorSummary form />
                <ul>{rows}</ul>
            </Card>
        })
    }
}

fn row(project: DeletedProject, restore: Callback<DeletedProject>) -> AnyView {
    let (shown, named) = (project.name.clone(), project.name.clone());
    let name = Words::new(move || fill(projects::RESTORE_NAME, &[("name", &named)]));
    let until = project.erased_from;
    view! {
        <li>
            {shown} " "
            <span class="muted">
                {move || fill(projects::DELETED_UNTIL, &[("when", &format::day(until))])}
            </span>
            <Button
                label=projects::RESTORE
                name
                look=Look::Quiet
                on_press=move |()| restore.run(project.clone())
            />
        </li>
    }
    .into_any()
}
