//! The fields of a project as programs send them, and how these become a draft; and as programs
//! read them.
//!
//! Invariant: pure; limits are checked by the use case, the same for screen and programs.

use analysis::Alias;
use app::api::error::FieldError;
use app::model::ids::{ModelId, ProjectId};
use app::model::language::Language;
use app::model::project::{EntityView, ProjectDraft};
use app::model::provider::Provider;
use app::model::registry::ModelView;
use app::texts::errors;
use app::validate::{COMPETITORS, Check};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::chosen_models::chosen_models;
use super::entities::{
    Competitor, CompetitorWish, Keyword, keywords_of, put, put_domains, put_keywords,
};
use crate::http::rest::body::AmountText;
use crate::http::rest::reply::Usd;
use crate::services::projects::ProjectOverview;

/// Questions made from templates where the caller says nothing.
const DEFAULT_COUNT: i64 = 15;
/// How many may be asked for; the templates give what they have.
const COUNT: (i64, i64) = (5, 5_000);

/// The fields of a project. Absent ones stay as they are.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(in crate::http::rest) struct ProjectFields {
    name: Option<String>,
    brand_name: Option<String>,
    /// In place of the first domain; the others stay.
    brand_domain: Option<String>,
    /// In place of all domains.
    brand_domains: Option<Vec<String>>,
    /// Strings, or objects with options.
    #[schema(value_type = Option<Vec<Keyword>>)]
    brand_keywords: Option<Vec<Alias>>,
    industry: Option<String>,
    /// Each name means the provider's current model.
    enabled_llms: Option<Vec<String>>,
    model_ids: Option<Vec<ModelId>>,
    competitors: Option<Vec<CompetitorWish>>,
    language: Option<String>,
    country_code: Option<String>,
    /// How many questions the templates make for a new project that brings none; there are
    /// templates in English and Spanish.
    #[schema(minimum = 5, maximum = 5_000)]
    queries_per_llm: Option<i64>,
    /// Questions of a new project.
    queries: Option<Vec<String>>,
    is_active: Option<bool>,
    /// Dollars that its runs may cost a month; null: as much as the workspace's budget has.
    #[serde(default, deserialize_with = "amount_or_none")]
    #[schema(value_type = Option<AmountText>)]
    monthly_budget_usd: Option<String>,
    /// How often a run asks each question, 1 to 20.
    #[schema(minimum = 1, maximum = 20)]
    repeats: Option<i64>,
    /// When it runs by itself: a cron expression of five fields in the workspace's time zone;
    /// empty: only by hand. A new project runs every day at 4:00.
    schedule: Option<String>,
}

/// Tells null, which is an empty text, from absent.
fn amount_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let amount = Option::<AmountText>::deserialize(deserializer)?;
    Ok(Some(amount.map(|text| text.0).unwrap_or_default()))
}

/// What fields are read with.
pub(super) struct Sources<'a> {
    /// The registry.
    pub(super) models: &'a [ModelView],
    /// Of messages.
    pub(super) language: Language,
    /// Whether the project is made now: the questions of an existing one have an address of
    /// their own.
    pub(super) is_new: bool,
}

impl ProjectFields {
    /// How many questions the templates shall make.
    pub(super) fn template_count(&self) -> usize {
        usize::try_from(self.queries_per_llm.unwrap_or(DEFAULT_COUNT)).unwrap_or_default()
    }

    /// Whether models are given by their ids.
    pub(super) const fn names_model_ids(&self) -> bool {
        self.model_ids.is_some()
    }

