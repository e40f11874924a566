//! Projects, their entities and prompts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{EntityId, ModelId, ProjectId, PromptId};
use super::keys::BudgetView;
use super::metrics::Ratio;
use super::money::Money;
use super::provider::Provider;
use super::run::RunView;
use crate::words;

/// What the places of one name in an answer must be like to count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRule {
    /// The entity's name or one of its aliases.
    pub text: String,
    /// Only these capitals count.
    #[serde(default)]
    pub match_case: bool,
    /// It also counts inside longer words.
    #[serde(default)]
    pub inside_words: bool,
    /// Phrases in which it does not count.
    #[serde(default)]
    pub not: Vec<String>,
    /// It counts only in answers that have one of these words; empty: in all.
    #[serde(default)]
    pub needs: Vec<String>,
}

impl NameRule {
    /// Whether it demands anything.
    pub fn has_effect(&self) -> bool {
        self.match_case || self.inside_words || !self.not.is_empty() || !self.needs.is_empty()
    }
}

/// The brand or a competitor, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityDraft {
    /// Id of the entity that this changes; `None`: a new one.
    #[serde(default)]
    pub id: Option<EntityId>,
    /// Name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Domains, without a scheme.
    #[serde(default)]
    pub domains: Vec<String>,
    /// How some of the names are matched.
    #[serde(default)]
    pub rules: Vec<NameRule>,
}

/// The brand or a competitor, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct EntityView {
    /// Id.
    pub id: EntityId,
    /// Name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Domains.
    pub domains: Vec<String>,
    /// How some of the names are matched.
    pub rules: Vec<NameRule>,
    /// Whether this is the brand.
    pub is_brand: bool,
}

impl EntityView {
    /// What it would look like if it were typed again.
    pub fn draft(&self) -> EntityDraft {
        EntityDraft {
            id: Some(self.id),
            name: self.name.clone(),
            aliases: self.aliases.clone(),
            domains: self.domains.clone(),
            rules: self.rules.clone(),
        }
    }
}

words! {
    /// What a question is about.
    #[derive(Default)]
    PromptKind {
        /// Names neither the brand nor a competitor.
        #[default]
        General = "general",
        /// Names the brand.
        WithBrand = "with_brand",
        /// Names a competitor, not the brand.
        WithCompetitor = "with_competitor",
    }
}

words! {
    /// Which questions count.
    #[derive(Default)]
    PromptPart {
        /// All.
        All = "all",
        /// Those that do not name the brand: what is called share of voice is over these.
        #[default]
        Plain = "plain",
        /// Those that do.
        Branded = "branded",
    }
}

words! {
    /// How far a reading of a project's answers is.
    RevisionStatus {
        /// Its answers are being read.
        Filling = "filling",
        /// It is the one that is shown.
        Active = "active",
        /// It is shown no more; what it found is to be deleted.
        Retired = "retired",
        /// Nothing is left of what it found.
        Cleared = "cleared",
    }
}

/// A question, as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct PromptView {
    /// Id.
    pub id: PromptId,
    /// The question.
    pub text: String,
    /// ISO 639-1 code.
    pub language: String,
    /// What it is about.
    pub kind: PromptKind,
    /// Tags.
    pub tags: Vec<String>,
    /// Whether runs ask it.
    pub is_active: bool,
}

/// A project, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectDraft {
    /// Name, unique in the workspace.
    pub name: String,
    /// The brand.
    pub brand: EntityDraft,
    /// Its competitors.
    pub competitors: Vec<EntityDraft>,
    /// What the brand sells, in a few words; fills the templates.
    pub industry: String,
    /// ISO 639-1 code of the questions.
    pub language: String,
    /// ISO 3166-1 alpha-2 code of where the customers are; empty: nowhere special.
    pub country: String,
    /// The models to ask.
    pub model_ids: Vec<ModelId>,
    /// Questions, one each; `None` leaves those of an existing project as they are.
    pub prompts: Option<Vec<String>>,
    /// Decimal dollars that its runs may cost a month; empty: as much as the workspace's budget
    /// has.
    #[serde(default)]
    pub monthly_budget: String,
    /// How often a run asks each question, as typed; empty: once.
    #[serde(default)]
    pub repeats: String,
    /// When it runs by itself, as a cron expression; empty: only by hand.
    #[serde(default)]
    pub schedule: String,
    /// Whether runs ask it.
    pub is_active: bool,
}

