//! Ids, values and the shapes that browser and host share.
//!
//! Invariant: serde only. No I/O, no database, no framework, and nothing of the interface.

pub mod account;
pub mod answer;
pub mod comparison;
pub mod dashboard;
pub mod discovery;
pub mod domain;
pub mod home;
pub mod ids;
pub mod judge;
pub mod keys;
pub mod language;
pub mod layout;
pub mod metrics;
pub mod money;
pub mod notes;
pub mod notices;
pub mod outcome;
pub mod overview;
pub mod prices;
pub mod project;
pub mod prompt_kind;
pub mod provider;
pub mod registry;
pub mod rules_accuracy;
pub mod run;
pub mod schedule;
pub mod served;
pub mod sources;
pub mod spend;
pub mod suggestions;
pub mod topics;
pub mod views;
pub mod word;
