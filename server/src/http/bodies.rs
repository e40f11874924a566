//! How many bytes of a request's body are read, and how many bytes of all bodies are held.
//!
//! Invariant: whoever reads a body knows already who sends it and what they may.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::api::error::{ApiError, ErrorCode};
use app::model::ids::UserId;
use app::model::language::Language;
use app::texts::errors;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use http_body_util::LengthLimitError;

use super::problem::Problem;
use crate::services::Services;

/// Bytes of a body of whoever is signed in.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;
/// Bytes of a body of anybody else.
pub(super) const ANONYMOUS_LIMIT: usize = 64 * 1024;
/// Bytes of a call that carries a file: one of 16 MiB, with its quotes escaped.
pub(super) const FILE_CALL_LIMIT: usize = 24 * 1024 * 1024;
/// Bytes of a file of questions or prices.
pub(super) const FILE_LIMIT: usize = 32 * 1024 * 1024;
/// A body of so many bytes needs no room of its own: there are as many as connections.
const SMALL: usize = 64 * 1024;
/// Bytes of all larger bodies that are held at the same time.
const ROOM: usize = 128 * 1024 * 1024;
/// Of these, what one user may take: nobody takes the room of all.
const ROOM_OF_USER: usize = 64 * 1024 * 1024;
/// Seconds after which there may be room again.
const WAIT_SECONDS: u64 = 5;

/// How many bytes the body of this request may have, for whoever reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct MaxBody(pub(super) usize);

/// The room for bodies of all requests.
#[derive(Default)]
pub(super) struct BodyRoom {
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    bytes: usize,
    by_user: HashMap<UserId, usize>,
}

/// Room that a request has; given back when it is dropped.
pub(super) struct Held {
    room: Arc<BodyRoom>,
    user: UserId,
    bytes: usize,
}

impl BodyRoom {
    /// Room for the body of a request that may have `limit` bytes; `None`: it needs none.
    ///
    /// # Errors
    /// The body says that it is larger, or there is no room just now.
    pub(super) fn admit(
        self: &Arc<Self>,
        services: &Services,
        request: &Request,
        limit: usize,
    ) -> Result<Option<Held>, Problem> {
        let language = services.language();
        let declared = declared_length(request);
        if declared.is_some_and(|length| length > limit) {
            return Err(too_large(language, limit));
        }
        // What does not say how long it is may be as long as it may.
        let length = declared.unwrap_or(limit);
        let Some(caller) = services.caller().ok().filter(|_| length > SMALL) else {
            return Ok(None);
        };
        self.take(caller.user.id, length).map(Some).ok_or_else(|| {
            Problem(ApiError {
                retry_after_seconds: Some(WAIT_SECONDS),
                ..Problem::plain(ErrorCode::Unavailable, language).0
            })
        })
    }

    fn take(self: &Arc<Self>, user: UserId, bytes: usize) -> Option<Held> {
        let mut taken = self.lock();
        let of_user = taken.by_user.get(&user).copied().unwrap_or_default();
        if taken.bytes + bytes > ROOM || of_user + bytes > ROOM_OF_USER {
            return None;
        }
        taken.bytes += bytes;
        taken.by_user.insert(user, of_user + bytes);
        Some(Held {
            room: Arc::clone(self),
            user,
            bytes,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut taken = self.room.lock();
        taken.bytes -= self.bytes;
        let left = taken
            .by_user
            .get(&self.user)
            .map_or(0, |bytes| bytes - self.bytes);
        if left == 0 {
            taken.by_user.remove(&self.user);
        } else {
            taken.by_user.insert(self.user, left);
        }
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

/// All of a body, which may have `limit` bytes.
pub(super) async fn read(body: Body, limit: usize, language: Language) -> Result<Bytes, Problem> {
    to_bytes(body, limit).await.map_err(|error| {
        let is_too_long = error
            .source()
            .is_some_and(<dyn Error + 'static>::is::<LengthLimitError>);
        if is_too_long {
            too_large(language, limit)
        } else {
            Problem::plain(ErrorCode::BadRequest, language)
        }
    })
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
    use super::*;

    #[test]
    fn nobody_takes_the_room_of_all_and_what_is_given_back_is_there_again() {
        let room: Arc<BodyRoom> = Arc::default();
        let (ana, ben, eve) = (UserId(1), UserId(2), UserId(3));
        let first = room.take(ana, FILE_LIMIT).expect("room");
        let second = room.take(ana, FILE_LIMIT).expect("room for two files");
        assert!(room.take(ana, BODY_LIMIT).is_none(), "Ana has her share");
        let others: Vec<Held> = (0..2)
            .map(|_| room.take(ben, FILE_LIMIT).expect("Ben has his"))
            .collect();
        assert!(room.take(eve, BODY_LIMIT).is_none(), "there is no more");
        drop(first);
        let third = room.take(eve, FILE_LIMIT).expect("room again");
        drop((second, others, third));
        let taken = room.lock();
        assert_eq!((taken.bytes, taken.by_user.len()), (0, 0));
    }
}
