//! The first page: the projects, or how to begin.

pub mod project_card;

use leptos::prelude::*;

use crate::api;
use crate::frame::head::Head;
use crate::model::account::Role;
use crate::model::project::ProjectSummary;
use crate::texts::{Text, nav, projects};
use crate::ui::icon::Mark;
use crate::ui::{AsyncView, Glyph, LinkButton, Look, Remote, session, t};
use project_card::ProjectCard;

/// The projects of the workspace.
#[component]
pub fn HomePage() -> impl IntoView {
    let list = Remote::new(api::projects::list_projects);
    let has_some = move || list.value().is_some_and(|projects| !projects.is_empty());
    view! {
        <Head title=nav::PROJECTS>
            <Show when=move || has_some() && session::may(Role::Editor)>
                <LinkButton
                    label=projects::NEW
                    href="/projects/new"
                    look=Look::Primary
                    glyph=Glyph::Plus
                />
            </Show>
        </Head>
        <AsyncView remote=list lines=6 let:summaries>
            {if summaries.is_empty() {
                view! { <Beginning /> }.into_any()
            } else {
                cards(summaries)
            }}
        </AsyncView>
    }
}

fn cards(summaries: Vec<ProjectSummary>) -> AnyView {
    let cards = summaries
        .into_iter()
        .map(|project| view! { <ProjectCard project /> })
        .collect_view();
    view! { <ul class="project-cards">{cards}</ul> }.into_any()
}

/// How to begin, in a workspace without projects.
#[component]
fn Beginning() -> impl IntoView {
    let step = |title: Text, text: Text| {
        view! {
            <li>
                <h3>{t(title)}</h3>
                <p>{t(text)}</p>
            </li>
        }
    };
    view! {
        <section class="beginning card" aria-labelledby="beginning">
            <Mark />
            <h2 id="beginning">{t(projects::FIRST_TITLE)}</h2>
            <p class="beginning-lead">{t(projects::FIRST_MESSAGE)}</p>
            <Show when=|| session::may(Role::Editor)>
                <LinkButton
                    label=projects::FIRST_TITLE
                    href="/projects/new"
                    look=Look::Primary
                    glyph=Glyph::Plus
                />
            </Show>
            <ol class="beginning-steps">
                {step(projects::FIRST_STEP_1, projects::FIRST_STEP_1_TEXT)}
                {step(projects::FIRST_STEP_2, projects::FIRST_STEP_2_TEXT)}
                {step(projects::FIRST_STEP_3, projects::FIRST_STEP_3_TEXT)}
            </ol>
        </section>
    }
}
