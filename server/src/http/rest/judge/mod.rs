//! `/judge`: which model judges answers.

mod change;
mod shapes;
mod show;

pub(super) use self::change::*;
pub(super) use self::show::*;
