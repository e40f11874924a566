//! Which models a program means that names providers, models or both.

use app::model::ids::ModelId;
use app::model::provider::Provider;
use app::model::registry::ModelView;
use app::texts::errors;
use app::validate::{Check, MODELS};

/// The models that names and ids stand for; nothing where neither is given. A provider's name
/// keeps the models of it that the project has, and means its current one where it has none.
pub(super) fn chosen_models(
    names: Option<&[String]>,
    ids: Option<&[ModelId]>,
    present: &[ModelId],
    registry: &[ModelView],
    check: &mut Check,
) -> Option<Vec<ModelId>> {
    let Some(names) = names else {
        return ids.map(<[ModelId]>::to_vec);
    };
    let mut chosen = ids.unwrap_or_default().to_vec();
    for name in check.list("enabled_llms", names, MODELS) {
        let Ok(provider) = name.parse::<Provider>() else {
            let name: String = name.chars().take(40).collect();
            check.wrong("enabled_llms", errors::PROVIDER_UNKNOWN, &[("name", &name)]);
            continue;
        };
        let of_provider = |model: &&ModelView| model.provider == provider;
        let kept: Vec<ModelId> = registry
            .iter()
            .filter(of_provider)
            .map(|model| model.id)
            .filter(|id| present.contains(id))
            .collect();
        if !kept.is_empty() {
            chosen.extend(kept);
        } else if let Some(current) = registry
            .iter()
            .filter(of_provider)
            .find(|model| model.is_current && !model.has_ended)
        {
            chosen.push(current.id);
        } else {
            check.wrong("enabled_llms", errors::MODEL_UNKNOWN, &[]);
        }
    }
    Some(chosen)
}
