//! The judge of a workspace: who it is, and what it costs.

use app::api::error::ApiError;
use app::model::ids::ModelId;
use app::model::judge::{JudgeChoice, JudgeView};
use app::model::money::Money;
use app::model::provider::Provider;
use app::texts::errors;
use engine::cost::Price;

use crate::auth::{Owner, Viewer};
use crate::judge::cost_of_thousand;
use crate::services::{ServiceError, ServiceResult, Services};

impl Services {
    /// The judge, and who could be it.
    pub(super) async fn judge_view(&self, by: Viewer) -> ServiceResult<JudgeView> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let chosen = store.judge_model(workspace).await?;
        let typical = store.typical_answer(workspace).await?.unwrap_or_default();
        let paid = store.cost_of_judging(workspace).await?;
        let mut choices = Vec::new();
        for model in store.models().await? {
            let is_usable = model.is_offered()
                && model.price.is_some()
                && self.host.keys.has_access(workspace, model.provider).await?;
            if !is_usable && chosen != Some(model.id) {
                continue;
            }
            let measured = paid.iter().find(|(paid, _)| *paid == model.id);
            let estimated = || {
                Some(cost_of_thousand(
                    &model.price.as_ref().map(Price::from)?,
                    typical,
                ))
            };
            choices.push(JudgeChoice {
                model_id: model.id,
                provider: model.provider,
                per_thousand: measured.map(|(_, cost)| *cost).or_else(estimated),
                is_measured: measured.is_some(),
                is_proposed: false,
                is_usable,
                name: model.display_name,
            });
        }
        propose(&mut choices);
        // What the simulator would cost is nobody's money.
        for choice in &mut choices {
            if choice.provider == Provider::Simulator {
                choice.per_thousand = Some(Money::ZERO);
            }
        }
        Ok(JudgeView {
            model_id: chosen,
            choices,
        })
    }

    /// What the chosen judge costs for 1,000 answers, about; `None`: nobody judges, or at an
    /// unknown price.
    pub(in crate::services) async fn cost_of_judging(
        &self,
        by: Viewer,
    ) -> ServiceResult<Option<Money>> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let Some(chosen) = store.judge_model(workspace).await? else {
            return Ok(None);
        };
        let paid = store.cost_of_judging(workspace).await?;
        let model = store.model(chosen).await?;
        // Nobody pays it.
        if model.provider == Provider::Simulator {
            return Ok(None);
        }
        if let Some((_, cost)) = paid.iter().find(|(model, _)| *model == chosen) {
            return Ok(Some(*cost));
        }
        let typical = store.typical_answer(workspace).await?.unwrap_or_default();
        Ok(model
            .price
            .as_ref()
            .map(|price| cost_of_thousand(&price.into(), typical)))
    }

    /// Chooses a judge, or none.
    async fn choose_judge(&self, by: Owner, model: Option<ModelId>) -> ServiceResult<JudgeView> {
        if let Some(wanted) = model {
            let view = self.judge_view(by.into()).await?;
            let is_usable = |choice: &JudgeChoice| choice.model_id == wanted && choice.is_usable;
            if !view.choices.iter().any(is_usable) {
                return Err(ServiceError::Field("model_id", errors::JUDGE_UNUSABLE));
            }
        }
        self.host
            .store
            .save_judge_model(by.workspace(), model)
            .await?;
        tracing::info!(workspace.id = %by.workspace(), model = model.map(|id| id.0), "judge chosen");
        self.judge_view(by.into()).await
    }

    /// The judge, for the port.
    pub(in crate::services) async fn show_judge(&self) -> Result<JudgeView, ApiError> {
        self.reply(async { self.judge_view(self.viewer()?).await }.await)
    }

    /// Chooses a judge, for the port.
    pub(in crate::services) async fn change_judge(
        &self,
        model: Option<ModelId>,
    ) -> Result<JudgeView, ApiError> {
        self.reply(async { self.choose_judge(self.owner()?, model).await }.await)
    }
}

/// Proposes the cheapest: judging is easy beside answering. Perplexity takes up to half a minute
/// for a form that it has not seen before; the simulator reads nothing, and is proposed where
/// there is no key at all.
fn propose(choices: &mut [JudgeChoice]) {
    let rank = |choice: &JudgeChoice| {
        let is_made_up = choice.provider == Provider::Simulator;
        (is_made_up, choice.per_thousand, choice.model_id)
    };
    let best = choices
        .iter_mut()
        .filter(|choice| choice.is_usable && choice.provider != Provider::Perplexity)
        .min_by_key(|choice| rank(choice));
    if let Some(best) = best {
        best.is_proposed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(id: i64, provider: Provider, cents: i64) -> JudgeChoice {
        JudgeChoice {
            model_id: ModelId(id),
            provider,
            name: String::new(),
            per_thousand: Some(Money::from_nanos(cents * 10_000_000)),
            is_measured: false,
            is_proposed: false,
            is_usable: true,
        }
    }

    #[test]
    fn the_cheapest_that_reads_is_proposed() {
        let mut choices = vec![
            choice(1, Provider::Simulator, 1),
            choice(2, Provider::Perplexity, 2),
            choice(3, Provider::OpenAi, 9),
            choice(4, Provider::Anthropic, 5),
        ];
        propose(&mut choices);
        let proposed: Vec<i64> = choices
            .iter()
            .filter(|choice| choice.is_proposed)
            .map(|choice| choice.model_id.0)
            .collect();
        assert_eq!(proposed, [4]);
        propose(&mut choices[..1]);
        assert!(choices[0].is_proposed, "better than nothing for a newcomer");
    }
}
