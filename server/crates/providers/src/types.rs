//! What goes to a provider and what comes back, the same for all of them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contract::answer::CitationView;
pub use contract::outcome::{ErrorClass, Outcome};
use contract::{money::Money, provider::Provider as ProviderName};
use secrecy::SecretString;

use super::{RateLimits, Reach};

/// One question for one model.
#[derive(Clone, Debug)]
pub struct Question {
    /// The provider's own id of the model.
    pub model_id: String,
    /// What the customer asks.
    pub text: String,
    /// Whether the model may search the web (an option of the model row).
    pub web_search: bool,
    /// ISO 639-1 code of the language to answer in.
    pub language: String,
    /// ISO 3166-1 alpha-2 code, upper case, of where the customer is; `None`: nowhere special.
    pub country: Option<String>,
    /// Upper limit of the answer's length, in tokens.
    pub max_output_tokens: u32,
    /// Names that the simulator may put into its answer, the brand first. Adapters over HTTP
    /// ignore them: a provider must not learn what is measured.
    pub hints: Vec<String>,
    /// What the model is told beside the question, in place of the sentences about language and
    /// country; `None` for what a customer asks.
    pub instructions: Option<Arc<str>>,
    /// The form that the answer must have; `None`: free text.
    pub form: Option<Form>,
}

/// A form that an answer must have: JSON by a schema. Each adapter asks for it in its vendor's
/// way; where a server cannot hold its model to a schema, the instructions have to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// A name for it: ASCII letters, digits and `_`.
    pub name: &'static str,
    /// JSON Schema in the words that all vendors know: types, `properties`, `required`,
    /// `items`, `enum`, `anyOf`, `additionalProperties: false`.
    pub schema: Arc<serde_json::Value>,
}

/// Where and with which key a provider is reached.
#[derive(Clone, Debug)]
pub struct Access {
    /// The provider that this key is for.
    pub provider: ProviderName,
    /// The key; `None` for servers that want none.
    pub api_key: Option<SecretString>,
    /// Another address than the provider's own, path prefix included, without a slash at its end.
    pub base_url: Option<String>,
    /// How far that address may lead.
    pub reach: Reach,
}

/// One HTTP exchange for an ask, and what the adapter made of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What the provider said.
    pub result: Result<Answer, Failure>,
    /// HTTP status; `None` where no response came.
    pub status: Option<u16>,
    /// From sending to the last byte.
    pub latency: Duration,
    /// The provider's id of this request.
    pub request_id: Option<String>,
    /// The body as it came, at most [`RAW_BODY_LIMIT`] bytes.
    pub raw_body: Bytes,
    /// What the response's headers say about the limits of the key.
    pub rate: RateLimits,
}

/// How often a model may search for one answer. It is sent where a provider takes such a limit,
/// and bounds what an ask can cost.
pub const SEARCHES_ALLOWED: u32 = 5;

/// More of a body than this is not kept.
pub const RAW_BODY_LIMIT: usize = 64 * 1024;

/// What a provider answered, in one shape for all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// How it ended; never [`Outcome::Failed`], which is a [`Failure`].
    pub outcome: Outcome,
    /// The visible text, without reasoning.
    pub text: String,
    /// The provider's own word for why it stopped.
    pub finish: Option<String>,
    /// The model that answered, as the provider names it.
    pub model_served: Option<String>,
    /// Tokens and searches.
    pub usage: Usage,
    /// Sources that the answer cites, and those that it merely found where the provider tells.
    pub citations: Vec<Citation>,
    /// The provider's id of this request.
    pub request_id: Option<String>,
    /// What the provider says that this cost; wins over any computed cost.
    pub cost_reported: Option<Money>,
    /// What the model looked up, in its own words and order, each once; empty where the provider
    /// does not tell. See [`super::search_queries_of`].
    pub search_queries: Vec<String>,
    /// Whether the provider calls this whole although it has no text: another ask may bring some.
    pub worth_another: bool,
}

