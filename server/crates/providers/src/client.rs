//! The one HTTP client, and the providers behind it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use contract::provider::Provider as ProviderName;
use http::HeaderMap;
use runtime::long_texts;
use rustls_platform_verifier::BuilderVerifierExt;

use super::adapter::{Adapter, no_protocol};
use super::models::{
    KeyTest, ListedModel, ModelPage, key_test_request, models_request, parse_key_test, parse_models,
};
use super::redaction::Redactor;
use super::resolver::Resolver;
use super::simulator::Simulator;
use super::wire::{self, Reply, Timeouts};
use super::{
    Access, Answer, Exchange, Failure, HttpRequest, Provider, Question, RateLimits, Reach, errors,
};

/// More pages of models than this are not asked for.
const MAX_PAGES: usize = 20;
/// Nor are more models than this kept: no provider has so many.
const MAX_MODELS: usize = 20_000;
/// A list of models and a test of a key cost the provider no thought, and somebody waits.
const LIST_DEADLINE: Duration = Duration::from_secs(30);

/// How long the client waits for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientOptions {
    /// For a connection.
    pub connect_timeout: Duration,
    /// For the whole exchange, from connecting to the last byte.
    pub deadline: Duration,
    /// Between two pieces of a body, once it has begun to come.
    pub stall: Duration,
}

