//! `/models/{id}/recompute`: what past answers would have cost at the prices of today. For admins.

mod book;
mod shapes;
mod show;

pub(super) use self::book::*;
pub(super) use self::show::*;
