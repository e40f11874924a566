//! What a run and a month will cost, with a 95 % range.
//!
//! Invariant: pure. An estimate is no amount of money that anybody books: it is computed with
//! floats of nano-dollars and rounded once, at its end.

mod month;
mod run;
mod spread;

pub use month::{OBSERVED_DAYS, of_month};
pub use run::{Forecast, MIN_ANSWERS, ModelRun, of_model, total};
pub use spread::Sample;
