//! Who else stands in the lists that name the brand.

use app::model::discovery::{DiscoveredName, DiscoveryView};
use app::model::ids::AnswerId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::rest::params::Page;

/// A name that is nobody's yet.
#[derive(Serialize, ToSchema)]
struct FoundName {
    /// As it is spelled most often.
    name: String,
    /// Answers in whose lists it stands beside the brand.
    answers: u32,
    /// Some of them, the newest first.
    result_ids: Vec<AnswerId>,
}

impl From<DiscoveredName> for FoundName {
    fn from(found: DiscoveredName) -> Self {
        Self {
            name: found.name,
            answers: found.answers,
            result_ids: found.examples,
        }
    }
}

/// Who else is listed.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct NamesBeside {
    /// Those of most answers first, at most fifty.
    names: Vec<FoundName>,
    /// Answers that were read for them.
    answers_read: u32,
    /// Names that were dismissed, by the alphabet.
    dismissed: Vec<String>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

impl NamesBeside {
    pub(super) fn part(view: DiscoveryView, page: Page) -> Self {
        let total = view.names.len();
        let (part, next_cursor) = page.cut(view.names);
        Self {
            names: part.into_iter().map(FoundName::from).collect(),
            answers_read: view.answers,
            dismissed: view.dismissed,
            total,
            next_cursor,
        }
    }
}
