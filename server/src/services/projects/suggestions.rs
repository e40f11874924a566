//! Suggested questions: from templates, or written by the workspace's judge model.
//!
//! Invariant: nothing is saved but what was paid, and nothing is paid that was not set aside
//! before. What a model writes is never filled up with templates.

use std::collections::HashSet;

use app::api::error::ApiError;
use app::api::suggestions::SuggestionsPort;
use app::model::money::Money;
use app::model::provider::Provider;
use app::model::run::CostKind;
use app::model::spend::Account;
use app::model::suggestions::{
    NoModel, SuggestionOffer, SuggestionOrigin, SuggestionWish, SuggestionsView, WhyMissing,
};
use app::texts::errors;
use app::validate;
use async_trait::async_trait;
use engine::cost::{self, Cost, Price};
use engine::{allowance, call_size};
use providers::{Failure, Outcome};
use runtime::long_texts;
use tracing::Instrument;

use crate::auth::Editor;
use crate::services::money::{PaidCall, Settled, reason_of_failure};
use crate::services::{ServiceError, ServiceResult, Services};
use crate::store::money::{CallKind, CallScope, MayCall};
use crate::suggestions::{self, Chosen};

/// Seconds after which somebody whose workspace has too many calls under way may try again.
const TRY_AGAIN_SECONDS: u64 = 15;

/// A model that can write suggestions, and what that costs.
struct Writer {
    scope: CallScope,
    price: Option<Price>,
    worst_case: Cost,
}

impl Services {
    async fn suggestions(
        &self,
        by: Editor,
        wish: &SuggestionWish,
    ) -> ServiceResult<SuggestionsView> {
        let wish = self.complete_wish(by, wish).await?;
        let writer = match self.writer(by, &wish).await? {
            Ok(writer) => writer,
            Err(reason) => return by_templates(wish, Err(reason)).await,
        };
        if wish.by_model {
            return self.written(by, wish, writer).await;
        }
        let offer = writer.offer(&wish);
        by_templates(wish, Ok(offer)).await
    }

    /// Lets a model write, if the budget has the money now.
    async fn written(
        &self,
        by: Editor,
        wish: SuggestionWish,
        writer: Writer,
    ) -> ServiceResult<SuggestionsView> {
        let offer = writer.offer(&wish);
        let Writer {
            mut scope,
            worst_case,
            price,
        } = writer;
        let (workspace, provider) = (by.workspace(), scope.model.provider);
        let Some(found) = self.host.keys.find(workspace, provider).await? else {
            return by_templates(wish, Err(NoModel::NoKey)).await;
        };
        if found.on_shared_key && price.is_none() {
            return by_templates(wish, Err(NoModel::Unpriced)).await;
        }
        scope.pay_on_shared_key(found.on_shared_key);
        let kind = CallKind::Suggest;
        let begun = self.host.store.begin_call(&scope, kind, worst_case.amount);
        let set_aside = match begun.await? {
            MayCall::Yes(set_aside) => set_aside,
            MayCall::OverBudget => return by_templates(wish, Err(NoModel::OverBudget)).await,
            MayCall::OverCeiling => return Err(ServiceError::Conflict(errors::SHARED_CEILING)),
            MayCall::TooMany => return Err(ServiceError::Busy(TRY_AGAIN_SECONDS)),
        };
        // First for a reply of the form, then in words alone.
        let questions = [true, false].map(|form| suggestions::question(&wish, &scope.model, form));
        let call = PaidCall::new(&self.host, scope, found.access, set_aside, worst_case);
        // A browser that goes away meanwhile does not keep the cost from being booked.
        let calling = tokio::spawn(async move { call.run(&questions).await }.in_current_span());
        let ended = calling.await;
        let Settled { reply, costs } =
            ended.map_err(|error| ServiceError::Internal(error.to_string()))??;
        let answer = reply.map_err(|failure| self.failed(&offer.name, &failure))?;
        let reply = match answer.outcome {
            Outcome::Answered | Outcome::Truncated => answer.text,
            Outcome::Refused | Outcome::Blocked | Outcome::Empty | Outcome::Failed => String::new(),
        };
        let (wish, chosen) =
            on_own_thread(wish, move |wish| suggestions::from_reply(wish, &reply)).await?;
        let (taken, refused) = (chosen.suggestions.len(), chosen.refused);
        tracing::info!(%workspace, taken, refused, "questions suggested");
        Ok(SuggestionsView {
            origin: SuggestionOrigin::Model(provider, offer.name.clone()),
            cost: paid(provider, &costs),
            offer: Some(offer),
            ..view(&wish, chosen, WhyMissing::NotWritten)
        })
    }

    /// The wish, clean, with the questions that its project has already.
    async fn complete_wish(
        &self,
        by: Editor,
        wish: &SuggestionWish,
    ) -> ServiceResult<SuggestionWish> {
        let mut stored = Vec::new();
        if let Some(project) = wish.project_id {
            // A project that is not theirs is not found, whatever the wish looks like.
            let project = self.host.store.project(by.workspace(), project).await?;
            stored = project.prompts;
        }
        let mut wish = validate::suggestion_wish(self.language, wish)?;
        let typed: HashSet<String> = wish.existing.iter().cloned().collect();
        let stored = stored.into_iter().map(|prompt| prompt.text);
        wish.existing
            .extend(stored.filter(|text| !typed.contains(text)));
        Ok(wish)
    }

