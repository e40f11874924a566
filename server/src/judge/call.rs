//! One question to a judge: several short answers, or a long one alone.

use std::collections::{BTreeSet, VecDeque};

use app::model::ids::{AnswerId, EntityId};
use engine::ModelToAsk;
use providers::Question;

use super::reply::{self, Reply};
use super::{AnswerToJudge, Named, TypicalAnswer, prompt};

/// Bytes of all texts of a call with several: about 3,000 tokens, so that instructions cost
/// little beside them and the model still reads each with care.
const BYTES_A_CALL: usize = 12_000;
/// Verdicts that a call with several answers asks for.
const VERDICTS_A_CALL: usize = 12;
/// Answers of a call: the more texts, the more a model mixes them up.
const ANSWERS_A_CALL: usize = 8;
/// More of a text is not judged.
pub const MAX_TEXT: usize = 60_000;
/// Text before the first mention that is kept where a text is cut.
const BEFORE_FIRST_MENTION: usize = 2_000;
/// Tokens for a few thoughts, and for the brackets.
const TOKENS_AROUND: usize = 2_048;
/// A verdict is about ninety tokens; a talkative one still fits.
const TOKENS_A_VERDICT: usize = 250;

/// Several answers and whom they name, as one question.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) answers: Vec<AnswerToJudge>,
    /// Every entity that one of the answers names, once; a name stands for its place, from 1.
    pub(super) entities: Vec<Named>,
}

impl Call {
    pub(super) fn new(answers: Vec<AnswerToJudge>) -> Self {
        let mut entities: Vec<Named> = Vec::new();
        for named in answers.iter().flat_map(|answer| &answer.named) {
            if entities.iter().all(|known| known.entity != named.entity) {
                entities.push(named.clone());
            }
        }
        Self { answers, entities }
    }

    /// The answers, in the order in which they are numbered.
    pub fn answers(&self) -> impl Iterator<Item = AnswerId> + '_ {
        self.answers.iter().map(|waiting| waiting.answer)
    }

    /// Whether it is one that failed among others before.
    pub fn is_last_try(&self) -> bool {
        self.answers.iter().any(|waiting| waiting.alone)
    }

    /// How many verdicts are asked for.
    pub fn verdicts(&self) -> usize {
        self.answers.iter().map(|waiting| waiting.named.len()).sum()
    }

    /// The question.
    pub fn question(&self) -> String {
        prompt::question(self)
    }

    /// What the judge is told beside the question.
    pub fn instructions(&self) -> String {
        let language = self
            .answers
            .first()
            .map(|waiting| waiting.language.as_str());
        prompt::instructions(language.unwrap_or("en"))
    }

    /// Upper limit of the reply, in tokens: what the verdicts need at least, and the limit of the
    /// judge's answers where that is more, since its thoughts count too.
    fn max_output_tokens(&self, judge: &ModelToAsk) -> u32 {
        let tokens = TOKENS_AROUND + TOKENS_A_VERDICT * self.verdicts();
        u32::try_from(tokens)
            .unwrap_or(u32::MAX)
            .max(judge.max_output_tokens)
    }

    /// What is sent to the judge; with `has_form` the reply's form is enforced, else it is told
    /// in words alone.
    pub fn asked_of(&self, judge: &ModelToAsk, has_form: bool) -> Question {
        Question {
            model_id: judge.model_id.clone(),
            text: self.question(),
            web_search: false,
            language: "en".to_owned(),
            country: None,
            max_output_tokens: self.max_output_tokens(judge),
            hints: Vec::new(),
            instructions: Some(self.instructions().into()),
            form: has_form.then(super::form),
        }
    }

    /// What a reply says about these answers and entities. Never panics.
    pub fn read(&self, text: &str) -> Reply {
        reply::read(self, text)
    }

    /// The place of an entity in [`Call::entities`], from 1.
    pub(super) fn number_of(&self, entity: EntityId) -> Option<usize> {
        let place = self
            .entities
            .iter()
            .position(|known| known.entity == entity)?;
        Some(place + 1)
    }
}

/// Takes the next call from what waits: the first answer, and those of its language behind it
/// that fit beside it.
pub fn next_call(waiting: &mut VecDeque<AnswerToJudge>) -> Option<Call> {
    let first = shortened(waiting.pop_front()?);
    let mut bytes = first.text.len();
    let mut verdicts = first.named.len();
    let mut answers = vec![first];
    let is_alone = answers[0].alone || bytes >= BYTES_A_CALL || verdicts >= VERDICTS_A_CALL;
    while !is_alone && answers.len() < ANSWERS_A_CALL {
        let fits = |next: &AnswerToJudge| {
            !next.alone
                && next.language == answers[0].language
                && bytes + next.text.len() <= BYTES_A_CALL
                && verdicts + next.named.len() <= VERDICTS_A_CALL
        };
        let Some(place) = waiting.iter().position(fits) else {
            break;
        };
        let Some(next) = waiting.remove(place) else {
            break;
        };
        bytes += next.text.len();
        verdicts += next.named.len();
        answers.push(next);
    }
    Some(Call::new(answers))
}

/// How many such answers one call takes, at least 1.
pub(super) fn answers_that_fit(typical: TypicalAnswer) -> i64 {
    let limit = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let by_bytes = limit(BYTES_A_CALL) / typical.bytes.max(1);
    let by_verdicts = limit(VERDICTS_A_CALL) / typical.entities.max(1);
    by_bytes.min(by_verdicts).clamp(1, limit(ANSWERS_A_CALL))
}

/// A text that is far too long is cut around its first mentions; who is named only in what is
/// cut off is not asked about.
fn shortened(mut waiting: AnswerToJudge) -> AnswerToJudge {
    if waiting.text.len() <= MAX_TEXT {
        return waiting;
    }
    let first = waiting.named.iter().map(|named| named.first_offset).min();
    let from = first.unwrap_or(0).saturating_sub(BEFORE_FIRST_MENTION);
    let from = waiting
        .text
        .floor_char_boundary(from.min(waiting.text.len()));
    let to = waiting
        .text
        .floor_char_boundary((from + MAX_TEXT).min(waiting.text.len()));
    let inside: BTreeSet<i64> = waiting
        .named
        .iter()
        .filter(|named| (from..to).contains(&named.first_offset))
        .map(|named| named.entity.0)
        .collect();
    if !inside.is_empty() {
        waiting
            .named
            .retain(|named| inside.contains(&named.entity.0));
    }
    waiting.text.truncate(to);
    waiting.text.drain(..from);
    waiting
}
