//! What a judge replied, taken apart and believed only where it fits the question.
//!
//! Invariant: no bytes make it panic, and a verdict is kept only for an answer and an entity
//! that were asked about, if it is within range and does not contradict itself.

use std::collections::HashMap;

use app::model::answer::Sentiment;
use app::model::ids::{AnswerId, EntityId};
use serde_json::Value;

use super::{Call, MAX_ATTRIBUTE, MAX_ATTRIBUTES, MAX_REASON, Verdict};
use crate::structured;

/// A neutral verdict has no score beyond this.
const NEUTRAL_THOUSANDTHS: i64 = 500;

/// The verdicts about one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The answer.
    pub answer: AnswerId,
    /// The verdict on each entity; entities without one are left out.
    pub verdicts: Vec<(EntityId, Verdict)>,
    /// Whether each entity that the answer names has its verdict.
    pub is_complete: bool,
}

/// A reply, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Every answer of the call, in its order.
    pub answers: Vec<Judged>,
    /// Verdicts that were not believed: about what was not asked, out of range, contradictory.
    pub refused: usize,
}

/// Reads a reply to `call`.
pub(super) fn read(call: &Call, text: &str) -> Reply {
    let entries = structured::entries(text, "verdicts");
    let mut refused = 0;
    // `None`: said twice, and not the same.
    let mut said: HashMap<(usize, usize), Option<Verdict>> = HashMap::new();
    for entry in &entries {
        let Some((key, verdict)) = wanted(call, entry) else {
            refused += 1;
            continue;
        };
        said.entry(key)
            .and_modify(|known| {
                if known.as_ref() != Some(&verdict) {
                    refused += 1;
                    *known = None;
                }
            })
            .or_insert_with(|| Some(verdict.clone()));
    }
    let answers = (1..)
        .zip(&call.answers)
        .map(|(number, waiting): (usize, _)| {
            let verdicts: Vec<(EntityId, Verdict)> = waiting
                .named
                .iter()
                .filter_map(|named| {
                    let key = (number, call.number_of(named.entity)?);
                    Some((named.entity, said.remove(&key)??))
                })
                .collect();
            Judged {
                answer: waiting.answer,
                is_complete: verdicts.len() == waiting.named.len(),
                verdicts,
            }
        })
        .collect();
    Reply { answers, refused }
}

/// An entry with the numbers of its answer and entity, if it was asked for and holds together.
fn wanted(call: &Call, entry: &Value) -> Option<((usize, usize), Verdict)> {
    let answer = number(entry, "answer")?;
    let entity = number(entry, "entity")?;
    let waiting = call.answers.get(answer.checked_sub(1)?)?;
    let known = call.entities.get(entity.checked_sub(1)?)?;
    let is_asked = waiting
        .named
        .iter()
        .any(|named| named.entity == known.entity);
    if !is_asked {
        return None;
    }
    Some(((answer, entity), verdict(entry)?))
}

fn number(entry: &Value, name: &str) -> Option<usize> {
    usize::try_from(entry.get(name)?.as_u64()?).ok()
}

fn verdict(entry: &Value) -> Option<Verdict> {
    let sentiment = Sentiment::from_word(entry.get("sentiment")?.as_str()?)?;
    let score_thousandths = thousandths(entry.get("score")?.as_f64()?)?;
    let is_consistent = match sentiment {
        Sentiment::Positive => score_thousandths > 0,
        Sentiment::Neutral => score_thousandths.abs() <= NEUTRAL_THOUSANDTHS,
        Sentiment::Negative => score_thousandths < 0,
    };
    let recommended = match entry.get("recommended")? {
        Value::Bool(advice) => Some(*advice),
        Value::Null => None,
        _ => return None,
    };
    let reason = line(entry.get("reason")?.as_str()?, MAX_REASON);
    if !is_consistent || reason.is_empty() {
        return None;
    }
    Some(Verdict {
        sentiment,
        score_thousandths,
        recommended,
        reason,
        praised: attributes(entry.get("praised")),
        blamed: attributes(entry.get("blamed")),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most 1,000, which is checked before"
)]
fn thousandths(score: f64) -> Option<i64> {
    (-1.0..=1.0)
        .contains(&score)
        .then(|| (score * 1_000.0).round() as i64)
}

fn attributes(list: Option<&Value>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let words = list.and_then(Value::as_array).into_iter().flatten();
    for word in words.filter_map(Value::as_str) {
        let word = line(word, MAX_ATTRIBUTE);
        let is_new = || {
            let folded = word.to_lowercase();
            found.iter().all(|known| known.to_lowercase() != folded)
        };
        if !word.is_empty() && is_new() {
            found.push(word);
        }
        if found.len() == MAX_ATTRIBUTES {
            break;
        }
    }
    found
}

/// A text as one line without control characters, at most so many characters.
fn line(text: &str, limit: usize) -> String {
    let clean = |letter: char| if letter.is_control() { ' ' } else { letter };
    let spaced: String = text.chars().map(clean).take(limit * 4).collect();
    let mut line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(limit) {
        line.truncate(cut);
        // Room for the sign that says so.
        line.pop();
        line.push('…');
    }
    line
}
