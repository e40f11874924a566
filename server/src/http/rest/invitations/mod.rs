//! `/invitations`: who may make an account in the workspace.

mod list;
mod make;
mod revoke;

pub(super) use self::list::*;
pub(super) use self::make::*;
pub(super) use self::revoke::*;
