//! Which questions name the brand with which model, those first that models differ on; a click on
//! a cell leads to its answers.

use leptos::prelude::*;

use super::state;
use crate::address::at;
use crate::api;
use crate::frame::query::PageQuery;
use crate::frame::scope::Scope;
use crate::model::dashboard::{PromptCells, PromptMap};
use crate::model::ids::{ModelId, PromptId};
use crate::model::metrics::{Ratio, is_few};
use crate::shapes::heat::HeatScale;
use crate::texts::{dashboard, overview as texts};
use crate::ui::locale::language;
use crate::ui::{
    AsyncView, Badge, Button, Card, HeatCell, HeatLegend, Remote, Skeleton, TableFrame, fill,
    format, t,
};
use crate::words::numbers::percent;

/// Visibility by question and model, asked for once the chart stands: nobody waits for it to see
/// that.
pub(super) fn by_prompt(scope: Scope, stands: RwSignal<bool>) -> AnyView {
    let table = move || {
        if stands.get() {
            whole_map(scope)
        } else {
            view! { <Skeleton lines=6 /> }.into_any()
        }
    };
    view! {
        <Card title=dashboard::BY_PROMPT class="by-prompt">
            {table}
        </Card>
    }
    .into_any()
}

fn whole_map(scope: Scope) -> AnyView {
    let map = Remote::new(move || {
        scope.refresh.track();
        let query = scope
            .query
            .with(|query| query.dashboard_query(scope.project_id, scope.period.get()));
        api::dashboard::prompt_map(query)
    });
    let is_all = RwSignal::new(false);
    view! {
        <AsyncView remote=map lines=6 let:map>
            {content(scope, &map, is_all)}
        </AsyncView>
    }
    .into_any()
}

/// The colours of the cells: around the share over all answers.
fn scale_of(map: &PromptMap) -> Option<HeatScale> {
    let cells = map.prompts.iter().flat_map(|prompt| &prompt.cells);
    let mean: Ratio = cells.clone().copied().sum();
    HeatScale::of(cells.filter_map(|cell| cell.value()), mean.value()?)
}

fn content(scope: Scope, map: &PromptMap, is_all: RwSignal<bool>) -> AnyView {
    let Some(scale) = scale_of(map) else {
        return view! { <p class="muted">{t(dashboard::NO_DATA)}</p> }.into_any();
    };
    let models = map.models.clone();
    let names = Memo::new(move |_| names(scope, &models));
    let heads = move || {
        let head = |name: &String| view! { <th scope="col">{name.clone()}</th> };
        names.with(|names| names.iter().map(head).collect_view())
    };
    let (prompts, models) = (state::by_spread(&map.prompts), map.models.clone());
    let listed = prompts.len();
    let rows = move || {
        let shown = if is_all.get() {
            listed
        } else {
            state::QUESTIONS
        };
        let shown = prompts.iter().take(shown);
        names.with(|names| {
            shown
                .map(|prompt| row(scope, scale, prompt, &models, names))
                .collect_view()
        })
    };
    let total = map.total;
    let all = move || fill(dashboard::PROMPTS_LEFT, &[("n", &format::whole(total))]);
    view! {
        <HeatLegend scale />
        <TableFrame caption=dashboard::BY_PROMPT class="heat">
            <thead>
                <tr>
                    <th scope="col">{t(dashboard::PROMPT)}</th>
                    {heads}
                    <th scope="col">{t(texts::ALL)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        <Show when=move || { state::QUESTIONS < listed && !is_all.get() }>
            <p>
                <Button label=all() on_press=move |()| is_all.set(true) />
            </p>
        </Show>
    }
    .into_any()
}

/// The names of the models; they follow the numbers, which may come later.
fn names(scope: Scope, models: &[ModelId]) -> Vec<String> {
    let name = |id: &ModelId| {
        scope.numbers.with(|numbers| {
            let models = numbers.as_ref().map(|numbers| numbers.models.as_slice());
            let model = models?.iter().find(|model| model.model_id == *id)?;
            Some(model.model_name.clone())
        })
    };
    models
        .iter()
        .map(|id| name(id).unwrap_or_default())
        .collect()
}

fn row(
    scope: Scope,
    scale: HeatScale,
    prompt: &PromptCells,
    models: &[ModelId],
    names: &[String],
) -> AnyView {
    let cells = prompt.cells.iter().zip(models).zip(names);
    let cells = cells.map(|((ratio, model), name)| {
        let of = (prompt.prompt_id, *model);
        cell(scope, scale, *ratio, of, name)
    });
    let all = state::all_cells(prompt);
    let words = all.value().map(format::whole_percent);
    view! {
        <tr>
            <th scope="row">
                {prompt.text.clone()} " "
                {prompt.is_branded.then(|| view! { <Badge label=dashboard::NAMES_YOU /> })}
            </th>
            {cells.collect_view()}
            <td class="heat-all" class:is-faint=is_few(all.denominator)>
                {words.unwrap_or_else(|| "–".to_owned())}
            </td>
        </tr>
    }
    .into_any()
}

fn cell(
    scope: Scope,
    scale: HeatScale,
    ratio: Ratio,
    (prompt, model): (PromptId, ModelId),
    name: &str,
) -> AnyView {
    let Some(share) = ratio.value() else {
        return view! {
            <td>
                <HeatCell value=None answers=0 scale />
            </td>
        }
        .into_any();
    };
    let label = fill(
        dashboard::CELL,
        &[
            ("model", &name),
            ("value", &percent(language(), share)),
            ("n", &format::whole(ratio.denominator)),
        ],
    );
    let href = scope.link(move |query| {
        *query = PageQuery {
            prompt: Some(prompt),
            models: vec![model],
            ..state::answers(query)
        };
    });
    view! {
        <td>
            <a href=at(&href) aria-label=label.clone() title=label>
                <HeatCell value=Some(share) answers=ratio.denominator scale />
            </a>
        </td>
    }
    .into_any()
}
