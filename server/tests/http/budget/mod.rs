//! What a month may cost, and what it has cost so far.

mod change;
mod show;
