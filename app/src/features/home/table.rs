//! The table of projects. On a phone a row is a card.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use super::state::{Column, SEARCHED_FROM, Sort, arrange, change_words, is_found, what_changed};
use crate::address::at;
use crate::api;
use crate::frame::chosen_project;
use crate::frame::saved_views::{self, ViewedPage};
use crate::model::account::Role;
use crate::model::home::{HomeProject, HomeView, LastRun};
use crate::model::ids::ProjectId;
use crate::model::metrics::{Ratio, is_few};
use crate::model::overview::{HomeRow, Trend};
use crate::model::run::RunStatus;
use crate::model::views::ViewPlace;
use crate::texts::{Text, common, home as texts};
use crate::ui::locale::language;
use crate::ui::{
    Button, Change, Direction, Glyph, Icon, Look, Pill, Remote, Sparkline, TableFrame, Tone, Words,
    browser, fill, format, labels, session, t, toast, when,
};
use crate::words::amount::Amount;
use crate::words::runs::status_name;

/// What the table is made of, and what is chosen in it.
#[derive(Clone, Copy)]
pub(super) struct Table {
    shown: Remote<HomeView>,
    search: RwSignal<String>,
    sort: Memo<Sort>,
    /// The order as the address says it, behind the question mark; empty: it does not.
    address: Memo<String>,
}

impl Table {
    /// The order is that of the address.
    pub(super) fn new(shown: Remote<HomeView>) -> Self {
        let query = use_query_map();
        let sort = Memo::new(move |_| query.with(|query| Sort::read(query.get("sort").as_deref())));
        let address = Memo::new(move |_| {
            query.with(|query| {
                let word = query.get("sort");
                word.map_or_else(String::new, |word| {
                    Sort::read(Some(&word))
                        .address()
                        .trim_start_matches("/?")
                        .to_owned()
                })
            })
        });
        Self {
            shown,
            search: RwSignal::new(String::new()),
            sort,
            address,
        }
    }

    /// The projects that are found, in their order.
    fn projects(self) -> Vec<HomeProject> {
        let mut projects = self
            .shown
            .value()
            .map_or_else(Vec::new, |home| home.projects);
        if projects.len() >= SEARCHED_FROM {
            self.search
                .with(|search| projects.retain(|project| is_found(project, search)));
        }
        arrange(&mut projects, self.sort.get());
        projects
    }

    fn pin(self, project: &HomeProject) {
        let (id, is_pinned) = (project.id, !project.is_pinned);
        self.shown.update(|home| {
            for known in &mut home.projects {
                if known.id == id {
                    known.is_pinned = is_pinned;
                }
            }
        });
        // The row is drawn anew, and may have another place.
        browser::focus_soon(format!("pin-{id}"));
        spawn_local(async move {
            if let Err(error) = api::home::pin_project(id, is_pinned).await {
                toast::error(&error);
                self.shown.reload();
            }
        });
    }

    fn remove_demo(self, id: ProjectId) {
        spawn_local(async move {
            match api::home::remove_demo().await {
                Ok(()) => {
                    chosen_project::forget(id);
                    browser::keep_focus("h1, .home-last .button");
                    toast::success(texts::DEMO_REMOVED);
                }
                Err(error) => toast::error(&error),
            }
            self.shown.reload();
        });
    }
}

/// The table, with its search where there are many projects.
pub(super) fn projects_table(table: Table) -> AnyView {
    let is_searched = Memo::new(move |_| {
        let home = table.shown.value();
        home.is_some_and(|home| home.projects.len() >= SEARCHED_FROM)
    });
    let rows = move || {
        let projects = table.projects();
        if projects.is_empty() {
            let none = view! {
                <tr>
                    <td colspan="10">{t(texts::NONE_FOUND)}</td>
                </tr>
            };
            return none.into_any();
        }
        let rows = projects.into_iter().map(|project| row(table, project));
        rows.collect_view().into_any()
    };
    view! {
        <section class="card home-projects">
            <Show when=move || is_searched.get()>{search(table)}</Show>
            <TableFrame caption=texts::CAPTION class="is-cards home-table">
                <thead>
                    <tr>
                        <th scope="col">
                            <span class="visually-hidden">{t(texts::PINNED)}</span>
                        </th>
                        {heading(table, Column::Name, texts::PROJECT)}
                        {heading(table, Column::Visibility, texts::VISIBILITY)}
                        <th scope="col">{t(texts::DAYS)}</th>
                        {heading(table, Column::Change, texts::CHANGE)}
                        {heading(table, Column::Share, texts::SHARE)}
                        {heading(table, Column::Position, texts::POSITION)}
                        {heading(table, Column::Sentiment, texts::SENTIMENT)}
                        <th scope="col">{t(texts::WHAT_CHANGED)}</th>
                        {heading(table, Column::LastRun, texts::LAST_RUN)}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </section>
        <p class="home-foot">{t(texts::FOOT)}</p>
    }
    .into_any()
}

