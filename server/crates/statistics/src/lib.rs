//! Intervals that only the host computes: resampling, change between periods, repeats.
//!
//! A cluster is what answers have in common, a prompt: answers to one prompt resemble each
//! other, so that they carry less than as many answers to different prompts. Each cluster comes
//! as its share of a ratio of sums, a [`Ratio`](contract::metrics::Ratio).
//!
//! Invariant: pure, no I/O and no clock. The same data give the same interval, in whatever
//! order they come.

mod bootstrap;
mod change;
mod changes;
mod ends;
mod family;
mod figures;
mod moves;
mod normal;
mod period;
mod rank;
mod repeats;
mod resample;
mod student;

pub use bootstrap::{Moments, Scale, cluster_interval, cluster_wilson, resamples};
pub use change::{Pair, UnjudgedChange, weigh};
pub use changes::{OF_MODELS, change, changes};
pub use ends::{Candidate, ends};
pub use family::{LEVEL, Number, beyond_chance, beyond_chance_by_kind};
pub use figures::{CellSums, figures, intervals, scale_of};
pub use moves::{AnswerCell, CountedCell, MOST_SOURCES, Mover, Moves, PeriodCells, largest, moves};
pub use period::{DayMoments, PeriodSums, Voice, dashboard, seams_of};
pub use rank::{Standing, standing};
pub use repeats::{Likeness, likeness};
pub use resample::Draws;

#[cfg(test)]
mod tests;
