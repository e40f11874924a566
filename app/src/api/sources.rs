//! Sources: the domains and pages that answers cite.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::Read;
use crate::model::sources::{SourceQuery, SourceTable, SourceUse};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait SourcesPort {
    /// A part of the table of domains or pages.
    async fn list_sources(&self, query: SourceQuery) -> Result<SourceTable, ApiError>;
    /// The prompts and models that cite the domain or page of a query.
    async fn source_uses(&self, query: SourceQuery) -> Result<Vec<SourceUse>, ApiError>;
}

/// A part of the table of domains or pages.
#[server(name = ListSourcesCall, prefix = "/api/fn", endpoint = "sources/list", protocol = Read)]
pub async fn list_sources(query: SourceQuery) -> Result<SourceTable, ApiError> {
    super::ports()?.list_sources(query).await
}

/// The prompts and models that cite the domain or page of a query.
#[server(name = SourceUsesCall, prefix = "/api/fn", endpoint = "sources/uses", protocol = Read)]
pub async fn source_uses(query: SourceQuery) -> Result<Vec<SourceUse>, ApiError> {
    super::ports()?.source_uses(query).await
}
