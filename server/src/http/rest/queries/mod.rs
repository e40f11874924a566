//! `/projects/{id}/queries`: the questions of a project.

mod add;
mod change;
mod import;
mod list;
mod remove;
mod shapes;
mod show_history;
mod suggest;

pub(super) use self::add::*;
pub(super) use self::change::*;
pub(super) use self::import::*;
pub(super) use self::list::*;
pub(super) use self::remove::*;
pub(super) use self::show_history::*;
pub(super) use self::suggest::*;
