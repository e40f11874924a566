//! `/cron`: what a schedule outside of Parallax starts over HTTP.

mod check_models;
mod start_day;
mod token;

pub(super) use self::check_models::*;
pub(super) use self::start_day::*;
pub(in crate::http) use self::token::{CronToken, PATH};
