//! `/projects/{id}/names`: who else stands in the lists that name the brand.

mod decide;
mod list;
mod shapes;

pub(super) use self::decide::*;
pub(super) use self::list::*;
