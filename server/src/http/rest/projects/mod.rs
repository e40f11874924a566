//! `/projects`: make, look at, change, remove and bring back projects.

mod change;
mod chosen_models;
mod create;
mod draft;
mod entities;
mod fields;
mod list;
mod list_deleted;
mod remove;
mod restore;
mod show;

pub(super) use self::change::*;
pub(super) use self::create::*;
pub(super) use self::list::*;
pub(super) use self::list_deleted::*;
pub(super) use self::remove::*;
pub(super) use self::restore::*;
pub(super) use self::show::*;
