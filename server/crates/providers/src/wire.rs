//! One exchange on the wire: sends a request, reads the useful part of the reply, and removes the
//! key from it before anything else reads it ([`Redactor`]).
//!
//! Invariant: every exchange ends in a [`Reply`] or a [`Failure`] within the deadline, and holds at
//! most [`BODY_LIMIT`] bytes.

use std::error::Error;
use std::io;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use runtime::long_texts;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use url::Url;

use super::reach::{OutOfReach, Reach};
use super::redaction::Redactor;
use super::{ErrorClass, Failure, HttpRequest, RAW_BODY_LIMIT, errors};

/// More of a body than this is not read: no answer is that long.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// A body of more bytes than this is one of few that are held at the same time.
const SMALL_BODY: usize = 256 * 1024;
/// Larger bodies that this process holds at the same time, read or not: 128 MiB of them. A thousand
/// asks may be in flight, and nobody but their server says how long each reply is.
const LARGE_BODIES: usize = 64;

static ROOM: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(LARGE_BODIES)));

/// A response, as much of it as came.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Why the body is not whole.
    pub(super) interrupted: Option<Failure>,
    /// When its last byte came: to wait until it is read is no time of the provider's.
    pub(super) came_at: Instant,
    /// The room of a large body, until it is read. Never held while another body is waited for.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// How long an exchange may take.
#[derive(Clone, Copy)]
pub(super) struct Timeouts {
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
    patience: Timeouts,
    redactor: &Redactor,
) -> Result<Reply, Failure> {
    let replied = sent(client, reach, request, patience).await;
    let mut reply = replied.map_err(|failure| redactor.failure(failure))?;
    redactor.headers(&mut reply.headers);
    reply.body = without_key(reply.body, redactor).await?;
    reply.interrupted = reply.interrupted.map(|failure| redactor.failure(failure));
    Ok(reply)
}

/// The body without the key. A long one takes long to look through.
async fn without_key(body: Bytes, redactor: &Redactor) -> Result<Bytes, Failure> {
    if !redactor.knows_key() {
        return Ok(body);
    }
    let (bytes, redactor) = (body.len(), redactor.clone());
    read(bytes, move || redactor.body(body)).await
}

/// What `reading` makes of a body of so many bytes: of a long one away from those who serve. What
/// panics its reader is a success that cannot be read.
pub(super) async fn read<T: Send + 'static>(
    bytes: usize,
    reading: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let read = long_texts::read(bytes, reading).await;
    read.map_err(|unread| errors::unreadable(&HeaderMap::new(), &unread.to_string()))
}

async fn sent(
    client: &reqwest::Client,
    reach: Reach,
    request: HttpRequest,
    patience: Timeouts,
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
    let read = read_body(response, patience.stall, &ROOM).await;
    let (body, interrupted, room) = read;
    Ok(Reply {
        status,
        headers,
        body,
        // What an error says counts more than that its page is long or broken.
        interrupted: interrupted.filter(|_| (200..300).contains(&status)),
        came_at: Instant::now(),
        room,
    })
}

/// The body, why it is not whole, and its room where it is large: whose body grows beyond what is
/// small waits until others are read.
async fn read_body(
    mut response: reqwest::Response,
    stall: Duration,
    large: &Arc<Semaphore>,
) -> (Bytes, Option<Failure>, Option<OwnedSemaphorePermit>) {
    let mut body = BytesMut::new();
    let mut room = None;
    let interrupted = loop {
        let Ok(next) = timeout(stall, response.chunk()).await else {
            break Some(passing(ErrorClass::Timeout, "the response stopped coming"));
        };
        match next {
            Ok(Some(chunk)) => {
                let left = BODY_LIMIT - body.len();
                if room.is_none() && body.len() + chunk.len() > SMALL_BODY {
                    let waiting = Arc::clone(large).acquire_owned();
                    let Ok(found) = timeout(stall, waiting).await else {
                        let what = "there are too many long responses to read one more";
                        break Some(passing(ErrorClass::Timeout, what));
                    };
                    // Nobody closes it.
                    room = found.ok();
                }
                if chunk.len() > left {
                    body.extend_from_slice(&chunk[..left]);
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
    (body.freeze(), interrupted, room)
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

#[cfg(test)]
mod tests {
    use super::*;

    const STALL: Duration = Duration::from_secs(5);

    fn response(bytes: usize) -> reqwest::Response {
        http::Response::new(vec![b' '; bytes]).into()
    }

    #[tokio::test]
    async fn few_large_bodies_are_held_at_a_time_and_small_ones_need_no_room() {
        let large = Arc::new(Semaphore::new(1));
        let first = read_body(response(SMALL_BODY + 1), STALL, &large).await;
        assert!(first.2.is_some());
        let small = read_body(response(SMALL_BODY), STALL, &large).await;
        assert_eq!((small.0.len(), small.2.is_none()), (SMALL_BODY, true));
        let second = read_body(response(BODY_LIMIT + 1), STALL, &large);
        tokio::pin!(second);
        let early = timeout(Duration::from_millis(50), &mut second).await;
        assert!(early.is_err(), "there is no room before the first is read");
        drop(first);
        let (body, interrupted, _room) = second.await;
        assert_eq!(body.len(), BODY_LIMIT);
        assert!(interrupted.is_some_and(|failure| failure.message.contains("2 MiB")));
    }
}
