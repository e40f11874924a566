//! Sums of answers by prompt, model, entity, day and week, and what is shown of them.

mod answer_days;
pub(in crate::store) mod columns;
mod comparison;
mod dashboard;
mod intervals;
pub(in crate::store) mod pooled;
mod prompt_days;
mod prompt_map;
pub(in crate::store) mod rollups;
pub(in crate::store) mod series;
pub(in crate::store) mod served;
pub(in crate::store) mod snapshot_list;
mod stamp;
pub(in crate::store) mod unread;
pub(in crate::store) mod weeks;

pub use comparison::{ComparisonRow, EntityDay, VoicesOf};
pub use pooled::Pooled;
pub use prompt_days::PromptDay;
pub use snapshot_list::{SnapshotFilter, SnapshotPage, SnapshotRow, Snapshots, Surfaces};
pub use stamp::SumsStamp;
