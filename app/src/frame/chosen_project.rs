//! The project that is chosen: the open one, or on the workspace's own pages the one that was open
//! last. The browser keeps it, for each workspace.

use std::sync::LazyLock;

use leptos::prelude::*;

use super::last_project::LastProject;
use crate::model::ids::ProjectId;
use crate::model::project::ProjectView;
use crate::ui::{browser, session};

/// What this page has written, under which key: browsers may keep nothing.
static WRITTEN: LazyLock<ArcRwSignal<Option<(String, String)>>> =
    LazyLock::new(|| ArcRwSignal::new(None));

fn key() -> Option<String> {
    let workspace = session::workspace()?;
    Some(format!("parallax.project.{}", workspace.id))
}

fn keep(memory: String) {
    let Some(key) = untrack(key) else {
        return;
    };
    browser::store(&key, &memory);
    let written = Some((key, memory));
    if WRITTEN.with_untracked(|before| *before != written) {
        WRITTEN.set(written);
    }
}

/// The chosen project; what reads it here follows it.
pub fn chosen() -> Option<LastProject> {
    let key = key()?;
    let written = WRITTEN.with(|written| {
        let (of, memory) = written.as_ref()?;
        (*of == key).then(|| memory.clone())
    });
    LastProject::from_memory(&written.or_else(|| browser::stored(&key))?)
}

/// Chooses the project that is open.
pub fn choose(project: &ProjectView) {
    let record = &project.record;
    let questions = project.prompts.iter().filter(|prompt| prompt.is_active);
    let last = LastProject {
        id: record.id,
        questions: questions.count(),
        models: record.model_ids.len(),
        name: record.name.clone(),
    };
    keep(last.to_memory());
}

/// Chooses none, where a project is gone that was chosen.
pub fn forget(id: ProjectId) {
    if untrack(chosen).is_some_and(|last| last.id == id) {
        keep(String::new());
    }
}
