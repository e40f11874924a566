//! What all parts of the project page share: the project, the filters in the address, and
//! the numbers.

use std::future::pending;
use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::answered::Answered;
use super::period::{Chosen, Period, Preset};
use super::query::{PageQuery, Tab, ordered, ordered_topics, project_and_word};
use super::return_to_place;
use super::told::{Asked, Told};
use crate::address::page_of;
use crate::api;
use crate::model::dashboard::{ComparedWith, Dashboard, DashboardQuery};
use crate::model::ids::{ModelId, ProjectId};
use crate::model::keys::BudgetView;
use crate::model::overview::Overview;
use crate::model::project::{NamedModel, ProjectFrame, ProjectView};
use crate::model::provider::Provider;
use crate::tasks::next_task;
use crate::ui::{Remote, browser, session};

const PERIOD_KEY: &str = "parallax.period";
const COMPARE_KEY: &str = "parallax.compare";

/// What the figures on the page are of. While others are on their way, these are the old ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The period as it was chosen.
    pub chosen: Chosen,
    /// Its days.
    pub period: Period,
    /// What it is compared with.
    pub compare: ComparedWith,
    /// Only these models; empty: all.
    pub models: Vec<ModelId>,
    /// Only these topics; empty: all.
    pub topics: Vec<String>,
    /// Whether the address asks for other figures by now.
    pub is_old: bool,
}

/// What all parts of the project page share.
#[derive(Clone, Copy)]
pub struct Scope {
    /// The project.
    pub project_id: ProjectId,
    /// The project, as the host has it.
    pub project: Remote<ProjectView>,
    /// The workspace's budget, with what is to be said of it.
    pub budget: Remote<BudgetView>,
    /// What the host tells of the period and the models.
    pub told: Remote<Told>,
    /// The numbers in it.
    pub numbers: Memo<Option<Dashboard>>,
    /// The first screen in it, where that was asked for: always on the overview.
    pub screen: Memo<Option<Arc<Overview>>>,
    /// What the address says.
    pub query: Memo<PageQuery>,
    /// The period to ask for: by the address, by memory, or the usual one. What is said of
    /// figures is said by [`Self::shown`].
    pub period: Memo<Period>,
    /// What the figures on the page are of: labels follow them, and not the address.
    pub shown: Memo<Shown>,
    /// Counts up when answers have come.
    pub refresh: RwSignal<u32>,
    navigate: Callback<(PageQuery, bool)>,
}

fn chosen(query: Memo<PageQuery>) -> Chosen {
    let memory = browser::stored(PERIOD_KEY);
    query.with(|query| query.period_or(memory.as_deref()))
}

fn compare(query: Memo<PageQuery>) -> ComparedWith {
    let memory = browser::stored(COMPARE_KEY);
    query.with(|query| query.compare_or(memory.as_deref()))
}

/// The first day that has answers, looked up once all of them are wanted; and whether that is still to
/// come: nothing is asked for of days that are not known yet.
fn first_day(
    project_id: ProjectId,
    query: Memo<PageQuery>,
) -> (RwSignal<Option<NaiveDate>>, Memo<bool>) {
    let first_day = RwSignal::new(None);
    let is_known = RwSignal::new(false);
    let is_needed = Memo::new(move |_| chosen(query) == Chosen::from(Preset::All));
    Effect::new(move |_| {
        if is_needed.get() && first_day.get_untracked().is_none() {
            spawn_local(async move {
                let days = api::dashboard::answer_days(project_id).await;
                let first = days.ok().and_then(|days| days.first().copied());
                let _ = first_day.try_set(first);
                let _ = is_known.try_set(true);
            });
        }
    });
    (
        first_day,
        Memo::new(move |_| is_needed.get() && !is_known.get()),
    )
}

/// What stands around the figures. A page that opens with the overview has it with the first
/// screen, the others ask for each alone.
#[derive(Clone, Copy)]
struct Around {
    is_brought: bool,
    project: Remote<ProjectView>,
    budget: Remote<BudgetView>,
}

