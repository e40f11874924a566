//! How an answer ended: each protocol's words for it in one table, and what follows from them.
//!
//! Invariant: a word that no table knows never means whole.

use super::errors::shorten;
use super::{Answer, ErrorClass, Failure, Outcome, thoughts};

/// What a provider's word for the end of an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All was said.
    Whole,
    /// A limit cut it.
    Cut,
    /// It ended to call a tool that nobody has.
    Called,
    /// A filter stopped it.
    Blocked,
    /// The model declined.
    Refused,
    /// Something broke: what came is no answer.
    Broken,
    /// The provider has not answered yet, and will not tell us when it has.
    Pending,
    /// The account may not do this.
    NotPermitted,
    /// No word at all, where a whole answer has one.
    Missing,
    /// A word that is not in the table.
    Unknown,
}

/// The words of one protocol.
pub(crate) struct Words(&'static [(End, &'static [&'static str])]);

impl Words {
    /// What a word means; `None`: the response has none.
    pub(crate) fn read(&self, word: Option<&str>) -> End {
        let Some(word) = word else {
            return End::Missing;
        };
        let row = self.0.iter().find(|(_, words)| words.contains(&word));
        row.map_or(End::Unknown, |(end, _)| *end)
    }
}

/// `status` of Responses, which Perplexity's Agent API has too.
pub(crate) const STATUS: Words = Words(&[
    (End::Whole, &["completed", "complete"]),
    (End::Cut, &["incomplete"]),
    (End::Broken, &["failed", "cancelled"]),
    (End::Pending, &["queued", "in_progress"]),
]);

/// Why a response is incomplete.
pub(crate) const INCOMPLETE: Words = Words(&[
    (End::Cut, &["max_output_tokens", "max_messages", "steered"]),
    (End::Blocked, &["content_filter"]),
]);

/// `finish_reason` of chat completions. Gateways pass on the words of those behind them.
pub(crate) const CHAT: Words = Words(&[
    (
        End::Whole,
        &[
            "stop",
            "end_turn",
            "stop_sequence",
            "eos",
            "eos_token",
            "complete",
            "completed",
        ],
    ),
    (
        End::Cut,
        &["length", "model_length", "max_tokens", "max_output_tokens"],
    ),
    (End::Called, &["tool_calls", "function_call", "tool_use"]),
    (
        End::Blocked,
        &["content_filter", "safety", "guardrail_intervened"],
    ),
    (End::Refused, &["refusal"]),
    (
        End::Broken,
        &[
            "error",
            "failed",
            "abort",
            "aborted",
            "cancelled",
            "insufficient_system_resource",
        ],
    ),
]);

/// `stop_reason` of Anthropic's Messages.
pub(crate) const MESSAGES: Words = Words(&[
    (End::Whole, &["end_turn", "stop_sequence"]),
    // `pause_turn` goes on once before it counts: see `anthropic::continuation`.
    (
        End::Cut,
        &["max_tokens", "model_context_window_exceeded", "pause_turn"],
    ),
    (End::Called, &["tool_use"]),
    (End::Refused, &["refusal"]),
]);

/// `finishReason` of Google's generateContent.
pub(crate) const GENERATE_CONTENT: Words = Words(&[
    (End::Whole, &["STOP"]),
    (End::Cut, &["MAX_TOKENS", "CONTINUATION"]),
    (
        End::Blocked,
        &[
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "ESCALATION",
            "MODEL_ARMOR",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
        ],
    ),
    (
        End::Broken,
        &[
            "MALFORMED_FUNCTION_CALL",
            "MALFORMED_RESPONSE",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
            "NO_IMAGE",
            "IMAGE_OTHER",
            "OTHER",
            "FINISH_REASON_UNSPECIFIED",
        ],
    ),
    (End::NotPermitted, &["PUP_LIMITED_DISABLED"]),
]);

/// What becomes of an answer that ended so. `refusal` are words of refusal beside the text, an
/// empty one a refusal without a word. The rules, the first that fits:
///
/// - what broke is a failure, and so is a text without any word for its end;
/// - what a filter stopped is blocked;
/// - what was declined in words is refused, without words blocked: there is nothing to read;
/// - what has no visible text is empty: it was paid for, and names nobody;
/// - a text is answered where the end is whole, and truncated after any other word.
pub(crate) fn settle(
    end: End,
    refusal: Option<&str>,
    mut answer: Answer,
) -> Result<Answer, Failure> {
    thoughts::take_out(&mut answer);
    let declined = refusal.is_some() || end == End::Refused;
    if !is_visible(&answer.text) {
        refusal.unwrap_or_default().clone_into(&mut answer.text);
        for cited in &mut answer.citations {
            (cited.start, cited.end) = (None, None);
        }
    }
    let has_text = is_visible(&answer.text);
    answer.outcome = match end {
        End::Broken => return Err(broken(&answer, ErrorClass::ProviderFault)),
        End::Pending => return Err(broken(&answer, ErrorClass::BadResponse)),
        End::NotPermitted => return Err(broken(&answer, ErrorClass::Permission)),
        End::Blocked => Outcome::Blocked,
        _ if declined && has_text => Outcome::Refused,
        _ if declined => Outcome::Blocked,
        _ if !has_text => Outcome::Empty,
        End::Missing => return Err(broken(&answer, ErrorClass::ProviderFault)),
        End::Whole => Outcome::Answered,
        End::Cut | End::Called | End::Refused | End::Unknown => Outcome::Truncated,
    };
    answer.worth_another = answer.outcome == Outcome::Empty && end == End::Whole;
    Ok(answer)
}

/// Whether a person sees anything of a text: whether it is more than blanks, control characters
/// and what Unicode has programs show as nothing (`Default_Ignorable_Code_Point`).
///
/// Migration 15 has the same ones, but for a few that hardly occur, for answers of before.
pub fn is_visible(text: &str) -> bool {
    let is_invisible = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(
                letter,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                    | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                    | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
                    | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
            )
    };
    !text.chars().all(is_invisible)
}

/// The failure of what broke off after it had begun, and was paid for.
fn broken(answer: &Answer, class: ErrorClass) -> Failure {
    let word = answer.finish.as_deref().unwrap_or("no reason given");
    let message = match class {
        ErrorClass::Permission => format!("the provider has limited this account: {word}"),
        ErrorClass::BadResponse => format!("the provider has not answered yet: {word}"),
        _ => format!("the answer broke off: {word}"),
    };
    Failure {
        class,
        message: shorten(&message),
        retry: class == ErrorClass::ProviderFault,
        retry_after: None,
        may_be_billed: class != ErrorClass::Permission,
        request_id: answer.request_id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Usage;

    fn answer(text: &str) -> Answer {
        Answer {
            outcome: Outcome::Empty,
            text: text.to_owned(),
            finish: Some("word".to_owned()),
            model_served: None,
            usage: Usage::default(),
            citations: Vec::new(),
            request_id: Some("r-1".to_owned()),
            cost_reported: None,
            search_queries: Vec::new(),
            worth_another: false,
        }
    }

    fn outcome(
        end: End,
        refusal: Option<&str>,
        text: &str,
    ) -> Result<&'static str, (ErrorClass, bool, bool)> {
        settle(end, refusal, answer(text))
            .map(|answer| answer.outcome.word())
            .map_err(|failure| (failure.class, failure.retry, failure.may_be_billed))
    }

    const BROKEN: Result<&str, (ErrorClass, bool, bool)> =
        Err((ErrorClass::ProviderFault, true, true));
    const PENDING: Result<&str, (ErrorClass, bool, bool)> =
        Err((ErrorClass::BadResponse, false, true));
    const LIMITED: Result<&str, (ErrorClass, bool, bool)> =
        Err((ErrorClass::Permission, false, false));

    #[test]
    fn every_end_has_its_outcome_with_text_and_without() {
        for (end, with_text, without) in [
            (End::Whole, Ok("answered"), Ok("empty")),
            (End::Cut, Ok("truncated"), Ok("empty")),
            (End::Called, Ok("truncated"), Ok("empty")),
            (End::Unknown, Ok("truncated"), Ok("empty")),
            (End::Blocked, Ok("blocked"), Ok("blocked")),
            (End::Refused, Ok("refused"), Ok("blocked")),
            (End::Missing, BROKEN, Ok("empty")),
            (End::Broken, BROKEN, BROKEN),
            (End::Pending, PENDING, PENDING),
            (End::NotPermitted, LIMITED, LIMITED),
        ] {
            assert_eq!(outcome(end, None, "Kipu."), with_text, "{end:?}");
            for nothing in [
                "",
                " \n",
                "\u{200b}\u{feff}",
                "\u{ad}",
                "<think>Kipu?</think>\n",
                "[THINK]Kipu",
            ] {
                assert_eq!(outcome(end, None, nothing), without, "{end:?} {nothing:?}");
            }
        }
    }

    #[test]
    fn blank_is_what_nobody_sees() {
        for text in [
            "",
            " \n\t",
            "\u{200b}\u{feff}",
            "\u{a0}\u{3000}\r\n",
            "\u{ad}",
            "\0\u{7}\u{9b}",
            "\u{180e}\u{2064}\u{fe0f}",
            "\u{2066}\u{202c}\u{e0041}\u{3164}",
        ] {
            assert!(!is_visible(text), "{text:?}");
        }
        for text in [".", "👍", "\u{200b}ñ", "```", "\u{ad}1\u{fe0f}\u{20e3}"] {
            assert!(is_visible(text), "{text:?}");
        }
    }

    #[test]
    fn a_refusal_needs_words_to_be_read() {
        for end in [End::Whole, End::Cut, End::Refused, End::Missing] {
            assert_eq!(
                outcome(end, Some("I cannot."), ""),
                Ok("refused"),
                "{end:?}"
            );
            assert_eq!(
                outcome(end, Some(""), "I cannot."),
                Ok("refused"),
                "{end:?}"
            );
            assert_eq!(outcome(end, Some(""), ""), Ok("blocked"), "{end:?}");
        }
        let refused =
            settle(End::Whole, Some("I cannot."), answer("<think>a</think>")).expect("an answer");
        assert_eq!(refused.text, "I cannot.");
    }

    #[test]
    fn only_what_is_called_whole_and_has_no_text_is_asked_again() {
        let again =
            |end, text| settle(end, None, answer(text)).is_ok_and(|answer| answer.worth_another);
        assert!(again(End::Whole, "") && again(End::Whole, "<think>x</think>"));
        assert!(!again(End::Whole, "Kipu") && !again(End::Cut, "") && !again(End::Called, ""));
    }

    /// Every word that providers are known to say, and what it means. Collected by hand from their
    /// documents and clients.
    #[rustfmt::skip]
    const KNOWN: &[(&Words, &str, End)] = &[
        (&STATUS, "completed", End::Whole), (&STATUS, "incomplete", End::Cut), (&STATUS, "failed", End::Broken),
        (&STATUS, "cancelled", End::Broken), (&STATUS, "queued", End::Pending), (&STATUS, "in_progress", End::Pending),
        (&INCOMPLETE, "max_output_tokens", End::Cut), (&INCOMPLETE, "max_messages", End::Cut),
        (&INCOMPLETE, "steered", End::Cut), (&INCOMPLETE, "content_filter", End::Blocked),
        (&CHAT, "stop", End::Whole), (&CHAT, "length", End::Cut), (&CHAT, "content_filter", End::Blocked),
        (&CHAT, "tool_calls", End::Called), (&CHAT, "function_call", End::Called), (&CHAT, "error", End::Broken),
        (&CHAT, "model_length", End::Cut), (&CHAT, "insufficient_system_resource", End::Broken),
        (&CHAT, "abort", End::Broken), (&CHAT, "end_turn", End::Whole), (&CHAT, "eos", End::Whole),
        (&MESSAGES, "end_turn", End::Whole), (&MESSAGES, "stop_sequence", End::Whole), (&MESSAGES, "max_tokens", End::Cut),
        (&MESSAGES, "model_context_window_exceeded", End::Cut), (&MESSAGES, "pause_turn", End::Cut),
        (&MESSAGES, "tool_use", End::Called), (&MESSAGES, "refusal", End::Refused),
        (&GENERATE_CONTENT, "STOP", End::Whole), (&GENERATE_CONTENT, "MAX_TOKENS", End::Cut),
        (&GENERATE_CONTENT, "CONTINUATION", End::Cut), (&GENERATE_CONTENT, "SAFETY", End::Blocked),
        (&GENERATE_CONTENT, "RECITATION", End::Blocked), (&GENERATE_CONTENT, "BLOCKLIST", End::Blocked),
        (&GENERATE_CONTENT, "PROHIBITED_CONTENT", End::Blocked), (&GENERATE_CONTENT, "SPII", End::Blocked),
        (&GENERATE_CONTENT, "LANGUAGE", End::Blocked), (&GENERATE_CONTENT, "ESCALATION", End::Blocked),
        (&GENERATE_CONTENT, "MODEL_ARMOR", End::Blocked), (&GENERATE_CONTENT, "MALFORMED_FUNCTION_CALL", End::Broken),
        (&GENERATE_CONTENT, "MALFORMED_RESPONSE", End::Broken), (&GENERATE_CONTENT, "UNEXPECTED_TOOL_CALL", End::Broken),
        (&GENERATE_CONTENT, "TOO_MANY_TOOL_CALLS", End::Broken), (&GENERATE_CONTENT, "MISSING_THOUGHT_SIGNATURE", End::Broken),
        (&GENERATE_CONTENT, "OTHER", End::Broken), (&GENERATE_CONTENT, "PUP_LIMITED_DISABLED", End::NotPermitted),
    ];

    #[test]
    fn known_words_mean_what_they_say_and_unknown_ones_never_whole() {
        for (words, word, end) in KNOWN {
            assert_eq!(words.read(Some(word)), *end, "{word}");
        }
        for words in [&STATUS, &INCOMPLETE, &CHAT, &MESSAGES, &GENERATE_CONTENT] {
            assert_eq!(words.read(Some("tired")), End::Unknown);
            assert_eq!(words.read(Some("")), End::Unknown);
            assert_eq!(words.read(None), End::Missing);
        }
    }
}
