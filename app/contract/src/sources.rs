//! Sources: the domains and pages that answers cite.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ids::{ModelId, PageId, ProjectId, PromptId};
use super::metrics::{Interval, Ratio, citation_rate, citation_share};
use super::provider::Provider;
use crate::words;

/// What a row of the table is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceUnit {
    /// A registrable domain.
    #[default]
    Domain,
    /// A page.
    Page,
}

words! {
    /// Whose a source is, by the domains of the project's present entities.
    #[derive(Default)]
    SourceKind {
        /// The brand's.
        Own = "own",
        /// A competitor's.
        Competitor = "competitor",
        /// Somebody else's.
        #[default]
        Other = "other",
    }
}

/// Which sources to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceQuery {
    /// The project.
    pub project_id: ProjectId,
    /// First day, in the workspace's time zone.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Only these models; empty: all.
    #[serde(default)]
    pub model_ids: Vec<ModelId>,
    /// Of these, only what the simulator made up.
    #[serde(default)]
    pub simulated: bool,
    /// By domain or by page.
    #[serde(default)]
    pub unit: SourceUnit,
    /// Only what belongs to this domain.
    #[serde(default)]
    pub domain: Option<String>,
    /// Only this page.
    #[serde(default)]
    pub page_id: Option<PageId>,
    /// Rows to leave out at the beginning.
    #[serde(default)]
    pub offset: u32,
    /// Rows, 1 to 200; `None`: 50.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A part of the table of sources, the most cited first.
#[derive(Clone, Debug, Default, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct SourceTable {
    /// Rows.
    pub rows: Vec<SourceRow>,
    /// Rows that there are in all.
    pub total: i64,
    /// Answers without error in the period: `n` of every citation rate.
    pub answers: i64,
    /// Citations in the period, each page once an answer: what shares are of.
    pub citations: i64,
    /// The simulator's models that answered in this project and are left out, because real
    /// ones did too.
    pub left_out: Vec<ModelId>,
}

/// A domain or page, and how often it is cited.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct SourceRow {
    /// The page; `None`: the row is a domain.
    pub page_id: Option<PageId>,
    /// The page's address, or the domain.
    pub name: String,
    /// The page's title.
    pub title: Option<String>,
    /// The domain.
    pub domain: String,
    /// Only the site is known: the provider hides the page.
    pub site_only: bool,
    /// Whose it is.
    pub kind: SourceKind,
    /// The entity's name.
    pub entity: Option<String>,
    /// Answers that cite it.
    pub answers: i64,
    /// Citations: as answers, but each page of a domain counts.
    pub citations: i64,
    /// Answers that it was shown to and that do not cite it.
    pub retrieved: i64,
    /// Pages of the domain; 1 for a page.
    pub pages: i64,
    /// 95 % interval of the citation rate.
    pub interval: Option<Interval>,
}

impl SourceRow {
    /// Citation rate: answers that cite it / answers without error.
    pub const fn rate(&self, table: &SourceTable) -> Ratio {
        citation_rate(self.answers, table.answers)
    }

    /// Its share of all citations.
    pub const fn share(&self, table: &SourceTable) -> Ratio {
        citation_share(self.citations, table.citations)
    }
}

/// A prompt and a model whose answers cite a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct SourceUse {
    /// The prompt.
    pub prompt_id: PromptId,
    /// The question.
    pub prompt_text: String,
    /// The model.
    pub model_id: ModelId,
    /// Its name for people.
    pub model_name: String,
    /// Its provider.
    pub provider: Provider,
    /// Answers that cite the source.
    pub answers: i64,
    /// Answers that it was shown to and that do not cite it.
    pub retrieved: i64,
}

/// A source of one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct AnswerSource {
    /// Address to open.
    pub url: String,
    /// Title.
    pub title: Option<String>,
    /// Registrable domain; `None` where the address is none of a page.
    pub domain: Option<String>,
    /// Whose it is.
    pub kind: SourceKind,
    /// The entity's name.
    pub entity: Option<String>,
    /// Whether the answer refers to it; else it was merely retrieved.
    pub cited: bool,
    /// Byte ranges of the signs that stand for it in the text.
    pub marks: Vec<(usize, usize)>,
}
