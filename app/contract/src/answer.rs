//! Answers and what was found in them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{AnswerId, EntityId, ModelId, PageId, ProjectId, PromptId, RunId};
use super::layout::Layout;
use super::money::Money;
use super::outcome::{ErrorClass, Outcome};
use super::provider::Provider;
use super::run::CostKind;
use super::served::is_other_model;
use super::sources::AnswerSource;
use crate::words;

/// Which answers of a project to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFilter {
    /// The project.
    pub project_id: ProjectId,
    /// First day, in the workspace's time zone.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// Only this run.
    #[serde(default)]
    pub run_id: Option<RunId>,
    /// Only these models; empty: all.
    #[serde(default)]
    pub model_ids: Vec<ModelId>,
    /// Only this provider.
    #[serde(default)]
    pub provider: Option<Provider>,
    /// Only this prompt.
    #[serde(default)]
    pub prompt_id: Option<PromptId>,
    /// Only answers that name the brand, or only those that do not.
    #[serde(default)]
    pub mentioned: Option<bool>,
    /// Only answers that name this entity.
    #[serde(default)]
    pub entity_id: Option<EntityId>,
    /// Only failures (`true`) or only answers (`false`).
    #[serde(default)]
    pub failed: Option<bool>,
    /// Only answers that cite this registrable domain.
    #[serde(default)]
    pub domain: Option<String>,
    /// Only answers that cite this page.
    #[serde(default)]
    pub page_id: Option<PageId>,
    /// Only answers that a judge found to speak like this of the brand.
    #[serde(default)]
    pub sentiment: Option<Sentiment>,
    /// Only answers to prompts with this tag.
    #[serde(default)]
    pub tag: Option<String>,
    /// Only answers to prompts that have one of these tags, or that one; empty: no more than that
    /// one says.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Only answers whose text holds this, whatever its capitals.
    #[serde(default)]
    pub text: Option<String>,
    /// Only answers that came under this name of a model, as the provider names it.
    #[serde(default)]
    pub model_served: Option<String>,
    /// Only answers of another model than the one that was asked (`true`), or only of that one.
    #[serde(default)]
    pub served_another: Option<bool>,
    /// Rows older than this one: the last id of the page before.
    #[serde(default)]
    pub before: Option<AnswerId>,
    /// Rows a page, 1 to 200; `None`: 50.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// One page of answers, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct AnswerPage {
    /// Rows.
    pub rows: Vec<AnswerRow>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<AnswerId>,
    /// Rows that the filter lets through, on all pages, as far as they are counted.
    pub total: i64,
    /// There are more than `total`.
    pub is_at_least: bool,
}

words! {
    /// How an entity is named in an answer.
    #[derive(Default)]
    MentionSource {
        /// In visible text.
        Text = "text",
        /// Not in text; a link or bare URL leads to one of its domains.
        Link = "link",
        /// Both.
        Both = "both",
        /// Not at all.
        #[default]
        None = "none",
        /// The answer could not be read: nobody knows.
        Unread = "unread",
    }
}

impl MentionSource {
    /// From its two halves.
    pub const fn of(named: bool, linked: bool) -> Self {
        match (named, linked) {
            (true, true) => Self::Both,
            (true, false) => Self::Text,
            (false, true) => Self::Link,
            (false, false) => Self::None,
        }
    }

    /// Whether the answer is known to mention the entity, in text or by a link.
    pub const fn is_mention(self) -> bool {
        matches!(self, Self::Text | Self::Link | Self::Both)
    }

    /// Whether the answer names the entity; `None`: nobody could read it.
    pub const fn is_named(self) -> Option<bool> {
        match self {
            Self::Text | Self::Link | Self::Both => Some(true),
            Self::None => Some(false),
            Self::Unread => None,
        }
    }
}

/// An answer, or an ask that failed, as a row of the table.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct AnswerRow {
    /// Id.
    pub id: AnswerId,
    /// Its run.
    pub run_id: RunId,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The prompt.
    pub prompt_id: PromptId,
    /// The question.
    pub prompt_text: String,
    /// The provider.
    pub provider: Provider,
    /// The model asked.
    pub model_id: ModelId,
    /// Its name for people.
    pub model_name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Error class of a failure.
    pub error_class: Option<ErrorClass>,
    /// Whether and how the brand is named.
    pub source: MentionSource,
    /// Times that the brand is named in visible text.
    pub text_count: i64,
    /// The brand's place in a list.
    pub rank: Option<i64>,
    /// That list's length.
    pub list_total: Option<i64>,
    /// Names of the competitors that the answer names.
    pub competitors: Vec<String>,
    /// What it cost.
    pub cost: Money,
    /// Where the cost comes from.
    pub cost_kind: CostKind,
    /// From sending to the last byte, in milliseconds.
    pub latency_ms: i64,
    /// Whether the simulator made it up.
    pub simulated: bool,
    /// The first characters of the text; in a table without the marks of its Markdown.
    pub excerpt: String,
}