/// The views of the table. They stand outside: the table is drawn anew when a project is pinned.
pub(super) fn views(table: Table) -> AnyView {
    let page = ViewedPage {
        place: ViewPlace::Home,
        project_id: None,
        now: table.address.into(),
        loose: &[],
        is_held: Signal::stored(false),
    };
    saved_views::saved_views(page, "/".to_owned())
}

fn search(table: Table) -> AnyView {
    view! {
        <input
            class="input home-search"
            type="search"
            aria-label=t(texts::SEARCH)
            placeholder=t(texts::SEARCH)
            prop:value=move || table.search.get()
            on:input=move |event| table.search.set(event_target_value(&event))
        />
    }
    .into_any()
}

/// A heading that sorts; a link, so that the order is in the address.
fn heading(table: Table, column: Column, label: Text) -> AnyView {
    let sort = table.sort;
    let own = move || Some(sort.get()).filter(|sort| sort.column == column);
    let is_number = !matches!(column, Column::Name | Column::LastRun);
    let direction = move || {
        own().map(|sort| {
            if sort.is_descending {
                "descending"
            } else {
                "ascending"
            }
        })
    };
    let arrow = move || {
        own().map(|sort| {
            let glyph = if sort.is_descending {
                Glyph::ArrowDown
            } else {
                Glyph::ArrowUp
            };
            view! { <Icon glyph /> }
        })
    };
    view! {
        <th scope="col" class:is-number=is_number aria-sort=direction>
            <a class="home-sort" href=move || at(&sort.get().chosen(column).address())>
                {t(label)}
                {arrow}
            </a>
        </th>
    }
    .into_any()
}

fn row(table: Table, project: HomeProject) -> AnyView {
    let numbers = &project.numbers;
    let (place, tone) = (numbers.position, numbers.sentiment);
    let cells = [
        number_cell(
            texts::SHARE,
            numbers.share_of_voice,
            numbers.share_answers,
            Amount::Share,
        ),
        number_cell(texts::POSITION, place, place.denominator, Amount::Place),
        number_cell(texts::SENTIMENT, tone, tone.denominator, Amount::Balance),
    ];
    let told = project.clone();
    let changed = move || what_changed(language(), &told);
    view! {
        <tr>
            <td class="home-pin">{pin(table, &project)}</td>
            <th scope="row">{name(&project)}</th>
            {visibility(numbers)}
            <td class="home-spark" data-label=t(texts::DAYS)>
                {spark(numbers)}
            </td>
            <td class="is-number" data-label=t(texts::CHANGE)>
                {change(numbers)}
            </td>
            {cells.collect_view()}
            <td class="home-changed" data-label=t(texts::WHAT_CHANGED)>
                {changed}
            </td>
            <td data-label=t(texts::LAST_RUN)>{last(table, &project)}</td>
        </tr>
    }
    .into_any()
}

fn pin(table: Table, project: &HomeProject) -> AnyView {
    let (id, is_pinned) = (project.id, project.is_pinned);
    let name = project.name.clone();
    let pinned = project.clone();
    view! {
        <button
            type="button"
            id=format!("pin-{id}")
            class="icon-button home-star"
            aria-pressed=is_pinned.to_string()
            aria-label=move || fill(texts::PIN, &[("name", &name)])
            on:click=move |_| table.pin(&pinned)
        >
            <Icon glyph=Glyph::Star />
        </button>
    }
    .into_any()
}

