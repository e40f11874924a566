//! A project as it is shown.

use analysis::Alias;
use app::model::ids::{ModelId, ProjectId};
use app::model::provider::Provider;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::alias_lists;
use crate::http::rest::reply::Usd;
use crate::services::projects::ProjectOverview;

/// A name to look for: its text, or an object where its place in a text matters.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what `analysis` reads")]
pub(super) enum Keyword {
    /// Its text.
    Text(String),
    /// Its text and what its place must be like.
    Placed(PlacedKeyword),
}

/// A name that counts only in some places.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what `analysis` reads")]
pub(super) struct PlacedKeyword {
    text: String,
    /// Only these capitals count.
    match_case: Option<bool>,
    /// Inside longer words it does not count.
    whole_word: Option<bool>,
    /// Inside one of these phrases it does not count.
    not: Option<Vec<String>>,
    /// It counts only in answers that have one of these words.
    needs: Option<Vec<String>>,
}

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
        let record = overview.record;
        let (brand, others): (Vec<_>, Vec<_>) = record
            .entities
            .into_iter()
            .partition(|entity| entity.is_brand);
        let brand = brand.into_iter().next();
        let (brand_keywords, brand_domains) = brand
            .map(|brand| {
                let keywords = alias_lists::one_list(&brand.aliases, &brand.rules);
                (keywords, brand.domains)
            })
            .unwrap_or_default();
        Self {
            id: record.id,
            name: record.name,
            brand_name: record.brand_name,
            brand_domain: brand_domains.first().cloned(),
            brand_domains,
            brand_keywords,
            industry: record.industry,
            language: record.language,
            country_code: record.country,
            enabled_llms: overview.providers,
            model_ids: record.model_ids,
            competitors: others
                .into_iter()
                .map(|entity| Competitor {
                    id: entity.id.0,
                    name: entity.name,
                    domain: entity.domains.first().cloned(),
                    domains: entity.domains,
                    keywords: alias_lists::one_list(&entity.aliases, &entity.rules),
                })
                .collect(),
            queries_per_llm: overview.prompts,
            is_active: record.is_active,
            monthly_budget_usd: record.monthly_budget.map(Usd),
            repeats: record.repeats,
            schedule: record.schedule,
            next_run_at: record.next_run_at,
            last_analysis_date: record.last_analysis_at,
            created_at: record.created_at,
            total_queries: overview.prompts,
            total_snapshots: overview.snapshots,
        }
    }
}
