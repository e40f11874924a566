//! Which model judges answers, and what that costs.

use serde::{Deserialize, Serialize};

use super::ids::ModelId;
use super::money::Money;
use super::provider::Provider;

/// The judge of a workspace, and who could be it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeView {
    /// The chosen model; `None`: nobody judges.
    pub model_id: Option<ModelId>,
    /// Models that could: available, with a price and a key. The chosen one is among them even
    /// where it no longer could.
    pub choices: Vec<JudgeChoice>,
}

/// A model that could judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgeChoice {
    /// The model.
    pub model_id: ModelId,
    /// Its provider.
    pub provider: Provider,
    /// Its name for people.
    pub name: String,
    /// What 1,000 answers cost, about; `None`: it has no price any more.
    pub per_thousand: Option<Money>,
    /// Whether that is what this workspace has paid, rather than an estimate.
    pub is_measured: bool,
    /// Whether it is the small one that is proposed.
    pub is_proposed: bool,
    /// Whether it can be asked now.
    pub is_usable: bool,
}

impl JudgeView {
    /// The model that is proposed.
    pub fn proposed(&self) -> Option<&JudgeChoice> {
        self.choices.iter().find(|choice| choice.is_proposed)
    }

    /// The model that is chosen.
    pub fn chosen(&self) -> Option<&JudgeChoice> {
        let id = self.model_id?;
        self.choices.iter().find(|choice| choice.model_id == id)
    }
}
