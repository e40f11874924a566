//! A request as a value, ready to be sent.
//!
//! Invariant: sends nothing; building a request has no effects.

use bytes::Bytes;
use contract::provider::Provider;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{Access, ErrorClass, Failure};

/// One HTTP request. Headers that carry a key are marked sensitive, so `Debug` hides them.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// GET or POST.
    pub method: Method,
    /// Absolute address; never holds a key.
    pub url: String,
    /// Every header but those that the client adds by itself.
    pub headers: HeaderMap,
    /// The body, JSON where there is one.
    pub body: Option<Bytes>,
}

impl HttpRequest {
    /// A GET for JSON.
    pub(crate) fn get(url: String) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            method: Method::GET,
            url,
            headers,
            body: None,
        }
    }

    /// A POST of JSON for JSON.
    pub(crate) fn post(url: String, body: &Value) -> Self {
        let mut request = Self::get(url);
        request.method = Method::POST;
        request
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request.body = Some(Bytes::from(body.to_string()));
        request
    }

    /// Adds a header that is no secret.
    pub(crate) fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        self
    }

    /// Adds the key of `access`, in the header that `access.provider` reads it from.
    ///
    /// A provider that needs a key refuses to go without one.
    pub(crate) fn with_key(mut self, access: &Access) -> Result<Self, Failure> {
        let key = access
            .api_key
            .as_ref()
            .map_or("", |secret| secret.expose_secret().trim());
        if key.is_empty() {
            return if access.provider.needs_key() {
                Err(Failure::before_sending(
                    ErrorClass::BadKey,
                    "no API key is stored",
                ))
            } else {
                Ok(self)
            };
        }
        let (name, value) = match access.provider {
            Provider::Anthropic => (HeaderName::from_static("x-api-key"), key.to_owned()),
            Provider::Google => (HeaderName::from_static("x-goog-api-key"), key.to_owned()),
            Provider::Azure => (HeaderName::from_static("api-key"), key.to_owned()),
            _ => (AUTHORIZATION, format!("Bearer {key}")),
        };
        let mut value = HeaderValue::from_str(&value).map_err(|_| {
            Failure::before_sending(
                ErrorClass::BadKey,
                "the API key has characters that no header can carry",
            )
        })?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }
}

impl Failure {
    /// A failure that is known before anything is sent; never worth another attempt.
    pub(crate) fn before_sending(class: ErrorClass, message: &str) -> Self {
        Self {
            class,
            message: message.to_owned(),
            retry: false,
            retry_after: None,
            may_be_billed: false,
            request_id: None,
        }
    }
}

/// Where `access` leads, without a slash at its end: the stored address or the provider's own.
pub(crate) fn base_url(access: &Access) -> Result<&str, Failure> {
    let stored = access
        .base_url
        .as_deref()
        .map(|url| url.trim().trim_end_matches('/'));
    match stored.filter(|url| !url.is_empty()) {
        Some(url) => Ok(url),
        None => default_base_url(access.provider).ok_or_else(|| {
            Failure::before_sending(
                ErrorClass::BadParameter,
                "this provider needs an address (base URL)",
            )
        }),
    }
}

/// The provider's own address, up to where the paths of its interface begin.
pub(crate) const fn default_base_url(provider: Provider) -> Option<&'static str> {
    match provider {
        Provider::OpenAi => Some("https://api.openai.com/v1"),
        Provider::Anthropic => Some("https://api.anthropic.com"),
        Provider::Google => Some("https://generativelanguage.googleapis.com"),
        Provider::Perplexity => Some("https://api.perplexity.ai"),
        Provider::Xai => Some("https://api.x.ai/v1"),
        Provider::Mistral => Some("https://api.mistral.ai/v1"),
        Provider::DeepSeek => Some("https://api.deepseek.com"),
        Provider::Groq => Some("https://api.groq.com/openai/v1"),
        Provider::OpenRouter => Some("https://openrouter.ai/api/v1"),
        Provider::Azure | Provider::Compatible | Provider::Simulator => None,
    }
}

/// `path` behind `base`. A query in `base` (Azure's `api-version`) stays at the end.
pub(crate) fn join(base: &str, path: &str) -> String {
    match base.split_once('?') {
        Some((front, query)) => format!("{}{path}?{query}", front.trim_end_matches('/')),
        None => format!("{base}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn access(provider: Provider, key: Option<&str>) -> Access {
        Access {
            provider,
            api_key: key.map(SecretString::from),
            base_url: None,
            reach: crate::Reach::Anywhere,
        }
    }

    #[test]
    fn keys_are_hidden_from_debug_output() {
        for provider in Provider::ALL {
            let request = HttpRequest::get("https://example.org".to_owned())
                .with_key(&access(*provider, Some(" sk-secret-1 ")))
                .expect("request");
            assert!(!format!("{request:?}").contains("sk-secret"), "{provider}");
            assert!(
                request.headers.values().any(HeaderValue::is_sensitive),
                "{provider}"
            );
        }
    }

    #[test]
    fn keys_that_cannot_be_sent_are_bad_keys() {
        for key in [None, Some(""), Some("two\nlines")] {
            let failure = HttpRequest::get(String::new())
                .with_key(&access(Provider::OpenAi, key))
                .expect_err("no key");
            assert_eq!(failure.class, ErrorClass::BadKey);
        }
        assert!(
            HttpRequest::get(String::new())
                .with_key(&access(Provider::Compatible, None))
                .is_ok()
        );
    }

    #[test]
    fn a_query_in_the_base_stays_at_the_end() {
        assert_eq!(join("https://a/v1", "/chat"), "https://a/v1/chat");
        assert_eq!(
            join("https://a/models/?api-version=1", "/chat"),
            "https://a/models/chat?api-version=1"
        );
    }
}
