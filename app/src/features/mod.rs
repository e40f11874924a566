//! One folder a feature: its pages (client only), and beside them what is computed without a
//! browser, compiled and tested natively.

pub mod accounts;
pub mod accuracy;
pub mod answers;
pub mod dashboard;
#[cfg(feature = "csr")]
pub mod home;
pub mod keys;
pub mod notices;
pub mod projects;
pub mod registry;
pub mod runs;
pub mod schedule;
pub mod sources;
