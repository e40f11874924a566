//! The numbers of each model; a press on a row shows that model only.

use leptos::prelude::*;

use super::moved;
use crate::frame::scope::Scope;
use crate::model::dashboard::ModelSums;
use crate::model::metrics::Changes;
use crate::texts::{Text, dashboard as texts};
use crate::ui::format as words;
use crate::ui::{Badge, Card, ProviderMark, TableFrame, locale, t};
use crate::words::figure::{Figure, Measure};

/// The table of models.
#[component]
pub(super) fn ModelTable(scope: Scope) -> impl IntoView {
    let rows = move || {
        scope.numbers.with(|numbers| {
            let numbers = numbers.as_ref()?;
            let ends = numbers.ends;
            let place = |model: &ModelSums| match Some(model.model_id) {
                id if id == ends.best => Some(texts::BEST),
                id if id == ends.worst => Some(texts::WORST),
                _ => None,
            };
            Some(
                numbers
                    .models
                    .iter()
                    .map(|model| row(scope, model, &numbers.changes, place(model)))
                    .collect_view(),
            )
        })
    };
    view! {
        <Card title=texts::BY_MODEL lead=texts::BY_MODEL_LEAD>
            <TableFrame caption=texts::MODEL_TABLE class="is-cards">
                <thead>
                    <tr>
                        <th scope="col">{t(texts::MODEL)}</th>
                        <th scope="col" class="is-number">{t(texts::VISIBILITY)}</th>
                        <th scope="col" class="is-number">{t(texts::SHARE_OF_VOICE)}</th>
                        <th scope="col" class="is-number">{t(texts::AVERAGE_POSITION)}</th>
                        <th scope="col" class="is-number">{t(texts::TOP_THREE)}</th>
                        <th scope="col" class="is-number">{t(texts::ANSWERS)}</th>
                        <th scope="col" class="is-number">{t(texts::COST)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </Card>
    }
}

fn row(
    scope: Scope,
    model: &ModelSums,
    changes: &Changes,
    place: Option<Text>,
) -> impl IntoView + use<> {
    let id = model.model_id;
    let is_chosen = Memo::new(move |_| scope.query.with(|query| query.only_model() == Some(id)));
    let cell = |measure: Measure| {
        let figure = measure.figure(&model.total);
        let change = changes.get(measure.metric(&model.total), Some(id));
        // What did not move is not said of each number of each model.
        let moved = change
            .filter(|change| change.verdict.is_change())
            .map(|change| moved::badge(measure, change));
        view! {
            <td class="is-number" data-label=t(measure.name())>
                {figure_words(&figure)} {moved}
            </td>
        }
    };
    view! {
        // The button inside is what the keyboard presses; its click arrives here as well.
        <tr class="is-pressable" class:is-chosen=is_chosen on:click=move |_| scope.toggle_model(id)>
            <th scope="row">
                <button
                    type="button"
                    class="row-button"
                    aria-pressed=move || if is_chosen.get() { "true" } else { "false" }
                >
                    <ProviderMark provider=model.provider />
                    <span>{model.model_name.clone()}</span>
                </button>
                {place.map(|place| view! { " " <Badge label=place /> })}
            </th>
            {cell(Measure::Visibility)}
            {cell(Measure::ShareOfVoice)}
            {cell(Measure::AveragePosition)}
            {cell(Measure::TopThree)}
            <td class="is-number" data-label=t(texts::ANSWERS)>
                {words::whole(model.total.all.answers)}
            </td>
            <td class="is-number" data-label=t(texts::COST)>
                {words::paid_and_simulated(model.total.all.spend(), model.total.all.simulated_cost)}
            </td>
        </tr>
    }
}

/// The number, and below it its interval and what it is counted over.
fn figure_words(figure: &Figure) -> impl IntoView + use<> {
    let language = locale::language();
    let Some(amount) = figure.amount else {
        return view! { <span class="muted">{texts::NO_DATA.get(language)}</span> }.into_any();
    };
    let interval = figure
        .interval
        .map(|interval| amount.interval_words(language, interval));
    let detail = match interval {
        Some(interval) => format!("{interval} · n\u{a0}=\u{a0}{}", words::whole(figure.n)),
        None => format!("n\u{a0}=\u{a0}{}", words::whole(figure.n)),
    };
    view! {
        <span class="cell-figure">
            <span>{amount.words(language)}</span>
            <small>{detail}</small>
        </span>
    }
    .into_any()
}
