//! Sums of answers by prompt, model, entity, day and week, and what is shown of them.

mod answer_days;
pub(in crate::store) mod columns;
mod comparison;
mod dashboard;
mod home;
mod intervals;
mod overview_cells;
mod overview_days;
mod overview_lines;
mod period;
mod picked;
pub(in crate::store) mod pooled;
mod prompt_days;
mod prompt_map;
pub(in crate::store) mod rollups;
pub(in crate::store) mod series;
pub(in crate::store) mod served;
mod sheet;
mod sheet_totals;
pub(in crate::store) mod sheets;
pub(in crate::store) mod snapshot_list;
mod stamp;
pub(in crate::store) mod unread;
pub(in crate::store) mod weeks;

pub use comparison::{ComparisonRow, EntityDay, VoicesOf};
pub use dashboard::OverviewSums;
pub use overview_days::{DaysOf, FirstDay, NamedDay, NamedEntity, ReadAgain};
pub use overview_lines::{Lines, LinesOf};
pub use picked::Picked;
pub use pooled::Pooled;
pub use prompt_days::PromptDay;
pub use snapshot_list::{SnapshotFilter, SnapshotPage, SnapshotRow, Snapshots, Surfaces};
pub use stamp::SumsStamp;
