//! Who is there and what they may do.
//!
//! Invariant: hands out capabilities; a service that demands one cannot be called without it.

pub mod capability;
pub mod passwords;
pub mod set_up;
pub mod strength;
pub mod tokens;

pub use capability::{Admin, Caller, Editor, Need, NotAllowed, Owner, SignedIn, Via, Viewer};
