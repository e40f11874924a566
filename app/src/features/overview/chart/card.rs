//! The card with the chart of the overview: what is measured, by what, over which buckets, and all
//! that can be done with it. What opens by a click is in another part of the code.

use chrono::NaiveDate;
use leptos::html;
use leptos::prelude::*;

use super::menus;
use super::note_acts::Act;
use super::series;
use crate::api;
use crate::canvas::lines::said::meta;
use crate::canvas::lines::{ChartModel, ChartNote};
use crate::frame::query::Period;
use crate::frame::scope::Scope;
use crate::model::account::Role;
use crate::model::overview::{Bucket, ChartMetric, ChartSeries, LineKey, SeriesQuery, Split};
use crate::texts::{chart as texts, common};
use crate::ui::locale::{language, language_now};
use crate::ui::part::{there, there_once_open, there_unseen};
use crate::ui::{
    Chart, ErrorPanel, Glyph, Icon, Menu, Remote, Segment, Segments, Words, browser, fill, session,
    t,
};

/// What can have the focus once a note is gone: the notes, and what follows the last of them.
pub(super) const AFTER_REMOVAL: &str =
    ".chart-notes li > :last-child, .chart-foot [aria-haspopup=dialog]";
const AFTER_HIDING: &str =
    ".chart-notes li > button:first-of-type, .chart-all-notes, .chart-foot button";

/// Where the browser keeps which notes are hidden.
const HIDDEN_KEY: &str = "parallax.chart.notes";

/// The lines on the screen, with what was asked for them: a figure never stands under the label of
/// another.
#[derive(Clone, PartialEq)]
pub struct Loaded {
    /// What was asked for.
    pub query: SeriesQuery,
    /// What the host told.
    pub series: ChartSeries,
}

/// What the card and its menus share.
#[derive(Clone, Copy)]
pub struct Shown {
    /// The page that it is on.
    pub scope: StoredValue<Scope>,
    /// What is wanted.
    pub wanted: Memo<SeriesQuery>,
    /// What is there.
    pub loaded: Memo<Option<Loaded>>,
    /// What is drawn.
    pub model: Memo<ChartModel>,
    /// What is measured.
    pub measure: Words,
    /// The lines that were chosen; none: those that the host chooses.
    pub keys: RwSignal<Vec<LineKey>>,
    /// The notes that are hidden.
    pub hidden: RwSignal<Vec<String>>,
    /// What is to be done about a note; who does it takes it away.
    pub act: RwSignal<Option<Act>>,
}

fn wanted(scope: Scope, keys: &[LineKey]) -> SeriesQuery {
    let period = scope.period.get();
    scope.query.with(|query| SeriesQuery {
        dashboard: query.dashboard_query(scope.project_id, period),
        metric: query.metric,
        split: query.split,
        bucket: query.bucket.unwrap_or(Bucket::of_days(period.days())),
        // Lines that were chosen of another split are none of this one.
        keys: keys
            .iter()
            .filter(|key| series::is_of(key, query.split))
            .cloned()
            .collect(),
    })
}

fn hidden_notes() -> Vec<String> {
    let stored = browser::stored(HIDDEN_KEY).unwrap_or_default();
    stored.lines().map(str::to_owned).collect()
}

impl Shown {
    fn load(scope: Scope, first: Option<Signal<Option<ChartSeries>>>) -> (Self, Fetched) {
        let keys = RwSignal::new(Vec::new());
        let hidden = RwSignal::new(hidden_notes());
        let wanted = Memo::new(move |_| wanted(scope, &keys.get()));
        let is_first = Memo::new(move |_| {
            let is_first =
                |query: &SeriesQuery| *query == SeriesQuery::first(query.dashboard.clone());
            first.is_some() && wanted.with(is_first)
        });
        let fetched = Remote::new(move || {
            scope.refresh.track();
            let (query, is_first) = (wanted.get(), is_first.get());
            async move {
                if is_first {
                    return Ok(None);
                }
                let series = api::overview::series(query.clone()).await?;
                Ok(Some(Loaded { query, series }))
            }
        });
        let loaded = Memo::new(move |before: Option<&Option<Loaded>>| {
            let now = if is_first.get() {
                let series = first.and_then(|first| first.get());
                series.map(|series| Loaded {
                    query: wanted.get(),
                    series,
                })
            } else {
                fetched.value().flatten()
            };
            now.or_else(|| before.cloned().flatten())
        });
        let model = Memo::new(move |_| {
            let language = language();
            loaded
                .with(|loaded| {
                    let loaded = loaded.as_ref()?;
                    let metric = loaded.query.metric;
                    Some(
                        hidden
                            .with(|hidden| series::model(language, metric, &loaded.series, hidden)),
                    )
                })
                .unwrap_or_default()
        });
        let measure = Words::new(move || {
            let there = loaded.with(|loaded| Some(loaded.as_ref()?.query.metric));
            let metric = there.unwrap_or_else(|| wanted.with(|query| query.metric));
            series::metric_name(metric).get(language()).to_owned()
        });
        let shown = Self {
            scope: StoredValue::new(scope),
            wanted,
            loaded,
            model,
            measure,
            keys,
            hidden,
            act: RwSignal::new(None),
        };
        (shown, fetched)
    }

