//! The fan-out: takes lanes, asks providers, and hands what came back to the store.
//!
//! The way of an ask: [`worker`] claims lanes and gives each a task; [`lane`] keeps as many
//! asks in flight as [`pace`] and the budget allow and commits whatever has arrived in one go;
//! [`asker`] makes an ask one outcome: [`attempt`] (the only retry loop), [`cost`], analysis;
//! [`allowance`] says what is set aside for it.
//! What lanes have in common with other work that is held, a judge's passes, is [`HeldWork`].
//! Whatever is asked, in lanes and beside them, goes by a [`Route`], so by one pace and one rule
//! for retries; [`Calls`] gives routes.
//!
//! Invariant: knows no database. What it needs of one is the trait [`LaneStore`]; keys come
//! from a [`KeyRing`], answers from a [`Provider`](providers::Provider).

pub mod allowance;
pub mod asker;
pub mod attempt;
mod blank;
mod calls;
pub mod cost;
mod held_work;
mod key_lookup;
mod lane;
pub mod other_models;
mod pace;
mod ports;
mod reading;
mod route;
#[cfg(any(test, feature = "testing"))]
pub mod scripted;
mod setbacks;
mod work;
mod worker;

pub use attempt::{Asked, Funds, MoneySource, MoneySourceError};
pub use calls::Calls;
pub use held_work::{HeldWork, WorkEvent, ignore_unreachable};
pub use key_lookup::KeyWaits;
pub use pace::FIRST_WINDOW;
pub use ports::{ClaimRequest, FoundKey, KeyError, KeyRing, LaneError, LaneStore, LocalWorkers};
#[cfg(any(test, feature = "testing"))]
pub use reading::UNREADABLE;
pub use reading::{Mentions, Read, Reading, bytes_to_read, mentions, pages_of};
pub use route::{Route, call_size};
pub use work::{
    AskOutcome, AskWork, Batch, Begin, Claimed, Committed, LaneEnd, LaneHold, LaneScope, LaneState,
    ModelToAsk, Payer, RouteLimits, RunSummary, Stopped, counts_as_answer, millis, sent_at,
};
pub use worker::{Engine, EngineHandle, Options, Parts};

use std::time::Duration;

/// How long a worker holds a lane without a sign of life. Another takes it after that.
pub const LEASE: Duration = Duration::from_secs(10);
