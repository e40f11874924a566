//! The numbers of each model; a click on a row shows that model only.

use leptos::prelude::*;

use super::cards::direction;
use super::state;
use crate::address::at;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::model::dashboard::{Dashboard, ModelSums};
use crate::model::metrics::Grade;
use crate::texts::{dashboard, overview as texts};
use crate::ui::locale::language;
use crate::ui::{
    Card, Change, Direction, IntervalBar, ProviderMark, Sparkline, TableFrame, format, t,
};
use crate::words::amount::Amount;
use crate::words::change::said;
use crate::words::figure::{Figure, Measure};

/// The table of models.
pub(super) fn model_table(scope: Scope) -> AnyView {
    let rows = move || {
        scope.numbers.with(|numbers| {
            let numbers = numbers.as_ref()?;
            let models = state::by_visibility(&numbers.models);
            let rows = models.iter().map(|model| row(scope, model, numbers));
            Some(rows.collect_view())
        })
    };
    let compare = move || {
        view! {
            <a class="link" href=move || at(&scope.link(|query| query.tab = Tab::Models))>
                {t(texts::COMPARE_MODELS)}
            </a>
        }
    };
    view! {
        <Card title=dashboard::BY_MODEL actions=compare class="by-model">
            <TableFrame caption=dashboard::MODEL_TABLE class="is-cards models-table">
                <thead>{head()}</thead>
                <tbody>{rows}</tbody>
            </TableFrame>
        </Card>
    }
    .into_any()
}

fn head() -> AnyView {
    view! {
        <tr>
            <th scope="col">{t(dashboard::MODEL)}</th>
            <th scope="col" class="is-number" colspan="2">
                {t(dashboard::VISIBILITY)}
            </th>
            <th scope="col">{t(dashboard::INTERVAL_HEAD)}</th>
            <th scope="col">{t(texts::CHANGE)}</th>
            <th scope="col">{t(texts::TREND)}</th>
            <th scope="col" class="is-number">{t(dashboard::SHARE_OF_VOICE)}</th>
            <th scope="col" class="is-number">{t(dashboard::AVERAGE_POSITION)}</th>
            <th scope="col" class="is-number">{t(dashboard::TONE)}</th>
            <th scope="col" class="is-number">{t(dashboard::ANSWERS)}</th>
            <th scope="col" class="is-number">{t(dashboard::COST)}</th>
        </tr>
    }
    .into_any()
}

fn row(scope: Scope, model: &ModelSums, numbers: &Dashboard) -> AnyView {
    let id = model.model_id;
    let is_chosen = Memo::new(move |_| scope.query.with(|query| query.only_model() == Some(id)));
    let sums = model.total.all;
    view! {
        // The button inside is what the keyboard presses; its click arrives here as well.
        <tr
            class="is-pressable"
            class:is-chosen=is_chosen
            title=t(dashboard::BY_MODEL_LEAD)
            on:click=move |_| scope.toggle_model(id)
        >
            <th scope="row">
                <button
                    type="button"
                    class="row-button"
                    aria-pressed=move || if is_chosen.get() { "true" } else { "false" }
                >
                    <ProviderMark provider=model.provider />
                    <span>{model.model_name.clone()}</span>
                </button>
            </th>
            {visibility_cells(model, numbers)}
            {number_cell(model, Measure::ShareOfVoice)}
            {number_cell(model, Measure::AveragePosition)}
            {number_cell(model, Measure::Tone)}
            <td class="is-number" data-label=t(dashboard::ANSWERS)>
                {format::whole(sums.answers)}
            </td>
            <td class="is-number" data-label=t(dashboard::COST)>
                {format::paid_and_simulated(sums.spend(), sums.simulated_cost)}
            </td>
        </tr>
    }
    .into_any()
}

/// Value, interval as a bar and in words, change, trend.
fn visibility_cells(model: &ModelSums, numbers: &Dashboard) -> AnyView {
    let figure = Measure::Visibility.figure(&model.total);
    let value = figure.amount.map(Amount::value);
    let shown = |amount: Amount| amount.shown(language(), figure.interval);
    let words = figure.amount.map_or_else(no_data, shown);
    let both = value.zip(figure.interval);
    let bar = both.map(|(value, interval)| {
        view! { <IntervalBar low=interval.low value high=interval.high is_you=true /> }
    });
    let both = figure.amount.zip(figure.interval);
    let interval = both.map(|(amount, interval)| amount.interval_words(language(), interval));
    let metric = Measure::Visibility.metric(&model.total);
    let change = numbers.changes.get(metric, Some(model.model_id));
    let said = change.and_then(|change| said(language(), Measure::Visibility, change));
    let is_quiet = said
        .as_ref()
        .is_none_or(|said| direction(said.course) == Direction::Unclear);
    let change = said.map(|said| {
        view! {
            <span title=said.explanation>
                <Change words=said.words direction=direction(said.course) />
            </span>
        }
    });
    let trend = state::trend(&model.days, numbers.from, numbers.to);
    let trend =
        (trend.iter().flatten().count() > 1).then(|| view! { <Sparkline values=trend is_quiet /> });
    view! {
        <td
            class="is-number models-value"
            class:is-faint=is_faint(&figure)
            data-label=t(dashboard::VISIBILITY)
        >
            {words}
        </td>
        <td class="models-bar">{bar}</td>
        <td class="models-interval" data-label=t(dashboard::INTERVAL_HEAD)>
            {interval}
        </td>
        <td data-label=t(texts::CHANGE)>{change}</td>
        <td class="models-trend">{trend}</td>
    }
    .into_any()
}

fn number_cell(model: &ModelSums, measure: Measure) -> AnyView {
    let figure = measure.figure(&model.total);
    let shown = |amount: Amount| amount.shown(language(), figure.interval);
    let words = figure.amount.map_or_else(no_data, shown);
    let interval = figure.amount.zip(figure.interval);
    let interval = interval.map(|(amount, interval)| amount.interval_words(language(), interval));
    let over = measure.counted_over(language(), figure.n);
    let detail = interval.map_or_else(|| over.clone(), |interval| format!("{interval} · {over}"));
    view! {
        <td
            class="is-number"
            class:is-faint=is_faint(&figure)
            data-label=t(measure.name())
            title=detail
        >
            {words}
        </td>
    }
    .into_any()
}

fn no_data() -> String {
    "–".to_owned()
}

/// Whether a number rests on too little to be read as one.
fn is_faint(figure: &Figure) -> bool {
    matches!(figure.grade, None | Some(Grade::None))
}
