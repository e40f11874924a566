//! The one HTTP client, and the providers behind it.

use std::error::Error;
use std::time::{Duration, Instant};

use app::model::provider::Provider as ProviderName;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use secrecy::ExposeSecret;

use super::adapter::{Adapter, no_protocol};
use super::models::{
    KeyTest, ListedModel, key_test_request, models_request, parse_key_test, parse_models,
};
use super::simulator::Simulator;
use super::{
    Access, ErrorClass, Exchange, Failure, HttpRequest, Provider, Question, RAW_BODY_LIMIT,
    RateLimits, errors,
};

/// More of a body than this is not read: no answer is that long.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// More pages of models than this are not asked for.
const MAX_PAGES: usize = 20;

/// How long the client waits for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientOptions {
    /// For a connection.
    pub connect_timeout: Duration,
    /// For the whole exchange, from connecting to the last byte.
    pub deadline: Duration,
}

impl Default for ClientOptions {
    /// Ten seconds to connect; ten minutes for an answer, because deep research takes minutes.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            deadline: Duration::from_mins(10),
        }
    }
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make an HTTP client")]
pub struct ClientError(#[from] reqwest::Error);

/// Every provider that is reached over HTTP. Clones share connections.
#[derive(Clone, Debug)]
pub struct HttpProvider {
    client: reqwest::Client,
}

impl HttpProvider {
    /// A provider with connections of its own. Redirects are not followed: a key goes to the
    /// address that it was entered for and to no other.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        let client = reqwest::Client::builder()
            .connect_timeout(options.connect_timeout)
            .timeout(options.deadline)
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(Duration::from_secs(90))
            .tcp_nodelay(true)
            .user_agent(concat!("parallax/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client })
    }

    /// Every model that the provider lists, all pages of the list.
    pub async fn list_models(&self, access: &Access) -> Result<Vec<ListedModel>, Failure> {
        let mut models = Vec::new();
        let mut page = None;
        for _ in 0..MAX_PAGES {
            let reply = self
                .send(models_request(access, page.as_deref())?, access)
                .await?;
            let listed = parse_models(access.provider, reply.status, &reply.headers, &reply.body)?;
            models.extend(listed.models);
            page = listed.next_page;
            if page.is_none() {
                break;
            }
        }
        Ok(models)
    }

    /// Shows whether the key of `access` is good, without cost.
    pub async fn test_key(&self, access: &Access) -> Result<KeyTest, Failure> {
        let reply = self.send(key_test_request(access)?, access).await?;
        parse_key_test(access.provider, reply.status, &reply.headers, &reply.body)
            .map_err(|failure| without_key(failure, access))
    }

    async fn send(&self, request: HttpRequest, access: &Access) -> Result<Reply, Failure> {
        let HttpRequest {
            method,
            url,
            headers,
            body,
        } = request;
        let mut builder = self.client.request(method, url).headers(headers);
        if let Some(body) = body {
            builder = builder.body(body);
        }
        let sent = builder
            .send()
            .await
            .map_err(|error| without_key(broken(&error), access))?;
        let mut reply = Reply {
            status: sent.status().as_u16(),
            headers: sent.headers().clone(),
            body: Bytes::new(),
            interrupted: None,
        };
        let (body, interrupted) = read_body(sent).await;
        reply.body = body;
        reply.interrupted = interrupted.map(|failure| without_key(failure, access));
        Ok(reply)
    }

    async fn attempt(&self, access: &Access, question: &Question) -> Attempt {
        let Some(adapter) = Adapter::of(access) else {
            return Attempt::failed(no_protocol());
        };
        let request = match adapter.build_request(access, question) {
            Ok(request) => request,
            Err(failure) => return Attempt::failed(failure),
        };
        let reply = match self.send(request, access).await {
            Ok(reply) => reply,
            Err(failure) => return Attempt::failed(failure),
        };
        let result = match reply.interrupted {
            Some(failure) => Err(Failure {
                request_id: errors::request_id(&reply.headers),
                ..failure
            }),
            None => adapter
                .parse(reply.status, &reply.headers, &reply.body)
                .map_err(|failure| without_key(failure, access)),
        };
        let request_id = match &result {
            Ok(answer) => answer.request_id.clone(),
            Err(failure) => failure.request_id.clone(),
        };
        let kept = reply.body.slice(..reply.body.len().min(RAW_BODY_LIMIT));
        Attempt {
            // A provider may quote the key that it refuses.
            raw_body: if result.is_err() {
                body_without_key(kept, access)
            } else {
                kept
            },
            result,
            status: Some(reply.status),
            request_id,
            rate: RateLimits::read(&reply.headers),
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
            latency: started.elapsed(),
            request_id: attempt.request_id,
            raw_body: attempt.raw_body,
            rate: attempt.rate,
        }
    }
}

/// An exchange without its duration.
struct Attempt {
    result: Result<super::Answer, Failure>,
    status: Option<u16>,
    request_id: Option<String>,
    raw_body: Bytes,
    rate: RateLimits,
}

impl Attempt {
    fn failed(failure: Failure) -> Self {
        Self {
            request_id: failure.request_id.clone(),
            result: Err(failure),
            status: None,
            raw_body: Bytes::new(),
            rate: RateLimits::default(),
        }
    }
}

/// A response, as much of it as came.
struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    /// Why the body is not whole.
    interrupted: Option<Failure>,
}

async fn read_body(mut response: reqwest::Response) -> (Bytes, Option<Failure>) {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => {
                body.extend_from_slice(&chunk[..BODY_LIMIT - body.len()]);
                let failure =
                    errors::unreadable(response.headers(), "the response is longer than 2 MiB");
                return (body.freeze(), Some(failure));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body.freeze(), None),
            Err(error) => return (body.freeze(), Some(broken(&error))),
        }
    }
}

/// A connection that failed. The address stays out of the message: it may name a host that is
/// nobody's business, and its user part may hold a password.
fn broken(error: &reqwest::Error) -> Failure {
    let (class, what) = if error.is_timeout() {
        (ErrorClass::Timeout, "no answer in time")
    } else if error.is_builder() {
        return Failure::before_sending(
            ErrorClass::BadParameter,
            "the address (base URL) is not valid",
        );
    } else if error.is_connect() {
        (ErrorClass::Network, "no connection")
    } else {
        (ErrorClass::Network, "the connection broke")
    };
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let detail = if error.source().is_some() {
        format!("{what}: {cause}")
    } else {
        what.to_owned()
    };
    Failure {
        class,
        message: errors::shorten(&detail),
        retry: true,
        retry_after: None,
        request_id: None,
    }
}

fn key_of(access: &Access) -> Option<&str> {
    let key = access.api_key.as_ref()?.expose_secret().trim();
    // Shorter texts are no secrets and would tear holes into words.
    (key.len() >= 8).then_some(key)
}

fn without_key(mut failure: Failure, access: &Access) -> Failure {
    if let Some(key) = key_of(access)
        && failure.message.contains(key)
    {
        failure.message = failure.message.replace(key, "***");
    }
    failure
}

fn body_without_key(body: Bytes, access: &Access) -> Bytes {
    match (key_of(access), std::str::from_utf8(&body)) {
        (Some(key), Ok(text)) if text.contains(key) => Bytes::from(text.replace(key, "***")),
        _ => body,
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
