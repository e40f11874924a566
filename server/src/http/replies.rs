//! How many bytes of replies are held for those who do not read them.
//!
//! A reply of known length is complete in memory until it is read. The door waits half a minute for
//! that. Whoever sends hundreds of requests and reads nothing holds as many replies as they have
//! connections; so large ones have room, as bodies of requests have.
//!
//! Invariant: knows no route. A reply has room from when it is made until its last piece is taken.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::room::{HeldRoom, Room, SMALL, no_room};
use crate::services::Services;

/// Bytes of all larger replies that are held at the same time.
const ROOM: usize = 256 * 1024 * 1024;
/// Of these, what one user's may take: a page of answers has up to some twelve million.
const ROOM_OF_USER: usize = 64 * 1024 * 1024;
/// Bytes that are given at a time: what is taken is out of sight, so it is little.
const PIECE: usize = 64 * 1024;

/// The room for replies to all requests.
#[derive(Debug)]
pub(super) struct ReplyRoom(Arc<Room>);

impl Default for ReplyRoom {
    fn default() -> Self {
        Self(Room::new(ROOM, ROOM_OF_USER))
    }
}

impl ReplyRoom {
    /// Room for a reply of so many bytes, where there is any. Whoever is not known has small ones.
    pub(super) fn hold(&self, services: &Services, bytes: usize) -> Option<HeldRoom> {
        let caller = services.caller().ok();
        let mut held = self.0.nothing_of(caller.map(|caller| caller.user.id));
        held.grow_to(bytes).then_some(held)
    }

    /// A reply with its room, where it is a large one; `None` where there is none.
    pub(super) fn hold_reply(&self, services: &Services, response: Response) -> Option<Response> {
        let length = response.body().size_hint().exact();
        let bytes = length.map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        let Some(bytes) = bytes.filter(|bytes| *bytes > SMALL) else {
            return Some(response);
        };
        let held = self.hold(services, bytes)?;
        Some(response.map(|body| Body::new(HeldBody::new(body, held))))
    }
}

/// Keeps the room of a large reply until it is read. Without room, the caller is told to read
/// earlier replies first.
pub(super) async fn hold_until_read(
    State(room): State<Arc<ReplyRoom>>,
    services: Services,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    room.hold_reply(&services, response)
        .unwrap_or_else(|| no_room(services.language()).into_response())
}

/// The body of a reply with its room, in pieces.
struct HeldBody {
    inner: Body,
    /// Came, and not taken yet.
    rest: Bytes,
    _held: HeldRoom,
}

impl HeldBody {
    fn new(inner: Body, held: HeldRoom) -> Self {
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
    use app::model::ids::UserId;
    use futures_util::StreamExt;

    use super::*;

    #[tokio::test]
    async fn a_reply_keeps_its_room_to_its_last_piece() {
        let ReplyRoom(room) = ReplyRoom::default();
        let bytes: Bytes = (0..=250_u8).cycle().take(3 * PIECE + 7).collect();
        let mut held = room.nothing_of(Some(UserId(1)));
        assert!(held.grow_to(bytes.len()));
        let body = Body::new(HeldBody::new(Body::from(bytes.clone()), held));
        let length = u64::try_from(bytes.len()).expect("few");
        assert_eq!(body.size_hint().exact(), Some(length));
        let mut pieces = body.into_data_stream();
        let mut read = Vec::new();
        for _ in 0..4 {
            assert!(!room.is_empty());
            read.extend_from_slice(&pieces.next().await.expect("a piece").expect("bytes"));
        }
        assert_eq!(read, bytes);
        assert!(pieces.next().await.is_none());
        drop(pieces);
        assert!(room.is_empty());
    }
}
