//! One exchange on the wire: sends a request, reads what comes as far as it is worth reading,
//! and keeps the key out of everything that is kept.
//!
//! Invariant: whatever a server sends, it ends in a [`Reply`] or a [`Failure`], within the
//! deadline, with at most [`BODY_LIMIT`] bytes held.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use secrecy::ExposeSecret;
use tokio::time::timeout;
use url::Url;

use super::reach::{OutOfReach, Reach};
use super::{Access, Answer, ErrorClass, Failure, HttpRequest, RAW_BODY_LIMIT, errors};

/// More of a body than this is not read: no answer is that long.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// A response, as much of it as came.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Why the body is not whole.
    pub(super) interrupted: Option<Failure>,
}

/// How long an exchange may take.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// From connecting to the last byte.
    pub(super) deadline: Duration,
    /// Between two pieces of a body.
    pub(super) stall: Duration,
}

/// Sends `request` and reads the response.
pub(super) async fn exchange(
    client: &reqwest::Client,
    reach: Reach,
    request: HttpRequest,
    patience: Patience,
) -> Result<Reply, Failure> {
    let HttpRequest {
        method,
        url,
        headers,
        body,
    } = request;
    let url = Url::parse(&url).map_err(|_| no_address())?;
    reach.check_literal(&url).map_err(out_of_reach)?;
    let mut builder = client
        .request(method, url)
        .headers(headers)
        .timeout(patience.deadline);
    if let Some(body) = body {
        builder = builder.body(body);
    }
    let response = builder.send().await.map_err(|error| broken(&error))?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let (body, interrupted) = read_body(response, patience.stall).await;
    Ok(Reply {
        status,
        headers,
        body,
        // What an error says counts more than that its page is long or broken.
        interrupted: interrupted.filter(|_| (200..300).contains(&status)),
    })
}

