//! A project's pages as menus have them: names, pictures, addresses.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::query::{PageQuery, Tab, project_and_word};
use crate::address::page_of;
use crate::model::ids::ProjectId;
use crate::texts::{Text, nav};
use crate::ui::Glyph;

/// The name of a page, in the menu and over it.
pub const fn name_of(tab: Tab) -> Text {
    match tab {
        Tab::Overview => nav::OVERVIEW,
        Tab::Models => nav::PROJECT_MODELS,
        Tab::Answers => nav::ANSWERS,
        Tab::Sources => nav::SOURCES,
        Tab::Runs => nav::RUNS,
        Tab::Settings => nav::PROJECT_SETTINGS,
    }
}

/// The picture of a page.
pub const fn glyph_of(tab: Tab) -> Glyph {
    match tab {
        Tab::Overview => Glyph::Chart,
        Tab::Models => Glyph::Models,
        Tab::Answers => Glyph::Answers,
        Tab::Sources => Glyph::Globe,
        Tab::Runs => Glyph::Refresh,
        Tab::Settings => Glyph::Settings,
    }
}

/// The project whose page is open, and what that page shows.
pub fn shown_project() -> Memo<Option<(ProjectId, PageQuery)>> {
    let location = use_location();
    Memo::new(move |_| {
        let pathname = location.pathname.get();
        let (id, word) = project_and_word(page_of(&pathname))?;
        let query = location
            .query
            .with(|map| PageQuery::read_at(word, |name| map.get(name)))?;
        Some((id, query))
    })
}

/// The address of a page of a project. From another page of it, with what that shows; from one of
/// another project, with its period.
pub fn address(shown: Option<&(ProjectId, PageQuery)>, project: ProjectId, tab: Tab) -> String {
    let query = match shown {
        Some((id, query)) if *id == project => query.clone(),
        Some((_, query)) => query.without_filters(),
        None => PageQuery::default(),
    };
    PageQuery {
        tab,
        source: None,
        answer: None,
        opened: None,
        ..query
    }
    .address(project)
}
