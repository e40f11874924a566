//! Which answers numbers are made of.

use app::model::ids::ModelId;
use app::model::provider::Provider;

use super::parameters;

parameters! {
    /// Of which model.
    pub(in crate::http::rest) struct OfModel {
        /// Only answers of this model
        pub(in crate::http::rest) model_id: Option<ModelId>,
    }
}

parameters! {
    /// Of whose models.
    pub(in crate::http::rest) struct OfProvider {
        /// Only models of this provider
        pub(in crate::http::rest) llm_provider: Option<Provider>,
    }
}

parameters! {
    /// Real or made up.
    pub(in crate::http::rest) struct Simulated {
        #[doc = "Only answers that the simulator made up; where it is missing, they are left out \
                 once a real model has answered"]
        simulated: Option<bool>,
    }
}

impl Simulated {
    /// Whether only made-up answers are wanted.
    pub(in crate::http::rest) fn only(self) -> bool {
        self.simulated.unwrap_or(false)
    }
}
