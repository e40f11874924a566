//! What stands in columns as a word or as JSON, read.

use std::str::FromStr;

use app::model::provider::Provider;
use app::model::word::UnknownWord;
use serde::de::DeserializeOwned;

use crate::store::{StoreError, StoreResult};

/// The provider that a slug names.
pub(in crate::store) fn provider(slug: &str) -> StoreResult<Provider> {
    slug.parse()
        .map_err(|_| StoreError::Corrupt(format!("provider {slug:?}")))
}

/// The word in a column of an entity's row; rows that are read by name have it as a
/// [`Cell`](super::cell::Cell).
///
/// # Errors
/// It is no word of the type. The error names column and word.
pub(in crate::store) fn word<W>(column: &str, word: &str) -> StoreResult<W>
where
    W: FromStr<Err = UnknownWord>,
{
    word.parse()
        .map_err(|unknown: UnknownWord| StoreError::Corrupt(format!("{column}: {unknown}")))
}

/// A list that is stored as JSON.
pub(in crate::store) fn json_list<T: DeserializeOwned>(json: &str) -> StoreResult<Vec<T>> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt(error.to_string()))
}
