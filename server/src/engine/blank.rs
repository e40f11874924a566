//! Answers in which there is nothing to be seen.

use crate::providers::{Answer, Exchange, Outcome};

/// Whether a text has nothing that a person could see.
///
/// Migration 15 has the same characters, for answers of before.
fn is_blank(text: &str) -> bool {
    text.chars().all(|character| {
        character.is_whitespace()
            || matches!(
                character,
                '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
                    | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}' | '\0'
            )
    })
}

/// An exchange whose answer has no visible text ended empty, whatever the provider calls it:
/// an answer that was cut to nothing says nothing.
pub(super) fn named_by_its_text(exchange: Exchange) -> Exchange {
    let named = |answer: Answer| match answer.outcome {
        Outcome::Answered | Outcome::Truncated | Outcome::Refused if is_blank(&answer.text) => {
            Answer {
                outcome: Outcome::Empty,
                ..answer
            }
        }
        _ => answer,
    };
    Exchange {
        result: exchange.result.map(named),
        ..exchange
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_is_what_nobody_sees() {
        for text in ["", " \n\t", "\u{200b}\u{feff}", "\u{a0}\u{3000}\r\n"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [".", "👍", "\u{200b}ñ", "```"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
