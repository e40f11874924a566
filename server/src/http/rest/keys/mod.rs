//! `/api-keys`: which providers have a key; new keys and the budget, all of them or none.

mod fields;
mod remove;
mod save;
mod shapes;
mod show;
mod try_out;

pub(super) use self::remove::*;
pub(super) use self::save::*;
pub(super) use self::show::*;
pub(super) use self::try_out::*;
