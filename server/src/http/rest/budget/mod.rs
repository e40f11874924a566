//! `/budget`: what a month may cost, and what it has cost so far.

mod change;
pub(super) mod fields;
pub(super) mod shapes;
mod show;

pub(super) use self::change::*;
pub(super) use self::show::*;
