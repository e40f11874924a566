//! Projects with their entities and questions: typed, imported, suggested, found in answers.

mod discovery;
mod project;
mod prompt_file;
mod prompts;
mod saved_views;
mod suggestions;

pub use crate::store::projects::ProjectOverview;
pub use discovery::Discoveries;
pub use project::NewProject;
pub use prompt_file::{PromptFile, WrongLine};
pub use prompts::{FileImport, NewPrompt, PromptChange, PromptDay};
