//! How many event streams are open: of a user, and of a workspace.

use std::sync::Arc;

use app::api::error::{ApiError, ErrorCode};
use app::model::ids::{UserId, WorkspaceId};
use app::texts::errors;

use super::problem::Problem;
use super::shares::Shares;
use crate::services::Services;

/// Streams of a user at once, over all tabs and programs.
const OF_USER: usize = 10;
/// Streams of a workspace at once.
const OF_WORKSPACE: usize = 100;

/// Whose streams are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    User(UserId),
    Workspace(WorkspaceId),
}

/// How many streams are open.
#[derive(Debug, Default)]
pub(super) struct EventStreams {
    open: Shares<Holder>,
}

/// A stream that counts until this is dropped.
#[derive(Debug)]
pub(super) struct OpenStream {
    streams: Arc<EventStreams>,
    holders: [Holder; 2],
}

impl EventStreams {
    /// Counts one more stream of the caller.
    pub(super) fn open(self: &Arc<Self>, services: &Services) -> Result<OpenStream, Problem> {
        let language = services.language();
        let caller = services
            .caller()
            .map_err(|error| Problem(error.into_api_error(language)))?;
        self.count(caller.user.id, caller.workspace.id)
            .map_err(|most| {
                let text = errors::TOO_MANY_STREAMS.fill(language, &[("max", &most)]);
                Problem(ApiError::new(ErrorCode::TooManyRequests, text))
            })
    }

    /// The limit that stands in the way, where there are as many.
    fn count(self: &Arc<Self>, user: UserId, workspace: WorkspaceId) -> Result<OpenStream, usize> {
        let limits = [
            (Holder::User(user), OF_USER),
            (Holder::Workspace(workspace), OF_WORKSPACE),
        ];
        self.open.take(1, limits)?;
        Ok(OpenStream {
            streams: Arc::clone(self),
            holders: limits.map(|(holder, _)| holder),
        })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.streams.open.give_back(1, self.holders);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_ten_and_a_workspace_a_hundred() {
        let streams: Arc<EventStreams> = Arc::default();
        let mut open = Vec::new();
        for user in 1..=10 {
            for _ in 0..OF_USER {
                open.push(streams.count(user.into(), 1.into()).expect("room"));
            }
            let refused = streams.count(user.into(), 2.into());
            assert_eq!(refused.expect_err("no room"), OF_USER);
        }
        let refused = streams.count(11.into(), 1.into());
        assert_eq!(refused.expect_err("no room"), OF_WORKSPACE);
        open.push(
            streams
                .count(11.into(), 2.into())
                .expect("another workspace"),
        );
        open.swap_remove(0);
        open.push(streams.count(1.into(), 1.into()).expect("one went"));
        drop(open);
        assert!(streams.open.is_empty());
    }
}
