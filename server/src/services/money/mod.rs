//! What runs, months and calls cost, and what workspaces may spend on the operator's keys.

mod paid_call;
mod shared_key_ceilings;
mod spend;

pub(in crate::services) use paid_call::{PaidCall, Settled, reason_of_failure};
pub use shared_key_ceilings::SharedKeyAccount;
