//! The charts and their tables.

use leptos::prelude::*;
use serde_json::Value;

use super::chart::{self, BARS, Mark, Trace, Voice};
use super::state;
use crate::canvas::Theme;
use crate::frame::scope::Scope;
use crate::model::dashboard::Dashboard;
use crate::model::ids::ModelId;
use crate::model::language::Language;
use crate::model::metrics::Ratio;
use crate::order;
use crate::texts::dashboard as texts;
use crate::ui::chart::{Pick, is_dark};
use crate::ui::format as words;
use crate::ui::{Card, Chart, TableFrame, Words, fill, locale, t};
use crate::words::dates::long_day;
use crate::words::figure;
use crate::words::numbers::{decimal, percent, percent_interval, signed_percent};

fn theme() -> Theme {
    if is_dark() { Theme::Dark } else { Theme::Light }
}

/// Visibility over time by model.
#[component]
pub(super) fn VisibilityOverTime(scope: Scope) -> impl IntoView {
    let numbers = scope.numbers;
    let traces = Memo::new(move |_| {
        numbers.with(|numbers| {
            numbers
                .as_ref()
                .map(|numbers| chart::traces(&numbers.models))
                .unwrap_or_default()
        })
    });
    let pooled = Memo::new(move |_| {
        let language = locale::language();
        numbers.with(|numbers| {
            numbers
                .as_ref()
                .map(|numbers| chart::pooled_trace(language, &numbers.days))
        })
    });
    let marks = Memo::new(move |_| {
        let language = locale::language();
        numbers.with(|numbers| {
            numbers
                .as_ref()
                .map(|numbers| state::marks(language, numbers))
                .unwrap_or_default()
        })
    });
    let option = Signal::derive(move || {
        draw(
            locale::language(),
            &traces.get(),
            pooled.get().as_ref(),
            &marks.get(),
        )
    });
    let summary = Words::new(move || summary(&traces.get(), pooled.get().as_ref()));
    let on_pick = move |pick| match pick {
        Pick::Series(id) => {
            if let Some(model) = id
                .strip_prefix("model-")
                .and_then(|id| id.parse::<ModelId>().ok())
            {
                scope.toggle_model(model);
            }
        }
        Pick::Legend(name) => {
            let trace = traces
                .get_untracked()
                .into_iter()
                .find(|trace| trace.name == name);
            let model =
                trace.and_then(|trace| trace.id.strip_prefix("model-")?.parse::<ModelId>().ok());
            match model {
                Some(model) => scope.toggle_model(model),
                None => scope.choose_models(Vec::new()),
            }
        }
    };
    view! {
        <Card title=texts::VISIBILITY_OVER_TIME lead=texts::VISIBILITY_OVER_TIME_LEAD class="chart-card">
            <Chart option summary height=Signal::stored(340) on_pick>
                {move || visibility_table(&traces.get(), pooled.get(), &marks.get())}
            </Chart>
        </Card>
    }
}

fn draw(
    language: Language,
    traces: &[Trace],
    pooled: Option<&Trace>,
    marks: &[Mark],
) -> Option<Value> {
    chart::visibility_over_time(language, theme(), traces, pooled, marks)
}

fn summary(traces: &[Trace], pooled: Option<&Trace>) -> String {
    let language = locale::language();
    let days = pooled.map_or(0, |pooled| pooled.points.len());
    let last = pooled.and_then(|pooled| pooled.points.last());
    let Some(last) = last else {
        return texts::NO_DATA.get(language).to_owned();
    };
    fill(
        texts::VISIBILITY_SUMMARY,
        &[
            ("models", &traces.len()),
            ("days", &days),
            ("day", &long_day(language, last.day)),
            ("value", &percent(language, last.share)),
        ],
    )
}

