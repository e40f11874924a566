//! `/tokens`: what programs are known by.

mod list;
mod make;
mod revoke;
mod shapes;

pub(super) use self::list::*;
pub(super) use self::make::*;
pub(super) use self::revoke::*;
