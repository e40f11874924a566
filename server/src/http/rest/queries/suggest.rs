//! Questions for a project, saved or not.

use app::api::projects::ProjectsPort;
use app::api::suggestions::SuggestionsPort;
use app::model::ids::ProjectId;
use app::model::project::EntityDraft;
use app::model::provider::Provider;
use app::model::suggestions::{
    NoModel, PromptClass, SuggestionOffer, SuggestionOrigin, SuggestionWish, SuggestionsView,
    WhyMissing,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::problem::Problem;
use crate::http::rest::body::Body;
use crate::http::rest::reply::{Reply, Success, Usd, success, with_fields};
use crate::services::Services;

/// Suggestions where the caller does not say how many.
const DEFAULT_COUNT: usize = 10;

/// What is wanted. What is absent is taken from the project, where one is named.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(in crate::http::rest) struct SuggestFields {
    project_id: Option<ProjectId>,
    brand_name: Option<String>,
    brand_keywords: Option<Vec<String>>,
    competitors: Option<Vec<Name>>,
    about: Option<String>,
    language: Option<String>,
    country_code: Option<String>,
    #[serde(default)]
    queries: Vec<String>,
    count: Option<usize>,
    #[serde(default)]
    by_model: bool,
}

/// A competitor: its name, or an object that has one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = CompetitorName)]
enum Name {
    Plain(String),
    Whole { name: String },
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        match name {
            Name::Plain(name) | Name::Whole { name } => name,
        }
    }
}

/// Who wrote suggestions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum SuggestedBy {
    /// Templates, for nothing.
    Templates,
    /// A model.
    Model,
}

/// Suggestions, and who wrote them or could.
#[derive(Serialize, ToSchema)]
pub(in crate::http::rest) struct Suggested {
    suggestions: Vec<Query>,
    origin: SuggestedBy,
    /// The model that wrote them.
    llm_provider: Option<Provider>,
    model_display_name: Option<String>,
    language: String,
    /// How many fewer they are than was wanted.
    missing: usize,
    /// Why, where some are missing.
    missing_reason: Option<WhyMissing>,
    refused: usize,
    cost_usd: Option<Usd>,
    offer: Option<Offer>,
    no_model: Option<NoModel>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuggestedQuery)]
struct Query {
    query_text: String,
    class: PromptClass,
}

#[derive(Serialize, ToSchema)]
struct Offer {
    llm_provider: Provider,
    model_display_name: String,
    cost_usd: Option<Usd>,
    worst_case_usd: Option<Usd>,
}

/// Suggests questions
///
/// From templates in English or Spanish, or `by_model` in any language.
#[utoipa::path(
    post,
    path = "/suggest",
    operation_id = "suggest_queries",
    tag = "queries",
    request_body = SuggestFields,
    responses((status = 200, description = "Suggestions; nothing is saved", body = Success<Suggested>)),
)]
pub(in crate::http::rest) async fn suggest(
    services: Services,
    Body(fields): Body<SuggestFields>,
) -> Reply<Suggested> {
    let wish = wish(&services, fields).await?;
    let made = services.suggest_prompts(wish).await;
    let made = made.map_err(|error| with_fields(error, field_name))?;
    Ok(success(Suggested::from(made)))
}

async fn wish(services: &Services, fields: SuggestFields) -> Result<SuggestionWish, Problem> {
    let draft = match fields.project_id {
        Some(project) => Some(services.project(project).await?.record.draft()),
        None => None,
    };
    let draft = draft.unwrap_or_default();
    let names = |entities: Vec<EntityDraft>| entities.into_iter().map(|one| one.name).collect();
    let language = match draft.language.as_str() {
        "" => "en",
        language => language,
    };
    Ok(SuggestionWish {
        project_id: fields.project_id,
        brand: fields.brand_name.unwrap_or(draft.brand.name),
        aliases: fields.brand_keywords.unwrap_or(draft.brand.aliases),
        competitors: match fields.competitors {
            Some(typed) => typed.into_iter().map(String::from).collect(),
            None => names(draft.competitors),
        },
        about: fields.about.unwrap_or(draft.industry),
        language: fields.language.unwrap_or_else(|| language.to_owned()),
        country: fields.country_code.unwrap_or(draft.country),
        existing: fields.queries,
        count: fields.count.unwrap_or(DEFAULT_COUNT),
        by_model: fields.by_model,
    })
}

fn field_name(field: &str) -> String {
    match field {
        "brand" => "brand_name",
        "aliases" => "brand_keywords",
        "country" => "country_code",
        "existing" => "queries",
        other => other,
    }
    .to_owned()
}

impl From<SuggestionsView> for Suggested {
    fn from(view: SuggestionsView) -> Self {
        let (origin, by) = match view.origin {
            SuggestionOrigin::Templates => (SuggestedBy::Templates, None),
            SuggestionOrigin::Model(provider, name) => (SuggestedBy::Model, Some((provider, name))),
        };
        let (llm_provider, model_display_name) = by.unzip();
        let query = |suggestion: app::model::suggestions::Suggestion| Query {
            query_text: suggestion.text,
            class: suggestion.class,
        };
        Self {
            suggestions: view.suggestions.into_iter().map(query).collect(),
            origin,
            llm_provider,
            model_display_name,
            language: view.language,
            missing: view.missing,
            missing_reason: view.why_missing,
            refused: view.refused,
            cost_usd: view.cost.map(Usd),
            offer: view.offer.map(Offer::from),
            no_model: view.no_model,
        }
    }
}

impl From<SuggestionOffer> for Offer {
    fn from(offer: SuggestionOffer) -> Self {
        Self {
            llm_provider: offer.provider,
            model_display_name: offer.name,
            cost_usd: offer.cost.map(Usd),
            worst_case_usd: offer.worst_case.map(Usd),
        }
    }
}
