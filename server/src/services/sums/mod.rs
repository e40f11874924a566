//! The numbers of a project: over all, by day, by provider, by brand, by tag.

mod clusters;
mod comparison;
mod dashboard;
mod pooled;
mod snapshots;

pub use clusters::{Cluster, ClusterQuery};
pub use comparison::{ComparisonRow, EntityDay, VoicesOf};
pub use dashboard::Dashboards;
pub use snapshots::{SnapshotFilter, SnapshotPage, SnapshotRow, Snapshots, Surfaces};
