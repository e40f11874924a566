//! Values as columns take them.

use serde::Serialize;

use crate::store::{StoreError, StoreResult};

/// A number of things as a column has it.
pub(in crate::store) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// PostgreSQL's text holds no NUL. A space takes its place, so that byte offsets stay true.
pub(in crate::store) fn without_nul(text: &str) -> String {
    text.replace('\0', " ")
}

/// Lists of strings and numbers as JSON.
pub(in crate::store) fn json(value: &impl Serialize) -> String {
    // Strings and numbers in lists: nothing that JSON could refuse.
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}

/// A list as JSON.
pub(in crate::store) fn write_list<T: Serialize>(values: &[T]) -> StoreResult<String> {
    serde_json::to_string(values).map_err(|error| StoreError::Corrupt(error.to_string()))
}
