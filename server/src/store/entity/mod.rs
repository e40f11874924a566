//! One file a table, as the migrations make it.
//!
//! Invariant: rows only. What may be read or written stands in the files of `store`.

#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod answer;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod api_token;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod ask;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod attempt;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod credential;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
#[expect(
    clippy::module_inception,
    reason = "a file is named after its row, and this row is an entity"
)]
pub mod entity;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod finding;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod invitation;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod lane;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod ledger_entry;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod model;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod model_price;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod project;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod project_model;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod prompt;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod run;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod session;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod setting;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod sign_in_failure;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod snapshot;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod snapshot_entity;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod user;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod workspace;
#[expect(missing_docs, reason = "columns are documented by the migrations")]
pub mod workspace_member;
