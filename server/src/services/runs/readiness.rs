//! Whether a run can be of any use: what it would cost money for, and which keys it lacks.

use app::model::ids::{ModelId, WorkspaceId};
use app::model::provider::Provider;
use app::model::registry::ModelView;

use crate::services::ServiceResult;
use crate::services::keys::HostKeyRing;
use crate::store::Store;

/// Whether any of these models costs money: the simulator's answers do not.
pub(in crate::services) async fn is_any_paid(
    store: &Store,
    model_ids: &[ModelId],
) -> ServiceResult<bool> {
    let is_paid =
        |model: &ModelView| model_ids.contains(&model.id) && model.provider != Provider::Simulator;
    Ok(store.models().await?.iter().any(is_paid))
}

/// The providers of these models, where none of them has a key. A run with no key at all would
/// fail as a whole; one that lacks some keys goes ahead and says which models it could not ask.
pub(in crate::services) async fn providers_without_key(
    store: &Store,
    keys: &HostKeyRing,
    workspace: WorkspaceId,
    model_ids: &[ModelId],
) -> ServiceResult<Option<Vec<Provider>>> {
    let mut missing: Vec<Provider> = Vec::new();
    for model in store
        .models()
        .await?
        .into_iter()
        .filter(|model| model_ids.contains(&model.id))
    {
        if keys.has_access(workspace, model.provider).await? {
            return Ok(None);
        }
        if !missing.contains(&model.provider) {
            missing.push(model.provider);
        }
    }
    Ok((!missing.is_empty()).then_some(missing))
}
