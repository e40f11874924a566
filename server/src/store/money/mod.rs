//! Money: set aside before, booked after, reported by day; budgets and ceilings.

pub(in crate::store) mod allowances;
pub(in crate::store) mod budget;
mod export_ledger;
pub(in crate::store) mod ledger;
mod paid_calls;
mod recompute;
pub(in crate::store) mod reservations;
mod shared_keys;
mod spend;
mod spend_report;

pub use budget::BudgetChange;
pub use export_ledger::{LedgerCursor, LedgerExport};
pub use paid_calls::{CALLS_AT_ONCE, CallKind, CallScope, LOST_AFTER, MayCall, SetAside};
pub use shared_keys::SharedKeyAccount;
pub use spend_report::{DayRange, PastAnswer, ProjectSpend};
