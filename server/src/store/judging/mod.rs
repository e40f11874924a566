//! What a judge says of answers: which runs are judged, call by call, and by whom.

mod judge_calls;
pub(in crate::store) mod passes;
mod setting;

pub use judge_calls::{Begun, JudgePass, JudgedCall, Settled};