/// A project that was deleted and can be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedProject {
    /// Id.
    pub id: ProjectId,
    /// Name.
    pub name: String,
    /// The brand's name.
    pub brand_name: String,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// From when on it may be erased, and cannot be restored any more.
    pub erased_from: DateTime<Utc>,
}

/// A project in a list.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ProjectSummary {
    /// Id.
    pub id: ProjectId,
    /// Name.
    pub name: String,
    /// The brand's name.
    pub brand_name: String,
    /// Whether runs ask it.
    pub is_active: bool,
    /// Number of active prompts.
    pub prompts: i64,
    /// The providers of its models.
    pub providers: Vec<Provider>,
    /// The newest run.
    pub last_run: Option<RunView>,
    /// Visibility over the last 30 days.
    pub visibility: Ratio,
}

/// What a project is set to, and how far it is: everything but its questions and runs.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ProjectRecord {
    /// Id.
    pub id: ProjectId,
    /// Name.
    pub name: String,
    /// The brand's name.
    pub brand_name: String,
    /// The brand and its competitors, the brand first.
    pub entities: Vec<EntityView>,
    /// What the brand sells.
    pub industry: String,
    /// ISO 639-1 code of the questions.
    pub language: String,
    /// ISO 3166-1 alpha-2 code; empty: nowhere special.
    pub country: String,
    /// The models that it asks.
    pub model_ids: Vec<ModelId>,
    /// What its runs may cost a month; `None`: as much as the workspace's budget has.
    pub monthly_budget: Option<Money>,
    /// How often a run asks each question.
    pub repeats: i64,
    /// When it runs by itself, as a cron expression in the workspace's time zone; empty: only
    /// by hand.
    pub schedule: String,
    /// When it runs next by itself.
    pub next_run_at: Option<DateTime<Utc>>,
    /// Whether runs ask it.
    pub is_active: bool,
    /// When the last run ended.
    pub last_analysis_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whether it is the demonstration: made up whole, and asked nothing.
    pub is_demo: bool,
}

/// A model by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct NamedModel {
    /// Id.
    pub id: ModelId,
    /// Provider.
    pub provider: Provider,
    /// Name for people.
    pub name: String,
}

/// A project, whole.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ProjectView {
    /// The project itself.
    pub record: ProjectRecord,
    /// Its questions.
    pub prompts: Vec<PromptView>,
    /// The newest run.
    pub last_run: Option<RunView>,
    /// The models that its figures may be of: those that it asks, and those that have answered.
    pub models: Vec<NamedModel>,
}

/// What stands around the figures on a project's pages.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ProjectFrame {
    /// The project.
    pub project: ProjectView,
    /// The workspace's budget, with the alerts that concern the project.
    pub budget: BudgetView,
}

impl ProjectRecord {
    /// What it would look like if it were typed again; its questions stay as they are.
    pub fn draft(&self) -> ProjectDraft {
        ProjectDraft {
            name: self.name.clone(),
            brand: self.brand().map(EntityView::draft).unwrap_or_default(),
            competitors: self
                .entities
                .iter()
                .filter(|one| !one.is_brand)
                .map(EntityView::draft)
                .collect(),
            industry: self.industry.clone(),
            language: self.language.clone(),
            country: self.country.clone(),
            model_ids: self.model_ids.clone(),
            prompts: None,
            monthly_budget: self
                .monthly_budget
                .map(|budget| budget.to_string())
                .unwrap_or_default(),
            repeats: self.repeats.to_string(),
            schedule: self.schedule.clone(),
            is_active: self.is_active,
        }
    }

    /// The brand; `None` only for a project that is broken.
    pub fn brand(&self) -> Option<&EntityView> {
        self.entities.iter().find(|entity| entity.is_brand)
    }
}
