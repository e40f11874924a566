//! Which answers of a project are summed: those of some models, to some prompts.

use app::model::ids::{ModelId, PromptId};

use super::columns::of_models;
use crate::store::sql::rows;

/// Which answers are summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Picked<'a> {
    /// Those of these models; empty: of all.
    pub models: &'a [ModelId],
    /// Those to these prompts; `None`: to all. Where there is no prompt in it, nothing is summed.
    pub prompts: Option<&'a [PromptId]>,
}

impl<'a> Picked<'a> {
    /// Answers to all prompts.
    pub const fn of_models(models: &'a [ModelId]) -> Self {
        Self {
            models,
            prompts: None,
        }
    }

    /// Lets only rows of them through: the condition on sums by model and prompt, with its `AND`.
    pub(super) fn condition(self, alias: &str) -> String {
        let of_models = of_models(alias, self.models);
        let Some(prompts) = self.prompts else {
            return of_models;
        };
        let ids = rows::id_list(prompts.iter().map(|prompt| prompt.0));
        format!("{of_models} AND {alias}.query_id IN ({ids})")
    }
}
