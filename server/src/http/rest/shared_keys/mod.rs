//! `/shared-key-ceilings`: what workspaces may spend on the operator's keys.

mod list;
mod set;

pub(super) use self::list::*;
pub(super) use self::set::*;
