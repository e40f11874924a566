//! `/projects/{id}/snapshots`: the numbers of each model and day, and what else is made of them.

pub(super) mod filter;
pub(super) mod latest;
mod list;
pub(super) mod pool;
pub(super) mod shapes;

pub(super) use self::list::*;
