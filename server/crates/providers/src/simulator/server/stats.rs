//! Counts the questions to the server, so that tests can see that nothing is asked twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::super::dice::hash;

/// So many that two requests hardly ever meet at one lock.
const SHARDS: usize = 64;

#[derive(Default)]
pub(super) struct Stats {
    requests: AtomicU64,
    answers: AtomicU64,
    shards: Shards,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    requests: u64,
    answers: u64,
}

impl Stats {
    pub(super) fn count_request(&self, model: &str, prompt: &str) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.shards
            .change(model, prompt, |counts| counts.requests += 1);
    }

    pub(super) fn count_answer(&self, model: &str, prompt: &str) {
        self.answers.fetch_add(1, Ordering::Relaxed);
        self.shards
            .change(model, prompt, |counts| counts.answers += 1);
    }

    /// `by_model` and `by_prompt` count requests; `answers` lists how often each model answered
    /// each prompt.
    pub(super) fn report(&self) -> Value {
        let mut by_model: HashMap<String, u64> = HashMap::new();
        let mut by_prompt: HashMap<String, u64> = HashMap::new();
        let mut answers: HashMap<String, Map<String, Value>> = HashMap::new();
        for ((model, prompt), counts) in self.shards.all() {
            *by_model.entry(model.clone()).or_default() += counts.requests;
            *by_prompt.entry(prompt.clone()).or_default() += counts.requests;
            answers
                .entry(model)
                .or_default()
                .insert(prompt, json!(counts.answers));
        }
        json!({
            "requests_total": self.requests.load(Ordering::Relaxed),
            "answers_total": self.answers.load(Ordering::Relaxed),
            "by_model": by_model,
            "by_prompt": by_prompt,
            "answers": answers,
        })
    }
}

/// Counts by model and prompt.
type Shard = Mutex<HashMap<(String, String), Counts>>;

struct Shards([Shard; SHARDS]);

impl Default for Shards {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl Shards {
    fn change(&self, model: &str, prompt: &str, change: impl FnOnce(&mut Counts)) {
        let index = usize::try_from(hash(&[model, prompt]) % 64).unwrap_or(0);
        let mut shard = self.0[index].lock().unwrap_or_else(PoisonError::into_inner);
        change(
            shard
                .entry((model.to_owned(), prompt.to_owned()))
                .or_default(),
        );
    }

    fn all(&self) -> Vec<((String, String), Counts)> {
        let copy = |shard: &Shard| {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard
                .iter()
                .map(|(key, counts)| (key.clone(), *counts))
                .collect::<Vec<_>>()
        };
        self.0.iter().flat_map(copy).collect()
    }
}
