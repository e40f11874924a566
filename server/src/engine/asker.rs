//! Makes an ask one outcome: attempts, cost, findings.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use app::model::ids::EntityId;
use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::attempt::{RetryPolicy, Target, ask_until_settled};
use super::cost::{self, AskSize, Cost};
use super::work::{AskOutcome, AskWork, LaneScope, counts_as_answer};
use super::{calendar, work::ModelToAsk};
use crate::analysis::{Detector, Finding};
use crate::clock::SharedClock;
use crate::providers::{
    Access, Answer, ErrorClass, Exchange, Failure, Provider, Question, RateLimits,
};

/// Everything that the asks of a lane share.
pub(super) struct Asker {
    pub(super) scope: Arc<LaneScope>,
    pub(super) country: Option<String>,
    pub(super) hints: Vec<String>,
    pub(super) detector: Detector<EntityId>,
    pub(super) provider: Arc<dyn Provider>,
    pub(super) access: Access,
    pub(super) policy: RetryPolicy,
    pub(super) clock: SharedClock,
}

impl Asker {
    /// Asks, and reads what comes. A panic below is the failure of this ask alone.
    pub(super) async fn ask(&self, work: AskWork, settle: CancellationToken) -> AskOutcome {
        let question = self.question(&work);
        let target = Target {
            provider: self.provider.as_ref(),
            access: &self.access,
            clock: self.clock.as_ref(),
        };
        let asking = ask_until_settled(target, &question, &self.policy, &settle);
        let (attempts, exchange) = AssertUnwindSafe(asking)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| (Vec::new(), self.panicked(&work)));
        let at = self.clock.now();
        let (cost, findings) = match &exchange.result {
            Ok(answer) => (
                Some(self.cost(answer, &work, at)),
                self.findings(answer, &work),
            ),
            Err(_) => (None, Vec::new()),
        };
        AskOutcome {
            ask: work.id,
            prompt: work.prompt,
            lost_before: work.lost_before,
            attempts,
            exchange,
            at,
            day: calendar::day(self.scope.time_zone, at),
            cost,
            findings,
        }
    }

    fn question(&self, work: &AskWork) -> Question {
        let model = &self.scope.model;
        Question {
            model_id: model.model_id.clone(),
            text: work.text.to_string(),
            web_search: model.web_search,
            language: work.language.to_string(),
            country: self.country.clone(),
            max_output_tokens: model.max_output_tokens,
            hints: self.hints.clone(),
        }
    }

    fn cost(&self, answer: &Answer, work: &AskWork, at: chrono::DateTime<chrono::Utc>) -> Cost {
        let model = &self.scope.model;
        let price = cost::price_at(&model.prices, at);
        cost::of_answer(
            answer.cost_reported,
            &answer.usage,
            price,
            size(model, &work.text),
        )
    }

    fn findings(&self, answer: &Answer, work: &AskWork) -> Vec<Finding<EntityId>> {
        if !counts_as_answer(answer.outcome) {
            return Vec::new();
        }
        let sites: Vec<String> = answer
            .citations
            .iter()
            .map(|citation| match citation.host() {
                Some(host) => format!("https://{host}/"),
                None => citation.url.clone(),
            })
            .collect();
        let sites: Vec<&str> = sites.iter().map(String::as_str).collect();
        let reading = AssertUnwindSafe(|| self.detector.analyze(&answer.text, &sites));
        let mut findings = std::panic::catch_unwind(reading).unwrap_or_else(|_| {
            tracing::error!(
                ask = work.id.0,
                "the analysis panicked, the answer has no findings"
            );
            Vec::new()
        });
        findings.retain(Finding::is_mentioned);
        findings
    }

    fn panicked(&self, work: &AskWork) -> Exchange {
        tracing::error!(ask = work.id.0, provider = %self.access.provider, "the adapter panicked");
        Exchange {
            result: Err(Failure {
                class: ErrorClass::BadResponse,
                message: "the adapter could not read the response".to_owned(),
                retry: false,
                retry_after: None,
                request_id: None,
            }),
            status: None,
            latency: std::time::Duration::ZERO,
            request_id: None,
            raw_body: bytes::Bytes::new(),
            rate: RateLimits::default(),
        }
    }
}

/// What bounds the cost of asking `model` this.
pub fn size(model: &ModelToAsk, question: &str) -> AskSize {
    AskSize {
        question_bytes: question.len(),
        max_output_tokens: model.max_output_tokens,
        web_search: model.web_search,
    }
}
