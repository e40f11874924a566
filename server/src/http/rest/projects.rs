//! `/projects`: make, look at, change and remove projects.

use std::collections::BTreeMap;

use app::api::error::{ApiError, FieldError};
use app::api::projects::ProjectsPort;
use app::api::registry::RegistryPort;
use app::model::ids::{ModelId, ProjectId, PromptId};
use app::model::money::Money;
use app::model::project::{DeletedProject, ProjectDraft};
use app::model::provider::Provider;
use app::model::schedule::DAILY;
use app::model::suggestions::WhyMissing;
use app::model::validate;
use axum::Json;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Body;
use super::metrics::{Latest, latest};
use super::params::{PageParams, Params};
use super::project_fields::{ProjectFields, Sources, field_name};
use super::reply::{Reply, Success, Usd, success, with_fields};
use super::shapes::Keyword;
use crate::analysis::Alias;
use crate::http::path::Ids;
use crate::http::problem::Problem;
use crate::services::{NewProject, ProjectOverview, Services};
use crate::store::projects::aliases;

/// A competitor.
#[derive(Serialize, ToSchema)]
struct Competitor {
    id: i64,
    name: String,
    /// The first of its domains.
    domain: Option<String>,
    domains: Vec<String>,
    #[schema(value_type = Vec<Keyword>)]
    keywords: Vec<Alias>,
}

/// A project.
#[derive(Serialize, ToSchema)]
pub(super) struct Project {
    id: ProjectId,
    name: String,
    brand_name: String,
    /// The first of the brand's domains.
    brand_domain: Option<String>,
    brand_domains: Vec<String>,
    /// Other names of the brand.
    #[schema(value_type = Vec<Keyword>)]
    brand_keywords: Vec<Alias>,
    industry: String,
    language: String,
    country_code: String,
    /// The providers of its models.
    enabled_llms: Vec<Provider>,
    model_ids: Vec<ModelId>,
    competitors: Vec<Competitor>,
    /// Questions that a run asks each model.
    queries_per_llm: i64,
    is_active: bool,
    /// What its runs may cost a month; null: as much as the workspace's budget has.
    monthly_budget_usd: Option<Usd>,
    repeats: i64,
    /// A cron expression in the workspace's time zone; empty: only by hand.
    schedule: String,
    /// When it runs next by itself.
    next_run_at: Option<DateTime<Utc>>,
    last_analysis_date: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    total_queries: i64,
    total_snapshots: i64,
}

impl From<ProjectOverview> for Project {
    fn from(overview: ProjectOverview) -> Self {
        let ProjectOverview {
            row,
            entities,
            models,
            prompts,
            snapshots,
        } = overview;
        let (brand, others): (Vec<_>, Vec<_>) =
            entities.into_iter().partition(|entity| entity.is_brand);
        let brand = brand.into_iter().next();
        let (brand_keywords, brand_domains) = brand
            .map(|brand| {
                let keywords = aliases::together(&brand.aliases, &brand.rules);
                (keywords, brand.domains)
            })
            .unwrap_or_default();
        let mut enabled_llms: Vec<Provider> =
            models.iter().map(|(_, provider)| *provider).collect();
        enabled_llms.sort_unstable();
        enabled_llms.dedup();
        Self {
            id: row.id.into(),
            name: row.name,
            brand_name: row.brand_name,
            brand_domain: brand_domains.first().cloned(),
            brand_domains,
            brand_keywords,
            industry: row.industry,
            language: row.language,
            country_code: row.country_code,
            enabled_llms,
            model_ids: models.into_iter().map(|(model_id, _)| model_id).collect(),
            competitors: others
                .into_iter()
                .map(|entity| Competitor {
                    id: entity.id.0,
                    name: entity.name,
                    domain: entity.domains.first().cloned(),
                    domains: entity.domains,
                    keywords: aliases::together(&entity.aliases, &entity.rules),
                })
                .collect(),
            queries_per_llm: prompts,
            is_active: row.is_active,
            monthly_budget_usd: row.monthly_budget_nano_usd.map(Money::from_nanos).map(Usd),
            repeats: row.repeats,
            schedule: row.schedule,
            next_run_at: row.next_slot_at,
            last_analysis_date: row.last_analysis_date,
            created_at: row.created_at,
            total_queries: prompts,
            total_snapshots: snapshots,
        }
    }
}

/// An answer of `GET /projects`.
#[derive(Serialize, ToSchema)]
pub(super) struct ProjectList {
    projects: Vec<Project>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// An answer of `GET` and `PUT /projects/{id}`.
#[derive(Serialize, ToSchema)]
pub(super) struct ProjectReply {
    project: Project,
    /// The newest numbers of each provider.
    latest_metrics: BTreeMap<Provider, Latest>,
}

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
pub(super) struct Made {
    project: MadeProject,
    queries: Vec<MadeQuery>,
    /// How many questions the templates do not have that were wanted of them.
    queries_missing: usize,
    /// Why, where some are missing: templates are in English and Spanish.
    missing_reason: Option<WhyMissing>,
}

/// An answer of `DELETE /projects/{id}`.
#[derive(Serialize, ToSchema)]
pub(super) struct Removed {
    id: ProjectId,
}

/// The projects of the workspace, by name
#[utoipa::path(
    get,
    path = "/projects",
    operation_id = "list_projects",
    tag = "projects",
    params(
        PageParams,
    ),
    responses((status = 200, description = "A page of projects", body = Success<ProjectList>)),
)]
pub(super) async fn list(services: Services, mut params: Params) -> Reply<ProjectList> {
    let page = params.page();
    params.done()?;
    let all = services.project_overviews().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(ProjectList {
        projects: part.into_iter().map(Project::from).collect(),
        total,
        next_cursor,
    }))
}

