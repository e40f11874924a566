//! The command palette: one field that finds pages, projects, models, competitors and what can be
//! done, by a few letters. What was used last stands first; the browser keeps it.
//!
//! Invariant: what is found, and in which order, is `crate::palette`'s business.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::chosen_project::chosen;
use super::pages::{ENTRIES, Group as Menu};
use super::project_pages::{address, glyph_of, name_of, shown_project};
use super::query::{PageQuery, Tab};
use super::share;
use super::shortcuts::{RUN, press, seen};
use super::side_bar::sign_out;
use crate::api;
use crate::letters;
use crate::model::account::Role;
use crate::model::ids::ProjectId;
use crate::model::language::Language;
use crate::model::project::{ProjectSummary, ProjectView};
use crate::model::registry::ModelView;
use crate::palette::{Candidate, Group, found, recent, used};
use crate::texts::{Text, common, nav, palette as texts, projects, runs};
use crate::ui::part::part;
use crate::ui::theme::{Theme, set_theme, theme};
use crate::ui::{Glyph, Icon, Remote, browser, locale, session, t};

/// The id of the window.
pub(super) const WINDOW: &str = "palette";
const LIST: &str = "palette-list";
/// Where the browser keeps what was used last.
const MEMORY: &str = "parallax.palette";

/// Whether the palette is open, and whether the list of shortcuts is.
type Windows = (RwSignal<bool>, RwSignal<bool>);

part! {
    palette: pub(super) fn palette_window((open, list): Windows) {
        view! { <Palette open list /> }
    }
}

/// What is done with an entry.
#[derive(Clone, Debug, PartialEq)]
enum Deed {
    Go(String),
    Run,
    CopyLink,
    Colours(Theme),
    Speak(Language),
    Shortcuts,
    SignOut,
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    candidate: Candidate,
    glyph: Glyph,
    deed: Deed,
}

impl Entry {
    fn new(group: Group, key: String, name: &str, glyph: Glyph, deed: Deed) -> Self {
        let name = name.to_owned();
        Self {
            candidate: Candidate { key, group, name },
            glyph,
            deed,
        }
    }
}

/// What the open project's page shows.
type Page = (ProjectId, PageQuery);

/// What the host knows that can be found.
#[derive(Clone, Copy)]
struct Sources {
    projects: Remote<Vec<ProjectSummary>>,
    project: Remote<Option<ProjectView>>,
    models: Remote<Vec<ModelView>>,
}

impl Sources {
    fn new(open: Option<ProjectId>) -> Self {
        Self {
            projects: Remote::new(api::projects::list_projects),
            project: Remote::new(move || async move {
                match open {
                    Some(id) => api::projects::project(id).await.map(Some),
                    None => Ok(None),
                }
            }),
            models: Remote::new(api::registry::list_models),
        }
    }

    /// Whether some of it did not come.
    fn is_short(self) -> bool {
        self.projects.result().is_some_and(|told| told.is_err())
            || self.project.result().is_some_and(|told| told.is_err())
            || self.models.result().is_some_and(|told| told.is_err())
    }

    /// Everything that can be found.
    fn entries(self, page: Option<&Page>, open: Option<ProjectId>, can_run: bool) -> Vec<Entry> {
        let mut entries = pages(page, open);
        for project in self.projects.value().unwrap_or_default() {
            let to = address(page, project.id, Tab::Overview);
            let key = format!("project:{}", project.id);
            entries.push(Entry::new(
                Group::Projects,
                key,
                &project.name,
                Glyph::Folder,
                Deed::Go(to),
            ));
        }
        if let Some(Some(project)) = self.project.value() {
            let models = self.models.value().unwrap_or_default();
            entries.extend(of_project(page, &project, &models));
        }
        entries.extend(actions(can_run));
        entries
    }
}

fn word(text: Text) -> &'static str {
    text.get(locale::language())
}

