//! Questions that are suggested for a project, and who wrote them.

use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::ProjectId;
use super::money::Money;
use super::provider::Provider;
use crate::words;

words! {
    /// What a suggested question is like.
    #[derive(PartialOrd, Ord)]
    PromptClass {
        /// Sets options against each other.
        Comparison = "comparison",
        /// Asks for a list of the best.
        TopList = "top_list",
        /// Asks what to choose.
        Recommendation = "recommendation",
        /// Sets the brand against one competitor, both by name.
        BrandVsCompetitor = "brand_vs_competitor",
        /// Asks for anything else that customers want to know.
        General = "general",
    }
}

/// What suggestions are wanted for: a project as it stands in its form, saved or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionWish {
    /// The project, where there is one: its own budget counts too, and its questions are not
    /// suggested again.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// The brand's name.
    pub brand: String,
    /// Its other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The competitors' names.
    #[serde(default)]
    pub competitors: Vec<String>,
    /// What the brand sells, or what its customers look for; may be empty.
    #[serde(default)]
    pub about: String,
    /// ISO 639-1 code of the questions.
    pub language: String,
    /// ISO 3166-1 alpha-2 code of where the customers are; empty: nowhere special.
    #[serde(default)]
    pub country: String,
    /// Questions that are there already.
    #[serde(default)]
    pub existing: Vec<String>,
    /// How many are wanted.
    pub count: usize,
    /// Whether a model shall write them, which costs money; else templates do.
    #[serde(default)]
    pub by_model: bool,
}

/// A question that is suggested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Suggestion {
    /// What it is like.
    pub class: PromptClass,
    /// The question.
    pub text: String,
}

/// A model that would write suggestions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct SuggestionOffer {
    /// Its provider.
    pub provider: Provider,
    /// Its name for people.
    pub name: String,
    /// What as many as are wanted cost, about; `None`: it has no price, which is not nothing.
    pub cost: Option<Money>,
    /// The most that they can cost; what is set aside before.
    pub worst_case: Option<Money>,
}

/// Why no model can write suggestions just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoModel {
    /// The workspace has no judge model.
    NoJudge,
    /// There is no key for its provider.
    NoKey,
    /// The registry does not offer the model any more.
    Unavailable,
    /// It has no price, and the workspace lets only priced models run.
    Unpriced,
    /// The budget does not have what a call may cost.
    OverBudget,
}

/// Who wrote suggestions. They are never mixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionOrigin {
    /// Templates, for nothing.
    Templates,
    /// A model: its provider, and its name for people.
    Model(Provider, String),
}

/// Why there are fewer suggestions than were wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhyMissing {
    /// There are no templates in this language; a model may know it.
    NoTemplates,
    /// The templates have no more that is new.
    NoMore,
    /// The model wrote no more that could be taken.
    NotWritten,
}

/// Suggestions, and who wrote them or could.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct SuggestionsView {
    /// The suggestions, class by class; fewer than wanted where no more good ones were found.
    pub suggestions: Vec<Suggestion>,
    /// Who wrote them.
    pub origin: SuggestionOrigin,
    /// ISO 639-1 code of the language that they are in.
    pub language: String,
    /// How many are missing from what was wanted.
    pub missing: usize,
    /// Questions of a model that were not taken: too short or long, of no class, said before.
    pub refused: usize,
    /// What the model was paid for them; `None`: unknown, which is not nothing.
    pub cost: Option<Money>,
    /// The model that would write such suggestions.
    pub offer: Option<SuggestionOffer>,
    /// Where there is no offer: why.
    pub no_model: Option<NoModel>,
    /// Where some are missing: why.
    pub why_missing: Option<WhyMissing>,
}