/// One project, with its newest numbers
#[utoipa::path(
    get,
    path = "/projects/{id}",
    operation_id = "show_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    responses((status = 200, description = "The project", body = Success<ProjectReply>)),
)]
pub(super) async fn show(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
) -> Reply<ProjectReply> {
    let project = services.project_overview(project_id).await?.into();
    let latest_metrics = latest(&services.latest_snapshots(project_id).await?);
    Ok(success(ProjectReply {
        project,
        latest_metrics,
    }))
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
pub(super) async fn create(
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
    let draft = read(&services, fields, start, true).await?;
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
        id: made.id,
        brand_name: made
            .brand()
            .map(|brand| brand.name.clone())
            .unwrap_or_default(),
        name: made.name,
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

/// Changes a project
///
/// Absent fields stay as they are.
#[utoipa::path(
    put,
    path = "/projects/{id}",
    operation_id = "change_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    request_body = ProjectFields,
    responses((status = 200, description = "The project as it is now", body = Success<ProjectReply>)),
)]
pub(super) async fn change(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
    Body(fields): Body<ProjectFields>,
) -> Reply<ProjectReply> {
    let present = services.project_draft(project_id).await?;
    let names_ids = fields.names_model_ids();
    let draft = read(&services, fields, present, false).await?;
    let changed = services.update_project(project_id, draft).await;
    changed.map_err(|error| with_fields(error, |field| field_name(field, names_ids)))?;
    show(services, Ids(project_id)).await
}

/// A project that was deleted and can be restored.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of REST's fields")]
struct Deleted {
    id: ProjectId,
    name: String,
    brand_name: String,
    deleted_at: DateTime<Utc>,
    /// From then on it may be erased, and cannot be restored any more.
    erased_from: DateTime<Utc>,
}

impl From<DeletedProject> for Deleted {
    fn from(project: DeletedProject) -> Self {
        Self {
            id: project.id,
            name: project.name,
            brand_name: project.brand_name,
            deleted_at: project.deleted_at,
            erased_from: project.erased_from,
        }
    }
}

/// An answer of `GET /projects/deleted`.
#[derive(Serialize, ToSchema)]
pub(super) struct DeletedList {
    projects: Vec<Deleted>,
    /// On all pages.
    total: usize,
    /// The `cursor` of the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// A project is back.
#[derive(Serialize, ToSchema)]
pub(super) struct Restored {
    id: ProjectId,
}

/// Deleted projects that can be restored, the last deleted first
#[utoipa::path(
    get,
    path = "/projects/deleted",
    operation_id = "list_deleted_projects",
    tag = "projects",
    params(PageParams),
    responses((status = 200, description = "A page of deleted projects", body = Success<DeletedList>)),
)]
pub(super) async fn deleted(services: Services, mut params: Params) -> Reply<DeletedList> {
    let page = params.page();
    params.done()?;
    let all = services.deleted_projects().await?;
    let total = all.len();
    let (part, next_cursor) = page.cut(all);
    Ok(success(DeletedList {
        projects: part.into_iter().map(Deleted::from).collect(),
        total,
        next_cursor,
    }))
}

/// Brings a deleted project back
///
/// With everything that it had; its schedule goes on. Its cancelled run stays so.
#[utoipa::path(
    post,
    path = "/projects/{id}/restore",
    operation_id = "restore_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    responses((status = 200, description = "It is back", body = Success<Restored>)),
)]
pub(super) async fn restore(
    services: Services,
    Ids(project_id): Ids<ProjectId>,
) -> Reply<Restored> {
    services.restore_project(project_id).await?;
    Ok(success(Restored { id: project_id }))
}

/// Takes a project out of sight
///
/// Its run is cancelled. It can be restored until it is erased, 30 days later where the host has
/// no other setting; what was paid stays in the ledger.
#[utoipa::path(
    delete,
    path = "/projects/{id}",
    operation_id = "remove_project",
    tag = "projects",
    params(
        ("id" = ProjectId, Path, description = "Project"),
    ),
    responses((status = 200, description = "It is gone", body = Success<Removed>)),
)]
pub(super) async fn remove(services: Services, Ids(project_id): Ids<ProjectId>) -> Reply<Removed> {
    services.delete_project(project_id).await?;
    Ok(success(Removed { id: project_id }))
}

/// Puts the fields on top of what is there. What is wrong about them is told together with
/// everything else that is wrong.
async fn read(
    services: &Services,
    fields: ProjectFields,
    present: ProjectDraft,
    is_new: bool,
) -> Result<ProjectDraft, Problem> {
    let language = services.language();
    let models = services.list_models().await?;
    let names_ids = fields.names_model_ids();
    let (draft, mut wrong) = fields.onto(
        present,
        Sources {
            models: &models,
            language,
            is_new,
        },
    );
    if wrong.is_empty() {
        return Ok(draft);
    }
    let others = validate::project(language, &draft)
        .err()
        .unwrap_or_default();
    for FieldError { field, message } in others {
        let field = field_name(&field, names_ids);
        if !wrong.iter().any(|known| known.field == field) {
            wrong.push(FieldError { field, message });
        }
    }
    Err(Problem(ApiError::invalid(language, wrong)))
}
