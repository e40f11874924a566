//! What is looked for, and what was found.

use contract::answer::{MentionSource, Sentiment};
use serde::{Deserialize, Serialize};

use super::alias::Alias;
use super::sentiment::Score;

/// The brand or a competitor, as a project names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitySpec<K = i64> {
    /// The caller's id; it comes back in the [`Finding`].
    pub key: K,
    /// The name.
    pub name: String,
    /// Other names. One that reads like `name` gives the name its options.
    #[serde(default)]
    pub aliases: Vec<Alias>,
    /// Domains of its own, such as `kipu.io`; subdomains count.
    #[serde(default)]
    pub domains: Vec<String>,
}

/// What the analysis saw in one answer about one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding<K = i64> {
    /// The key of the [`EntitySpec`].
    pub key: K,
    /// In text, by link, both or not at all; what is found was read.
    pub source: MentionSource,
    /// How often visible text names it.
    pub text_count: u32,
    /// Where: byte offsets in the answer as it came, on character boundaries, ascending, not
    /// overlapping; `text_count` of them.
    pub spans: Vec<(usize, usize)>,
    /// The place in the first real list where it heads an item, from 1.
    pub rank: Option<u32>,
    /// The number of items of that list.
    pub list_total: Option<u32>,
    /// The place as head of an item in the first unordered list, from 1.
    pub bullet_order: Option<u32>,
    /// Byte offset of the first span.
    pub first_offset: Option<usize>,
    /// How early the text names it, see [`prominence_parts`](contract::metrics::prominence_parts).
    pub prominence: Option<i64>,
    /// How the text speaks of it, by the local classifier; none where the text does not name
    /// it or is in a language that the classifier does not read.
    pub sentiment: Option<Sentiment>,
    /// The number behind `sentiment`; there is one whenever there is the other.
    pub sentiment_score: Option<Score>,
    /// Whether the text advises choosing it (true) or advises against it (false), by the local
    /// classifier; none where it does neither.
    pub recommended: Option<bool>,
}

impl<K> Finding<K> {
    /// Whether the answer mentions the entity, in text or by a link.
    pub const fn is_mentioned(&self) -> bool {
        self.source.is_mention()
    }
}
