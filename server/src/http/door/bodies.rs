//! Bodies that have to come, and to go, in time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};

use super::limits::DoorLimits;
use super::open_connections::Mark;
use super::state::Turn;

/// Whether the body of a request came too slowly.
#[derive(Clone, Default)]
pub(super) struct Late(Arc<AtomicBool>);

/// A body came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
struct TooSlow;

/// Answers 408 where the body came too slowly, whatever the route made of its end.
pub(in crate::http) async fn answer_late_bodies(request: Request, next: Next) -> Response {
    let late = request.extensions().get::<Late>().cloned();
    let response = next.run(request).await;
    if late.is_some_and(|late| late.0.load(Ordering::Relaxed)) {
        return StatusCode::REQUEST_TIMEOUT.into_response();
    }
    response
}

/// The body of a request: it comes in time, or it ends with an error.
pub(super) struct TimedBody {
    inner: Incoming,
    limits: DoorLimits,
    mark: Mark,
    late: Late,
    began: Option<Instant>,
    bytes: u64,
    /// Runs while a piece is waited for.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl TimedBody {
    pub(super) fn new(inner: Incoming, limits: DoorLimits, mark: Mark, late: Late) -> Self {
        Self {
            inner,
            limits,
            mark,
            late,
            began: None,
            bytes: 0,
            deadline: None,
        }
    }

    /// When what is waited for has to be there.
    fn next_deadline(&self, began: Instant, now: Instant) -> Instant {
        let DoorLimits {
            body_piece,
            body_bytes_a_second,
            body_whole,
            ..
        } = self.limits;
        let milliseconds = self.bytes.saturating_mul(1_000) / body_bytes_a_second.max(1);
        let earned = Duration::from_millis(milliseconds);
        let in_all = (body_piece + earned).min(body_whole.max(body_piece));
        (now + body_piece).min(began + in_all)
    }
}

impl HttpBody for TimedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        if let Poll::Ready(outcome) = Pin::new(&mut this.inner).poll_frame(context) {
            if let Some(Ok(frame)) = &outcome {
                let length = frame.data_ref().map_or(0, Bytes::len);
                this.bytes += u64::try_from(length).unwrap_or(u64::MAX);
            }
            this.deadline = None;
            this.mark.turn(Turn::Ours);
            return Poll::Ready(outcome.map(|frame| frame.map_err(BoxError::from)));
        }
        let now = Instant::now();
        let began = *this.began.get_or_insert(now);
        let end = this.next_deadline(began, now);
        this.mark.turn(Turn::Body);
        let deadline = this
            .deadline
            .get_or_insert_with(|| Box::pin(sleep_until(end)));
        ready!(deadline.as_mut().poll(context));
        this.late.0.store(true, Ordering::Relaxed);
        this.mark.turn(Turn::Ours);
        Poll::Ready(Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of a reply: the door sees when it is taken. The exchange ends with it.
pub(super) struct WatchedBody {
    inner: Body,
    mark: Mark,
}

impl WatchedBody {
    pub(super) fn new(inner: Body, mark: Mark) -> Self {
        // Where the caller has no room (HTTP/2), nobody asks for the first piece.
        mark.turn(Turn::Reader(Instant::now()));
        Self { inner, mark }
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.inner).poll_frame(context);
        this.mark.turn(match &outcome {
            Poll::Ready(Some(Ok(_))) => Turn::Reader(Instant::now()),
            _ => Turn::Ours,
        });
        outcome
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.mark.end();
    }
}
