//! What can go wrong with a project.

use super::quotas::QuotaPassed;
use crate::store::StoreError;

/// Why a project could not be stored.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Another project of the workspace has the name.
    #[error("the name is taken")]
    NameTaken,
    /// A model is not there, or not available.
    #[error("unknown model")]
    UnknownModel,
    /// The workspace would have more than it may.
    #[error("the workspace may not have more")]
    Quota(QuotaPassed),
    /// The database's words.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for ProjectError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::from_store(error.into())
    }
}

impl ProjectError {
    pub(super) fn from_store(error: StoreError) -> Self {
        if error.is_not_unique("uq_project_name_alive", "llm_monitoring_projects.name_key") {
            Self::NameTaken
        } else {
            Self::Store(error)
        }
    }
}