impl Default for ClientOptions {
    /// Ten seconds to connect; ten minutes for an answer, because deep research takes minutes.
    /// Two minutes between pieces of a body: some servers send blanks while they think.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            deadline: Duration::from_mins(10),
            stall: Duration::from_mins(2),
        }
    }
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The client itself.
    #[error("cannot make an HTTP client")]
    Client(#[from] reqwest::Error),
    /// The certificates that it trusts.
    #[error("cannot make a TLS configuration: {0}")]
    Tls(#[from] rustls::Error),
}

/// Every provider that is reached over HTTP. Clones share connections.
#[derive(Clone, Debug)]
pub struct HttpProvider {
    clients: Clients,
    options: ClientOptions,
}

/// One client a reach: a connection that an admin's address opened is never one of somebody
/// else's. They share one TLS configuration, whose certificates are read once.
#[derive(Clone, Debug)]
struct Clients {
    anywhere: reqwest::Client,
    private: reqwest::Client,
    public: reqwest::Client,
}

impl Clients {
    fn new(options: ClientOptions) -> Result<Self, ClientError> {
        let tls = tls()?;
        let make = |reach| client(options, reach, tls.clone());
        Ok(Self {
            anywhere: make(Reach::Anywhere)?,
            private: make(Reach::Private)?,
            public: make(Reach::Public)?,
        })
    }

    const fn of(&self, reach: Reach) -> &reqwest::Client {
        match reach {
            Reach::Anywhere => &self.anywhere,
            Reach::Private => &self.private,
            Reach::Public => &self.public,
        }
    }
}

fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let algorithms = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(algorithms)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

/// Redirects are not followed: a key goes to the address that it was entered for and to no
/// other. A proxy of the operator's resolves names out of our sight, so only addresses without
/// a limit go through it.
fn client(
    options: ClientOptions,
    reach: Reach,
    tls: rustls::ClientConfig,
) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(options.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(Duration::from_secs(90))
        .tcp_nodelay(true)
        .user_agent(concat!("parallax/", env!("CARGO_PKG_VERSION")));
    match reach {
        Reach::Anywhere => builder.build(),
        Reach::Private | Reach::Public => {
            builder.dns_resolver(Resolver { reach }).no_proxy().build()
        }
    }
}

impl HttpProvider {
    /// A provider with connections of its own.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        let clients = Clients::new(options)?;
        Ok(Self { clients, options })
    }

    /// Every model that the provider lists, all pages of the list.
    pub async fn list_models(&self, access: &Access) -> Result<Vec<ListedModel>, Failure> {
        let until = Instant::now() + self.list_deadline();
        let redactor = Redactor::of(access);
        let mut models = Vec::new();
        let mut page = None;
        for _ in 0..MAX_PAGES {
            let request = models_request(access, page.as_deref())?;
            let left = until.saturating_duration_since(Instant::now());
            let reply = whole(self.send(request, access, left).await?)?;
            let (provider, redactor) = (access.provider, redactor.clone());
            let bytes = reply.body.len();
            let listed = wire::read(bytes, move || page_of(provider, &reply, &redactor)).await??;
            models.extend(listed.models);
            page = listed.next_page;
            if page.is_none() || models.len() > MAX_MODELS {
                break;
            }
        }
        models.truncate(MAX_MODELS);
        Ok(models)
    }

    /// Shows whether the key of `access` is good, without cost.
    pub async fn test_key(&self, access: &Access) -> Result<KeyTest, Failure> {
        let request = key_test_request(access)?;
        let reply = whole(self.send(request, access, self.list_deadline()).await?)?;
        let (provider, redactor) = (access.provider, Redactor::of(access));
        let bytes = reply.body.len();
        let test = move || {
            parse_key_test(provider, reply.status, &reply.headers, &reply.body)
                .map_err(|failure| redactor.failure(failure))
        };
        wire::read(bytes, test).await?
    }

    fn list_deadline(&self) -> Duration {
        self.options.deadline.min(LIST_DEADLINE)
    }

    async fn send(
        &self,
        request: HttpRequest,
        access: &Access,
        deadline: Duration,
    ) -> Result<Reply, Failure> {
        let patience = Timeouts {
            deadline,
            stall: self.options.stall,
        };
        wire::exchange(
            self.clients.of(access.reach),
            access.reach,
            request,
            patience,
            &Redactor::of(access),
        )
        .await
    }

    /// Sends an ask, and where the provider refuses a field that the ask can do without, sends it
    /// once more without that field. Gives the request that was replied to, too.
    async fn sent(
        &self,
        adapter: Adapter,
        request: HttpRequest,
        access: &Access,
        begun: Instant,
    ) -> Result<(HttpRequest, Reply), Failure> {
        let reply = self.send(request.clone(), access, self.left(begun)).await?;
        match adapter.without_refused_field(&request, reply.status, &reply.body) {
            Some(next) => {
                let reply = self.send(next.clone(), access, self.left(begun)).await?;
                Ok((next, reply))
            }
            None => Ok((request, reply)),
        }
    }

    /// What is left of the deadline of an attempt.
    fn left(&self, begun: Instant) -> Duration {
        self.options.deadline.saturating_sub(begun.elapsed())
    }

    /// The reply, and where the provider has only paused, with how it went on. It goes on once;
    /// where that fails, the whole is interrupted: what came until then is no answer, and was paid.
    async fn continued(
        &self,
        adapter: Adapter,
        asked: &HttpRequest,
        mut reply: Reply,
        access: &Access,
        left: Duration,
    ) -> Reply {
        let is_whole = reply.status == 200 && reply.interrupted.is_none();
        if !is_whole || !adapter.may_pause() {
            return reply;
        }
        let (bytes, body, asked) = (reply.body.len(), reply.body.clone(), asked.clone());
        let next = wire::read(bytes, move || adapter.continuation(&asked, &body)).await;
        let further = match next {
            Ok(None) => return reply,
            Ok(Some(next)) => {
                // Whoever waits for the second body keeps nobody from reading a first.
                reply.room = None;
                self.send(next, access, left).await
            }
            Err(failure) => Err(failure),
        };
        let further = match further {
            Ok(further) => further,
            Err(failure) => {
                return Reply {
                    interrupted: Some(paid(failure)),
                    ..reply
                };
            }
        };
        let (bytes, came_at) = (bytes + further.body.len(), further.came_at);
        let redactor = Redactor::of(access);
        let joining = move || joined(adapter, &reply, further, &redactor);
        wire::read(bytes, joining)
            .await
            .unwrap_or_else(|failure| Reply {
                status: 200,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                interrupted: Some(paid(failure)),
                came_at,
                room: None,
            })
    }

    async fn attempt(&self, access: &Access, question: &Question) -> Attempt {
        let Some(adapter) = Adapter::of(access) else {
            return Attempt::failed(no_protocol());
        };
        let request = match adapter.build_request(access, question) {
            Ok(request) => request,
            Err(failure) => return Attempt::failed(failure),
        };
        let begun = Instant::now();
        let (request, reply) = match self.sent(adapter, request, access, begun).await {
            Ok(sent) => sent,
            Err(failure) => return Attempt::failed(failure),
        };
        let left = self.left(begun);
        let reply = self.continued(adapter, &request, reply, access, left).await;
        let latency = reply.came_at.saturating_duration_since(begun);
        let (bytes, may_search) = (reply.body.len(), question.web_search);
        let read = if long_texts::is_long(bytes) {
            let access = access.clone();
            let reading = move || Attempt::of(adapter, reply, &access, may_search);
            wire::read(bytes, reading)
                .await
                .unwrap_or_else(Attempt::failed)
        } else {
            Attempt::of(adapter, reply, access, may_search)
        };
        Attempt {
            latency: Some(latency),
            ..read
        }
    }
}

#[async_trait]
impl Provider for HttpProvider {
    async fn ask(&self, access: &Access, question: &Question) -> Exchange {
        let started = Instant::now();
        let attempt = self.attempt(access, question).await;
        Exchange {
            result: attempt.result,
            status: attempt.status,
            latency: attempt.latency.unwrap_or_else(|| started.elapsed()),
            request_id: attempt.request_id,
            raw_body: attempt.raw_body,
            rate: attempt.rate,
        }
    }
}

