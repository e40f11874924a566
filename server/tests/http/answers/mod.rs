//! Answers, word for word.

mod layout;
mod list;
mod raw_bodies;
mod show;
