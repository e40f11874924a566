//! What programs send on top of a project that is there, or of a new one.

use app::api::error::{ApiError, FieldError};
use app::api::registry::RegistryPort;
use app::model::project::ProjectDraft;
use app::validate;

use super::fields::{ProjectFields, Sources, field_name};
use crate::http::problem::Problem;
use crate::services::Services;

/// Puts the fields on top of what is there. What is wrong about them is told together with
/// everything else that is wrong.
pub(super) async fn read_draft(
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
