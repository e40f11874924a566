//! Projects, their entities and prompts.

use leptos::prelude::*;

use super::error::ApiError;
use super::protocol::{Call, Read};
use crate::model::ids::ProjectId;
#[cfg(feature = "ssr")]
use crate::model::project::ProjectFrame;
use crate::model::project::{DeletedProject, ProjectDraft, ProjectSummary, ProjectView};

/// What the host does for this feature.
#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait ProjectsPort {
    /// The projects of the workspace.
    async fn list_projects(&self) -> Result<Vec<ProjectSummary>, ApiError>;
    /// One project.
    async fn project(&self, project_id: ProjectId) -> Result<ProjectView, ApiError>;
    /// What stands around the figures on a project's pages.
    async fn project_frame(&self, project_id: ProjectId) -> Result<ProjectFrame, ApiError>;
    /// Makes a project; all of it or nothing.
    async fn create_project(&self, draft: ProjectDraft) -> Result<ProjectId, ApiError>;
    /// Changes a project; all of it or nothing.
    async fn update_project(
        &self,
        project_id: ProjectId,
        draft: ProjectDraft,
    ) -> Result<ProjectView, ApiError>;
    /// Deleted projects that can be restored.
    async fn deleted_projects(&self) -> Result<Vec<DeletedProject>, ApiError>;
    /// Brings a deleted project back.
    async fn restore_project(&self, project_id: ProjectId) -> Result<(), ApiError>;
    /// Takes a project out of sight; it is erased after a while.
    async fn delete_project(&self, project_id: ProjectId) -> Result<(), ApiError>;
}

/// The projects of the workspace.
#[server(name = ListProjectsCall, prefix = "/api/fn", endpoint = "projects/list", protocol = Read)]
pub async fn list_projects() -> Result<Vec<ProjectSummary>, ApiError> {
    super::ports()?.list_projects().await
}

/// One project.
#[server(name = ProjectCall, prefix = "/api/fn", endpoint = "projects/get", protocol = Read)]
pub async fn project(project_id: ProjectId) -> Result<ProjectView, ApiError> {
    super::ports()?.project(project_id).await
}

/// Makes a project; all of it or nothing.
#[server(name = CreateProjectCall, prefix = "/api/fn", endpoint = "projects/create", protocol = Call)]
pub async fn create_project(draft: ProjectDraft) -> Result<ProjectId, ApiError> {
    super::ports()?.create_project(draft).await
}

/// Changes a project; all of it or nothing.
#[server(name = UpdateProjectCall, prefix = "/api/fn", endpoint = "projects/update", protocol = Call)]
pub async fn update_project(
    project_id: ProjectId,
    draft: ProjectDraft,
) -> Result<ProjectView, ApiError> {
    super::ports()?.update_project(project_id, draft).await
}

/// Deleted projects that can be restored.
#[server(name = DeletedProjectsCall, prefix = "/api/fn", endpoint = "projects/deleted", protocol = Read)]
pub async fn deleted_projects() -> Result<Vec<DeletedProject>, ApiError> {
    super::ports()?.deleted_projects().await
}

/// Brings a deleted project back.
#[server(name = RestoreProjectCall, prefix = "/api/fn", endpoint = "projects/restore", protocol = Call)]
pub async fn restore_project(project_id: ProjectId) -> Result<(), ApiError> {
    super::ports()?.restore_project(project_id).await
}

/// Takes a project out of sight; it is erased after a while.
#[server(name = DeleteProjectCall, prefix = "/api/fn", endpoint = "projects/delete", protocol = Call)]
pub async fn delete_project(project_id: ProjectId) -> Result<(), ApiError> {
    super::ports()?.delete_project(project_id).await
}