    /// Measures something else.
    pub fn choose_metric(self, metric: ChartMetric) {
        let scope = self.scope.get_value();
        scope.change(|query| query.metric = metric);
    }

    /// Lets a note be written of a day of the period that is shown, or of its last one.
    fn write(self, day: Option<NaiveDate>) {
        let scope = self.scope.get_value();
        untrack(|| {
            if session::may(Role::Editor) {
                let last = scope.period.get().to.min(scope.today());
                let day = day.map_or(last, |day| day.min(last));
                self.act.set(Some(Act::Write(day)));
            }
        });
    }

    /// Hides the note with this id, or all again none.
    fn hide(self, id: Option<String>) {
        browser::keep_focus(AFTER_HIDING);
        self.hidden.update(|hidden| match id {
            Some(id) => hidden.push(id),
            None => hidden.clear(),
        });
        let kept = self.hidden.with_untracked(|hidden| hidden.join("\n"));
        browser::store(HIDDEN_KEY, &kept);
    }
}

type Fetched = Remote<Option<Loaded>>;

/// The card with the chart.
#[component]
pub fn ChartCard(
    /// What the page is about and how it is filtered.
    scope: Scope,
    /// The chart that the page opens with, where the page has it already: it is not fetched again.
    #[prop(optional, into)]
    first: Option<Signal<Option<ChartSeries>>>,
    /// Set once the chart stands there, or cannot: what belongs to no first screen waits for it.
    stands: RwSignal<bool>,
) -> impl IntoView {
    let (shown, fetched) = Shown::load(scope, first);
    let is_there = Memo::new(move |_| shown.loaded.with(Option::is_some));
    let failed = Memo::new(move |_| fetched.result().and_then(Result::err));
    let stand = move || {
        if !stands.get_untracked() {
            stands.set(true);
        }
    };
    Effect::new(move |_| {
        if failed.with(Option::is_some) {
            stand();
        }
    });
    let failure = move || {
        let error = failed.get()?;
        Some(view! { <ErrorPanel error on_retry=move |()| fetched.reload() /> })
    };
    let content = move || {
        if is_there.get() {
            return content(shown, Callback::new(move |()| stand()));
        }
        failed
            .with(Option::is_none)
            .then(|| {
                view! {
                    <div class="chart-waits" role="status">
                        <span class="visually-hidden">{t(common::LOADING)}</span>
                    </div>
                }
            })
            .into_any()
    };
    view! {
        <section
            class="card chart-card"
            aria-label=move || shown.measure.get()
            aria-busy=move || fetched.is_loading().then_some("true")
        >
            {head(shown)}
            {failure}
            {content}
        </section>
    }
}

fn head(shown: Shown) -> AnyView {
    let scope = shown.scope.get_value();
    let splits = Split::ALL
        .iter()
        .map(|split| {
            Segment::new(
                series::split_name(*split),
                move || scope.query.with(|query| query.split == *split),
                move || scope.change(|query| query.split = *split),
            )
        })
        .collect();
    let buckets = [Bucket::Day, Bucket::Week, Bucket::Month]
        .into_iter()
        .map(|bucket| {
            // By day is what a period opens with, for as long as days can be told apart.
            let chosen = (bucket != Bucket::Day).then_some(bucket);
            Segment::new(
                series::bucket_name(bucket),
                move || {
                    let now = shown.wanted.with(|query| query.bucket);
                    series::bucket_name(now) == series::bucket_name(bucket)
                },
                move || scope.change(|query| query.bucket = chosen),
            )
        })
        .collect();
    let measure = shown.measure;
    let choose = Words::new(move || fill(texts::CHOOSE_MEASURE, &[("measure", &measure.get())]));
    let is_full = RwSignal::new(false);
    view! {
        <header class="chart-head">
            <h2 class="chart-title">
                <Menu
                    label=choose
                    class="chart-measure"
                    trigger=move || view! {
                        {move || measure.get()}
                        <Icon glyph=Glyph::ChevronDown />
                    }
                >
                    {there(menus::chart_measures, shown)}
                </Menu>
            </h2>
            <Segments legend=texts::SPLIT segments=splits />
            <Segments legend=texts::BUCKET segments=buckets />
            <div class="chart-actions">
                <Menu label=texts::EXPORT trigger=|| view! { <Icon glyph=Glyph::Download /> }>
                    {there(menus::chart_exports, shown)}
                </Menu>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=t(texts::FULL_SCREEN)
                    on:click=move |_| is_full.set(true)
                >
                    <Icon glyph=Glyph::Expand />
                </button>
            </div>
            {there_once_open(is_full.into(), menus::chart_full_screen, (shown, is_full))}
        </header>
    }
    .into_any()
}

