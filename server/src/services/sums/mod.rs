//! The numbers of a project: over all, by day, by provider, by brand, by tag.

mod chart;
mod chart_lines;
mod clusters;
mod comparison;
mod dashboard;
mod notes;
mod overview;
mod overview_facts;
mod pooled;
mod snapshots;

pub use crate::store::projects::StoredNote;
pub use chart::Charts;
pub use clusters::{Cluster, ClusterQuery};
pub use comparison::{ComparisonRow, EntityDay, VoicesOf};
pub use dashboard::Dashboards;
pub use overview::Overviews;
pub use snapshots::{SnapshotFilter, SnapshotPage, SnapshotRow, Snapshots, Surfaces};
