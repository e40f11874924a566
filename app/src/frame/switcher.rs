//! The button that names the chosen project, and the list from which another is chosen.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, Node};

use super::chosen_project::chosen;
use super::last_project::LastProject;
use super::live_runs;
use super::project_pages::{address, shown_project};
use super::query::Tab;
use crate::address::at;
use crate::api;
use crate::letters;
use crate::model::account::Role;
use crate::model::project::ProjectSummary;
use crate::texts::{Text, nav, projects as texts};
use crate::ui::part::{part, there};
use crate::ui::{AsyncView, Glyph, Icon, Menu, Remote, fill, format, locale, session, t};

/// The button with the chosen project, and its list.
#[component]
pub(super) fn Switcher() -> impl IntoView {
    let last = Memo::new(|_| chosen());
    let name = move || {
        last.with(|last| match last {
            Some(last) => last.name.clone(),
            None => nav::CHOOSE_PROJECT.get(locale::language()).to_owned(),
        })
    };
    let share = Memo::new(move |_| {
        let project = last.with(|last| last.as_ref().map(|last| last.id));
        live_runs::share_of(project?)
    });
    let counts = move || last.with(|last| last.as_ref().map(counts_of));
    view! {
        <Menu
            class="switcher"
            trigger=move || {
                view! {
                    <span class="switcher-mark" aria-hidden="true">
                        {move || letters::initial(&name())}
                    </span>
                    <span class="switcher-words side-text">
                        <span class="switcher-name">{name}</span>
                        <span class="switcher-counts">{counts}</span>
                        <span class="visually-hidden">{t(nav::SWITCH_PROJECT)}</span>
                    </span>
                    <Icon glyph=Glyph::Choose />
                    {move || share.get().map(thread)}
                }
            }
        >
            {there(projects, ())}
        </Menu>
    }
}

/// How much of the chosen project's run is done.
fn thread(share: f64) -> AnyView {
    let width = format!("{:.1}%", share * 100.0);
    view! {
        <span class="run-thread" aria-hidden="true">
            <i style:inline-size=width></i>
        </span>
    }
    .into_any()
}

/// `56 questions · 5 models`.
fn counts_of(last: &LastProject) -> String {
    let language = locale::language();
    let counted = |count: usize, one: Text, many: Text| match count {
        1 => one.get(language).to_owned(),
        _ => fill(
            many,
            &[(
                "count",
                &format::whole(i64::try_from(count).unwrap_or(i64::MAX)),
            )],
        ),
    };
    let questions = counted(last.questions, nav::ONE_QUESTION, nav::QUESTIONS);
    let models = counted(last.models, nav::ONE_MODEL, nav::COUNT_MODELS);
    format!("{questions} · {models}")
}

part! {
    menus: fn projects((): ()) {
        view! { <Projects /> }
    }
}

/// The projects to choose from, by a part of their name. Choosing keeps page and period.
#[component]
fn Projects() -> impl IntoView {
    let list = Remote::new(api::projects::list_projects);
    let wanted = RwSignal::new(String::new());
    let panel = NodeRef::<html::Div>::new();
    let field = NodeRef::<html::Input>::new();
    // The list has come after the panel was opened.
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let look_again = move |_| {
        wanted.set(String::new());
        if untrack(|| list.result().is_some()) {
            list.reload();
        }
    };
    view! {
        <div node_ref=panel class="switcher-list" on:keydown=move |event| move_on(&event, panel)>
            <input
                node_ref=field
                class="input"
                type="search"
                autofocus
                aria-label=t(nav::SEARCH_PROJECTS)
                placeholder=t(nav::SEARCH_PROJECTS)
                prop:value=move || wanted.get()
                on:focus=look_again
                on:input=move |event| wanted.set(event_target_value(&event))
            />
            <AsyncView remote=list lines=3 let:known>
                {rows(known, wanted)}
            </AsyncView>
            <Show when=|| session::may(Role::Editor)>
                <a class="menu-item switcher-new" href=at("/projects/new")>
                    <Icon glyph=Glyph::Plus />
                    {t(texts::NEW)}
                </a>
            </Show>
        </div>
    }
}

fn rows(known: Vec<ProjectSummary>, wanted: RwSignal<String>) -> AnyView {
    let shown = shown_project();
    let view = move || {
        let wanted = letters::small(wanted.get().trim());
        let found: Vec<&ProjectSummary> = known
            .iter()
            .filter(|project| letters::small(&project.name).contains(&wanted))
            .collect();
        if found.is_empty() && !known.is_empty() {
            return view! { <p class="menu-title">{t(nav::NO_PROJECT_FOUND)}</p> }.into_any();
        }
        let rows = found.into_iter().map(|project| {
            let (id, name) = (project.id, project.name.clone());
            let to = move || {
                shown.with(|shown| {
                    let tab = shown.as_ref().map_or(Tab::Overview, |(_, query)| query.tab);
                    address(shown.as_ref(), id, tab)
                })
            };
            let is_open =
                move || shown.with(|shown| shown.as_ref().is_some_and(|(open, _)| *open == id));
            view! {
                <li>
                    <a
                        class="menu-item"
                        href=move || at(&to())
                        aria-current=move || is_open().then_some("true")
                    >
                        <span class="switcher-mark" aria-hidden="true">
                            {letters::initial(&name)}
                        </span>
                        <span>{name}</span>
                    </a>
                </li>
            }
        });
        view! { <ul>{rows.collect_view()}</ul> }.into_any()
    };
    view.into_any()
}

/// Arrows, Home and End move between the field and the projects; Enter in the field takes the
/// first one.
fn move_on(event: &KeyboardEvent, panel: NodeRef<html::Div>) {
    let Some(panel) = panel.get_untracked() else {
        return;
    };
    let Ok(stops) = panel.query_selector_all("input, a") else {
        return;
    };
    let target = event_target::<Element>(event);
    let is_field = target.tag_name() == "INPUT";
    let last = stops.length().saturating_sub(1);
    let own: &Node = &target;
    let here = (0..=last).find(|place| stops.get(*place).as_ref() == Some(own));
    let next = match (event.key().as_str(), here) {
        ("ArrowDown", Some(here)) => (here + 1).min(last),
        ("ArrowUp", Some(here)) => here.saturating_sub(1),
        ("Home", _) if !is_field => 0,
        ("End", _) if !is_field => last,
        ("Enter", _) if is_field => 1,
        _ => return,
    };
    event.prevent_default();
    let stop = stops
        .get(next)
        .and_then(|stop| stop.dyn_into::<HtmlElement>().ok());
    if let Some(stop) = stop {
        if event.key() == "Enter" {
            stop.click();
        } else {
            let _ = stop.focus();
        }
    }
}
