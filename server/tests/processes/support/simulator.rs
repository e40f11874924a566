//! `parallax simulate`: the four providers on loopback, and what they were asked.

use std::collections::HashMap;

use app::model::provider::Provider;
use serde::Deserialize;

use super::home::{Environment, Home};
use super::program::Program;

/// Environment variables of key and address.
const VARIABLES: [(Provider, &str, &str); 4] = [
    (Provider::OpenAi, "OPENAI_API_KEY", "OPENAI_BASE_URL"),
    (Provider::Anthropic, "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
    (Provider::Google, "GOOGLE_API_KEY", "GOOGLE_BASE_URL"),
    (Provider::Perplexity, "PERPLEXITY_API_KEY", "PERPLEXITY_BASE_URL"),
];

/// The simulated providers.
pub(crate) struct Simulator {
    program: Program,
}

/// What they were asked.
#[derive(Deserialize)]
pub(crate) struct Stats {
    /// Requests with a good key, failures included.
    pub(crate) requests_total: usize,
    /// Requests of each model.
    pub(crate) by_model: HashMap<String, usize>,
    /// How often each model answered each question.
    pub(crate) answers: HashMap<String, HashMap<String, usize>>,
}

impl Simulator {
    /// Starts it with these options of the command line.
    pub(crate) async fn start(home: &Home, options: &[&str]) -> Self {
        let command = ["simulate", "--listen", "127.0.0.1:0", "--names", "Kipu,Acme,Globex"];
        let arguments = [&command, options].concat();
        Self { program: home.start(&arguments, &Vec::new()).await }
    }

    /// The environment that leads a host here, with a good key for each provider.
    pub(crate) fn environment(&self) -> Environment {
        let pair = |(provider, key, url): (Provider, &'static str, &'static str)| {
            [(key, good_key(provider)), (url, self.base_url(provider))]
        };
        VARIABLES.into_iter().flat_map(pair).collect()
    }

    /// Where a provider is, as its base URL is meant.
    pub(crate) fn base_url(&self, provider: Provider) -> String {
        let suffix = if provider == Provider::OpenAi { "/v1" } else { "" };
        format!("{}{suffix}", self.program.origin)
    }

    /// What it was asked so far.
    pub(crate) async fn stats(&self) -> Stats {
        let address = format!("{}/_simulate/stats", self.program.origin);
        let response = reqwest::get(address).await.expect("statistics");
        serde_json::from_slice(&response.bytes().await.expect("a body")).expect("statistics")
    }
}

/// A key that the simulator takes.
pub(crate) fn good_key(provider: Provider) -> String {
    format!("sk-secret-of-{}-1234", provider.slug())
}

impl Stats {
    /// How often this model answered this question.
    pub(crate) fn answered(&self, model: &str, question: &str) -> usize {
        self.answers.get(model).and_then(|questions| questions.get(question)).copied().unwrap_or(0)
    }

    /// Asserts that each of these models answered each question exactly once, and that nothing
    /// else was asked.
    pub(crate) fn assert_each_once(&self, models: usize, questions: usize) {
        assert_eq!(self.requests_total, models * questions);
        assert_eq!(self.answers.len(), models);
        for (model, answers) in &self.answers {
            assert_eq!(answers.len(), questions, "{model}");
            assert!(answers.values().all(|&count| count == 1), "{model}: {answers:?}");
        }
    }
}
