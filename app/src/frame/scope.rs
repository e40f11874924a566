//! What all parts of the project page share: the project, the filters in the address, and
//! the numbers.

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::query::{PageQuery, Period, Tab, project_and_word};
use crate::address::page_of;
use crate::api;
use crate::model::dashboard::Dashboard;
use crate::model::ids::{ModelId, ProjectId};
use crate::model::project::ProjectView;
use crate::model::provider::Provider;
use crate::model::registry::ModelView;
use crate::ui::{Remote, browser, session};

const PERIOD_KEY: &str = "parallax.period";

/// What all parts of the project page share.
#[derive(Clone, Copy)]
pub struct Scope {
    /// The project.
    pub project_id: ProjectId,
    /// The project, as the host has it.
    pub project: Remote<ProjectView>,
    /// The registry.
    pub models: Remote<Vec<ModelView>>,
    /// The numbers of the period and model.
    pub dashboard: Remote<Dashboard>,
    /// Them alone, where they are there.
    pub numbers: Memo<Option<Dashboard>>,
    /// What the address says.
    pub query: Memo<PageQuery>,
    /// The period, by the address, by memory, or the usual one.
    pub period: Memo<Period>,
    /// Counts up when answers have come.
    pub refresh: RwSignal<u32>,
    navigate: Callback<(PageQuery, bool)>,
}

/// What day it is in the workspace.
fn today() -> NaiveDate {
    session::known().map_or_else(|| chrono::Utc::now().date_naive(), |session| session.today)
}

impl Scope {
    /// Reads the address and begins to load.
    pub fn new(project_id: ProjectId) -> Self {
        let location = use_location();
        let query = Memo::new(move |before: Option<&PageQuery>| {
            let pathname = location.pathname.get();
            match project_and_word(page_of(&pathname)) {
                Some((id, word)) if id == project_id => location.query.with(|map| {
                    PageQuery::read(Tab::of_word(word).unwrap_or_default(), |name| map.get(name))
                }),
                // On the way elsewhere: what is shown stays until it goes.
                _ => before.cloned().unwrap_or_default(),
            }
        });
        let period = Memo::new(move |_| {
            let memory = browser::stored(PERIOD_KEY);
            query.with(|query| query.period_or(memory.as_deref(), today()))
        });
        let refresh = RwSignal::new(0_u32);
        let wanted =
            Memo::new(move |_| query.with(|query| query.dashboard_query(project_id, period.get())));
        let dashboard = Remote::new(move || {
            refresh.track();
            api::dashboard::dashboard(wanted.get())
        });
        let go = use_navigate();
        let navigate = Callback::new(move |(to, replace): (PageQuery, bool)| {
            // Another page begins at its top.
            let scroll = query.with_untracked(|query| query.tab != to.tab);
            go(
                &to.address(project_id),
                NavigateOptions {
                    replace,
                    scroll,
                    ..NavigateOptions::default()
                },
            );
        });
        Self {
            project_id,
            project: Remote::new(move || api::projects::project(project_id)),
            models: Remote::new(api::registry::list_models),
            dashboard,
            numbers: Memo::new(move |_| dashboard.value()),
            query,
            period,
            refresh,
            navigate,
        }
    }

    /// What day it is in the workspace.
    pub fn today(self) -> NaiveDate {
        today()
    }

    /// Changes the address; going back undoes it.
    pub fn change(self, change: impl FnOnce(&mut PageQuery)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        if query != self.query.get_untracked() {
            self.navigate.run((query, false));
        }
    }

    /// Chooses a period and keeps it for the next visit, of any project.
    pub fn choose_period(self, period: Period) {
        browser::store(PERIOD_KEY, &period.to_memory(today()));
        self.change(|query| query.period = Some(period));
    }

    /// The name of the simulator's model that the address names, if it does: then only what was
    /// made up is shown.
    pub fn made_up_model(self) -> Option<String> {
        let chosen = self.query.with(|query| query.model)?;
        let models = self.models.value()?;
        let is_it = |model: &ModelView| model.id == chosen && model.provider == Provider::Simulator;
        let found = models.into_iter().find(is_it)?;
        Some(found.display_name)
    }

    /// Shows one model only, or all again where it is the shown one.
    pub fn toggle_model(self, model: ModelId) {
        self.change(|query| {
            query.model = if query.model == Some(model) {
                None
            } else {
                Some(model)
            }
        });
    }

    /// Fetches numbers and answers again.
    pub fn reload(self) {
        let _ = self
            .refresh
            .try_update(|round| *round = round.wrapping_add(1));
    }

    /// The address of this page with a change.
    pub fn link(self, change: impl Fn(&mut PageQuery)) -> String {
        let mut query = self.query.get();
        change(&mut query);
        query.address(self.project_id)
    }
}
