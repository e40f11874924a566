//! One job: every time it fell due, what became of it, and what it said.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::page::{name_of, outcome_badge, rhythm_of};
use crate::address::at;
use crate::api;
use crate::api::error::{ApiError, ErrorCode};
use crate::frame::head::Head;
use crate::model::ids::ProjectId;
use crate::model::schedule::{JobEntry, JobView};
use crate::texts::{errors, nav, schedule};
use crate::ui::locale::language_now;
use crate::ui::{
    AsyncView, Card, EmptyState, Glyph, LinkButton, Look, Remote, TableFrame, Words, fill, format,
    t, when,
};

/// The page of one job.
#[component]
pub fn JobPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    let job = Remote::new(move || {
        let id = id.get();
        async move {
            if id == "models" {
                return api::schedule::job(None).await;
            }
            match id.parse::<ProjectId>() {
                Ok(project) => api::schedule::job(Some(project)).await,
                Err(_) => Err(ApiError::new(
                    ErrorCode::NotFound,
                    errors::NOT_FOUND.get(language_now()),
                )),
            }
        }
    });
    let title = Words::new(move || job.value().map(|job| title_of(&job)).unwrap_or_default());
    view! {
        <Head title up=(nav::SCHEDULE, "/schedule") />
        <div class="page-stack">
            <AsyncView remote=job lines=6 let:known>
                {view! { <Times job=known /> }.into_any()}
            </AsyncView>
        </div>
    }
}

fn title_of(job: &JobEntry) -> String {
    match &job.project {
        Some((_, name)) => fill(schedule::RUN_OF, &[("name", name)]),
        None => name_of(job),
    }
}

#[component]
fn Times(job: JobEntry) -> impl IntoView {
    let project = job.project.as_ref().map(|(id, _)| *id);
    let edit = project.map(|id| {
        view! {
            <LinkButton
                label=schedule::CHANGE_SCHEDULE
                href=format!("/projects/{id}/settings")
                look=Look::Quiet
            />
        }
    });
    let next = job
        .next_at
        .map(|next| fill(schedule::NEXT_TIMES, &[("times", &format::moment(next))]));
    let rows = job
        .last
        .iter()
        .map(|time| row(project, time))
        .collect_view();
    let list = if job.last.is_empty() {
        view! {
            <EmptyState glyph=Glyph::Clock title=schedule::NO_JOBS message=schedule::NO_JOBS_HINT />
        }
        .into_any()
    } else {
        view! {
            <TableFrame caption=schedule::TIMES class="is-cards jobs">
                <thead>
                    <tr>
                        <th scope="col">{t(schedule::DUE)}</th>
                        <th scope="col">{t(schedule::BEGAN)}</th>
                        <th scope="col">{t(schedule::OUTCOME)}</th>
                        <th scope="col">{t(schedule::LOG)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        }
        .into_any()
    };
    view! {
        <Card title=Words::new(move || rhythm_of(&job.schedule)) class="job">
            <p class="job-next">{next} {edit}</p>
            {list}
        </Card>
    }
}

fn row(project: Option<ProjectId>, time: &JobView) -> impl IntoView + use<> {
    let answers = project.zip(time.run).map(|(project, (run, _))| {
        view! {
            <a class="link" href=at(&format!("/projects/{project}/answers?run={run}"))>
                {t(schedule::SHOW_RUN)}
            </a>
        }
    });
    let lines = time
        .lines
        .iter()
        .map(|(at, is_warning, line)| {
            view! {
                <li class:is-warning=*is_warning>
                    <time>{format::time(*at)}</time>
                    " "
                    {line.clone()}
                </li>
            }
        })
        .collect_view();
    let said = if time.lines.is_empty() {
        t(schedule::NOTHING_SAID).into_any()
    } else {
        view! { <ul class="job-log">{lines}</ul> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{when(time.due_at)}</th>
            <td data-label=t(schedule::BEGAN)>{when(time.started_at)}</td>
            <td data-label=t(schedule::OUTCOME)>{outcome_badge(time)} " " {answers}</td>
            <td data-label=t(schedule::LOG)>{said}</td>
        </tr>
    }
}
