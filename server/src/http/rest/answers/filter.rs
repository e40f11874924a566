//! Which answers, of pages and of files.

use app::model::answer::{AnswerFilter, Sentiment};
use app::model::ids::{EntityId, PageId, ProjectId, PromptId, RunId};
use app::model::provider::Provider;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::rest::params::{Days, ModelIds, Tags, Value, parameters, word};

/// Who answered.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Served {
    /// The model that was asked, or a dated form of it.
    Asked,
    /// Another one.
    Other,
}

impl Value for Served {
    fn parse(text: &str) -> Option<Self> {
        word(text)
    }
}

parameters! {
    /// Which answers, of some days.
    pub(in crate::http::rest) struct AnswerParams {
        /// Only this run
        run_id: Option<RunId>,
        /// Only this model, or these, parted by commas
        #[param(value_type = Option<String>)]
        model_id: Option<ModelIds>,
        /// Only models of this provider
        llm_provider: Option<Provider>,
        /// Only this question
        query_id: Option<PromptId>,
        /// Only questions with this tag
        tag: Option<String>,
        /// Only questions with one of these tags, parted by commas; a comma in one is `%2C`
        #[param(value_type = Option<String>)]
        tags: Option<Tags>,
        /// Only answers that name the brand, or only those that do not
        mentioned: Option<bool>,
        /// Only answers that name this brand or competitor
        entity_id: Option<EntityId>,
        /// Only answers that a judge found to speak like this of the brand
        sentiment: Option<Sentiment>,
        /// Only failures, or only answers
        failed: Option<bool>,
        /// Only answers that came under this name of a model
        model_served: Option<String>,
        /// Only answers of another model than the one that was asked, or only of that one
        #[param(inline)]
        served: Option<Served>,
        /// Only answers that cite this domain
        domain: Option<String>,
        /// Only answers that cite this page
        page_id: Option<PageId>,
        /// Only answers whose text holds this, whatever its capitals
        text: Option<String>,
    }
}

impl AnswerParams {
    /// The answers of a project that are wanted, all of them in one.
    pub(in crate::http::rest) fn filter(self, project_id: ProjectId, days: Days) -> AnswerFilter {
        AnswerFilter {
            project_id,
            from: days.start_date,
            to: days.end_date,
            run_id: self.run_id,
            model_ids: self.model_id.unwrap_or_default().0,
            provider: self.llm_provider,
            prompt_id: self.query_id,
            tag: self.tag,
            tags: self.tags.unwrap_or_default().0,
            mentioned: self.mentioned,
            entity_id: self.entity_id,
            sentiment: self.sentiment,
            failed: self.failed,
            domain: self.domain,
            page_id: self.page_id,
            text: self.text,
            model_served: self.model_served,
            served_another: self.served.map(|one| one == Served::Other),
            before: None,
            limit: None,
        }
    }
}
