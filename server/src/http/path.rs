//! Ids in addresses.

use app::api::error::ErrorCode;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::session::language_of;

/// The ids of an address. One that is no number names nothing, so it is as unknown as any
/// other: 404, not a lecture about numbers.
pub(super) struct Ids<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Ids<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_) => Err(Problem::plain(ErrorCode::NotFound, language_of(&parts.headers))),
        }
    }
}
