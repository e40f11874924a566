//! One exchange on the wire: sends a request, reads what comes as far as it is worth reading,
//! and takes the key out of it before anybody sees it ([`Redactor`]).
//!
//! Invariant: whatever a server sends, it ends in a [`Reply`] or a [`Failure`], within the
//! deadline, with at most [`BODY_LIMIT`] bytes held.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use tokio::time::timeout;
use url::Url;

use super::reach::{OutOfReach, Reach};
use super::redaction::Redactor;
use super::{ErrorClass, Failure, HttpRequest, RAW_BODY_LIMIT, errors};

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

/// Sends `request` and reads the response, without the key that it may quote.
pub(super) async fn exchange(
    client: &reqwest::Client,
    reach: Reach,
    request: HttpRequest,
    patience: Patience,
    redactor: &Redactor,
) -> Result<Reply, Failure> {
    let replied = sent(client, reach, request, patience).await;
    let mut reply = replied.map_err(|failure| redactor.failure(failure))?;
    redactor.headers(&mut reply.headers);
    reply.body = redactor.body(reply.body);
    reply.interrupted = reply.interrupted.map(|failure| redactor.failure(failure));
    Ok(reply)
}

async fn sent(
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

/// The part of a body that is kept. A long one is copied, so that what is kept does not hold on
/// to all of it.
pub(super) fn kept(body: &Bytes) -> Bytes {
    if body.len() > RAW_BODY_LIMIT {
        Bytes::copy_from_slice(&body[..RAW_BODY_LIMIT])
    } else {
        body.clone()
    }
}