impl Around {
    fn new(project_id: ProjectId, is_brought: bool) -> Self {
        let project = move || api::projects::project(project_id);
        Self {
            is_brought,
            project: Remote::first_brought(is_brought, project),
            budget: Remote::first_brought(is_brought, api::keys::budget),
        }
    }

    /// Whether the next call is to bring it, which only one of the first screen can.
    fn is_brought_by(self, is_screen: bool) -> bool {
        let is_wanted = self.is_brought && self.project.is_unknown();
        if is_wanted && !is_screen {
            self.take(None);
        }
        is_wanted && is_screen
    }

    /// Takes over what was brought. Where nothing was, it is asked for alone: it may be there all
    /// the same.
    fn take(self, frame: Option<ProjectFrame>) {
        if let Some(frame) = frame {
            self.project.bring(frame.project);
            self.budget.bring(frame.budget);
        } else if self.project.is_unknown() {
            self.project.reload();
            self.budget.reload();
        }
    }
}

impl Scope {
    /// Reads the address and begins to load.
    pub fn new(project_id: ProjectId) -> Self {
        let location = use_location();
        let query = Memo::new(move |before: Option<&PageQuery>| {
            let pathname = location.pathname.get();
            match project_and_word(page_of(&pathname)) {
                Some((id, word)) if id == project_id => location.query.with(|map| {
                    let query = PageQuery::read_at(word, |name| map.get(name));
                    query.unwrap_or_default()
                }),
                // On the way elsewhere: what is shown stays until it goes.
                _ => before.cloned().unwrap_or_default(),
            }
        });
        let (first_day, is_awaited) = first_day(project_id, query);
        let period = Memo::new(move |_| chosen(query).period(session::today(), first_day.get()));
        let refresh = RwSignal::new(0_u32);
        let wanted = Memo::new(move |_| DashboardQuery {
            compare: compare(query),
            ..query.with(|query| query.dashboard_query(project_id, period.get()))
        });
        let answered = Answered::new(wanted);
        let is_overview = Memo::new(move |_| query.with(|query| query.tab == Tab::Overview));
        let asked = Memo::new(move |before: Option<&Asked>| {
            Asked::after(before, wanted.get(), is_overview.get())
        });
        let around = Around::new(project_id, is_overview.get_untracked());
        let told = Remote::new(move || {
            refresh.track();
            let asked = asked.get();
            let is_early = is_awaited.get();
            let with_frame = !is_early && around.is_brought_by(asked.is_screen);
            async move {
                if is_early {
                    return pending().await;
                }
                let numbers = asked.numbers.clone();
                let reply = asked.ask(with_frame).await;
                // The page is made of it in a task of its own: reading it took one.
                next_task().await;
                answered.note(numbers);
                let (told, frame) = match reply {
                    Ok((told, frame)) => (Ok(told), frame),
                    Err(error) => (Err(error), None),
                };
                if with_frame {
                    around.take(frame);
                    // First the head, then the figures below it.
                    next_task().await;
                }
                told
            }
        });
        let shown = Memo::new(move |before: Option<&Shown>| {
            if let Some(before) = before.filter(|_| answered.is_old()) {
                return Shown {
                    is_old: true,
                    ..before.clone()
                };
            }
            Shown {
                chosen: chosen(query),
                period: period.get(),
                compare: compare(query),
                models: query.with(|query| query.models.clone()),
                topics: query.with(|query| query.shown_topics().to_vec()),
                is_old: false,
            }
        });
        let go = use_navigate();
        let navigate = Callback::new(move |(to, replace): (PageQuery, bool)| {
            // Another page begins at its top.
            let is_other_page = query.with_untracked(|query| query.tab != to.tab);
            let options = NavigateOptions {
                replace,
                scroll: is_other_page,
                ..NavigateOptions::default()
            };
            let move_on = || go(&to.address(project_id), options);
            if is_other_page {
                move_on();
            } else {
                let is_same_list = query.with_untracked(|query| query.has_list_of(&to));
                return_to_place::carry(is_same_list, move_on);
            }
        });
        Self {
            project_id,
            project: around.project,
            budget: around.budget,
            told,
            numbers: Memo::new(move |_| told.value().map(|told| told.numbers().clone())),
            screen: Memo::new(move |_| told.value()?.screen()),
            query,
            period,
            shown,
            refresh,
            navigate,
        }
    }

