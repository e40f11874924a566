//! The one way to ask a model: by a route, with a question and money that is set aside for it.
//! Lanes, judge passes, suggested questions and trials of models ask so.
//!
//! Invariant: knows neither lanes nor passes. Whose money it is only the
//! [`MoneySource`](super::attempt::MoneySource) knows.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contract::provider::Provider as ProviderName;
use providers::{Access, Provider, Question};
use runtime::clock::SharedClock;
use tokio_util::sync::CancellationToken;

use super::attempt::{Asked, Funds, RetryPolicy, Target, ask_until_settled};
use super::cost::AskSize;
use super::pace::{Pass, Permit};

/// About so many bytes of a question make a token.
const BYTES_A_TOKEN: u64 = 4;
/// Of a limit of tokens an answer uses about so many, however many it may, where a provider counts
/// what was written; the next rate header says it exactly.
const TYPICAL_ANSWER: u32 = 2_048;
/// The same of a reply to instructions, which is about several answers or questions.
const TYPICAL_REPLY: u32 = 4_096;

/// A way to one model with one key; all routes of a worker to that key share its pace.
pub struct Route {
    pub(super) provider: Arc<dyn Provider>,
    pub(super) clock: SharedClock,
    pub(super) access: Access,
    /// Gives leave for each attempt.
    pub(super) pass: Pass,
    /// How failures are retried.
    pub(super) retry: RetryPolicy,
}

impl Route {
    /// Asks until an answer comes or another attempt makes no sense. What `funds` says is set aside
    /// already. Once `settle` is cancelled no attempt begins any more.
    pub async fn ask(
        &self,
        question: &Question,
        funds: Funds<'_>,
        settle: &CancellationToken,
    ) -> Asked {
        tokio::select! {
            permit = self.pass.acquire(self.tokens_of(question)) => {
                self.ask_with(permit, question, funds, settle).await
            }
            () = settle.cancelled() => Asked::unsent(funds.set_aside),
        }
    }

    /// As [`Self::ask`], with leave for the first attempt that is there already.
    pub(super) async fn ask_with(
        &self,
        permit: Permit,
        question: &Question,
        funds: Funds<'_>,
        settle: &CancellationToken,
    ) -> Asked {
        let target = Target {
            provider: self.provider.as_ref(),
            access: &self.access,
            clock: self.clock.as_ref(),
            pass: &self.pass,
            funds,
            tokens: self.tokens_of(question),
        };
        ask_until_settled(target, question, &self.retry, settle, permit).await
    }

    /// The moment, as outcomes are stamped with it.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Tokens that an attempt may use of a rate limit: at a question of so many bytes, whose answer
    /// has at most `limit` tokens. `is_instructed`: the model is told how to reply.
    pub(super) fn tokens(&self, question_bytes: usize, limit: u32, is_instructed: bool) -> u64 {
        quota_of(self.access.provider, question_bytes, limit, is_instructed)
    }

    fn tokens_of(&self, question: &Question) -> u64 {
        let is_instructed = question.instructions.is_some();
        self.tokens(
            question.text.len(),
            question.max_output_tokens,
            is_instructed,
        )
    }
}

/// Tokens that an ask takes from a limit of tokens a minute. `OpenAI`, Azure too, takes the whole
/// limit of the answer when it is asked and gives nothing back; the others count what was written.
fn quota_of(provider: ProviderName, question_bytes: usize, limit: u32, is_instructed: bool) -> u64 {
    let typical = if is_instructed {
        TYPICAL_REPLY
    } else {
        TYPICAL_ANSWER
    };
    let question = u64::try_from(question_bytes).unwrap_or(u64::MAX) / BYTES_A_TOKEN;
    let answer = match provider {
        ProviderName::OpenAi | ProviderName::Azure => limit,
        _ => limit.min(typical),
    };
    question.saturating_add(u64::from(answer))
}

/// What bounds the cost of a question: beside its text the model reads instructions and form.
pub fn call_size(question: &Question) -> AskSize {
    let instructions = question.instructions.as_deref().map_or(0, str::len);
    let form = question
        .form
        .as_ref()
        .map_or(0, |form| form.schema.to_string().len());
    AskSize {
        question_bytes: question.text.len() + instructions + form,
        max_output_tokens: question.max_output_tokens,
        web_search: question.web_search,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openai_counts_what_an_answer_may_take_and_others_what_it_takes() {
        for (provider, limit, tokens) in [
            (ProviderName::OpenAi, 16_000, 16_100),
            (ProviderName::OpenAi, 500, 600),
            (ProviderName::Anthropic, 16_000, 2_148),
            (ProviderName::Google, 500, 600),
        ] {
            assert_eq!(quota_of(provider, 400, limit, false), tokens, "{provider}");
        }
    }

    #[test]
    fn a_reply_to_instructions_is_longer() {
        for (provider, limit, tokens) in [
            (ProviderName::OpenAi, 16_000, 16_100),
            (ProviderName::Anthropic, 16_000, 4_196),
            (ProviderName::Google, 500, 600),
        ] {
            assert_eq!(quota_of(provider, 400, limit, true), tokens, "{provider}");
        }
    }
}
