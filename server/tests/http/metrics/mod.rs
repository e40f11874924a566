//! The numbers of a period.

mod changes;
mod show;
