//! What stands in columns as a word or as JSON, read.

use app::model::provider::Provider;
use serde::de::DeserializeOwned;

use crate::store::{StoreError, StoreResult};

/// The provider that a slug names.
pub(in crate::store) fn provider(slug: &str) -> StoreResult<Provider> {
    slug.parse()
        .map_err(|_| StoreError::Corrupt(format!("provider {slug:?}")))
}

/// A list that is stored as JSON.
pub(in crate::store) fn json_list<T: DeserializeOwned>(json: &str) -> StoreResult<Vec<T>> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt(error.to_string()))
}
