//! Which models a figure is asked for.

use app::api::error::ApiError;
use app::model::ids::{ModelId, ProjectId};

use super::{ServiceResult, Services};
use crate::auth::Viewer;
use crate::store::pooled::Pooled;

impl Services {
    /// The models of a figure over `wanted`, or over all models where the list is empty, and
    /// which it leaves out; where only made-up answers are wanted, the simulator's of these.
    pub(super) async fn pooled(
        &self,
        by: Viewer,
        project: ProjectId,
        wanted: &[ModelId],
        simulated: bool,
    ) -> ServiceResult<Pooled> {
        let store = &self.host.store;
        if !simulated {
            return Ok(store.pooled(by.workspace(), project, wanted).await?);
        }
        Ok(Pooled {
            models: store.made_up_models(wanted).await?,
            left_out: Vec::new(),
        })
    }

    /// The models to ask a figure for: the one that is named, or all (an empty list); where
    /// only made-up answers are wanted, the simulator's of these.
    pub async fn models_of(
        &self,
        model: Option<ModelId>,
        simulated: bool,
    ) -> Result<Vec<ModelId>, ApiError> {
        let named: Vec<ModelId> = model.into_iter().collect();
        if !simulated {
            return Ok(named);
        }
        let models = async {
            self.viewer()?;
            Ok(self.host.store.made_up_models(&named).await?)
        };
        self.reply(models.await)
    }
}
