//! The ground: connections, statements, how columns are written and read, and what holds for every
//! tenant.
//!
//! Invariant: no room of the store is known here.

pub(in crate::store) mod cell;
mod connect;
pub(in crate::store) mod decode;
pub(in crate::store) mod encode;
pub(in crate::store) mod error;
mod insert_source;
pub(in crate::store) mod leases;
mod old_pages;
pub(in crate::store) mod page_bytes;
pub(in crate::store) mod place;
mod postgres;
pub(in crate::store) mod record;
pub(in crate::store) mod retention;
pub(in crate::store) mod rows;
pub(in crate::store) mod settings;
pub(in crate::store) mod tenant;
mod unreachable;

pub use place::DatabasePlace;
pub(crate) use place::{PERCENT_ENCODE, splits_as_meant};
pub(crate) use postgres::CONNECTIONS_MIN;
pub use retention::{Quotas, Retention};
