//! The numbers of each model and day.

mod list;
