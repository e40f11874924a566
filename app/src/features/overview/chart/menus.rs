//! What opens by a click on the card with the chart, in a part of the code of its own: what is
//! measured, which lines are drawn, files, the chart over the whole window, the table, and notes.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use super::card::{Loaded, Shown};
use super::exports::{self, File};
use super::{note_acts, series};
use crate::canvas::lines::drawing::token_of;
use crate::canvas::lines::said;
use crate::model::overview::{ChartMetric, LineKey};
use crate::texts::{Text, chart as texts, dashboard, period};
use crate::ui::locale::language;
use crate::ui::part::part;
use crate::ui::{Chart, Dialog, TableFrame, Words, t};

part! {
    /// What can be measured.
    charting: pub fn chart_measures(of: Shown) {
        measures(of)
    }
}

part! {
    /// Files of the chart.
    charting: pub fn chart_exports(of: Shown) {
        files(of)
    }
}

part! {
    /// Which lines are drawn.
    charting: pub fn chart_lines(of: Shown) {
        lines(of)
    }
}

part! {
    /// The chart over the whole window.
    charting: pub fn chart_full_screen(of: (Shown, RwSignal<bool>)) {
        full_screen(of)
    }
}

part! {
    /// The numbers as a table.
    charting: pub fn chart_table(of: Shown) {
        table(of)
    }
}

part! {
    /// The window in which a note is written, and what takes notes away.
    charting: pub fn chart_notes(of: Shown) {
        note_acts::acts(of)
    }
}

/// Moves the focus among the items of a menu.
fn move_focus(event: &KeyboardEvent) {
    let pressed = event_target::<Element>(event);
    let Ok(Some(list)) = pressed.closest(".menu-list") else {
        return;
    };
    let Ok(items) = list.query_selector_all("[role^=menuitem], input") else {
        return;
    };
    let items: Vec<HtmlElement> = (0..items.length())
        .filter_map(|index| items.get(index)?.dyn_into().ok())
        .collect();
    let focused = document().active_element();
    let now = items
        .iter()
        .position(|item| item.is_same_node(focused.as_deref()));
    let end = items.len().saturating_sub(1);
    let next = match event.key().as_str() {
        "ArrowDown" => now.map_or(0, |now| if now == end { 0 } else { now + 1 }),
        "ArrowUp" => now.map_or(end, |now| now.checked_sub(1).unwrap_or(end)),
        "Home" => 0,
        "End" => end,
        _ => return,
    };
    event.prevent_default();
    if let Some(item) = items.get(next) {
        let _ = item.focus();
    }
}

fn measures(shown: Shown) -> AnyView {
    let items = ChartMetric::ALL
        .iter()
        .map(|metric| {
            let is_chosen = move || shown.wanted.with(|query| query.metric == *metric);
            view! {
                <button
                    type="button"
                    role="menuitemradio"
                    class="menu-item"
                    data-close=""
                    data-metric=metric.word()
                    aria-checked=move || if is_chosen() { "true" } else { "false" }
                    title=t(series::metric_definition(*metric))
                    on:click=move |_| shown.choose_metric(*metric)
                >
                    {t(series::metric_name(*metric))}
                </button>
            }
        })
        .collect_view();
    view! {
        <div
            class="menu-list"
            role="menu"
            aria-label=t(texts::MEASURE)
            on:keydown=move |event| move_focus(&event)
        >
            {items}
        </div>
    }
    .into_any()
}

fn files(shown: Shown) -> AnyView {
    let items: [(File, Text); 5] = [
        (File::Png, texts::EXPORT_PNG),
        (File::Svg, texts::EXPORT_SVG),
        (File::Csv, texts::EXPORT_CSV),
        (File::Copy, texts::EXPORT_COPY),
        (File::Print, texts::EXPORT_PRINT),
    ];
    let items = items
        .into_iter()
        .map(|(file, text)| {
            view! {
                <button
                    type="button"
                    role="menuitem"
                    class="menu-item"
                    data-close=""
                    on:click=move |_| exports::make(shown, file)
                >
                    {t(text)}
                </button>
            }
        })
        .collect_view();
    view! {
        <div
            class="menu-list"
            role="menu"
            aria-label=t(texts::EXPORT)
            on:keydown=move |event| move_focus(&event)
        >
            {items}
        </div>
    }
    .into_any()
}

fn lines(shown: Shown) -> AnyView {
    let choices = move |loaded: &Option<Loaded>| {
        let loaded = loaded.as_ref();
        loaded.map_or_else(Vec::new, |loaded| series::choices(&loaded.series))
    };
    // Which are shown is not in it: the list stands still, and the focus in it, when one is
    // chosen.
    let listed = Memo::new(move |_| {
        let mut listed = shown.loaded.with(choices);
        for choice in &mut listed {
            choice.is_shown = false;
        }
        listed
    });
    let is_shown = move |key: &LineKey| {
        shown.loaded.with(|loaded| {
            let lines = loaded.as_ref().map(|loaded| loaded.series.lines.iter());
            lines.is_some_and(|mut lines| lines.any(|line| line.key == *key))
        })
    };
    let items = move || {
        let row = |choice: series::Choice| {
            let (of, chosen) = (choice.key.clone(), choice.key);
            let style = format!("--series:var(--{})", token_of(choice.slot, choice.is_you));
            view! {
                <label class="menu-item" style=style>
                    <input
                        type="checkbox"
                        prop:checked=move || is_shown(&of)
                        on:change=move |_| {
                            let choices = shown.loaded.with_untracked(choices);
                            shown.keys.set(series::toggled(&choices, &chosen));
                        }
                    />
                    <i class="chart-swatch"></i>
                    {choice.name}
                </label>
            }
        };
        listed.get().into_iter().map(row).collect_view()
    };
    view! {
        <fieldset class="menu-list" on:keydown=move |event| move_focus(&event)>
            <legend class="visually-hidden">{t(texts::LINES)}</legend>
            {items}
        </fieldset>
    }
    .into_any()
}

fn full_screen((shown, is_full): (Shown, RwSignal<bool>)) -> AnyView {
    view! {
        <Dialog open=is_full title=shown.measure>
            <div class="chart-full">
                <Chart model=shown.model measure=shown.measure />
                <p class="chart-meta">
                    {move || shown.model.with(|model| said::meta(language(), model))}
                </p>
            </div>
        </Dialog>
    }
    .into_any()
}

fn table(shown: Shown) -> AnyView {
    let rows = move || {
        let rows = shown.model.with(|model| said::table(language(), model));
        rows.into_iter()
            .map(|row| {
                view! {
                    <tr>
                        <th scope="row">{row.bucket}</th>
                        <td>{row.name}</td>
                        <td class="is-number">{row.value}</td>
                        <td class="is-number">{row.interval}</td>
                        <td class="is-number">{row.n}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    let line = Words::new(move || {
        let split = shown.wanted.with(|query| query.split);
        series::split_name(split).get(language()).to_owned()
    });
    view! {
        <TableFrame caption=shown.measure>
            <thead>
                <tr>
                    <th scope="col">{t(period::PERIOD)}</th>
                    <th scope="col">{move || line.get()}</th>
                    <th scope="col" class="is-number">{move || shown.measure.get()}</th>
                    <th scope="col" class="is-number">{t(dashboard::INTERVAL_HEAD)}</th>
                    <th scope="col" class="is-number">{t(texts::COUNTED_OVER)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
    }
    .into_any()
}
