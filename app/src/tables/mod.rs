//! What a table is sorted by, which columns it shows and which rows are chosen: kept as texts for
//! addresses, saved views and the browser's storage.
//!
//! Invariant: pure, and the same for all kinds of rows.

pub mod columns;
pub mod paging;
pub mod selection;
pub mod sorting;
pub mod views;
