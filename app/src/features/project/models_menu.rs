//! The models to choose from.

use leptos::prelude::*;

use crate::choice::Item;
use crate::frame::scope::Scope;
use crate::model::ids::ModelId;
use crate::model::provider::Provider;
use crate::order;
use crate::texts::period as texts;
use crate::ui::multi_select::MultiSelect;

/// The models of the project and all that have answers in a period seen so far, by provider and
/// name; a model does not go away because the page is filtered. The simulator's that figures leave
/// out stand apart.
pub(super) fn items(scope: Scope) -> Memo<Vec<Item>> {
    Memo::new(move |before: Option<&Vec<Item>>| {
        let mut items: Vec<Item> = before.cloned().unwrap_or_default();
        for item in &mut items {
            item.count = None;
        }
        let project = scope.project.value();
        let known = project.map(|project| (project.record.model_ids, project.models));
        let (asked, known) = known.unwrap_or_default();
        let (answers, left_out) = scope.numbers.with(|numbers| {
            let numbers = numbers.as_ref();
            let models = numbers.map(|numbers| numbers.models.clone());
            let left_out = numbers.map(|numbers| numbers.left_out.clone());
            (models.unwrap_or_default(), left_out.unwrap_or_default())
        });
        let is_meant = |id: &ModelId| asked.contains(id) || left_out.contains(id);
        for model in known.iter().filter(|model| is_meant(&model.id)) {
            add(&mut items, model.id, model.provider, &model.name);
        }
        for model in answers {
            let item = add(
                &mut items,
                model.model_id,
                model.provider,
                &model.model_name,
            );
            item.count = Some(model.total.all.answers);
        }
        for item in &mut items {
            item.is_apart |= left_out.contains(&ModelId(item.id));
        }
        order::sort(&mut items, |one, other| {
            (one.provider, &one.name).cmp(&(other.provider, &other.name))
        });
        items
    })
}

/// The item of a model, which is added where it is not known yet.
fn add<'a>(
    items: &'a mut Vec<Item>,
    ModelId(id): ModelId,
    provider: Provider,
    name: &str,
) -> &'a mut Item {
    let place = items.iter().position(|known| known.id == id);
    let place = place.unwrap_or_else(|| {
        items.push(Item {
            id,
            name: name.to_owned(),
            provider: Some(provider),
            count: None,
            is_apart: false,
        });
        items.len() - 1
    });
    &mut items[place]
}

/// What the button of the models opens, or a part of what another one does.
#[component]
pub(super) fn ModelsMenu(
    scope: Scope,
    items: Memo<Vec<Item>>,
    #[prop(optional)] is_part: bool,
) -> impl IntoView {
    let chosen = Signal::derive(move || {
        scope.query.with(|query| {
            let ids = query.models.iter().map(|id| id.0);
            ids.collect::<Vec<i64>>()
        })
    });
    let on_choose = Callback::new(move |ids: Vec<i64>| {
        scope.choose_models(ids.into_iter().map(ModelId).collect());
    });
    view! {
        <MultiSelect
            label=texts::MODELS
            search=texts::SEARCH_MODELS
            apart=texts::LEFT_OUT
            items=items.into()
            chosen
            on_choose
            is_part
        />
    }
}
