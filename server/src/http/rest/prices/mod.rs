//! `/prices`: what models cost since when, and prices from a file, row by row. For admins.

mod accept;
pub(super) mod amount;
mod list;
mod preview;

pub(super) use self::accept::*;
pub(super) use self::list::*;
pub(super) use self::preview::*;
