//! Snapshots in one: ratios of sums.

use app::model::metrics::SnapshotSums;

use crate::services::sums::SnapshotRow;

/// Snapshots of a provider or model, pooled: ratios of sums.
#[derive(Clone, Copy, Default)]
pub(in crate::http::rest) struct Pool {
    pub(in crate::http::rest) sums: SnapshotSums,
    pub(in crate::http::rest) plain: SnapshotSums,
    pub(in crate::http::rest) snapshots: usize,
}

impl Pool {
    pub(in crate::http::rest) fn add(&mut self, row: &SnapshotRow) {
        self.sums += row.sums;
        self.plain += row.plain;
        self.snapshots += 1;
    }
}