/// Counters, normalised: `input` includes cached tokens, `output` includes reasoning tokens.
/// `None` where the provider did not say; negative or absurd counts are `None` too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens read, cached ones and search results included.
    pub input_tokens: Option<i64>,
    /// Tokens written, reasoning included.
    pub output_tokens: Option<i64>,
    /// Tokens read from the provider's cache.
    pub cached_tokens: Option<i64>,
    /// Tokens of reasoning.
    pub reasoning_tokens: Option<i64>,
    /// Searches as the provider bills them: calls, different queries or whole prompts, by its
    /// family of models. `None`: it searched, or may have, and nobody says how often.
    pub searches: Option<i64>,
}

impl Usage {
    /// What is left of it without `part`; unknown where either is.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        let less = |all: Option<i64>, part: Option<i64>| Some(all?.saturating_sub(part?));
        // Told for one of two answers only, it is that one's or the other's.
        let told = |all: Option<i64>, part: Option<i64>| match part {
            Some(part) => all.map(|all| all.saturating_sub(part)),
            None => all,
        };
        Self {
            input_tokens: less(self.input_tokens, part.input_tokens),
            output_tokens: less(self.output_tokens, part.output_tokens),
            cached_tokens: told(self.cached_tokens, part.cached_tokens),
            reasoning_tokens: told(self.reasoning_tokens, part.reasoning_tokens),
            searches: less(self.searches, part.searches),
        }
    }
}

/// A source that an answer cites or merely found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Where it points.
    pub url: String,
    /// The page's title, where the provider names one.
    pub title: Option<String>,
    /// Byte offset in `Answer::text` where the cited passage begins, on a character boundary.
    pub start: Option<usize>,
    /// Byte offset behind its end.
    pub end: Option<usize>,
    /// Whether the answer refers to it; `false`: the model was shown it and does not.
    pub cited: bool,
}

impl From<CitationView> for Citation {
    fn from(view: CitationView) -> Self {
        Self {
            url: view.url,
            title: view.title,
            start: view.start,
            end: view.end,
            cited: view.cited,
        }
    }
}

impl Citation {
    /// The address by which the analysis knows whose site is cited.
    pub fn site(&self) -> String {
        match self.host() {
            Some(host) => format!("https://{host}/"),
            None => self.url.clone(),
        }
    }

    /// The site that is cited, lower case, without `www.`. Google hides the page behind a
    /// redirect of its own and names the site in the title, so the title counts there.
    pub fn host(&self) -> Option<String> {
        let parsed = url::Url::parse(&self.url).ok()?;
        let host = parsed.host_str()?.to_lowercase();
        let site = if host == GOOGLE_REDIRECT_HOST {
            self.title
                .as_deref()
                .map(str::trim)
                .filter(|title| is_host_name(title))?
                .to_lowercase()
        } else {
            host
        };
        Some(site.strip_prefix("www.").unwrap_or(&site).to_owned())
    }
}

/// Where Gemini's citations point instead of at the page itself.
pub(super) const GOOGLE_REDIRECT_HOST: &str = "vertexaisearch.cloud.google.com";

fn is_host_name(text: &str) -> bool {
    text.contains('.') && !text.contains(|letter: char| letter.is_whitespace() || letter == '/')
}

/// Why an exchange brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub class: ErrorClass,
    /// The provider's words, shortened, without secrets.
    pub message: String,
    /// Whether another attempt may succeed.
    pub retry: bool,
    /// How long the provider asks us to wait.
    pub retry_after: Option<Duration>,
    /// Whether the provider may have billed it although there is no answer: we hung up first,
    /// the connection broke after the request was sent, or what came cannot be read or is not
    /// whole.
    pub may_be_billed: bool,
    /// The provider's id of this request.
    pub request_id: Option<String>,
}

/// Something that answers questions: an adapter over HTTP, or the simulator.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Asks once. Never panics and never retries: one call is one attempt.
    async fn ask(&self, access: &Access, question: &Question) -> Exchange;
}
