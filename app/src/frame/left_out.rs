//! What the simulator made up and figures leave out, each model with a way to show it alone.

use leptos::prelude::*;

use super::scope::Scope;
use crate::model::ids::ModelId;
use crate::texts::dashboard as texts;
use crate::ui::{Button, Look, fill};

/// A button for each of these models of the simulator.
#[component]
pub fn LeftOut(
    /// Where it is chosen.
    scope: Scope,
    /// The models that are left out.
    #[prop(into)]
    models: Signal<Vec<ModelId>>,
) -> impl IntoView {
    let named = Memo::new(move |_| {
        let project = scope.project.value();
        let known = project.map(|project| project.models).unwrap_or_default();
        let named = |id: ModelId| {
            let model = known.iter().find(|model| model.id == id);
            let name = model.map_or_else(|| id.to_string(), |model| model.name.clone());
            (id, name)
        };
        models.get().into_iter().map(named).collect::<Vec<_>>()
    });
    move || {
        named
            .get()
            .into_iter()
            .map(|(model, name)| {
                let label = fill(texts::LEFT_OUT, &[("name", &name)]);
                let show = move |()| scope.choose_models(vec![model]);
                view! { <Button label look=Look::Quiet on_press=show /> }
            })
            .collect_view()
    }
}
