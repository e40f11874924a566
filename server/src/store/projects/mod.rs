//! Projects with their entities, questions and revisions, until they are erased; and how many a
//! workspace may have.

pub(in crate::store) mod chart_notes;
mod deleted;
mod demo;
mod discovery;
mod erasure;
mod error;
pub(in crate::store) mod notice_names;
mod pins;
mod project;
mod project_list;
mod project_rows;
mod prompts;
pub(in crate::store) mod quotas;
pub(in crate::store) mod revisions;
mod saved_views;
pub(in crate::store) mod slots;
pub(in crate::store) mod tag_history;

pub use chart_notes::{NewNote, StoredNote};
pub use demo::{DemoModel, DemoPlan};
pub use erasure::Erasing;
pub use error::ProjectError;
pub use project_list::ProjectOverview;
pub use prompts::{PromptChange, PromptTags};
pub use quotas::QuotaPassed;
pub use saved_views::{SavedViewError, ViewReader};
