//! A part of a list.

use super::parameters;

/// Rows a page where the caller says nothing: as many as there can be.
const PAGE: u32 = 5_000;

parameters! {
    /// A part of a list that is short enough to be made as a whole.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(in crate::http::rest) struct Page {
        /// Rows a page
        limit: Option<u32> = 1..=5_000,
        /// The `next_cursor` of the page before
        #[param(value_type = Option<String>)]
        cursor: Option<u32>,
    }
}

impl Page {
    /// The part behind a cursor, with so many rows.
    pub(in crate::http::rest) const fn of(limit: u32, cursor: Option<u32>) -> Self {
        Self {
            limit: Some(limit),
            cursor,
        }
    }

    /// Rows to leave out, and how many to give.
    pub(in crate::http::rest) fn part(self) -> (usize, usize) {
        let (offset, limit) = (self.cursor.unwrap_or(0), self.limit.unwrap_or(PAGE));
        (offset as usize, limit as usize)
    }

    /// The cursor behind this part of a list of `total` rows; nothing where it is the last.
    pub(in crate::http::rest) fn next(self, total: usize) -> Option<String> {
        let (offset, limit) = self.part();
        let end = offset.saturating_add(limit);
        (end < total).then(|| end.to_string())
    }

    /// The part, and the cursor of the one behind it; nothing where this is the last.
    pub(in crate::http::rest) fn cut<T>(self, all: Vec<T>) -> (Vec<T>, Option<String>) {
        let next = self.next(all.len());
        let (offset, limit) = self.part();
        let part = all.into_iter().skip(offset).take(limit);
        (part.collect(), next)
    }
}
