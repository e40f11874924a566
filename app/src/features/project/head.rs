//! The heading of the project page: what it is, what can be done.

use leptos::prelude::*;

use crate::features::runs::StartRun;
use crate::features::runs::live::Live;
use crate::frame::left_out::LeftOut;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::model::account::Role;
use crate::texts::{dashboard as texts, home, nav};
use crate::ui::layout::Crumb;
use crate::ui::{
    Badge, Glyph, LinkButton, PageHeader, Pill, RunBadge, Simulated, Tone, Words, fill, session,
};

/// The heading of the project page.
#[component]
pub(super) fn Head(scope: Scope, live: Live) -> impl IntoView {
    let project = Memo::new(move |_| scope.project.value());
    let name = Words::new(move || {
        project.with(|project| {
            project
                .as_ref()
                .map(|known| known.record.name.clone())
                .unwrap_or_default()
        })
    });
    let lead = Words::new(move || {
        project.with(|project| {
            let Some(project) = project else {
                return String::new();
            };
            let record = &project.record;
            let brand = record
                .brand()
                .map(|brand| brand.name.clone())
                .unwrap_or_default();
            let rivals = record.entities.len().saturating_sub(1);
            let questions = project
                .prompts
                .iter()
                .filter(|prompt| prompt.is_active)
                .count();
            fill(
                texts::LEAD,
                &[
                    ("brand", &brand),
                    ("rivals", &rivals),
                    ("questions", &questions),
                    ("models", &record.model_ids.len()),
                ],
            )
        })
    });
    let is_simulated = Memo::new(move |_| {
        scope
            .dashboard
            .value()
            .is_some_and(|numbers| numbers.simulated)
    });
    let left_out = Signal::derive(move || {
        let numbers = scope.dashboard.value();
        numbers.map(|numbers| numbers.left_out).unwrap_or_default()
    });
    let is_demo = Memo::new(move |_| {
        project.with(|project| project.as_ref().is_some_and(|known| known.record.is_demo))
    });
    // These two have numbers of their own, and say so beside them.
    let says_so =
        Memo::new(move |_| !matches!(scope.query.get().tab, Tab::Comparison | Tab::Sources));
    let is_paused = Memo::new(move |_| {
        project.with(|project| {
            project
                .as_ref()
                .is_some_and(|known| !known.record.is_active)
        })
    });
    let last_run = Memo::new(move |_| live.run().or_else(|| project.get()?.last_run));
    let edit = format!("/projects/{}/edit", scope.project_id);
    let crumbs = vec![Crumb::new(nav::PROJECTS, "/".to_owned())];
    view! {
        <PageHeader title=name lead crumbs>
            <div class="project-badges">
                <Show when=move || is_demo.get()>
                    <Pill label=home::DEMO tone=Tone::Warning />
                </Show>
                <Show when=move || is_simulated.get() && !is_demo.get()>
                    <Simulated />
                </Show>
                <Show when=move || says_so.get()>
                    <LeftOut scope models=left_out />
                </Show>
                <Show when=move || is_paused.get() && !is_demo.get()>
                    <Badge label=texts::PAUSED tone=Tone::Warning />
                </Show>
                {move || {
                    let run = last_run.get()?;
                    let at = run.finished_at.unwrap_or(run.created_at);
                    Some(view! { <RunBadge status=run.status at /> })
                }}
            </div>
            <Show when=|| session::may(Role::Editor)>
                <LinkButton label=texts::EDIT href=edit.clone() glyph=Glyph::Edit />
                <Show when=move || !is_demo.get()>
                    <StartRun scope live />
                </Show>
            </Show>
        </PageHeader>
    }
}
