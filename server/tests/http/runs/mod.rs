//! Runs: forecast, started, watched, stopped.

mod cancel;
mod events;
mod forecast;
mod judge;
mod list;
mod retry;
mod show;
mod start;
mod watch;

pub(crate) use forecast::forecast_on_screen;
