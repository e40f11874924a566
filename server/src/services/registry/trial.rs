//! One real, cheapest possible ask, before a model becomes the one that its provider's name
//! stands for.

use app::texts::errors;
use app::validate::PriceAmounts;
use engine::cost::{self, Price};
use engine::{allowance, call_size};
use providers::{Answer, Failure, Outcome, Question};
use tracing::Instrument;

use crate::auth::Admin;
use crate::services::money::{PaidCall, Settled, reason_of_failure};
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::money::{CallKind, MayCall};

/// The fewest tokens that all providers accept as a limit.
const TOKENS: u32 = 16;
/// Seconds after which an admin whose workspace has too many calls under way may try again.
const TRY_AGAIN_SECONDS: u64 = 15;

impl Services {
    /// Asks a model once, out of the budget of the admin's workspace and with its key. `amounts`
    /// is the price that is to be written together with the change, if any.
    ///
    /// Errors: why the model did not answer, in words; what was paid is booked.
    pub(super) async fn try_model(
        &self,
        by: Admin,
        model: app::model::ids::ModelId,
        amounts: Option<&PriceAmounts>,
    ) -> ServiceResult<()> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let mut scope = store.call_scope(workspace, None, model).await?;
        let provider = scope.model.provider;
        let Some(found) = self.host.keys.find(workspace, provider).await? else {
            let text = errors::NO_KEY.fill(self.language, &[("providers", &provider.label())]);
            return Err(ServiceError::ConflictMessage(text));
        };
        scope.pay_on_shared_key(found.on_shared_key);
        let now = store.clock().now();
        scope.model.prices.extend(typed_price(amounts, now));
        let price = cost::price_at(&scope.model.prices, now);
        let question = question(&scope.model.model_id);
        let worst_case = allowance::worst_case(&scope.model, price, call_size(&question));
        let begun = store.begin_call(&scope, CallKind::Trial, worst_case.amount);
        let set_aside = match begun.await? {
            MayCall::Yes(set_aside) => set_aside,
            MayCall::OverBudget => return Err(ServiceError::Conflict(errors::OVER_BUDGET)),
            MayCall::OverCeiling => return Err(ServiceError::Conflict(errors::SHARED_CEILING)),
            MayCall::TooMany => return Err(ServiceError::Busy(TRY_AGAIN_SECONDS)),
        };
        let name = scope.model_name.clone();
        let call = PaidCall::new(&self.host, scope, found.access, set_aside, worst_case);
        // A browser that goes away meanwhile does not keep the cost from being booked.
        let calling = tokio::spawn(async move { call.run(&[question]).await }.in_current_span());
        let ended = calling.await;
        let Settled { reply, .. } =
            ended.map_err(|error| ServiceError::Internal(error.to_string()))??;
        self.judge_trial(&name, reply)
    }

    /// Whether a reply shows that the model can be asked. One that is cut off at the limit, or
    /// spent on thinking, does.
    fn judge_trial(&self, model: &str, reply: Result<Answer, Failure>) -> ServiceResult<()> {
        let why = match reply {
            Ok(answer) => match answer.outcome {
                Outcome::Answered | Outcome::Truncated | Outcome::Empty => return Ok(()),
                Outcome::Refused | Outcome::Blocked | Outcome::Failed => answer.outcome.to_string(),
            },
            Err(failure) => {
                let (class, message) = (failure.class.word(), failure.message.as_str());
                tracing::warn!(class, message, "a model failed its trial");
                let words = reason_of_failure(failure.class).get(self.language);
                format!("{words} ({})", failure.message)
            }
        };
        let values: [(&str, &dyn std::fmt::Display); 2] = [("model", &model), ("reason", &why)];
        Err(ServiceError::Provider(
            errors::TRIAL_FAILED.fill(self.language, &values),
        ))
    }
}

fn question(model_id: &str) -> Question {
    Question {
        model_id: model_id.to_owned(),
        text: "Reply with the word yes.".to_owned(),
        web_search: false,
        language: "en".to_owned(),
        country: None,
        max_output_tokens: TOKENS,
        hints: Vec::new(),
        instructions: Some("Reply with one word.".into()),
        form: None,
    }
}

/// The price that holds from now on, once the change is written.
fn typed_price(
    amounts: Option<&PriceAmounts>,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<Price> {
    let amounts = amounts?;
    let begins_now = amounts.starts_on.is_none_or(|day| day <= now.date_naive());
    let (input, output) = (amounts.input?, amounts.output?);
    begins_now.then_some(Price {
        id: app::model::ids::PriceId(i64::MAX),
        starts_at: now,
        input,
        output,
        cached_input: amounts.cached_input.flatten(),
        search_fee: amounts.search_fee.flatten(),
        tier: None,
    })
}
