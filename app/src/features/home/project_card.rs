//! A project in the list.

use leptos::prelude::*;

use crate::address::at;
use crate::model::metrics::Ratio;
use crate::model::project::ProjectSummary;
use crate::model::provider::Provider;
use crate::model::run::{RunStatus, RunView};
use crate::texts::{Text, common, projects};
use crate::ui::locale::language;
use crate::ui::{Badge, Glyph, Icon, ProviderMark, Simulated, Tone, fill, format, t};

/// A project: its visibility, its last run, whom it asks.
#[component]
pub fn ProjectCard(
    /// The project.
    project: ProjectSummary,
) -> impl IntoView {
    let id = project.id;
    let brand = (project.brand_name != project.name).then_some(project.brand_name);
    let name = project.name.clone();
    let edit_name = move || fill(projects::CARD_EDIT, &[("name", &name)]);
    let is_simulated = project.providers.contains(&Provider::Simulator);
    let marks = project
        .providers
        .into_iter()
        .map(|provider| {
            view! {
                <li>
                    <ProviderMark provider />
                    <span class="visually-hidden">{provider.label()}</span>
                </li>
            }
        })
        .collect_view();
    let prompts = project.prompts;
    view! {
        <li class="card project-card">
            <div class="project-card-head">
                <div>
                    <h2>
                        <a href=at(&format!("/projects/{id}"))>{project.name}</a>
                    </h2>
                    {brand.map(|brand| view! { <p class="muted">{brand}</p> })}
                </div>
                <a class="icon-button" href=at(&format!("/projects/{id}/settings")) aria-label=edit_name>
                    <Icon glyph=Glyph::Edit />
                </a>
            </div>
            {visibility(project.visibility)}
            <ul class="project-card-providers">{marks}</ul>
            <footer class="project-card-foot">
                <span>
                    {move || fill(projects::CARD_PROMPTS, &[("count", &format::whole(prompts))])}
                </span>
                {last_run(project.last_run)}
                {(!project.is_active)
                    .then(|| view! { <Badge label=projects::PAUSED tone=Tone::Warning /> })}
                {is_simulated.then(|| view! { <Simulated /> })}
            </footer>
        </li>
    }
}

fn visibility(ratio: Ratio) -> impl IntoView {
    let (share, whole) = (ratio.value(), ratio.denominator);
    let number = move || match share {
        Some(share) => format::whole_percent(share),
        None => common::NO_DATA.get(language()).to_owned(),
    };
    view! {
        <div class="project-card-figure" class:is-empty=share.is_none()>
            <p class="project-card-label">{t(projects::CARD_VISIBILITY)}</p>
            <p>
                <strong>{number}</strong>
                {share
                    .map(|_| {
                        view! {
                            " "
                            <span class="muted">
                                {move || {
                                    fill(projects::CARD_ANSWERS, &[("count", &format::whole(whole))])
                                }}
                            </span>
                        }
                    })}
            </p>
        </div>
    }
}

fn last_run(run: Option<RunView>) -> AnyView {
    let Some(run) = run else {
        return view! { <span>{t(projects::CARD_NEVER)}</span> }.into_any();
    };
    let when = run.finished_at.unwrap_or(run.created_at);
    let (label, tone) = status_words(run.status);
    view! {
        <span>{move || fill(projects::CARD_LAST, &[("when", &format::moment(when))])}</span>
        {(run.status != RunStatus::Finished).then(|| view! { <Badge label tone /> })}
    }
    .into_any()
}

const fn status_words(status: RunStatus) -> (Text, Tone) {
    match status {
        RunStatus::Queued => (projects::STATUS_QUEUED, Tone::Info),
        RunStatus::Running => (projects::STATUS_RUNNING, Tone::Info),
        RunStatus::Finished => (projects::STATUS_FINISHED, Tone::Good),
        RunStatus::FinishedWithFailures => (projects::STATUS_FINISHED_WITH_FAILURES, Tone::Warning),
        RunStatus::OverBudget => (projects::STATUS_OVER_BUDGET, Tone::Danger),
        RunStatus::Cancelled => (projects::STATUS_CANCELLED, Tone::Neutral),
        RunStatus::Failed => (projects::STATUS_FAILED, Tone::Danger),
    }
}
