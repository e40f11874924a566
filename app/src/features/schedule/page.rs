//! All jobs of a workspace: when they fall due next, and what became of them last.

use leptos::prelude::*;

use super::state::{LastTime, last_time, outcome_text, zone_meant, zone_shown};
use crate::address::at;
use crate::api;
use crate::frame::head::Head;
use crate::model::account::Role;
use crate::model::schedule::{JobEntry, JobOutcome, JobView, ScheduleView};
use crate::texts::{common, errors, nav, schedule};
use crate::ui::{
    AsyncView, Badge, Card, ChoiceField, EmptyState, ErrorSummary, Glyph, Remote, RunBadge,
    Submission, SubmitButton, TableFrame, Tone, browser, locale, session, t, toast, when,
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
    let (last_at, outcome) = match last_time(job) {
        Some(LastTime::Due(due)) => (when(due.started_at), outcome_badge(due)),
        Some(LastTime::Run(at, status)) => (when(at), view! { <RunBadge status /> }.into_any()),
        None => (never(), never()),
    };
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
            <td data-label=t(schedule::OUTCOME)>{outcome}</td>
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
    const PATH: &str = "time_zone";
    let form = Submission::new();
    let typed = RwSignal::new(zone_shown(&known.time_zone));
    let mut zones = known.time_zones;
    if !zones.contains(&known.time_zone) {
        zones.insert(0, known.time_zone);
    }
    let options: Vec<String> = zones.iter().map(|zone| zone_shown(zone)).collect();
    let zones = StoredValue::new(zones);
    let meant =
        move |typed: &str| zones.with_value(|zones| zone_meant(zones, typed).map(str::to_owned));
    let was_left = RwSignal::new(false);
    let error = Signal::derive(move || {
        let is_unknown = was_left.get() && typed.with(|typed| meant(typed).is_none());
        let unknown = || errors::TIME_ZONE.get(locale::language()).to_owned();
        form.error_of(PATH).or_else(|| is_unknown.then(unknown))
    });
    let on_input = Callback::new(move |text: String| {
        form.touch(PATH);
        typed.set(text);
    });
    let on_leave = Callback::new(move |()| {
        was_left.set(true);
        if let Some(zone) = typed.with_untracked(|typed| meant(typed)) {
            typed.set(zone_shown(&zone));
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_leave.run(());
        let Some(zone) = typed.with_untracked(|typed| meant(typed)) else {
            browser::focus_soon(form.id_of(PATH));
            return;
        };
        let call = api::schedule::save_time_zone(zone);
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
                <ChoiceField
                    id=form.id_of(PATH)
                    name=PATH
                    label=schedule::ZONE
                    value=typed
                    options
                    hint=schedule::ZONE_HINT
                    error
                    on_input
                    on_leave
                />
                <p class="field-hint">{t(schedule::ZONE_EFFECT)}</p>
                <div class="form-actions">
                    <SubmitButton label=schedule::SAVE_ZONE form />
                </div>
            </form>
        </Card>
    }
}
