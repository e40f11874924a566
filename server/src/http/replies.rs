//! How many bytes of replies are held for those who do not read them.
//!
//! A reply whose length is known was made whole, and stays until it is read, for which the door
//! waits half a minute. Whoever sends hundreds of requests and reads nothing holds as many replies
//! as they have connections; so large ones have room, as bodies of requests have.
//!
//! Invariant: knows no route. A reply has room from when it is made until its last piece is taken.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use app::api::error::{ApiError, ErrorCode};
use app::model::ids::UserId;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::problem::Problem;
use super::shares::Shares;
use crate::services::Services;

/// A reply of so many bytes needs no room of its own: there are as many as connections.
const SMALL: usize = 64 * 1024;
/// Bytes of all larger replies that are held at the same time.
const ROOM: usize = 256 * 1024 * 1024;
/// Of these, what one user's may take: a page of answers has up to some twelve million.
const ROOM_OF_USER: usize = 64 * 1024 * 1024;
/// Bytes that are given at a time: what is taken is out of sight, so it is little.
const PIECE: usize = 64 * 1024;
/// Seconds after which there may be room again.
const WAIT_SECONDS: u64 = 5;

/// Whose bytes are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Everybody,
    User(UserId),
}

/// The room for replies to all requests.
#[derive(Debug, Default)]
pub(super) struct ReplyRoom {
    taken: Shares<Holder>,
}

/// Room that a reply has; given back when it is dropped.
#[derive(Debug)]
struct Held {
    room: Arc<ReplyRoom>,
    user: UserId,
    bytes: usize,
}

impl ReplyRoom {
    /// Room for a reply to a user; `None`: there is none just now.
    fn take(self: &Arc<Self>, user: UserId, bytes: usize) -> Option<Held> {
        let limits = [
            (Holder::Everybody, ROOM),
            (Holder::User(user), ROOM_OF_USER),
        ];
        // One that is larger than all of it is let through alone.
        let bytes = bytes.min(ROOM_OF_USER);
        self.taken.take(bytes, limits).ok()?;
        Some(Held {
            room: Arc::clone(self),
            user,
            bytes,
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let holders = [Holder::Everybody, Holder::User(self.user)];
        self.room.taken.give_back(self.bytes, holders);
    }
}

/// Keeps the room of a large reply until it is read. Where there is none, whoever asks is told to
/// read first.
pub(super) async fn hold_until_read(
    State(room): State<Arc<ReplyRoom>>,
    services: Services,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let length = response.body().size_hint().exact();
    let bytes = length.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    let Some(bytes) = bytes.filter(|bytes| *bytes > SMALL) else {
        return response;
    };
    let Ok(caller) = services.caller() else {
        return response;
    };
    match room.take(caller.user.id, bytes) {
        Some(held) => response.map(|body| Body::new(HeldBody::new(body, held))),
        None => Problem(ApiError {
            retry_after_seconds: Some(WAIT_SECONDS),
            ..Problem::plain(ErrorCode::Unavailable, services.language()).0
        })
        .into_response(),
    }
}

/// The body of a reply with its room, in pieces.
struct HeldBody {
    inner: Body,
    /// Came, and not taken yet.
    rest: Bytes,
    _held: Held,
}

impl HeldBody {
    fn new(inner: Body, held: Held) -> Self {
        Self {
            inner,
            rest: Bytes::new(),
            _held: held,
        }
    }
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        while this.rest.is_empty() {
            match ready!(Pin::new(&mut this.inner).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                end => return Poll::Ready(end),
            }
        }
        let length = this.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(this.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        match self.inner.size_hint().exact() {
            Some(length) => SizeHint::with_exact(length.saturating_add(rest)),
            None => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[test]
    fn nobody_takes_the_room_of_all() {
        let room: Arc<ReplyRoom> = Arc::default();
        let (ana, ben) = (UserId(1), UserId(2));
        let large = ROOM_OF_USER / 4;
        let of_ana: Vec<Held> = (0..4).filter_map(|_| room.take(ana, large)).collect();
        assert_eq!(of_ana.len(), 4);
        assert!(room.take(ana, large).is_none());
        let of_ben = room.take(ben, usize::MAX);
        assert!(
            of_ben.is_some(),
            "one that is larger than all room goes alone"
        );
        assert!(room.take(ben, SMALL).is_none());
        drop((of_ana, of_ben));
        assert!(room.taken.is_empty());
    }

    #[tokio::test]
    async fn a_reply_keeps_its_room_to_its_last_piece() {
        let room: Arc<ReplyRoom> = Arc::default();
        let bytes: Bytes = (0..=250_u8).cycle().take(3 * PIECE + 7).collect();
        let held = room.take(UserId(1), bytes.len()).expect("room");
        let body = Body::new(HeldBody::new(Body::from(bytes.clone()), held));
        let length = u64::try_from(bytes.len()).expect("few");
        assert_eq!(body.size_hint().exact(), Some(length));
        let mut pieces = body.into_data_stream();
        let mut read = Vec::new();
        for _ in 0..4 {
            assert!(!room.taken.is_empty());
            read.extend_from_slice(&pieces.next().await.expect("a piece").expect("bytes"));
        }
        assert_eq!(read, bytes);
        assert!(pieces.next().await.is_none());
        drop(pieces);
        assert!(room.taken.is_empty());
    }
}
