//! The first page: three cards, the table of projects, or how to begin.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::cards::cards;
use super::table::{Table, projects_table, views};
use crate::api;
use crate::frame::head::Head;
use crate::model::account::Role;
use crate::model::home::HomeView;
use crate::texts::{Text, home as texts, nav, projects};
use crate::ui::icon::Mark;
use crate::ui::{AsyncView, Button, Glyph, LinkButton, Look, Remote, locale, session, t, toast};

/// The projects of the workspace, or how to begin.
#[component]
pub fn HomePage() -> impl IntoView {
    let shown = Remote::new(|| {
        // What needs somebody is said by the host.
        locale::language();
        api::home::home()
    });
    let table = Table::new(shown);
    let has_some = move || shown.value().is_some_and(|home| !home.projects.is_empty());
    view! {
        <Head title=nav::PROJECTS>
            <Show when=has_some>{views(table)}</Show>
            <Show when=move || has_some() && session::may(Role::Editor)>
                {new_project()}
            </Show>
        </Head>
        <AsyncView remote=shown lines=8 let:home>
            {if home.projects.is_empty() { beginning() } else { all(&home, table) }}
        </AsyncView>
    }
}

fn new_project() -> AnyView {
    view! {
        <LinkButton
            label=projects::NEW
            href="/projects/new"
            look=Look::Primary
            glyph=Glyph::Plus
        />
    }
    .into_any()
}

fn all(home: &HomeView, table: Table) -> AnyView {
    view! {
        {cards(home)}
        {projects_table(table)}
    }
    .into_any()
}

/// How to begin, in a workspace without projects.
fn beginning() -> AnyView {
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
                <div class="beginning-actions">{new_project()} {look_at_demo()}</div>
            </Show>
            <ol class="beginning-steps">
                {step(projects::FIRST_STEP_1, projects::FIRST_STEP_1_TEXT)}
                {step(projects::FIRST_STEP_2, projects::FIRST_STEP_2_TEXT)}
                {step(projects::FIRST_STEP_3, projects::FIRST_STEP_3_TEXT)}
            </ol>
        </section>
    }
    .into_any()
}

/// Makes the demonstration, and shows it.
fn look_at_demo() -> AnyView {
    let is_making = RwSignal::new(false);
    let navigate = use_navigate();
    let show = Callback::new(move |address: String| {
        navigate(&address, NavigateOptions::default());
    });
    let look = move |()| {
        is_making.set(true);
        spawn_local(async move {
            let made = api::home::make_demo().await;
            // Whoever has left meanwhile is not called back.
            if is_making.try_set(false).is_some() {
                return;
            }
            match made {
                Ok(project) => show.run(format!("/projects/{project}")),
                Err(error) => toast::error(&error),
            }
        });
    };
    view! { <Button label=texts::DEMO_LOOK glyph=Glyph::Flask pending=is_making on_press=look /> }
        .into_any()
}
