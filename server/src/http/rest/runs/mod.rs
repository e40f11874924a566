//! `/projects/{id}/analyze` and `/projects/{id}/runs`: start a run, watch it.

mod cancel;
mod forecast;
mod judge;
mod list;
mod retry;
mod shapes;
mod show;
mod start;
mod watch;

pub(super) use self::cancel::*;
pub(super) use self::forecast::*;
pub(super) use self::judge::*;
pub(super) use self::list::*;
pub(super) use self::retry::*;
pub(super) use self::show::*;
pub(super) use self::start::*;
pub(super) use self::watch::*;