/// The pages of the project, and those of the menu.
fn pages(page: Option<&Page>, open: Option<ProjectId>) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(project) = open {
        for tab in Tab::ALL {
            entries.push(Entry::new(
                Group::Pages,
                format!("page:{tab:?}"),
                word(name_of(tab)),
                glyph_of(tab),
                Deed::Go(address(page, project, tab)),
            ));
        }
    }
    let is_admin = session::is_admin();
    for entry in ENTRIES {
        if entry.group != Menu::Admins || is_admin {
            entries.push(Entry::new(
                Group::Pages,
                format!("page:{}", entry.href),
                word(entry.label),
                entry.glyph,
                Deed::Go(entry.href.to_owned()),
            ));
        }
    }
    entries
}

/// The models of the project, each leading to its figures, and the competitors, each leading to
/// the answers that name it.
fn of_project(page: Option<&Page>, project: &ProjectView, models: &[ModelView]) -> Vec<Entry> {
    let record = &project.record;
    let base = page.map(|(_, query)| query.without_filters());
    let base = base.unwrap_or_default();
    let mut entries = Vec::new();
    for id in &record.model_ids {
        if let Some(model) = models.iter().find(|model| model.id == *id) {
            let query = PageQuery {
                tab: Tab::Overview,
                models: vec![*id],
                ..base.clone()
            };
            entries.push(Entry::new(
                Group::Models,
                format!("model:{id}"),
                &model.display_name,
                Glyph::Models,
                Deed::Go(query.address(record.id)),
            ));
        }
    }
    for entity in record.entities.iter().filter(|entity| !entity.is_brand) {
        let query = PageQuery {
            tab: Tab::Answers,
            entity: Some(entity.id),
            ..base.clone()
        };
        entries.push(Entry::new(
            Group::Competitors,
            format!("entity:{}", entity.id),
            &entity.name,
            Glyph::Star,
            Deed::Go(query.address(record.id)),
        ));
    }
    entries
}

/// What can be done.
fn actions(can_run: bool) -> Vec<Entry> {
    let entry = |key: &str, name: &str, glyph, deed| {
        Entry::new(Group::Actions, format!("action:{key}"), name, glyph, deed)
    };
    let mut entries = Vec::new();
    if can_run {
        entries.push(entry("run", word(runs::RUN_NOW), Glyph::Play, Deed::Run));
    }
    if session::may(Role::Editor) {
        let to = Deed::Go("/projects/new".to_owned());
        entries.push(entry("new", word(projects::NEW), Glyph::Plus, to));
    }
    let copy = word(texts::COPY_LINK);
    entries.push(entry("copy", copy, Glyph::Link, Deed::CopyLink));
    for (choice, glyph, name) in [
        (Theme::System, Glyph::Display, nav::THEME_SYSTEM),
        (Theme::Light, Glyph::Sun, nav::THEME_LIGHT),
        (Theme::Dark, Glyph::Moon, nav::THEME_DARK),
    ] {
        if choice != theme() {
            let name = format!("{}: {}", word(nav::THEME), word(name));
            let deed = Deed::Colours(choice);
            entries.push(entry(choice.word(), &name, glyph, deed));
        }
    }
    for language in Language::ALL {
        if language != locale::language() {
            let name = format!("{}: {}", word(nav::LANGUAGE), language.name());
            let deed = Deed::Speak(language);
            entries.push(entry(language.code(), &name, Glyph::Globe, deed));
        }
    }
    let list = word(texts::SHORTCUTS);
    entries.push(entry("shortcuts", list, Glyph::Info, Deed::Shortcuts));
    let out = word(nav::SIGN_OUT);
    entries.push(entry("sign-out", out, Glyph::SignOut, Deed::SignOut));
    entries
}

/// What field and list share.
#[derive(Clone, Copy)]
struct Finder {
    entries: Memo<Vec<Entry>>,
    /// The places of those that are found, group by group.
    found: Memo<Vec<Vec<usize>>>,
    wanted: RwSignal<String>,
    /// The key of the entry that is marked; where it is not found, the first one is.
    marked: RwSignal<Option<String>>,
    /// Whether some of what can be found did not come.
    is_short: Signal<bool>,
    window: NodeRef<html::Dialog>,
    list: RwSignal<bool>,
    go: Callback<String>,
}