    /// The model that can write for such a wish, or why none can.
    async fn writer(
        &self,
        by: Editor,
        wish: &SuggestionWish,
    ) -> ServiceResult<Result<Writer, NoModel>> {
        let store = &self.host.store;
        let workspace = by.workspace();
        let Some(judge) = store.judge_model(workspace).await? else {
            return Ok(Err(NoModel::NoJudge));
        };
        let scope = store.call_scope(workspace, wish.project_id, judge).await?;
        if !scope.is_available {
            return Ok(Err(NoModel::Unavailable));
        }
        let provider = scope.model.provider;
        if !self.host.keys.has_access(workspace, provider).await? {
            return Ok(Err(NoModel::NoKey));
        }
        let price = cost::price_at(&scope.model.prices, store.clock().now());
        if price.is_none() && !scope.allow_unpriced {
            return Ok(Err(NoModel::Unpriced));
        }
        let question = suggestions::question(wish, &scope.model, true);
        let worst_case = allowance::worst_case(&scope.model, price, call_size(&question));
        let mut accounts = vec![Account::from(&store.workspace_budget(workspace).await?)];
        if let Some(project) = wish.project_id {
            accounts.extend(store.project_account(workspace, project).await?);
        }
        let has_it = |account: &Account| {
            account.spent < account.monthly && worst_case.amount <= account.free()
        };
        let is_paid = provider != Provider::Simulator;
        if is_paid && !accounts.iter().all(has_it) {
            return Ok(Err(NoModel::OverBudget));
        }
        Ok(Ok(Writer {
            scope,
            price,
            worst_case,
        }))
    }

    fn failed(&self, model: &str, failure: &Failure) -> ServiceError {
        let (class, message) = (failure.class.word(), failure.message.as_str());
        tracing::warn!(class, message, "a call for suggestions failed");
        let reason = reason_of_failure(failure.class).get(self.language);
        let values: [(&str, &dyn std::fmt::Display); 2] = [("model", &model), ("reason", &reason)];
        ServiceError::Provider(errors::SUGGESTIONS_FAILED.fill(self.language, &values))
    }
}

impl Writer {
    fn offer(&self, wish: &SuggestionWish) -> SuggestionOffer {
        let price = self.price.as_ref();
        SuggestionOffer {
            provider: self.scope.model.provider,
            name: self.scope.model_name.clone(),
            cost: match self.scope.model.provider {
                Provider::Simulator => Some(Money::ZERO),
                _ => price.map(|price| suggestions::about_cost(wish, price)),
            },
            worst_case: price.map(|_| self.worst_case.amount),
        }
    }
}

/// What was paid in all: nothing to the simulator. An unknown price is not nothing.
fn paid(provider: Provider, costs: &[Cost]) -> Option<Money> {
    if provider == Provider::Simulator {
        return Some(Money::ZERO);
    }
    let is_known = costs.iter().all(|cost| cost.kind != CostKind::Unpriced);
    is_known.then(|| costs.iter().map(|cost| cost.amount).sum())
}

fn view(wish: &SuggestionWish, chosen: Chosen, why_missing: WhyMissing) -> SuggestionsView {
    let missing = wish.count - chosen.suggestions.len();
    SuggestionsView {
        missing,
        why_missing: (missing > 0).then_some(why_missing),
        suggestions: chosen.suggestions,
        origin: SuggestionOrigin::Templates,
        language: wish.language.clone(),
        refused: chosen.refused,
        cost: Some(Money::ZERO),
        offer: None,
        no_model: None,
    }
}

async fn by_templates(
    wish: SuggestionWish,
    model: Result<SuggestionOffer, NoModel>,
) -> ServiceResult<SuggestionsView> {
    let (wish, chosen) = on_own_thread(wish, suggestions::from_templates).await?;
    let why_missing = match chosen {
        Some(_) => WhyMissing::NoMore,
        None => WhyMissing::NoTemplates,
    };
    Ok(SuggestionsView {
        refused: 0,
        no_model: model.as_ref().err().copied(),
        offer: model.ok(),
        ..view(&wish, chosen.unwrap_or_default(), why_missing)
    })
}

/// Chooses on a thread of its own, because each suggestion is compared with all questions of the
/// project, up to ten thousand.
async fn on_own_thread<T: Send + 'static>(
    wish: SuggestionWish,
    choose: impl FnOnce(&SuggestionWish) -> T + Send + 'static,
) -> ServiceResult<(SuggestionWish, T)> {
    let choosing = long_texts::on_reader_thread(move || {
        let chosen = choose(&wish);
        (wish, chosen)
    });
    choosing
        .await
        .map_err(|error| ServiceError::Internal(error.to_string()))
}

#[async_trait]
impl SuggestionsPort for Services {
    async fn suggest_prompts(&self, wish: SuggestionWish) -> Result<SuggestionsView, ApiError> {
        self.reply(async { self.suggestions(self.editor()?, &wish).await }.await)
    }
}
