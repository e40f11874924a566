//! The judge: a model that reads answers and says how they speak of each entity they name.
//!
//! [`call`] packs answers into one question, [`prompt`] writes it with every answer fenced as
//! data, [`reply`] reads what comes back and believes none of it unseen.
//!
//! Invariant: pure, no I/O. Whatever an answer or a reply says, nothing is stored about an
//! answer or an entity that was not asked about.

mod call;
mod prompt;
mod reply;
#[cfg(test)]
mod tests;

use app::model::answer::Sentiment;
use app::model::ids::{AnswerId, EntityId};
use app::model::money::Money;

pub use call::{Call, MAX_TEXT, next_call};
pub use prompt::form;
pub use reply::{Judged, Reply};

use engine::cost::Price;

/// Goes up with any change of instructions or schema that may give other verdicts.
pub const JUDGE_VERSION: i64 = 1;

/// More attributes of a kind are not kept.
pub const MAX_ATTRIBUTES: usize = 6;
/// Characters of an attribute.
pub const MAX_ATTRIBUTE: usize = 60;
/// Characters of a reason.
pub const MAX_REASON: usize = 300;

/// An entity that an answer names in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The entity.
    pub entity: EntityId,
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// Byte offset of the first mention.
    pub first_offset: usize,
}

/// An answer that waits for its judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerToJudge {
    /// The answer.
    pub answer: AnswerId,
    /// Its text.
    pub text: String,
    /// ISO 639-1 code of the language that it was asked in; reasons are written in it.
    pub language: String,
    /// Whom it names, at least one.
    pub named: Vec<Named>,
    /// Whether it goes into a call of its own: a call with others did not settle it.
    pub alone: bool,
}

/// What a judge says of one entity in one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How the answer speaks of it.
    pub sentiment: Sentiment,
    /// From -1,000 (blame only) to 1,000 (praise only).
    pub score_thousandths: i64,
    /// Whether the answer advises choosing it (true), advises against it (false) or merely
    /// mentions it.
    pub recommended: Option<bool>,
    /// Why, in one sentence of at most [`MAX_REASON`] characters.
    pub reason: String,
    /// What is praised about it, in few words each.
    pub praised: Vec<String>,
    /// What is blamed.
    pub blamed: Vec<String>,
}

/// The typical size of the answers that are to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypicalAnswer {
    /// Bytes of a text.
    pub bytes: i64,
    /// Entities that it names.
    pub entities: i64,
}

impl Default for TypicalAnswer {
    /// A page of advice that names three: what is taken where nothing was measured.
    fn default() -> Self {
        Self {
            bytes: 2_000,
            entities: 3,
        }
    }
}

/// What 1,000 answers cost to judge at a price, about: a token is four bytes, a verdict ninety
/// tokens, and instructions are shared by as many answers as fit one call.
pub fn cost_of_thousand(price: &Price, typical: TypicalAnswer) -> Money {
    const BYTES_A_TOKEN: i64 = 4;
    const TOKENS_A_NAME: i64 = 25;
    const TOKENS_A_VERDICT: i64 = 90;
    let answers_a_call = call::answers_that_fit(typical);
    let shared = i64::try_from(prompt::overhead_bytes()).unwrap_or(i64::MAX) / answers_a_call;
    let input = (shared + typical.bytes) / BYTES_A_TOKEN + TOKENS_A_NAME * typical.entities;
    let output = TOKENS_A_VERDICT * typical.entities;
    price.input.per_million(input * 1_000) + price.output.per_million(output * 1_000)
}
