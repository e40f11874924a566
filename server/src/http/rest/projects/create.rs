//! A new project.

use app::model::ids::{ProjectId, PromptId};
use app::model::project::ProjectDraft;
use app::model::schedule::DAILY;
use app::model::suggestions::WhyMissing;
use axum::Json;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::draft::read_draft;
use super::fields::{ProjectFields, field_name};
use crate::http::problem::Problem;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Success, success, with_fields};
use crate::services::Services;
use crate::services::projects::NewProject;

/// A question of a new project.
#[derive(Serialize, ToSchema)]
struct MadeQuery {
    id: PromptId,
    query_text: String,
}

/// A new project.
#[derive(Serialize, ToSchema)]
struct MadeProject {
    id: ProjectId,
    name: String,
    brand_name: String,
    total_queries_generated: usize,
}

/// An answer of `POST /projects`.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Made {
    project: MadeProject,
    queries: Vec<MadeQuery>,
    /// How many questions the templates do not have that were wanted of them.
    queries_missing: usize,
    /// Why, where some are missing: templates are in English and Spanish.
    missing_reason: Option<WhyMissing>,
}

/// Makes a project
///
/// One that brings no questions gets some from the templates, which are in English and Spanish;
/// in another language it begins without, and the reply says so.
#[utoipa::path(
    post,
    path = "/projects",
    operation_id = "create_project",
    tag = "projects",
    request_body = ProjectFields,
    responses((status = 201, description = "The project and its questions", body = Success<Made>)),
)]
pub(in crate::http::rest) async fn create(
    services: Services,
    Body(fields): Body<ProjectFields>,
) -> Result<(StatusCode, Json<Success<Made>>), Problem> {
    let (count, names_ids) = (fields.template_count(), fields.names_model_ids());
    let start = ProjectDraft {
        language: "en".to_owned(),
        schedule: DAILY.to_owned(),
        is_active: true,
        ..ProjectDraft::default()
    };
    let draft = read_draft(&services, fields, start, true).await?;
    let made = services.create_project_with_templates(draft, count).await;
    let NewProject {
        project: made,
        missing,
        why_missing,
    } = made.map_err(|error| with_fields(error, |field| field_name(field, names_ids)))?;
    let queries: Vec<MadeQuery> = made
        .prompts
        .iter()
        .map(|prompt| MadeQuery {
            id: prompt.id,
            query_text: prompt.text.clone(),
        })
        .collect();
    let project = MadeProject {
        id: made.record.id,
        brand_name: made.record.brand_name,
        name: made.record.name,
        total_queries_generated: queries.len(),
    };
    let made = Made {
        project,
        queries,
        queries_missing: missing,
        missing_reason: why_missing,
    };
    Ok((StatusCode::CREATED, success(made)))
}