async fn read_body(mut response: reqwest::Response, stall: Duration) -> (Bytes, Option<Failure>) {
    let mut body = BytesMut::new();
    let interrupted = loop {
        let Ok(next) = timeout(stall, response.chunk()).await else {
            break Some(passing(ErrorClass::Timeout, "the response stopped coming"));
        };
        match next {
            Ok(Some(chunk)) => {
                let room = BODY_LIMIT - body.len();
                if chunk.len() > room {
                    body.extend_from_slice(&chunk[..room]);
                    let what = "the response is longer than 2 MiB";
                    break Some(errors::unreadable(response.headers(), what));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(None) => break None,
            Err(error) if is_miscompressed(&error) => {
                let what = "the response is not compressed as it says";
                break Some(errors::unreadable(response.headers(), what));
            }
            Err(error) => break Some(broken(&error)),
        }
    };
    (body.freeze(), interrupted)
}

/// Whether the bytes came, but cannot be unpacked. The client reports everything about a body
/// as trouble with decoding it; only the causes tell what belongs to the connection.
fn is_miscompressed(error: &reqwest::Error) -> bool {
    if error.is_timeout() {
        return false;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        let ends_early = inner
            .downcast_ref::<io::Error>()
            .is_some_and(|cut| cut.kind() == io::ErrorKind::UnexpectedEof);
        if inner.is::<hyper::Error>() || ends_early {
            return false;
        }
        cause = inner.source();
    }
    true
}

/// A connection that failed. The address stays out of the message: it may name a host that is
/// nobody's business, and its user part may hold a password.
fn broken(error: &reqwest::Error) -> Failure {
    let (class, what) = if error.is_timeout() {
        (ErrorClass::Timeout, "no answer in time")
    } else if error.is_builder() {
        return no_address();
    } else if error.is_connect() {
        (ErrorClass::Network, "no connection")
    } else {
        (ErrorClass::Network, "the connection broke")
    };
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if let Some(reason) = cause.downcast_ref::<OutOfReach>() {
        return out_of_reach(*reason);
    }
    let message = if error.source().is_some() {
        format!("{what}: {cause}")
    } else {
        what.to_owned()
    };
    Failure {
        may_be_billed: !error.is_connect(),
        ..passing(class, &message)
    }
}

fn no_address() -> Failure {
    Failure::before_sending(
        ErrorClass::BadParameter,
        "the address (base URL) is not valid",
    )
}

fn out_of_reach(reason: OutOfReach) -> Failure {
    Failure::before_sending(ErrorClass::BadParameter, &reason.to_string())
}

/// A failure that another attempt may not meet.
fn passing(class: ErrorClass, message: &str) -> Failure {
    Failure {
        class,
        message: errors::shorten(message),
        retry: true,
        retry_after: None,
        // Unless the caller knows better: the request was on its way.
        may_be_billed: true,
        request_id: None,
    }
}

// ---------------------------------------------------------------------------------------------
// What is kept

/// The key, where it is one: shorter texts are no secrets and would tear holes into words.
fn key_of(access: &Access) -> Option<&str> {
    let key = access.api_key.as_ref()?.expose_secret().trim();
    (key.len() >= 8).then_some(key)
}

/// The failure without the key, which a provider may quote when it refuses it.
pub(super) fn without_key(mut failure: Failure, access: &Access) -> Failure {
    if let Some(key) = key_of(access) {
        hide(&mut failure.message, key, "***");
        if let Some(request_id) = &mut failure.request_id {
            hide(request_id, key, "***");
        }
    }
    failure
}

/// The answer without the key. Stars take its place one by one, so that offsets stay true.
pub(super) fn answer_without_key(mut answer: Answer, access: &Access) -> Answer {
    if let Some(key) = key_of(access) {
        hide(&mut answer.text, key, &"*".repeat(key.len()));
        if let Some(request_id) = &mut answer.request_id {
            hide(request_id, key, "***");
        }
    }
    answer
}

fn hide(text: &mut String, key: &str, stars: &str) {
    if text.contains(key) {
        *text = text.replace(key, stars);
    }
}

/// The part of a body that is kept, without the key. A long body is copied, so that what is
/// kept does not hold on to all of it.
pub(super) fn kept(body: &Bytes, access: &Access) -> Bytes {
    let Some(key) = key_of(access) else {
        return shortened(body);
    };
    // A key that lies across the limit is hidden whole.
    let looked_at = &body[..body.len().min(RAW_BODY_LIMIT + key.len())];
    let first = match std::str::from_utf8(looked_at) {
        Ok(text) => text.find(key),
        Err(_) => position(looked_at, key.as_bytes()),
    };
    let Some(mut next) = first else {
        return shortened(body);
    };
    let mut clean = looked_at.to_vec();
    loop {
        clean[next..next + key.len()].fill(b'*');
        match position(&clean[next..], key.as_bytes()) {
            Some(further) => next += further,
            None => break,
        }
    }
    clean.truncate(RAW_BODY_LIMIT);
    Bytes::from(clean)
}

fn shortened(body: &Bytes) -> Bytes {
    if body.len() > RAW_BODY_LIMIT {
        Bytes::copy_from_slice(&body[..RAW_BODY_LIMIT])
    } else {
        body.clone()
    }
}

fn position(bytes: &[u8], key: &[u8]) -> Option<usize> {
    bytes.windows(key.len()).position(|window| window == key)
}

#[cfg(test)]
mod tests {
    use app::model::provider::Provider;
    use secrecy::SecretString;

    use super::*;

    const KEY: &str = "sk-0123456789";

    fn access() -> Access {
        Access {
            provider: Provider::OpenAi,
            api_key: Some(SecretString::from(KEY)),
            base_url: None,
            reach: crate::providers::Reach::Anywhere,
        }
    }

    fn kept_of(body: &[u8]) -> Vec<u8> {
        kept(&Bytes::copy_from_slice(body), &access()).to_vec()
    }

    #[test]
    fn a_key_in_a_body_becomes_stars_wherever_it_stands() {
        assert_eq!(kept_of(b"no key here"), b"no key here");
        let twice = format!("{KEY}{KEY} and {KEY}");
        let stars = "*".repeat(KEY.len());
        assert_eq!(
            kept_of(twice.as_bytes()),
            format!("{stars}{stars} and {stars}").into_bytes()
        );
        let mut latin = b"\xe9\xe8 ".to_vec();
        latin.extend_from_slice(KEY.as_bytes());
        assert_eq!(kept_of(&latin), [b"\xe9\xe8 ", stars.as_bytes()].concat());
    }

    #[test]
    fn a_key_across_the_limit_leaves_no_piece() {
        for before in (RAW_BODY_LIMIT - KEY.len() - 1)..=RAW_BODY_LIMIT {
            let mut body = vec![b'x'; before];
            body.extend_from_slice(KEY.as_bytes());
            body.extend_from_slice(&[b'x'; 100]);
            let kept = kept_of(&body);
            assert_eq!(kept.len(), RAW_BODY_LIMIT);
            let clean = kept.iter().all(|byte| matches!(byte, b'x' | b'*'));
            assert!(clean, "{before}");
        }
    }

    #[test]
    fn offsets_in_an_answer_outlive_the_hiding() {
        let text = format!("A {KEY} B");
        let mut hidden = text.clone();
        hide(&mut hidden, KEY, &"*".repeat(KEY.len()));
        assert_eq!(hidden.len(), text.len());
        assert!(hidden.ends_with("* B"));
    }
}
