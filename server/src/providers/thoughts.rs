//! What a model thinks is no answer: passages of thought in a text, known by one table of tags.
//!
//! Names in thoughts are not mentions, so thoughts go before anything is read. A text *about* the
//! tags stays whole: tags in code, and tags within an answer that begins without one.

use std::ops::Range;

use super::Answer;
use super::code_spans::CodeSpans;

/// What opens a passage of thought, and what closes it; lower case.
const TAGS: &[(&str, &str)] = &[
    // DeepSeek, Qwen, GLM, MiniMax, Sonar and most others.
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<seed:think>", "</seed:think>"),
    ("<longcat_think>", "</longcat_think>"),
    // Magistral.
    ("[think]", "[/think]"),
    // Kimi.
    ("◁think▷", "◁/think▷"),
    // Command A, OpenThinker, and what chat templates make of others.
    ("<|start_thinking|>", "<|end_thinking|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|thinking|>", "<|/thinking|>"),
    ("<|think|>", "<|/think|>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    // gpt-oss, Gemma.
    (
        "<|channel|>analysis<|message|>",
        "<|channel|>final<|message|>",
    ),
    (
        "<|start|>assistant<|channel|>analysis<|message|>",
        "<|channel|>final<|message|>",
    ),
    ("<|channel>thought", "<channel|>"),
];

/// Takes the thoughts out of an answer's text. Citations keep their place in what stays; one that
/// stood in a thought is a source that was merely retrieved.
pub(crate) fn take_out(answer: &mut Answer) {
    let thoughts = thoughts(&answer.text);
    if thoughts.is_empty() {
        return;
    }
    for cited in &mut answer.citations {
        let place = cited.start.zip(cited.end);
        let moved = place.and_then(|(start, end)| moved(start..end, &thoughts));
        if place.is_some() && moved.is_none() {
            cited.cited = false;
        }
        cited.start = moved.as_ref().map(|range| range.start);
        cited.end = moved.map(|range| range.end);
    }
    for range in thoughts.into_iter().rev() {
        answer.text.replace_range(range, "");
    }
}

/// Where a place is once `gone` is out of the text; `None` if it touches what is gone.
fn moved(place: Range<usize>, gone: &[Range<usize>]) -> Option<Range<usize>> {
    let mut before = 0;
    for range in gone {
        if range.end <= place.start {
            before += range.len();
        } else if range.start < place.end {
            return None;
        }
    }
    Some(place.start - before..place.end - before)
}

/// The passages of thought in a text, in order, the blanks behind each included.
pub(crate) fn thoughts(text: &str) -> Vec<Range<usize>> {
    let reading = Reading {
        lower: text.to_ascii_lowercase(),
        code: CodeSpans::of(text),
    };
    if !TAGS
        .iter()
        .any(|(open, close)| reading.lower.contains(open) || reading.lower.contains(close))
    {
        return Vec::new();
    }
    let begin = reading.behind_blanks(0);
    let mut at = begin;
    loop {
        let Some(passed) = reading.opening_passages(at) else {
            return std::iter::once(0..text.len()).collect();
        };
        let Some(end) = reading.last_bare_end(passed) else {
            at = passed;
            break;
        };
        at = reading.behind_blanks(end);
    }
    if at == begin {
        return Vec::new();
    }
    let mut found: Vec<Range<usize>> = std::iter::once(0..at).collect();
    found.extend(reading.later_passages(at));
    found
}

struct Reading {
    lower: String,
    code: CodeSpans,
}

impl Reading {
    fn behind_blanks(&self, at: usize) -> usize {
        let rest = &self.lower[at..];
        at + rest.len() - rest.trim_start().len()
    }

    /// The byte behind all passages that begin at `at`, one after the other; `None` where the
    /// last one is never closed: all the rest is thought.
    fn opening_passages(&self, mut at: usize) -> Option<usize> {
        while let Some((open, close)) = TAGS
            .iter()
            .find(|(open, _)| self.lower[at..].starts_with(open))
        {
            at = self.behind_blanks(self.closing(at + open.len(), close)?);
        }
        Some(at)
    }

    /// The byte behind the tag that closes a passage which began before `from`. In a thought that
    /// leaves a block of code open, a tag on a line of its own closes it all the same.
    fn closing(&self, from: usize, close: &str) -> Option<usize> {
        let found = self.places(from, close);
        let outside = found.clone().find(|at| !self.code.hold(*at));
        let alone = |at: &usize| !self.code.hold_inline(*at) && self.is_alone(*at, close.len());
        let at = outside.or_else(|| found.clone().find(alone))?;
        Some(at + close.len())
    }

    fn places<'a>(&'a self, from: usize, tag: &'a str) -> impl Iterator<Item = usize> + Clone + 'a {
        self.lower[from..]
            .match_indices(tag)
            .map(move |(at, _)| from + at)
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = self.lower[..at].trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    fn is_alone(&self, at: usize, length: usize) -> bool {
        let behind = self.lower[at + length..].trim_start_matches([' ', '\t', '\r']);
        self.begins_line(at) && (behind.is_empty() || behind.starts_with('\n'))
    }

    /// The byte behind the last closing tag whose opening one the template wrote: all before it
    /// is thought. Tags that are mentioned come in pairs, on one line or in lines of their own.
    fn last_bare_end(&self, from: usize) -> Option<usize> {
        let last_of = |(_, close): &(&str, &str)| {
            let mut before = from;
            let mut bare = None;
            for at in self.places(from, close).filter(|at| !self.code.hold(*at)) {
                if !self.is_opened(before..at, close) {
                    bare = Some(at + close.len());
                }
                before = at + close.len();
            }
            bare
        };
        TAGS.iter().filter_map(last_of).max()
    }

    /// Whether a tag in `within` opens what `close` closes behind it.
    fn is_opened(&self, within: Range<usize>, close: &str) -> bool {
        let line = self.lower[within.clone()].rfind('\n');
        let line = line.map_or(within.start, |end| within.start + end);
        let fits =
            |opened: usize| !self.code.hold(opened) && (opened >= line || self.begins_line(opened));
        let opening = TAGS.iter().filter(|tag| tag.1 == close).map(|tag| tag.0);
        opening.into_iter().any(|open| {
            let found = self.lower[within.clone()].match_indices(open);
            found.map(|(at, _)| within.start + at).any(fits)
        })
    }

    /// Passages within the answer of a model that is known to think aloud. They begin a line.
    fn later_passages(&self, from: usize) -> Vec<Range<usize>> {
        let mut opening: Vec<(usize, usize, &str)> = Vec::new();
        for (open, close) in TAGS {
            let begins = |at: &usize| !self.code.hold(*at) && self.begins_line(*at);
            let places = self.places(from, open).filter(begins);
            opening.extend(places.map(|at| (at, at + open.len(), *close)));
        }
        opening.sort_unstable();
        let mut found: Vec<Range<usize>> = Vec::new();
        for (start, inside, close) in opening {
            if found.last().is_some_and(|before| start < before.end) {
                continue;
            }
            let end = self.closing(inside, close);
            found.push(start..end.map_or(self.lower.len(), |end| self.behind_blanks(end)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn visible(text: &str) -> String {
        let mut text = text.to_owned();
        for range in thoughts(&text).into_iter().rev() {
            text.replace_range(range, "");
        }
        text
    }

    #[test]
    fn every_tag_of_the_table_hides_what_it_holds() {
        for (open, close) in TAGS {
            for (open, close) in [
                ((*open).to_owned(), (*close).to_owned()),
                (open.to_uppercase(), close.to_uppercase()),
            ] {
                assert_eq!(visible(&format!("{open}Tallo?{close}\n\nVerrin")), "Verrin");
                assert_eq!(
                    visible(&format!("\n {open}\nTallo?\n{close}{open}b{close} Verrin")),
                    "Verrin"
                );
                assert_eq!(
                    visible(&format!("{open} Tallo, and then")),
                    "",
                    "cut by the limit"
                );
                assert_eq!(
                    visible(&format!("Tallo?\n{close}\n\nVerrin")),
                    "Verrin",
                    "{close}"
                );
                assert_eq!(
                    visible(&format!("Tallo? {close}{open}no{close}Verrin")),
                    "Verrin",
                    "{close}"
                );
                let quoted = format!("It writes `{open}` and `{close}` around them.");
                assert_eq!(visible(&quoted), quoted);
                let fenced = format!("Like so:\n\n```\n{open}\nTallo\n{close}\n```\n\nDone.");
                assert_eq!(visible(&fenced), fenced);
                let named = format!("Between {open} and {close} stands a thought.");
                assert_eq!(visible(&named), named);
            }
        }
    }

    #[test]
    fn code_in_thoughts_does_not_keep_them() {
        let quoting = "<think>It ends with `</think>`, I know.</think>Verrin";
        assert_eq!(visible(quoting), "Verrin");
        let open_block = "<think>Draft:\n```\nTallo\n</think>\n\nVerrin\n```\nlet a;\n```\n";
        assert!(visible(open_block).starts_with("Verrin"));
        assert_eq!(visible("<think>It ends with `</think>` and"), "");
        let bare = "They asked about <think> tags.\nWell.\n</think>\nVerrin";
        assert_eq!(visible(bare), "Verrin");
    }

    #[test]
    fn a_model_that_thinks_aloud_does_so_in_between_too() {
        let text = "<think>a</think>Intro\n\n<think>Tallo?</think>\n1. Verrin";
        assert_eq!(visible(text), "Intro\n\n1. Verrin");
        assert_eq!(visible("<think>a</think>Intro\n<think>Tallo"), "Intro\n");
        let named = "<think>a</think>It ends with `</think>` and begins with <think> there.";
        assert_eq!(
            visible(named),
            "It ends with `</think>` and begins with <think> there."
        );
    }

    proptest! {
        #[test]
        fn what_is_gone_lies_in_order_and_on_boundaries(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "<think>", "</think>", "[THINK]", "[/THINK]", "◁think▷", "`", "```\n", "\n", "ñ", "🥐 ", "x",
            ]), 0..14),
        ) {
            let text = pieces.concat();
            let mut before = 0;
            for range in thoughts(&text) {
                prop_assert!(before <= range.start && text.get(range.clone()).is_some());
                before = range.end;
            }
            let once = visible(&text);
            let begins = TAGS.iter().any(|(open, _)| once.trim_start().to_lowercase().starts_with(open));
            prop_assert!(!begins, "{once:?}");
        }

        #[test]
        fn places_move_with_the_text(before in 0_usize..5, thought in "[a-z]{1,9}", shown in "[A-Z]{1,5}") {
            let text = format!("<think>{thought}</think>{}{shown} end", " ".repeat(before));
            let start = text.find(&shown).expect("shown");
            let gone = thoughts(&text);
            let place = moved(start..start + shown.len(), &gone).expect("a place");
            let after = visible(&text);
            prop_assert_eq!(after.get(place), Some(shown.as_str()));
        }
    }
}
