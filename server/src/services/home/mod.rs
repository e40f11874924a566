//! The first page of a workspace: its projects side by side, and the demonstration.

mod demo;
mod demo_words;
mod page;
mod rows;
mod story;
