//! Answers, word for word.

mod raw_bodies;
