//! All jobs of a workspace: when they fall due next, and what became of them last.

use leptos::prelude::*;

use super::state::outcome_text;
use crate::address::at;
use crate::api;
use crate::frame::head::Head;
use crate::model::account::Role;
use crate::model::schedule::{JobEntry, JobOutcome, JobView, ScheduleView};
use crate::texts::{common, nav, schedule};
use crate::ui::{
    AsyncView, Badge, Card, EmptyState, ErrorSummary, Glyph, Remote, RunBadge, SelectField,
    Submission, SubmitButton, TableFrame, Tone, locale, session, t, toast, when,
};
use crate::words::rhythm;

/// All jobs, and the time zone in which they fall due.
#[component]
pub fn SchedulePage() -> impl IntoView {
    let jobs = Remote::new(api::schedule::schedule);
    view! {
        <Head title=nav::SCHEDULE />
        <div class="page-stack">
            <AsyncView remote=jobs lines=6 let:known>
                {view! { <Jobs known jobs /> }.into_any()}
            </AsyncView>
        </div>
    }
}

#[component]
fn Jobs(known: ScheduleView, jobs: Remote<ScheduleView>) -> impl IntoView {
    let zone = session::may(Role::Owner).then(|| view! { <ZoneCard known=known.clone() jobs /> });
    let rows = known.jobs.iter().map(row).collect_view();
    let list = if known.jobs.is_empty() {
        view! {
            <EmptyState
                glyph=Glyph::Clock
                title=schedule::NO_PROJECTS
                message=schedule::NO_PROJECTS_HINT
            />
        }
        .into_any()
    } else {
        view! {
            <TableFrame caption=schedule::JOBS class="is-cards jobs">
                <thead>
                    <tr>
                        <th scope="col">{t(schedule::JOB)}</th>
                        <th scope="col">{t(schedule::WHEN)}</th>
                        <th scope="col">{t(schedule::NEXT)}</th>
                        <th scope="col">{t(schedule::LAST)}</th>
                        <th scope="col">{t(schedule::OUTCOME)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        }
        .into_any()
    };
    view! {
        <Card title=schedule::JOBS lead=schedule::JOBS_LEAD>
            {list}
        </Card>
        {zone}
    }
}

/// The job's name.
pub(super) fn name_of(job: &JobEntry) -> String {
    match &job.project {
        Some((_, name)) => name.clone(),
        None => schedule::MODELS_JOB.get(locale::language()).to_owned(),
    }
}

/// The rhythm in words.
pub(super) fn rhythm_of(expression: &str) -> String {
    rhythm::said(locale::language(), expression)
}

fn row(job: &JobEntry) -> impl IntoView + use<> {
    let name = name_of(job);
    let href = match &job.project {
        Some((id, _)) => format!("/schedule/{id}"),
        None => "/schedule/models".to_owned(),
    };
    let never = || t(schedule::NEVER).into_any();
    let next = match job.next_at {
        Some(next) => when(next),
        None if job.schedule.is_empty() => never(),
        None => t(common::PAUSED).into_any(),
    };
    let last = job.last.first();
    let last_at = last.map_or_else(never, |last| when(last.started_at));
    view! {
        <tr>
            <th scope="row">
                <a class="link" href=at(&href)>
                    {name}
                </a>
            </th>
            <td data-label=t(schedule::WHEN)>{rhythm_of(&job.schedule)}</td>
            <td data-label=t(schedule::NEXT)>{next}</td>
            <td data-label=t(schedule::LAST)>{last_at}</td>
            <td data-label=t(schedule::OUTCOME)>
                {last.map_or_else(never, outcome_badge)}
            </td>
        </tr>
    }
}

/// What became of a job: of a run that was started, how that is getting on.
pub(super) fn outcome_badge(job: &JobView) -> AnyView {
    if let Some((_, status)) = job.run {
        return view! { <RunBadge status /> }.into_any();
    }
    let (tone, glyph) = match job.outcome {
        JobOutcome::Done => (Tone::Good, Glyph::Check),
        JobOutcome::Running => (Tone::Info, Glyph::Clock),
        JobOutcome::Failed | JobOutcome::NoKey => (Tone::Danger, Glyph::Warning),
        _ => (Tone::Warning, Glyph::Warning),
    };
    view! { <Badge label=outcome_text(job.outcome) tone glyph /> }.into_any()
}

#[component]
fn ZoneCard(known: ScheduleView, jobs: Remote<ScheduleView>) -> impl IntoView {
    let form = Submission::new();
    let zone = RwSignal::new(known.time_zone.clone());
    let mut zones = known.time_zones;
    if !zones.contains(&known.time_zone) {
        zones.insert(0, known.time_zone);
    }
    let zones: Vec<(String, String)> = zones
        .into_iter()
        .map(|name| (name.clone(), name.replace('_', " ")))
        .collect();
    let zones = Signal::stored(zones);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let call = api::schedule::save_time_zone(zone.get_untracked());
        form.run(call, move |known| {
            jobs.set(known);
            session::refresh();
            toast::success(schedule::ZONE_SAVED);
        });
    };
    view! {
        <Card title=schedule::ZONE lead=schedule::ZONE_LEAD>
            <form class="form" novalidate on:submit=submit>
                <ErrorSummary form />
                <SelectField
                    label=schedule::ZONE
                    value=zone
                    form
                    path="time_zone"
                    options=zones
                    hide_label=true
                />
                <p class="field-hint">{t(schedule::ZONE_EFFECT)}</p>
                <div class="form-actions">
                    <SubmitButton label=schedule::SAVE_ZONE form />
                </div>
            </form>
        </Card>
    }
}
