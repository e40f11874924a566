//! `/projects/{id}/metrics`: the numbers of a period.

mod changes;
mod show;

pub(super) use self::show::*;