/// The models that a reply lists, without the key.
fn page_of(
    provider: ProviderName,
    reply: &Reply,
    redactor: &Redactor,
) -> Result<ModelPage, Failure> {
    let listed = parse_models(provider, reply.status, &reply.headers, &reply.body)
        .map_err(|failure| redactor.failure(failure))?;
    let models = listed.models.into_iter();
    Ok(ModelPage {
        models: models.map(|model| redactor.model(model)).collect(),
        next_page: listed.next_page,
    })
}

/// The reply, if all of it came.
fn whole(mut reply: Reply) -> Result<Reply, Failure> {
    match reply.interrupted.take() {
        Some(failure) => Err(failure),
        None => Ok(reply),
    }
}

/// A paused turn and how it went on, as one reply; interrupted where that is no answer.
fn joined(adapter: Adapter, paused: &Reply, mut further: Reply, redactor: &Redactor) -> Reply {
    let parse = || adapter.parse(further.status, &further.headers, &further.body);
    let failure = match further.interrupted.take() {
        Some(failure) => Some(failure),
        None => parse().err().map(|failure| redactor.failure(failure)),
    };
    let failure = match (failure, adapter.joined(&paused.body, &further.body)) {
        // What stood in two halves is one text now.
        (None, Some(body)) => {
            return Reply {
                body: redactor.body(body),
                ..further
            };
        }
        (None, None) => errors::unreadable(&further.headers, "the turn does not go on"),
        (Some(failure), _) => failure,
    };
    Reply {
        interrupted: Some(paid(failure)),
        ..further
    }
}

/// The failure of how a turn went on, whose first part was answered and is billed.
fn paid(failure: Failure) -> Failure {
    Failure {
        may_be_billed: true,
        ..failure
    }
}

/// The answer; where no search was asked for and no source shows one, there was none.
fn unsearched(mut answer: Answer, may_search: bool) -> Answer {
    if !may_search && answer.citations.is_empty() {
        answer.usage.searches.get_or_insert(0);
    }
    answer
}

/// An exchange.
struct Attempt {
    result: Result<Answer, Failure>,
    /// Until the last byte; `None`: until it failed.
    latency: Option<Duration>,
    status: Option<u16>,
    request_id: Option<String>,
    raw_body: Bytes,
    rate: RateLimits,
}

impl Attempt {
    /// What a reply says to a question that may have been searched for.
    fn of(adapter: Adapter, reply: Reply, access: &Access, may_search: bool) -> Self {
        let redactor = Redactor::of(access);
        let result = match reply.interrupted {
            Some(failure) => Err(Failure {
                request_id: errors::request_id(&reply.headers),
                ..failure
            }),
            None => adapter
                .parse(reply.status, &reply.headers, &reply.body)
                .map(|answer| redactor.answer(unsearched(answer, may_search)))
                .map_err(|failure| redactor.failure(failure)),
        };
        let request_id = match &result {
            Ok(answer) => answer.request_id.clone(),
            Err(failure) => failure.request_id.clone(),
        };
        Self {
            raw_body: wire::kept(&reply.body),
            result,
            latency: None,
            status: Some(reply.status),
            request_id,
            rate: RateLimits::read(&reply.headers),
        }
    }

    fn failed(failure: Failure) -> Self {
        Self {
            request_id: failure.request_id.clone(),
            result: Err(failure),
            latency: None,
            status: None,
            raw_body: Bytes::new(),
            rate: RateLimits::default(),
        }
    }
}

/// All providers behind one address: HTTP for the real ones, the simulator in process.
#[derive(Clone, Debug)]
pub struct Providers {
    /// Those that are reached over HTTP.
    pub http: HttpProvider,
    /// The one that needs no network.
    pub simulator: Simulator,
}

impl Providers {
    /// Every model that the provider lists.
    pub async fn list_models(&self, access: &Access) -> Result<Vec<ListedModel>, Failure> {
        match access.provider {
            ProviderName::Simulator => Ok(self.simulator.models()),
            _ => self.http.list_models(access).await,
        }
    }

    /// Shows whether a key is good, without cost. The simulator wants none.
    pub async fn test_key(&self, access: &Access) -> Result<KeyTest, Failure> {
        match access.provider {
            ProviderName::Simulator => Ok(KeyTest::Accepted),
            _ => self.http.test_key(access).await,
        }
    }
}

#[async_trait]
impl Provider for Providers {
    async fn ask(&self, access: &Access, question: &Question) -> Exchange {
        match access.provider {
            ProviderName::Simulator => self.simulator.ask(access, question).await,
            _ => self.http.ask(access, question).await,
        }
    }
}
