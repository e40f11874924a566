//! Values as columns take them.

use serde::Serialize;

use super::{StoreError, StoreResult};

/// A number of things as a column has it.
pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// PostgreSQL's text holds no NUL. A space takes its place, so that byte offsets stay true.
pub(super) fn without_nul(text: &str) -> String {
    text.replace('\0', " ")
}

/// Lists of strings and numbers as JSON.
pub(super) fn json(value: &impl Serialize) -> String {
    // Strings and numbers in lists: nothing that JSON could refuse.
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}

/// A list as JSON.
pub(super) fn write_list<T: Serialize>(values: &[T]) -> StoreResult<String> {
    serde_json::to_string(values).map_err(|error| StoreError::Corrupt(error.to_string()))
}
