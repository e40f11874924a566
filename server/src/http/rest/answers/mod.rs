//! `/projects/{id}/results` and `/responses`: every answer, whole.

pub(super) mod filter;
mod list;
mod shapes;
mod show;

pub(super) use self::list::*;
pub(super) use self::show::*;
