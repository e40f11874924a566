//! Answers, word for word.

mod list;
mod raw_bodies;
mod show;