impl AnswerRow {
    /// What it cost; `None`: no price is known, which is not free. More than this where
    /// `cost_kind` says so.
    pub fn known_cost(&self) -> Option<Money> {
        (self.cost_kind != CostKind::Unpriced).then_some(self.cost)
    }
}

/// An answer, or an ask that failed, with its text and what it was made with.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct AnswerRecord {
    /// As in the table.
    pub row: AnswerRow,
    /// The text as it came.
    pub text: String,
    /// The model asked for, as the provider names it.
    pub model_requested: String,
    /// The model that answered.
    pub model_served: Option<String>,
    /// The provider's word for why it stopped.
    pub finish: Option<String>,
    /// Tokens read.
    pub input_tokens: Option<i64>,
    /// Tokens written.
    pub output_tokens: Option<i64>,
    /// Searches made.
    pub searches: Option<i64>,
    /// Whether the model was allowed to search.
    pub search_requested: bool,
    /// The provider's words about a failure.
    pub error_message: Option<String>,
    /// Version of the detector that made the findings.
    pub detector_version: String,
    /// What the model looked up before it answered, in its own words and order.
    pub search_queries: Vec<String>,
}

impl AnswerRecord {
    /// Whether another model than the one that was asked has answered.
    pub fn served_another(&self) -> bool {
        is_other_model(&self.model_requested, self.model_served.as_deref())
    }
}

/// A source that an answer cites or merely found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CitationView {
    /// Address.
    pub url: String,
    /// Title.
    pub title: Option<String>,
    /// Byte offset where the cited passage begins.
    pub start: Option<usize>,
    /// Byte offset behind its end.
    pub end: Option<usize>,
    /// Whether the answer refers to it; else it was merely retrieved. Older answers kept no
    /// others.
    #[serde(default = "cited")]
    pub cited: bool,
}

const fn cited() -> bool {
    true
}

words! {
    /// How an answer speaks of an entity.
    Sentiment {
        /// More praise than blame.
        Positive = "positive",
        /// Facts, faint praise, or praise and blame in balance.
        Neutral = "neutral",
        /// More blame than praise.
        Negative = "negative",
    }
}

words! {
    /// Who says how an answer speaks of an entity. What the two say is never mixed.
    ToneBy {
        /// The rules that every answer is read with.
        Rules = "rules",
        /// A judge model.
        Judge = "judge",
    }
}

/// How an answer speaks of an entity, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ToneView {
    /// Who says so.
    pub by: ToneBy,
    /// Praise, blame, or neither.
    pub sentiment: Sentiment,
    /// From -1,000 (blame only) to 1,000 (praise only).
    pub score_thousandths: i64,
    /// Whether the answer advises choosing it (true), advises against it (false), or merely
    /// mentions it.
    pub recommended: Option<bool>,
}

/// What a judge says of one entity in one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct JudgementView {
    /// How the answer speaks of it.
    pub tone: ToneView,
    /// Why, in one sentence.
    pub reason: String,
    /// What is praised about it.
    pub praised: Vec<String>,
    /// What is blamed.
    pub blamed: Vec<String>,
    /// The judge's name for people.
    pub model_name: String,
    /// The model that answered, as its provider names it.
    pub model_served: Option<String>,
    /// Whether the simulator made it up.
    pub simulated: bool,
    /// Version of the judge's instructions.
    pub version: i64,
}

/// What was found about one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct FindingView {
    /// The entity.
    pub entity_id: EntityId,
    /// Its name.
    pub entity_name: String,
    /// Whether it is the brand.
    pub is_brand: bool,
    /// How it is named.
    pub source: MentionSource,
    /// Times in visible text.
    pub text_count: i64,
    /// Byte offsets in the raw text, start and end of each mention.
    pub spans: Vec<(usize, usize)>,
    /// Place in a numbered list.
    pub rank: Option<i64>,
    /// Length of that list.
    pub list_total: Option<i64>,
    /// Place in an unordered list.
    pub bullet_order: Option<i64>,
    /// How the answer speaks of it by the rules; `None`: they do not read its language.
    pub tone: Option<ToneView>,
    /// What a judge says; `None`: none was asked.
    pub judgement: Option<JudgementView>,
}

/// One HTTP exchange of an ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct AttemptView {
    /// 1 for the first.
    pub number: i64,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// HTTP status.
    pub status: Option<i64>,
    /// Error class; `None`: it brought the answer.
    pub error_class: Option<ErrorClass>,
    /// Milliseconds.
    pub latency_ms: i64,
    /// The provider's request id.
    pub request_id: Option<String>,
}

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct AnswerView {
    /// The answer itself.
    pub record: AnswerRecord,
    /// Sources, each page once, in the order of the answer.
    pub sources: Vec<AnswerSource>,
    /// What was found, the brand first.
    pub findings: Vec<FindingView>,
    /// Exchanges, the first first.
    pub attempts: Vec<AttemptView>,
    /// The brand's name now, whether the answer names it or not.
    pub brand: String,
    /// How the text is laid out.
    pub layout: Layout,
}
