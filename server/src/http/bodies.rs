//! How many bytes of a request's body are read, and how many bytes of all bodies are held.
//!
//! Invariant: whoever reads a body knows already who sends it and what they may.

use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::model::language::Language;
use app::texts::errors;
use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use bytes::BytesMut;
use http_body_util::BodyExt;

use super::problem::Problem;
use super::room::{HeldRoom, Room, no_room};
use crate::services::Services;

/// Bytes of the body of a caller who is signed in.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;
/// Bytes of a body of anybody else.
pub(super) const ANONYMOUS_LIMIT: usize = 64 * 1024;
/// Bytes of a call that carries a file: one of 16 MiB, with its quotes escaped.
pub(super) const FILE_CALL_LIMIT: usize = 24 * 1024 * 1024;
/// Bytes of a file of questions or prices.
pub(super) const FILE_LIMIT: usize = 32 * 1024 * 1024;
/// Bytes of all larger bodies that are held at the same time.
const ROOM: usize = 128 * 1024 * 1024;
/// Of these, what one user may take: nobody takes the room of all.
const ROOM_OF_USER: usize = 64 * 1024 * 1024;

/// The room for bodies of all requests.
pub(super) struct BodyRoom(Arc<Room>);

impl Default for BodyRoom {
    fn default() -> Self {
        Self(Room::new(ROOM, ROOM_OF_USER))
    }
}

impl BodyRoom {
    /// Reads the body of a request, which may have `limit` bytes. It takes room for the bytes that
    /// arrived, not for the length that it declares. A caller who only declares a length takes no
    /// room from others.
    ///
    /// # Errors
    /// It is larger, or says so; it breaks off; or there is no room just now.
    pub(super) async fn read(
        &self,
        services: &Services,
        request: Request,
        limit: usize,
    ) -> Result<(Parts, Bytes, HeldRoom), Problem> {
        let language = services.language();
        if declared_length(&request).is_some_and(|length| length > limit) {
            return Err(too_large(language, limit));
        }
        let (parts, mut body) = request.into_parts();
        let mut held = self
            .0
            .nothing_of(services.caller().ok().map(|caller| caller.user.id));
        let mut read = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Problem::plain(ErrorCode::BadRequest, language))?;
            let Ok(piece) = frame.into_data() else {
                continue;
            };
            let length = read.len() + piece.len();
            if length > limit {
                return Err(too_large(language, limit));
            }
            if !held.grow_to(length) {
                return Err(no_room(language));
            }
            read.extend_from_slice(&piece);
        }
        Ok((parts, read.freeze(), held))
    }
}

/// Bytes that a body says it has; `None`: it does not say.
fn declared_length(request: &Request) -> Option<usize> {
    let header = request.headers().get(CONTENT_LENGTH);
    let written = header
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    let length = written.or_else(|| request.body().size_hint().exact())?;
    Some(usize::try_from(length).unwrap_or(usize::MAX))
}

/// What is said of a body that is larger than `limit` bytes.
pub(super) fn too_large(language: Language, limit: usize) -> Problem {
    let words = match limit {
        BODY_LIMIT => errors::TOO_LARGE.get(language).to_owned(),
        ANONYMOUS_LIMIT => errors::TOO_LARGE_ANONYMOUS.fill(language, &[("max", &(limit >> 10))]),
        _ => errors::TOO_LARGE_FILE.fill(language, &[("max", &(limit >> 20))]),
    };
    Problem(ApiError::new(ErrorCode::TooLarge, words))
}

#[cfg(test)]
mod tests {
    use app::model::ids::UserId;

    use super::super::room::SMALL;
    use super::*;

    #[test]
    fn nobody_takes_the_room_of_all_and_what_is_given_back_is_there_again() {
        let BodyRoom(room) = BodyRoom::default();
        let body = |user: i64, bytes| {
            let mut held = room.nothing_of(Some(UserId(user)));
            // As it comes.
            let came = [SMALL, SMALL + 1, bytes];
            came.into_iter()
                .all(|length| held.grow_to(length))
                .then_some(held)
        };
        let (ana, ben, eve) = (1, 2, 3);
        let first = body(ana, FILE_LIMIT).expect("room");
        let second = body(ana, FILE_LIMIT).expect("room for two files");
        assert!(body(ana, BODY_LIMIT).is_none(), "Ana has her share");
        let others: Vec<HeldRoom> = (0..2)
            .map(|_| body(ben, FILE_LIMIT).expect("Ben has his"))
            .collect();
        assert!(body(eve, BODY_LIMIT).is_none(), "there is no more");
        drop(first);
        let third = body(eve, FILE_LIMIT).expect("room again");
        let mut nobody = room.nothing_of(None);
        assert!(nobody.grow_to(ANONYMOUS_LIMIT));
        drop((second, others, third, nobody));
        assert!(room.is_empty());
    }
}
