//! `/models`: the registry of models.

mod add;
mod approve;
mod change;
mod check;
mod links;
mod list;
mod list_changes;
mod reject;
pub(super) mod shapes;

pub(super) use self::add::*;
pub(super) use self::approve::*;
pub(super) use self::change::*;
pub(super) use self::check::*;
pub(in crate::http) use self::links::pages;
pub(super) use self::list::*;
pub(super) use self::list_changes::*;
pub(super) use self::reject::*;
