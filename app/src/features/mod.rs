//! One folder a feature: its pages (client only), and beside them what is computed without a
//! browser, compiled and tested natively.
//!
//! Invariant: a feature knows the frame, the kit and the words, and no other feature; `project`
//! mounts those that are parts of its page.

#[cfg(feature = "csr")]
pub mod accounts;
pub mod answers;
pub mod comparison;
pub mod home;
pub mod keys;
#[cfg(feature = "csr")]
pub mod notices;
pub mod overview;
#[cfg(feature = "csr")]
pub mod project;
pub mod projects;
pub mod registry;
pub mod runs;
pub mod schedule;
#[cfg(feature = "csr")]
pub mod sources;
#[cfg(feature = "styleguide")]
pub mod styleguide;
