//! Which questions name the brand with which model; a press on a cell leads to its answers.

use leptos::prelude::*;

use crate::address::at;
use crate::api;
use crate::frame::query::Tab;
use crate::frame::scope::Scope;
use crate::model::dashboard::{Dashboard, PromptCells, PromptMap};
use crate::model::ids::ModelId;
use crate::model::metrics::Ratio;
use crate::texts::dashboard as texts;
use crate::ui::format as words;
use crate::ui::{AsyncView, Badge, Card, Remote, TableFrame, fill, locale, t};
use crate::words::numbers::percent;

/// Visibility by question and model.
#[component]
pub(super) fn ByPrompt(scope: Scope) -> impl IntoView {
    let map = Remote::new(move || {
        scope.refresh.track();
        let query = scope
            .query
            .with(|query| query.dashboard_query(scope.project_id, scope.period.get()));
        api::dashboard::prompt_map(query)
    });
    view! {
        <Card title=texts::BY_PROMPT lead=texts::BY_PROMPT_LEAD>
            <AsyncView remote=map lines=6 let:map>
                {table(scope, &map, &names(&map, scope.numbers)).into_any()}
            </AsyncView>
        </Card>
    }
}

fn names(map: &PromptMap, numbers: Memo<Option<Dashboard>>) -> Vec<String> {
    let name = |id: &ModelId| {
        numbers.with_untracked(|numbers| {
            let models = numbers.as_ref().map(|numbers| numbers.models.as_slice());
            let model = models?.iter().find(|model| model.model_id == *id)?;
            Some(model.model_name.clone())
        })
    };
    map.models
        .iter()
        .map(|id| name(id).unwrap_or_default())
        .collect()
}

fn table(scope: Scope, map: &PromptMap, names: &[String]) -> impl IntoView + use<> {
    let heads = names
        .iter()
        .map(|name| view! { <th scope="col">{name.clone()}</th> })
        .collect_view();
    let rows = map
        .prompts
        .iter()
        .map(|prompt| row(scope, prompt, &map.models, names))
        .collect_view();
    let listed = i64::try_from(map.prompts.len()).unwrap_or(i64::MAX);
    let left = map.total - listed;
    view! {
        <TableFrame caption=texts::BY_PROMPT class="heat">
            <thead>
                <tr>
                    <th scope="col">{t(texts::PROMPT)}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableFrame>
        {(left > 0).then(|| view! { <p class="muted">{fill(texts::PROMPTS_LEFT, &[("n", &words::whole(left))])}</p> })}
    }
}

fn row(
    scope: Scope,
    prompt: &PromptCells,
    models: &[ModelId],
    names: &[String],
) -> impl IntoView + use<> {
    let cells = prompt
        .cells
        .iter()
        .zip(models)
        .zip(names)
        .map(|((ratio, model), name)| cell(scope, prompt, *ratio, *model, name))
        .collect_view();
    view! {
        <tr>
            <th scope="row">
                {prompt.text.clone()} " "
                {prompt.is_branded.then(|| view! { <Badge label=texts::NAMES_YOU /> })}
            </th>
            {cells}
        </tr>
    }
}

fn cell(
    scope: Scope,
    prompt: &PromptCells,
    ratio: Ratio,
    model: ModelId,
    name: &str,
) -> impl IntoView + use<> {
    let Some(share) = ratio.value() else {
        return view! { <td class="muted">"–"</td> }.into_any();
    };
    let value = percent(locale::language(), share);
    let label = fill(
        texts::CELL,
        &[
            ("model", &name),
            ("value", &value),
            ("n", &words::whole(ratio.denominator)),
        ],
    );
    let prompt = prompt.prompt_id;
    let href = scope.link(move |query| {
        query.tab = Tab::Answers;
        query.prompt = Some(prompt);
        query.models = vec![model];
    });
    view! {
        <td style:--heat=format!("{share:.2}")>
            <a href=at(&href) aria-label=label.clone() title=label>
                {value}
            </a>
        </td>
    }
    .into_any()
}
