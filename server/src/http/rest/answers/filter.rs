//! Which answers, of pages and of files.

use app::model::answer::{AnswerFilter, Sentiment};
use app::model::ids::{EntityId, ModelId, PageId, ProjectId, PromptId, RunId};
use app::model::provider::Provider;
use chrono::NaiveDate;
use utoipa::{IntoParams, ToSchema};

use crate::http::rest::params::Params;

/// Who answered.
#[derive(Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
enum Served {
    /// The model that was asked, or a dated form of it.
    Asked,
    /// Another one.
    Other,
}

impl Served {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "asked" => Some(Self::Asked),
            "other" => Some(Self::Other),
            _ => None,
        }
    }
}

/// Which answers.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what is read by name")]
pub(in crate::http::rest) struct AnswerParams {
    /// First day, in the workspace's time zone
    start_date: Option<NaiveDate>,
    /// Last day
    end_date: Option<NaiveDate>,
    /// Only this run
    run_id: Option<RunId>,
    /// Only this model
    model_id: Option<ModelId>,
    /// Only models of this provider
    llm_provider: Option<Provider>,
    /// Only this question
    query_id: Option<PromptId>,
    /// Only questions with this tag
    tag: Option<String>,
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

/// Reads [`AnswerParams`].
pub(in crate::http::rest) fn read_filter(
    params: &mut Params,
    project_id: ProjectId,
) -> AnswerFilter {
    let (from, to) = params.open_period();
    AnswerFilter {
        project_id,
        from,
        to,
        run_id: params.number("run_id"),
        model_id: params.number("model_id"),
        provider: params.provider("llm_provider"),
        prompt_id: params.number("query_id"),
        tag: params.words("tag"),
        mentioned: params.flag("mentioned"),
        entity_id: params.number("entity_id"),
        sentiment: params.word("sentiment", Sentiment::from_word),
        failed: params.flag("failed"),
        domain: params.words("domain"),
        page_id: params.number("page_id"),
        text: params.words("text"),
        model_served: params.words("model_served"),
        served_another: params
            .word("served", Served::from_word)
            .map(|one| one == Served::Other),
        before: None,
        limit: None,
    }
}