    /// These fields on top of a draft, and what is wrong about those that a draft has not.
    pub(super) fn onto(
        self,
        mut draft: ProjectDraft,
        sources: Sources<'_>,
    ) -> (ProjectDraft, Vec<FieldError>) {
        let mut check = Check::new(sources.language);
        let (min, max) = COUNT;
        // Of an existing project it is the number of questions, which programs send back as read.
        if sources.is_new
            && self
                .queries_per_llm
                .is_some_and(|count| !(min..=max).contains(&count))
        {
            check.wrong(
                "queries_per_llm",
                errors::NUMBER_RANGE,
                &[("min", &min), ("max", &max)],
            );
        }
        if let Some(model_ids) = chosen_models(
            self.enabled_llms.as_deref(),
            self.model_ids.as_deref(),
            &draft.model_ids,
            sources.models,
            &mut check,
        ) {
            draft.model_ids = model_ids;
        }
        put(&mut draft.name, self.name);
        put(&mut draft.brand.name, self.brand_name);
        put_keywords(&mut draft.brand, self.brand_keywords);
        put_domains(
            &mut draft.brand.domains,
            self.brand_domain,
            self.brand_domains,
        );
        put(&mut draft.industry, self.industry);
        put(&mut draft.language, self.language);
        put(&mut draft.country, self.country_code);
        put(&mut draft.is_active, self.is_active);
        put(&mut draft.schedule, self.schedule);
        put(&mut draft.monthly_budget, self.monthly_budget_usd);
        put(
            &mut draft.repeats,
            self.repeats.map(|repeats| repeats.to_string()),
        );
        if let Some(mut competitors) = self.competitors {
            let most = check.list("competitors", &competitors, COMPETITORS).len();
            competitors.truncate(most);
            let present = std::mem::take(&mut draft.competitors);
            draft.competitors = competitors
                .into_iter()
                .map(|one| one.onto(&present))
                .collect();
        }
        if sources.is_new {
            draft.prompts = self.queries.filter(|queries| !queries.is_empty());
        }
        (draft, check.done(()).err().unwrap_or_default())
    }
}

