//! `/projects/{id}/notes`: what people have written on the charts of a project.

mod add;
mod list;
mod remove;
mod shapes;

pub(super) use self::add::*;
pub(super) use self::list::*;
pub(super) use self::remove::*;
