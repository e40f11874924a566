//! What the operator decides about how much is kept, and for how long.

use chrono::Duration;

/// What the operator decides about retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// A deleted project is erased this long after.
    pub erase_after: Duration,
    /// What a workspace may have that no admin owns; `None`: as much as there is room for.
    pub quotas: Quotas,
}

/// Limits of a workspace; `None`: there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quotas {
    /// Projects that are not deleted.
    pub projects: Option<i64>,
    /// Questions in all of them.
    pub prompts: Option<i64>,
    /// Bytes of answers: texts, citations and raw bodies, also of deleted projects that are not
    /// erased yet.
    pub stored_bytes: Option<i64>,
}

impl Retention {
    /// Without limits; a deleted project can be restored for a month.
    pub const UNLIMITED: Self = Self {
        erase_after: Duration::days(30),
        quotas: Quotas {
            projects: None,
            prompts: None,
            stored_bytes: None,
        },
    };
}

impl Default for Retention {
    fn default() -> Self {
        Self::UNLIMITED
    }
}
