//! A provider without a network or a key: made-up answers, with latency and failures on order.

mod dice;
mod faults;
mod judging;
mod names;
mod phrases;
pub mod server;
mod suggesting;
mod telling;
mod writer;

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;

use self::dice::{Dice, hash};
pub use self::faults::{Fault, FaultPlan, InvalidFaults};
use self::names::Pool;
pub use self::telling::{Telling, tell};

/// The domain that the simulator links to where it names somebody.
pub fn site(name: &str) -> String {
    let host = names::host(name);
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

use self::phrases::looks_spanish;
use self::writer::{Brief, Draft, write};
use super::citations::citation;
use super::models::ListedModel;
use super::{
    Access, Answer, ErrorClass, Exchange, Failure, Outcome, Provider, Question, RateLimits, Usage,
};

/// The models of the simulator.
pub const MODELS: &[&str] = &["simulator-1", "simulator-2"];

/// How the simulator behaves.
#[derive(Clone, Debug, Default)]
pub struct SimulatorOptions {
    /// Names to use beside the hints of each question.
    pub names: Vec<String>,
    /// How long an answer takes.
    pub latency: Duration,
    /// How much longer it takes where the failure `slow` strikes.
    pub slow: Duration,
    /// What fails, and how often.
    pub faults: FaultPlan,
    /// Another seed gives other answers.
    pub seed: u64,
    /// Answers go on until they have this length, about; 0: they end when all is said.
    pub answer_bytes: usize,
}

/// Answers in process. Clones share the count of questions.
#[derive(Clone, Debug)]
pub struct Simulator {
    options: Arc<SimulatorOptions>,
    asked: Arc<AtomicU64>,
}

impl Simulator {
    /// A simulator that has not been asked anything yet.
    pub fn new(options: SimulatorOptions) -> Self {
        Self {
            options: Arc::new(options),
            asked: Arc::new(AtomicU64::new(0)),
        }
    }

    /// Its models, as a provider lists them.
    pub fn models(&self) -> Vec<ListedModel> {
        MODELS.iter().map(|id| ListedModel::plain(id)).collect()
    }

    fn draft(&self, question: &Question, number: u64) -> Draft {
        if let Some(formed) = question.form.as_ref().and_then(|_| formed(&question.text)) {
            return formed;
        }
        write(&Brief {
            pool: Pool {
                model: &question.model_id,
                question: &question.text,
                hints: &question.hints,
                extra: &self.options.names,
            },
            spanish: question.language == "es"
                || (question.language != "en" && looks_spanish(&question.text)),
            search: question.web_search,
            max_output_tokens: question.max_output_tokens,
            nonce: self.options.seed.wrapping_add(number),
            bytes: self.options.answer_bytes,
        })
    }
}

/// What a task is answered with that wants a form; `None`: it is a customer's question.
fn formed(question: &str) -> Option<Draft> {
    judging::judge(question).or_else(|| suggesting::suggest(question))
}

#[async_trait]
impl Provider for Simulator {
    async fn ask(&self, _access: &Access, question: &Question) -> Exchange {
        let started = Instant::now();
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let request_id = format!("sim-{number}");
        let seed = self.options.seed ^ hash(&[&request_id, "fault"]);
        let fault = self.options.faults.decide(number, Dice::new(seed).share());
        let extra = if fault == Some(Fault::Slow) {
            self.options.slow
        } else {
            Duration::ZERO
        };
        let wait = self.options.latency + extra;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let result = match fault.and_then(|fault| failure(fault, &request_id)) {
            Some(failure) => Err(failure),
            None => Ok(answer(self.draft(question, number), question, &request_id)),
        };
        let (status, raw_body) = match &result {
            Ok(answer) => (Some(200), body_of(answer)),
            Err(failure) => (status_of(failure.class), String::new()),
        };
        Exchange {
            result,
            status,
            latency: started.elapsed(),
            request_id: Some(request_id),
            raw_body: Bytes::from(raw_body),
            rate: RateLimits::default(),
        }
    }
}

/// The body that a response with this answer would have.
fn body_of(answer: &Answer) -> String {
    json!({
        "search_queries": answer.search_queries,
        "simulated": true,
        "text": answer.text,
    })
    .to_string()
}

/// A failure of the kind that an adapter would have read; `None` where the answer only comes
/// late.
fn failure(fault: Fault, request_id: &str) -> Option<Failure> {
    let (class, message) = match fault {
        Fault::Slow => return None,
        Fault::Drop => (ErrorClass::Network, "the connection broke (simulated)"),
        Fault::Malformed => (
            ErrorClass::BadResponse,
            "the response is no JSON object (simulated)",
        ),
        Fault::Status(401) => (ErrorClass::BadKey, "the key is not accepted (simulated)"),
        Fault::Status(402) => (ErrorClass::NoMoney, "the account has no money (simulated)"),
        Fault::Status(403) => (ErrorClass::Permission, "not permitted (simulated)"),
        Fault::Status(404) => (ErrorClass::ModelNotFound, "no such model (simulated)"),
        Fault::Status(429) => (ErrorClass::RateLimited, "too many requests (simulated)"),
        Fault::Status(503 | 529) => (ErrorClass::Overloaded, "overloaded (simulated)"),
        Fault::Status(500..) => (ErrorClass::ProviderFault, "internal error (simulated)"),
        Fault::Status(_) => (
            ErrorClass::BadParameter,
            "a parameter is refused (simulated)",
        ),
    };
    let passing = matches!(
        class,
        ErrorClass::Network
            | ErrorClass::RateLimited
            | ErrorClass::Overloaded
            | ErrorClass::ProviderFault
    );
    Some(Failure {
        class,
        message: message.to_owned(),
        retry: passing,
        retry_after: (class == ErrorClass::RateLimited).then_some(Duration::from_secs(1)),
        may_be_billed: class == ErrorClass::BadResponse,
        request_id: Some(request_id.to_owned()),
    })
}

const fn status_of(class: ErrorClass) -> Option<u16> {
    match class {
        ErrorClass::BadKey => Some(401),
        ErrorClass::NoMoney => Some(402),
        ErrorClass::Permission => Some(403),
        ErrorClass::ModelNotFound => Some(404),
        ErrorClass::RateLimited => Some(429),
        ErrorClass::Overloaded => Some(503),
        ErrorClass::ProviderFault => Some(500),
        ErrorClass::BadResponse => Some(200),
        ErrorClass::BadParameter => Some(400),
        _ => None,
    }
}

/// The draft as an answer; sources stand as links behind what they support.
fn answer(draft: Draft, question: &Question, request_id: &str) -> Answer {
    let mut text = String::new();
    let mut citations = Vec::new();
    for piece in &draft.pieces {
        let start = text.len();
        text.push_str(&piece.text);
        if let Some(source) = piece.source.and_then(|index| draft.sources.get(index)) {
            let _ = write!(text, " ([{}]({}))", source.host, source.url);
            let cited = citation(&source.url, Some(&source.title));
            citations.extend(cited.map(|cited| cited.at(Some((start, text.len())))));
        }
    }
    Answer {
        outcome: if draft.truncated {
            Outcome::Truncated
        } else {
            Outcome::Answered
        },
        text,
        finish: Some(if draft.truncated { "length" } else { "stop" }.to_owned()),
        model_served: Some(question.model_id.clone()),
        usage: Usage {
            input_tokens: Some(draft.input_tokens),
            output_tokens: Some(draft.output_tokens),
            cached_tokens: Some(0),
            reasoning_tokens: Some(0),
            searches: Some(draft.searches),
        },
        citations,
        request_id: Some(request_id.to_owned()),
        cost_reported: None,
        search_queries: if draft.searches > 0 {
            vec![draft.query]
        } else {
            Vec::new()
        },
        worth_another: false,
    }
}

#[cfg(test)]
mod tests {
    use contract::provider::Provider as ProviderName;

    use super::super::locale::tests::question;
    use super::super::search_queries_of;
    use super::*;

    fn access() -> Access {
        Access {
            provider: ProviderName::Simulator,
            api_key: None,
            base_url: None,
            reach: crate::Reach::Anywhere,
        }
    }

    #[tokio::test]
    async fn answers_cite_what_stands_in_them() {
        let simulator = Simulator::new(SimulatorOptions::default());
        for _ in 0..50 {
            let exchange = simulator.ask(&access(), &question(true, None)).await;
            let answer = exchange.result.expect("answer");
            assert_eq!(answer.outcome, Outcome::Answered);
            assert_eq!(
                search_queries_of(&exchange.raw_body).as_ref(),
                Some(&answer.search_queries)
            );
            assert_eq!(
                i64::try_from(answer.search_queries.len()).ok(),
                answer.usage.searches
            );
            for cited in &answer.citations {
                let span = cited
                    .start
                    .zip(cited.end)
                    .and_then(|(start, end)| answer.text.get(start..end));
                assert!(
                    span.is_some_and(|span| span.contains(&cited.url)),
                    "{cited:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn failures_come_as_ordered() {
        let faults = "429:first=1".parse().expect("plan");
        let simulator = Simulator::new(SimulatorOptions {
            faults,
            ..SimulatorOptions::default()
        });
        let first = simulator.ask(&access(), &question(false, None)).await;
        let failure = first.result.expect_err("failure");
        assert_eq!(
            (failure.class, failure.retry),
            (ErrorClass::RateLimited, true)
        );
        assert!(
            simulator
                .ask(&access(), &question(false, None))
                .await
                .result
                .is_ok()
        );
    }
}
