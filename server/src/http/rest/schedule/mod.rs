//! `/schedule`: what happens by itself, when, and what became of it.

mod change;
mod shapes;
mod show;
mod show_of_models;
mod show_of_project;

pub(super) use self::change::*;
pub(super) use self::show::*;
pub(super) use self::show_of_models::*;
pub(super) use self::show_of_project::*;
