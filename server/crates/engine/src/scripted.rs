//! A provider for tests that does what a script says, with keys and a worker beside it. The host's
//! tests use it too: the feature `testing`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contract::ids::WorkspaceId;
use contract::provider::Provider as ProviderName;
use providers::{
    Access, Answer, ErrorClass, Exchange, Failure, Outcome, Provider, Question, RateLimits, Usage,
};

use super::ports::{FoundKey, KeyError, KeyRing, LocalWorkers};

/// What the provider does with one attempt.
pub struct Step {
    /// How long that takes.
    pub after: Duration,
    /// How it ends.
    pub result: Result<Answer, Failure>,
}

type Script = Box<dyn Fn(&Access, &Question, usize) -> Step + Send + Sync>;

/// Answers by a script, and counts.
pub struct Scripted {
    script: Script,
    /// Attempts so far, by provider and question.
    asked: Mutex<HashMap<(ProviderName, String), usize>>,
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
    calls: AtomicUsize,
}

impl Scripted {
    /// `script` is told the access, the question and which attempt at it this is, from 1.
    pub fn new(script: impl Fn(&Access, &Question, usize) -> Step + Send + Sync + 'static) -> Self {
        Self {
            script: Box::new(script),
            asked: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
            calls: AtomicUsize::new(0),
        }
    }

    /// Attempts so far.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Attempts that have not ended.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    /// The most attempts that were in flight at a time.
    pub fn most_in_flight(&self) -> usize {
        self.most_in_flight.load(Ordering::SeqCst)
    }
}

/// Counts down also where the exchange is given up.
struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Provider for Scripted {
    async fn ask(&self, access: &Access, question: &Question) -> Exchange {
        let attempt = {
            let mut asked = self.asked.lock().expect("not poisoned");
            let attempts = asked
                .entry((access.provider, question.text.clone()))
                .or_default();
            *attempts += 1;
            *attempts
        };
        self.calls.fetch_add(1, Ordering::SeqCst);
        let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        let _in_flight = InFlight(&self.in_flight);
        self.most_in_flight.fetch_max(now, Ordering::SeqCst);
        let step = (self.script)(access, question, attempt);
        tokio::time::sleep(step.after).await;
        Exchange {
            status: Some(if step.result.is_ok() { 200 } else { 500 }),
            result: step.result,
            latency: step.after,
            request_id: Some(format!("attempt-{attempt}")),
            raw_body: Bytes::from_static(b"{}"),
            rate: RateLimits::default(),
        }
    }
}

/// A worker that knows of no other.
pub struct Alone {
    name: Arc<str>,
}

impl Alone {
    /// A worker with a name that no other in this process has.
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        Self {
            name: format!("worker-{number}").into(),
        }
    }
}

impl Default for Alone {
    fn default() -> Self {
        Self::new()
    }
}

impl LocalWorkers for Alone {
    fn name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    fn dead_workers(&self) -> Vec<String> {
        Vec::new()
    }

    fn forget(&self, _: &str) {}
}

/// Keys for everyone, unless taken away.
#[derive(Default)]
pub struct Keys {
    /// Nobody has a key of this provider.
    pub missing: Option<ProviderName>,
    /// They are the operator's.
    pub on_shared_key: bool,
}

#[async_trait]
impl KeyRing for Keys {
    async fn access(&self, _: WorkspaceId, provider: ProviderName) -> Result<FoundKey, KeyError> {
        if self.missing == Some(provider) {
            return Err(KeyError::Missing);
        }
        Ok(FoundKey {
            on_shared_key: self.on_shared_key,
            access: Access {
                provider,
                api_key: None,
                base_url: None,
                reach: providers::Reach::Anywhere,
            },
        })
    }
}

/// An answer of this text.
pub fn answer(text: &str, after: Duration) -> Step {
    let usage = Usage {
        input_tokens: Some(100),
        output_tokens: Some(50),
        ..Usage::default()
    };
    let answer = Answer {
        outcome: Outcome::Answered,
        text: text.to_owned(),
        finish: None,
        model_served: None,
        usage,
        citations: Vec::new(),
        request_id: None,
        cost_reported: None,
        search_queries: Vec::new(),
        worth_another: false,
    };
    Step {
        after,
        result: Ok(answer),
    }
}

/// A failure of this class.
pub fn failure(class: ErrorClass, retry: bool, after: Duration) -> Step {
    let failure = Failure {
        class,
        message: "it broke".to_owned(),
        retry,
        retry_after: None,
        may_be_billed: class == ErrorClass::Timeout,
        request_id: None,
    };
    Step {
        after,
        result: Err(failure),
    }
}