fn name(project: &HomeProject) -> AnyView {
    let pill = if project.is_demo {
        Some(texts::DEMO)
    } else {
        project.is_simulated.then_some(common::SIMULATED)
    };
    let pill = pill.map(|label| view! { <Pill label tone=Tone::Warning /> });
    view! {
        <a class="home-name" href=at(&format!("/projects/{}", project.id))>
            {project.name.clone()}
        </a>
        <span class="home-meta">{project.domain.clone()} {pill}</span>
    }
    .into_any()
}

fn visibility(numbers: &HomeRow) -> AnyView {
    let (share, interval) = (numbers.visibility.value(), numbers.interval);
    let value = move || {
        let shown = |share| Amount::Share(share).shown(language(), interval);
        share.map_or_else(|| "–".to_owned(), shown)
    };
    let meta = share.zip(interval).map(|(share, interval)| {
        let words = move || Amount::Share(share).interval_words(language(), interval);
        view! { <span class="home-meta">{words}</span> }
    });
    view! {
        <td
            class="is-number home-figure"
            class:is-faint=is_few(numbers.answers)
            data-label=t(texts::VISIBILITY)
        >
            <span>
                <strong>{value}</strong>
                {meta}
            </span>
        </td>
    }
    .into_any()
}

/// A number that rests on so many answers.
fn number_cell(label: Text, ratio: Ratio, answers: i64, unit: fn(f64) -> Amount) -> AnyView {
    let amount = ratio.value().map(unit);
    let shown = |amount: Amount| amount.shown(language(), None);
    view! {
        <td class="is-number" class:is-faint=is_few(answers) data-label=t(label)>
            {move || amount.map_or_else(|| "–".to_owned(), shown)}
        </td>
    }
    .into_any()
}

fn spark(numbers: &HomeRow) -> Option<AnyView> {
    let values: Vec<Option<f64>> = numbers
        .points
        .iter()
        .map(|point| point.and_then(Ratio::value))
        .collect();
    let moved = matches!(numbers.trend, Trend::Improved(_) | Trend::Worsened(_));
    let is_quiet = !moved || is_few(numbers.answers);
    // One point is no course.
    (values.iter().flatten().count() > 1)
        .then(|| view! { <Sparkline values is_quiet /> }.into_any())
}

fn change(numbers: &HomeRow) -> Option<AnyView> {
    let trend = numbers.trend;
    let direction = match trend {
        Trend::Improved(_) => Direction::Better,
        Trend::Worsened(_) => Direction::Worse,
        Trend::Unclear | Trend::NoEarlier => Direction::Unclear,
    };
    let words = move || {
        let words = change_words(language(), trend);
        view! { <Change words direction /> }
    };
    (numbers.answers > 0).then(|| words.into_any())
}

fn last(table: Table, project: &HomeProject) -> AnyView {
    let Some(run) = project.last_run else {
        return view! { <span class="home-meta">{t(texts::NEVER_RUN)}</span> }.into_any();
    };
    let id = project.id;
    let state = if project.is_demo {
        session::may(Role::Editor).then(|| {
            let remove = move |()| table.remove_demo(id);
            view! { <Button label=texts::DEMO_REMOVE look=Look::Quiet on_press=remove /> }
                .into_any()
        })
    } else {
        Some(state(run, project.is_active))
    };
    view! {
        <span class="home-last">
            {when(run.at)}
            {state}
        </span>
    }
    .into_any()
}

fn state(run: LastRun, is_active: bool) -> AnyView {
    let (tone, _) = labels::look(run.status);
    let (label, tone) = match run.status {
        RunStatus::Running => (running(run), tone),
        RunStatus::Queued => (status_name(run.status).into(), tone),
        _ if !is_active => (common::PAUSED.into(), Tone::Neutral),
        _ => (status_name(run.status).into(), tone),
    };
    view! { <Pill label tone /> }.into_any()
}

fn running(run: LastRun) -> Words {
    Words::new(move || {
        let (done, total) = (format::whole(run.settled), format::whole(run.total));
        fill(texts::RUNNING, &[("done", &done), ("total", &total)])
    })
}
