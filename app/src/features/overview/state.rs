//! What the overview is made of.
//!
//! Invariant: pure.

use crate::model::dashboard::Dashboard;

/// Whether there is anything to show.
pub fn is_empty(dashboard: &Dashboard) -> bool {
    dashboard.total.all.answers == 0
}
