//! One file a table, as the migrations make it.
//!
//! Invariant: rows only, and which column holds what of the contract. What may be read or
//! written stands in the rooms of `store`.

#![expect(missing_docs, reason = "columns are documented by the migrations")]

pub mod answer;
pub mod api_token;
pub mod ask;
pub mod attempt;
pub mod credential;
#[expect(
    clippy::module_inception,
    reason = "a file is named after its row, and this row is an entity"
)]
pub mod entity;
pub mod invitation;
pub mod lane;
pub mod ledger_entry;
pub mod model;
pub mod model_price;
pub mod project;
pub mod project_model;
pub mod prompt;
pub mod session;
pub mod setting;
pub mod sign_in_failure;
pub mod sign_in_place;
pub mod user;
pub mod workspace;
pub mod workspace_member;