impl Finder {
    fn new(list: RwSignal<bool>) -> Self {
        let page = shown_project();
        let open = untrack(|| {
            let open = page.with(|page| page.as_ref().map(|(id, _)| *id));
            open.or_else(|| Some(chosen()?.id))
        });
        let can_run = seen(RUN).is_some();
        let sources = Sources::new(open);
        let entries =
            Memo::new(move |_| page.with(|page| sources.entries(page.as_ref(), open, can_run)));
        let wanted = RwSignal::new(String::new());
        let memory = recent(&browser::stored(MEMORY).unwrap_or_default());
        let found = Memo::new(move |_| {
            let candidates = entries.with(|entries| {
                let candidates = entries.iter().map(|entry| entry.candidate.clone());
                candidates.collect::<Vec<_>>()
            });
            wanted.with(|wanted| found(&candidates, wanted, &memory))
        });
        let navigate = use_navigate();
        Self {
            entries,
            found,
            wanted,
            marked: RwSignal::new(None),
            is_short: Signal::derive(move || sources.is_short()),
            window: NodeRef::new(),
            list,
            go: Callback::new(move |to: String| navigate(&to, NavigateOptions::default())),
        }
    }

    /// The keys of those that are found, in the order of the list.
    fn keys(self) -> Vec<String> {
        let places = self.found.get();
        self.entries.with(|entries| {
            let found = places.iter().flatten().filter_map(|at| entries.get(*at));
            found.map(|entry| entry.candidate.key.clone()).collect()
        })
    }

    /// The key of the entry that Enter takes.
    fn marked(self) -> Option<String> {
        let keys = self.keys();
        let marked = self.marked.get().filter(|key| keys.contains(key));
        marked.or_else(|| keys.into_iter().next())
    }

    fn press(self, event: &KeyboardEvent) {
        let keys = untrack(|| self.keys());
        let Some(marked) = untrack(|| self.marked()) else {
            return;
        };
        let last = keys.len().saturating_sub(1);
        let here = keys.iter().position(|key| *key == marked).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowDown" if here == last => 0,
            "ArrowDown" => here + 1,
            "ArrowUp" => here.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            // Enter also ends a letter that is made of several keys.
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                self.choose(&marked);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(key) = keys.get(next) {
            self.marked.set(Some(key.clone()));
            show_soon(id_of(key));
        }
    }

    fn choose(self, key: &str) {
        let entry = self.entries.with_untracked(|entries| {
            let entry = entries.iter().find(|entry| entry.candidate.key == key);
            entry.cloned()
        });
        let Some(entry) = entry else {
            return;
        };
        let memory = browser::stored(MEMORY).unwrap_or_default();
        browser::store(MEMORY, &used(&memory, key));
        // First, so that the focus is back on the page before that changes.
        if let Some(window) = self.window.get_untracked() {
            window.close();
        }
        match entry.deed {
            Deed::Go(to) => self.go.run(to),
            Deed::Run => press(RUN),
            Deed::CopyLink => copy_link(),
            Deed::Colours(theme) => set_theme(theme),
            Deed::Speak(language) => locale::set_language(language),
            Deed::Shortcuts => self.list.set(true),
            Deed::SignOut => sign_out(),
        }
    }
}

/// A project's page has a button that copies exactly what it shows, seen or not.
fn copy_link() {
    let button = document().query_selector(share::BUTTON).ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
        return;
    }
    if let Ok(address) = window().location().href() {
        share::copy(address, common::COPIED);
    }
}

fn id_of(key: &str) -> String {
    let plain = |letter: char| {
        if letters::is_alphanumeric(letter) {
            letter
        } else {
            '-'
        }
    };
    format!("palette-{}", key.chars().map(plain).collect::<String>())
}

/// Scrolls the list to an entry, once that is drawn as marked.
fn show_soon(id: String) {
    request_animation_frame(move || {
        if let Some(entry) = browser::element(&id) {
            let how = ScrollIntoViewOptions::new();
            how.set_block(ScrollLogicalPosition::Nearest);
            entry.scroll_into_view_with_scroll_into_view_options(&how);
        }
    });
}

