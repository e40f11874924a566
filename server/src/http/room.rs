//! How many bytes of requests and replies the host holds: for each user, and for all together.
//!
//! Invariant: room is given back when its holder is dropped. What belongs to nobody who is known is
//! small, and as many as connections.

use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::model::ids::UserId;
use app::model::language::Language;

use super::problem::Problem;
use super::shares::Shares;

/// So many bytes need no room of their own: there are as many of these as connections.
pub(super) const SMALL: usize = 64 * 1024;
/// Seconds after which there may be room again.
const WAIT_SECONDS: u64 = 5;

/// Whose bytes are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Everybody,
    User(UserId),
}

/// Room for one kind of things.
#[derive(Debug)]
pub(super) struct Room {
    of_all: usize,
    of_user: usize,
    taken: Shares<Holder>,
}

/// Room that something has; given back when it is dropped.
#[derive(Debug)]
pub(super) struct HeldRoom {
    room: Arc<Room>,
    user: Option<UserId>,
    bytes: usize,
}

impl Room {
    /// Room for `of_all` bytes, of which one user may take `of_user`: nobody takes all of it.
    pub(super) fn new(of_all: usize, of_user: usize) -> Arc<Self> {
        Arc::new(Self {
            of_all,
            of_user,
            taken: Shares::default(),
        })
    }

    /// Room for something of a user, or of nobody who is known, of which nothing is there yet.
    pub(super) fn nothing_of(self: &Arc<Self>, user: Option<UserId>) -> HeldRoom {
        HeldRoom {
            room: Arc::clone(self),
            user,
            bytes: 0,
        }
    }

    /// Whether nobody holds anything.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }
}

impl HeldRoom {
    /// Takes room for `length` bytes in all; gives whether there was any. What is larger than all
    /// that a user may take goes alone.
    pub(super) fn grow_to(&mut self, length: usize) -> bool {
        let Some(user) = self.user.filter(|_| length > SMALL) else {
            return true;
        };
        let length = length.min(self.room.of_user);
        let limits = [
            (Holder::Everybody, self.room.of_all),
            (Holder::User(user), self.room.of_user),
        ];
        let more = length - self.bytes;
        let has_room = self.room.taken.take(more, limits).is_ok();
        if has_room {
            self.bytes = length;
        }
        has_room
    }
}

impl Drop for HeldRoom {
    fn drop(&mut self) {
        if let Some(user) = self.user.filter(|_| self.bytes > 0) {
            let holders = [Holder::Everybody, Holder::User(user)];
            self.room.taken.give_back(self.bytes, holders);
        }
    }
}

/// What is said where there is no room just now.
pub(super) fn no_room(language: Language) -> Problem {
    Problem(ApiError {
        retry_after_seconds: Some(WAIT_SECONDS),
        ..Problem::plain(ErrorCode::Unavailable, language).0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_USER: usize = 16 * SMALL;

    #[test]
    fn nobody_takes_the_room_of_all() {
        let room = Room::new(4 * OF_USER, OF_USER);
        let take = |user: i64, bytes: usize| {
            let mut held = room.nothing_of(Some(UserId(user)));
            held.grow_to(bytes).then_some(held)
        };
        let (ana, ben) = (1, 2);
        let of_ana: Vec<HeldRoom> = (0..4).filter_map(|_| take(ana, OF_USER / 4)).collect();
        assert_eq!(of_ana.len(), 4);
        assert!(take(ana, OF_USER / 4).is_none());
        let of_ben = take(ben, usize::MAX);
        assert!(
            of_ben.is_some(),
            "one that is larger than all room goes alone"
        );
        assert!(take(ben, 2 * SMALL).is_none());
        assert!(take(ben, SMALL).is_some(), "what is small needs none");
        drop((of_ana, of_ben));
        assert!(room.is_empty());
    }
}
