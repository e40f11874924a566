//! Which models a figure is asked for.

use app::api::error::ApiError;
use app::model::ids::ModelId;

use super::Services;

impl Services {
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