/// The window: made anew each time it opens.
#[component]
fn Palette(open: RwSignal<bool>, list: RwSignal<bool>) -> impl IntoView {
    let finder = Finder::new(list);
    let window = finder.window;
    Effect::new(move |_| {
        if let Some(window) = window.get()
            && !window.open()
        {
            let _ = window.show_modal();
        }
    });
    view! {
        <dialog
            node_ref=window
            id=WINDOW
            class="dialog palette"
            aria-label=t(texts::TITLE)
            on:close=move |_| open.set(false)
            // The backdrop belongs to the dialog: a press on it has the dialog as its target.
            on:mousedown=move |event| {
                if let Some(window) = window.get_untracked()
                    && event.target().is_some_and(|target| target == *window.as_ref())
                {
                    window.close();
                }
            }
        >
            {field(finder)}
            {groups(finder)}
        </dialog>
    }
}

fn field(finder: Finder) -> AnyView {
    let is_found = move || !finder.found.with(Vec::is_empty);
    view! {
        <div class="palette-field">
            <Icon glyph=Glyph::Search />
            <input
                type="text"
                role="combobox"
                autofocus
                autocomplete="off"
                spellcheck="false"
                aria-autocomplete="list"
                aria-label=t(texts::TITLE)
                aria-controls=LIST
                aria-expanded=move || if is_found() { "true" } else { "false" }
                aria-activedescendant=move || finder.marked().map(|key| id_of(&key))
                placeholder=t(texts::PLACEHOLDER)
                on:input=move |event| {
                    finder.wanted.set(event_target_value(&event));
                    finder.marked.set(None);
                }
                on:keydown=move |event| finder.press(&event)
            />
        </div>
    }
    .into_any()
}

fn groups(finder: Finder) -> AnyView {
    let groups = move || {
        let entries = finder.entries.get();
        let found = finder.found.get();
        let groups = found.iter().map(|places| {
            let entries: Vec<Entry> = places
                .iter()
                .filter_map(|place| entries.get(*place).cloned())
                .collect();
            group(finder, entries)
        });
        groups.collect_view()
    };
    view! {
        <div
            id=LIST
            class="palette-list"
            role="listbox"
            aria-label=t(texts::TITLE)
            hidden=move || finder.found.with(Vec::is_empty)
            // The field keeps the focus.
            on:mousedown=|event| event.prevent_default()
        >
            {groups}
        </div>
        <div class="palette-said" role="status">
            {move || {
                finder.found.with(Vec::is_empty).then(|| view! { <p>{t(texts::NONE_FOUND)}</p> })
            }}
            {move || finder.is_short.get().then(|| view! { <p>{t(texts::NOT_LOADED)}</p> })}
        </div>
    }
    .into_any()
}

fn group(finder: Finder, entries: Vec<Entry>) -> Option<AnyView> {
    let title = match entries.first()?.candidate.group {
        Group::Pages => texts::PAGES,
        Group::Projects => texts::PROJECTS,
        Group::Models => texts::MODELS,
        Group::Competitors => texts::COMPETITORS,
        Group::Actions => texts::ACTIONS,
    };
    let options = entries.into_iter().map(|entry| option(finder, entry));
    let view = view! {
        <div role="group" aria-label=t(title)>
            <p class="palette-title" aria-hidden="true">
                {t(title)}
            </p>
            {options.collect_view()}
        </div>
    };
    Some(view.into_any())
}

fn option(finder: Finder, entry: Entry) -> AnyView {
    let key = StoredValue::new(entry.candidate.key);
    let is_marked = Memo::new(move |_| {
        let marked = finder.marked();
        marked.is_some_and(|marked| key.with_value(|key| *key == marked))
    });
    view! {
        <div
            id=id_of(&key.get_value())
            class="palette-option"
            role="option"
            aria-selected=move || if is_marked.get() { "true" } else { "false" }
            on:mousemove=move |_| {
                if !is_marked.get_untracked() {
                    finder.marked.set(Some(key.get_value()));
                }
            }
            on:click=move |_| finder.choose(&key.get_value())
        >
            <Icon glyph=entry.glyph />
            <span>{entry.candidate.name}</span>
        </div>
    }
    .into_any()
}
