//! Which models can be chosen and asked: those that an admin lets be used, until their provider
//! takes them away.

use chrono::{DateTime, Utc};

use crate::store::entity::model;

/// The condition that a model `m` can be chosen and asked at the moment `now`, a placeholder.
pub(in crate::store) fn offered(now: &str) -> String {
    format!("(m.is_available AND (m.retires_at IS NULL OR m.retires_at > {now} OR m.is_overdue))")
}

/// The same of a row.
pub(in crate::store) fn is_offered(row: &model::Model, now: DateTime<Utc>) -> bool {
    row.is_available && !has_ended(row, now)
}

/// Whether its provider has taken a model away. The day decides, unless a list that was read
/// later says that the model still answers.
pub(super) fn has_ended(row: &model::Model, now: DateTime<Utc>) -> bool {
    !row.is_overdue && row.retires_at.is_some_and(|retires_at| retires_at <= now)
}