/// The names that REST has for the fields of a draft.
pub(super) fn field_name(field: &str, names_model_ids: bool) -> String {
    match field {
        "brand.name" => "brand_name",
        "brand.aliases" => "brand_keywords",
        "brand.domains" => "brand_domain",
        "country" => "country_code",
        "monthly_budget" => "monthly_budget_usd",
        "prompts" => "queries",
        "model_ids" if !names_model_ids => "enabled_llms",
        other => {
            if let Some((start, _)) = other.split_once(".rules") {
                return field_name(&format!("{start}.aliases"), names_model_ids);
            }
            let other = other
                .strip_suffix(".aliases")
                .map(|start| format!("{start}.keywords"))
                .or_else(|| {
                    other
                        .strip_suffix(".domains")
                        .map(|start| format!("{start}.domain"))
                });
            return other.unwrap_or_else(|| field.to_owned());
        }
    }
    .to_owned()
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
            record,
            providers,
            prompts,
            snapshots,
        } = overview;
        let (brand, others): (Vec<EntityView>, Vec<EntityView>) = record
            .entities
            .into_iter()
            .partition(|entity| entity.is_brand);
        let (brand_keywords, brand_domains) = brand
            .into_iter()
            .next()
            .map(|brand| (keywords_of(&brand), brand.domains))
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
            enabled_llms: providers,
            model_ids: record.model_ids,
            competitors: others.into_iter().map(Competitor::from).collect(),
            queries_per_llm: prompts,
            is_active: record.is_active,
            monthly_budget_usd: record.monthly_budget.map(Usd),
            repeats: record.repeats,
            schedule: record.schedule,
            next_run_at: record.next_run_at,
            last_analysis_date: record.last_analysis_at,
            created_at: record.created_at,
            total_queries: prompts,
            total_snapshots: snapshots,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::model::project::EntityDraft;
    use app::model::registry::Review;

    fn model(id: i64, provider: Provider, is_current: bool) -> ModelView {
        ModelView {
            id: id.into(),
            provider,
            model_id: format!("m{id}"),
            display_name: String::new(),
            web_search: false,
            is_current,
            is_available: true,
            max_tokens: 100,
            coming_prices: Vec::new(),
            has_ended: false,
            max_in_flight: 64,
            price: None,
            usable: true,
            review: Review::Approved,
            first_seen_at: None,
            last_seen_at: None,
            retires_at: None,
        }
    }

    fn apply(json: &str, present: ProjectDraft) -> (ProjectDraft, Vec<FieldError>) {
        let fields: ProjectFields = serde_json::from_str(json).expect(json);
        let models = [
            model(1, Provider::OpenAi, false),
            model(2, Provider::OpenAi, true),
            model(3, Provider::Google, true),
        ];
        fields.onto(
            present,
            Sources {
                models: &models,
                language: Language::English,
                is_new: true,
            },
        )
    }

    fn present() -> ProjectDraft {
        ProjectDraft {
            name: "Watch".to_owned(),
            brand: EntityDraft {
                name: "Kipu".to_owned(),
                domains: vec!["a.com".to_owned(), "b.com".to_owned()],
                ..EntityDraft::default()
            },
            competitors: vec![EntityDraft {
                id: Some(7.into()),
                name: "Acme".to_owned(),
                aliases: vec!["Acme Inc".to_owned()],
                domains: vec!["acme.com".to_owned()],
                rules: Vec::new(),
            }],
            model_ids: vec![1.into()],
            ..ProjectDraft::default()
        }
    }

    #[test]
    fn absent_fields_stay() {
        let (draft, wrong) = apply(r#"{"unknown": 1}"#, present());
        assert_eq!((draft, wrong), (present(), vec![]));
    }

    #[test]
    fn a_budget_is_kept_set_or_taken_away() {
        let limited = ProjectDraft {
            monthly_budget: "5".to_owned(),
            ..present()
        };
        for (json, budget) in [
            ("{}", "5"),
            (r#"{"monthly_budget_usd": 12.50}"#, "12.50"),
            (r#"{"monthly_budget_usd": "7"}"#, "7"),
            (r#"{"monthly_budget_usd": null}"#, ""),
        ] {
            let (draft, _) = apply(json, limited.clone());
            assert_eq!(draft.monthly_budget, budget, "{json}");
        }
    }

    #[test]
    fn one_domain_goes_in_place_of_the_first() {
        let (draft, _) = apply(r#"{"brand_domain": "c.com"}"#, present());
        assert_eq!(draft.brand.domains, ["c.com", "b.com"]);
        let (draft, _) = apply(
            r#"{"brand_domain": "c.com", "brand_domains": ["d.com"]}"#,
            present(),
        );
        assert_eq!(draft.brand.domains, ["d.com"]);
    }

    #[test]
    fn competitors_may_be_plain_names_and_keep_what_is_known_of_them() {
        let (draft, _) = apply(
            r#"{"competitors": ["acme", {"name": "Globex", "domain": "g.com"}]}"#,
            present(),
        );
        assert_eq!(draft.competitors[0].id, Some(7.into()));
        assert_eq!(draft.competitors[0].aliases, ["Acme Inc"]);
        assert_eq!(draft.competitors[1].domains, ["g.com"]);
        assert_eq!(draft.competitors[1].id, None);
    }

    #[test]
    fn keywords_may_have_options() {
        let json = r#"{"brand_keywords": ["KP", {"text": "kipu", "not": ["kipu cord"]},
            {"text": "Quipu", "match_case": true, "whole_word": false}]}"#;
        let (draft, _) = apply(json, present());
        assert_eq!(draft.brand.aliases, ["KP", "Quipu"]);
        let rules = &draft.brand.rules;
        assert_eq!((rules.len(), rules[0].text.as_str()), (2, "kipu"));
        assert_eq!(rules[0].not, ["kipu cord"]);
        assert!(rules[1].match_case && rules[1].inside_words);
    }

    #[test]
    fn a_providers_name_means_its_current_model_unless_the_project_has_one() {
        let ids = |json: &str, present| apply(json, present).0.model_ids;
        assert_eq!(
            ids(
                r#"{"enabled_llms": ["openai", "google"]}"#,
                ProjectDraft::default()
            ),
            [2.into(), 3.into()]
        );
        assert_eq!(
            ids(r#"{"enabled_llms": ["openai", "google"]}"#, present()),
            [1.into(), 3.into()]
        );
        assert_eq!(ids(r#"{"model_ids": [2]}"#, present()), [2.into()]);
        let (_, wrong) = apply(
            r#"{"enabled_llms": ["bard", "azure"], "queries_per_llm": 4}"#,
            present(),
        );
        let fields: Vec<_> = wrong.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["queries_per_llm", "enabled_llms", "enabled_llms"]);
    }

    #[test]
    fn fields_have_their_rest_names() {
        for (field, name) in [
            ("brand.name", "brand_name"),
            ("competitors.3.domains", "competitors.3.domain"),
            ("competitors.0.name", "competitors.0.name"),
            ("model_ids", "enabled_llms"),
            ("brand.rules.0.not", "brand_keywords"),
            ("competitors.2.rules.1.text", "competitors.2.keywords"),
            ("name", "name"),
        ] {
            assert_eq!(field_name(field, false), name);
        }
        assert_eq!(field_name("model_ids", true), "model_ids");
    }
}
