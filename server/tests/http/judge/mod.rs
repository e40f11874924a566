//! Which model judges answers.

mod change;
mod show;