    /// What day it is in the workspace.
    pub fn today(self) -> NaiveDate {
        session::today()
    }

    /// Changes the address; going back undoes it.
    pub fn change(self, change: impl FnOnce(&mut PageQuery)) {
        self.lead(change, false);
    }

    /// Takes out of the address what was open and is closed now: neither going back nor forward
    /// opens it again.
    pub fn close(self, close: impl FnOnce(&mut PageQuery)) {
        self.lead(close, true);
    }

    fn lead(self, change: impl FnOnce(&mut PageQuery), is_in_place: bool) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        if query != self.query.get_untracked() {
            self.navigate.run((query, is_in_place));
        }
    }

    /// The period as it is chosen, by the address, by memory, or the usual one.
    pub fn chosen(self) -> Chosen {
        chosen(self.query)
    }

    /// What it is compared with, by the address, by memory, or the days before.
    pub fn compare(self) -> ComparedWith {
        compare(self.query)
    }

    /// Whether the figures on the page are old: of another question than that of the address.
    pub fn is_old(self) -> bool {
        self.shown.with(|shown| shown.is_old)
    }

    /// Chooses a period and keeps it for the next visit, of any project.
    pub fn choose_period(self, period: impl Into<Chosen>) {
        let chosen = period.into();
        browser::store(PERIOD_KEY, &chosen.to_word());
        self.change(|query| query.period = Some(chosen));
    }

    /// Chooses what periods are compared with and keeps it for the next visit, of any project.
    pub fn choose_compare(self, with: ComparedWith) {
        browser::store(COMPARE_KEY, with.word());
        self.change(|query| query.compare = Some(with));
    }

    /// The usual period, compared as usual, without any filter.
    pub fn reset(self) {
        let (chosen, compare) = (Chosen::default(), ComparedWith::default());
        browser::store(PERIOD_KEY, &chosen.to_word());
        browser::store(COMPARE_KEY, compare.word());
        self.change(|query| {
            *query = PageQuery {
                period: Some(chosen),
                compare: Some(compare),
                by_page: query.by_page,
                ..query.without_filters()
            };
        });
    }

    /// The names of the simulator's models that the address names, if it names no other: then only
    /// what was made up is shown.
    pub fn made_up_model(self) -> Option<String> {
        let chosen = self.query.with(|query| query.models.clone());
        let known = self.project.value()?.models;
        let made_up = |model: &&NamedModel| model.provider == Provider::Simulator;
        let names: Vec<String> = chosen
            .iter()
            .filter_map(|id| known.iter().filter(made_up).find(|model| model.id == *id))
            .map(|model| model.name.clone())
            .collect();
        let is_all = !names.is_empty() && names.len() == chosen.len();
        is_all.then(|| names.join(", "))
    }

    /// Shows these models only; all, where there is none.
    pub fn choose_models(self, models: Vec<ModelId>) {
        self.change(|query| query.models = ordered(models));
    }

    /// Shows answers to questions with these topics only; to all, where there is none.
    pub fn choose_topics(self, topics: Vec<String>) {
        self.change(|query| query.topics = ordered_topics(topics));
    }

    /// Shows one model only, or all again where it is the shown one.
    pub fn toggle_model(self, model: ModelId) {
        self.change(|query| {
            query.models = if query.only_model() == Some(model) {
                Vec::new()
            } else {
                vec![model]
            }
        });
    }

    /// Fetches numbers and answers again, and what they have cost.
    pub fn reload(self) {
        let _ = self
            .refresh
            .try_update(|round| *round = round.wrapping_add(1));
        self.budget.reload();
    }

    /// The address of exactly what is shown, for others and for later.
    pub fn exact_address(self) -> String {
        let period = self.period.get_untracked();
        let compare = untrack(|| self.compare());
        self.query.with_untracked(|query| {
            let exact = query.spelled_out(period, compare);
            exact.address(self.project_id)
        })
    }

    /// The address of this page with a change.
    pub fn link(self, change: impl Fn(&mut PageQuery)) -> String {
        let mut query = self.query.get();
        change(&mut query);
        query.address(self.project_id)
    }
}