fn visibility_table(
    traces: &[Trace],
    pooled: Option<Trace>,
    marks: &[Mark],
) -> impl IntoView + use<> {
    let language = locale::language();
    let pooled = pooled.filter(|_| traces.len() > 1);
    let mut rows: Vec<_> = pooled
        .iter()
        .chain(traces)
        .flat_map(|trace| {
            trace
                .points
                .iter()
                .map(|point| (point.day, trace.name.clone(), *point))
        })
        .collect();
    // The newest day first; within a day as the traces come.
    order::sort_by_key(&mut rows, |(day, _, _)| std::cmp::Reverse(*day));
    let rows = rows
        .into_iter()
        .map(|(day, name, point)| {
            view! {
                <tr>
                    <th scope="row">{long_day(language, day)}</th>
                    <td>{name}</td>
                    <td class="is-number">{percent(language, point.share)}</td>
                    <td class="is-number">{percent_interval(language, point.interval)}</td>
                    <td class="is-number">{words::whole(point.n)}</td>
                </tr>
            }
        })
        .collect_view();
    let seams = marks
        .iter()
        .map(|mark| {
            view! {
                <tr>
                    <th scope="row">{long_day(language, mark.day)}</th>
                    <td colspan="4">{mark.words.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TableFrame caption=texts::VISIBILITY_TABLE>
            <thead>
                <tr>
                    <th scope="col">{t(texts::DAY)}</th>
                    <th scope="col">{t(texts::MODEL)}</th>
                    <th scope="col" class="is-number">{t(texts::VISIBILITY)}</th>
                    <th scope="col" class="is-number">{t(texts::INTERVAL_HEAD)}</th>
                    <th scope="col" class="is-number">{t(texts::ANSWERS)}</th>
                </tr>
            </thead>
            <tbody>{seams}{rows}</tbody>
        </TableFrame>
    }
}

/// Share of voice of the brand and its competitors.
#[component]
pub(super) fn ShareOfVoice(scope: Scope) -> impl IntoView {
    let numbers = scope.numbers;
    let voices = Memo::new(move |_| {
        numbers.with(|numbers| {
            numbers
                .as_ref()
                .map(|numbers| chart::voices(&numbers.entities))
                .unwrap_or_default()
        })
    });
    let option =
        Signal::derive(move || chart::share_of_voice(locale::language(), theme(), &voices.get()));
    let height = Signal::derive(move || {
        let bars = u32::try_from(voices.with(Vec::len).clamp(1, BARS)).unwrap_or(1);
        bars * if bars <= 6 { 56 } else { 42 } + 48
    });
    let summary = Words::new(move || {
        voices.with(|voices| {
            let language = locale::language();
            let Some(brand) = voices.iter().find(|voice| voice.is_brand) else {
                return texts::NO_DATA.get(language).to_owned();
            };
            let place = 1 + voices
                .iter()
                .filter(|voice| voice.mentions > brand.mentions)
                .count();
            fill(
                texts::VOICE_SUMMARY,
                &[
                    ("brand", &brand.name),
                    ("value", &percent(language, brand.share)),
                    ("place", &place),
                    ("all", &voices.len()),
                ],
            )
        })
    });
    let is_empty = Memo::new(move |_| voices.with(Vec::is_empty));
    view! {
        <Card title=texts::SHARE_OF_VOICE lead=texts::SHARE_OF_VOICE_LEAD class="chart-card">
            <Show
                when=move || !is_empty.get()
                fallback=|| view! { <p class="muted">{t(texts::NOBODY_NAMED)}</p> }
            >
                <Chart option summary height>
                    {move || voice_table(&voices.get(), numbers.get())}
                </Chart>
            </Show>
        </Card>
    }
}

fn voice_table(voices: &[Voice], numbers: Option<Dashboard>) -> impl IntoView + use<> {
    let language = locale::language();
    // The judge's words where it has read answers, the rules' elsewhere; never both in a column.
    let is_judged = numbers
        .as_ref()
        .is_some_and(|numbers| figure::is_judged(&numbers.total));
    let entities = numbers.map(|numbers| numbers.entities).unwrap_or_default();
    let rows = voices
        .iter()
        .map(|voice| {
            let entity = entities.iter().find(|entity| entity.name == voice.name);
            let place = entity.and_then(state::entity_place).map_or_else(
                || texts::NO_DATA.get(language).to_owned(),
                |place| decimal(language, place, 1),
            );
            let tone = entity.map(|entity| state::tone_of(entity, is_judged));
            let words_of = |ratio: Option<Ratio>, words: fn(Language, f64) -> String| {
                ratio.and_then(Ratio::value).map_or_else(
                    || texts::NO_DATA.get(language).to_owned(),
                    |value| words(language, value),
                )
            };
            let balance = words_of(tone.map(|tone| tone.net()), signed_percent);
            let recommended = words_of(tone.map(|tone| tone.recommendation_rate()), percent);
            let whose = voice
                .is_brand
                .then(|| view! { <span class="badge is-info">{t(texts::YOUR_BRAND)}</span> });
            view! {
                <tr>
                    <th scope="row">{voice.name.clone()} " " {whose}</th>
                    <td class="is-number">{percent(language, voice.share)}</td>
                    <td class="is-number">{percent_interval(language, voice.interval)}</td>
                    <td class="is-number">{words::whole(voice.mentions)}</td>
                    <td class="is-number">{place}</td>
                    <td class="is-number">{balance}</td>
                    <td class="is-number">{recommended}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <TableFrame caption=texts::VOICE_TABLE>
            <thead>
                <tr>
                    <th scope="col">{t(texts::BRAND)}</th>
                    <th scope="col" class="is-number">{t(texts::SHARE_OF_VOICE)}</th>
                    <th scope="col" class="is-number">{t(texts::INTERVAL_HEAD)}</th>
                    <th scope="col" class="is-number">{t(texts::MENTIONS)}</th>
                    <th scope="col" class="is-number">{t(texts::AVERAGE_POSITION)}</th>
                    <th scope="col" class="is-number">{t(texts::TONE)}</th>
                    <th scope="col" class="is-number">{t(texts::RECOMMENDED)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <p class="muted">{move || figure::judged_by(is_judged, locale::language())}</p>
    }
}