fn content(shown: Shown, on_drawn: Callback<()>) -> AnyView {
    let scope = shown.scope.get_value();
    let more = Words::new(move || {
        let left_out = shown.loaded.with(|loaded| {
            let loaded = loaded.as_ref();
            loaded.map_or(0, |loaded| loaded.series.left_out.len())
        });
        match left_out {
            0 => texts::LINES.get(language()).to_owned(),
            _ => fill(texts::MORE, &[("n", &left_out)]),
        }
    });
    view! {
        <Chart
            model=shown.model
            measure=shown.measure
            on_stretch=move |(from, to)| {
                scope.change(|query| query.period = Some(Period::between(from, to).into()));
            }
            on_reset=move |()| scope.change(|query| query.period = None)
            on_enter=move |day| shown.write(Some(day))
            on_drawn
        />
        <p class="chart-meta">
            {move || shown.model.with(|model| meta(language(), model))}
        </p>
        {notes(shown)}
        <div class="chart-foot">
            <Menu label=more class="button is-quiet" trigger=move || more.get()>
                {there(menus::chart_lines, shown)}
            </Menu>
            {write_button(shown)}
            {table(shown)}
        </div>
    }
    .into_any()
}

/// Opens the window in which a note is written. What it does is loaded then.
fn write_button(shown: Shown) -> AnyView {
    let has_acted = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or_default() || shown.act.with(Option::is_some)
    });
    view! {
        <Show when=|| session::may(Role::Editor)>
            <button
                type="button"
                class="button is-quiet"
                aria-haspopup="dialog"
                on:click=move |_| shown.write(None)
            >
                {t(texts::ADD_NOTE)}
            </button>
        </Show>
        <Show when=move || has_acted.get()>{there_unseen(menus::chart_notes, shown)}</Show>
    }
    .into_any()
}

/// The button that takes away a note that somebody has written, for those who may.
fn remove_button(shown: Shown, note: &ChartNote) -> Option<AnyView> {
    let written = note.written.filter(|_| session::may(Role::Editor))?;
    let label = fill(texts::REMOVE_NOTE, &[("n", &note.number)]);
    let button = view! {
        <button
            type="button"
            class="icon-button"
            aria-label=label
            on:click=move |_| shown.act.set(Some(Act::Remove(written)))
        >
            <Icon glyph=Glyph::Trash />
        </button>
    };
    Some(button.into_any())
}

/// What happened, by number; each may be hidden.
fn notes(shown: Shown) -> AnyView {
    let listed = move || {
        let notes = shown.model.with(|model| model.notes.clone());
        let items = notes
            .into_iter()
            .map(|note| {
                let remove = remove_button(shown, &note);
                let id = note.id;
                let label = fill(texts::HIDE_NOTE, &[("n", &note.number)]);
                view! {
                    <li>
                        <b class="chart-number">{note.number}</b>
                        <span>{note.text}</span>
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=label
                            on:click=move |_| shown.hide(Some(id.clone()))
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                        {remove}
                    </li>
                }
            })
            .collect_view();
        view! { <ol class="chart-notes">{items}</ol> }
    };
    let is_any_hidden = move || {
        let hidden = shown.hidden.get();
        shown.loaded.with(|loaded| {
            let notes = loaded.as_ref().map(|loaded| loaded.series.notes.iter());
            notes.is_some_and(|mut notes| notes.any(|note| hidden.contains(&note.id)))
        })
    };
    view! {
        {listed}
        <Show when=is_any_hidden>
            <button
                type="button"
                class="button is-quiet chart-all-notes"
                on:click=move |_| shown.hide(None)
            >
                {t(texts::SHOW_NOTES)}
            </button>
        </Show>
    }
    .into_any()
}

/// The same numbers as a table, made when it is opened.
fn table(shown: Shown) -> AnyView {
    let details = NodeRef::<html::Details>::new();
    let is_open = RwSignal::new(false);
    let toggled = move |_| {
        let element = details.get_untracked();
        is_open.set(element.is_some_and(|element| element.has_attribute("open")));
    };
    view! {
        <details class="chart-table" node_ref=details on:toggle=toggled>
            <summary>{t(texts::AS_TABLE)}</summary>
            <Show when=move || is_open.get()>{there(menus::chart_table, shown)}</Show>
        </details>
    }
    .into_any()
}

/// The name of the project, for files; empty until it is there.
pub(super) fn project_name(shown: Shown) -> String {
    let scope = shown.scope.get_value();
    untrack(|| scope.project.value()).map_or_else(String::new, |project| project.record.name)
}

/// What is measured, in the language of this moment.
pub(super) fn measure_now(shown: Shown) -> &'static str {
    let there = shown
        .loaded
        .with_untracked(|loaded| Some(loaded.as_ref()?.query.metric));
    series::metric_name(there.unwrap_or_default()).get(language_now())
}
