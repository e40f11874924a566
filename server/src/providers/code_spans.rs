//! Where a Markdown text shows code: what stands there is quoted, and means nothing.

use std::collections::HashMap;
use std::ops::Range;

/// The pieces of a text that are code, in order: fenced blocks that are closed, and spans between
/// backticks on one line.
pub(crate) struct CodeSpans(Vec<Span>);

struct Span {
    range: Range<usize>,
    fenced: bool,
}

impl CodeSpans {
    /// Those of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut spans = Vec::new();
        // The shortest mark of each letter that nothing closes: longer ones need no look.
        let mut unclosed: HashMap<u8, usize> = HashMap::new();
        let mut at = 0;
        while at < text.len() {
            let end = line_end(text, at);
            let mark = fence(&text[at..end]);
            let mark = mark
                .filter(|(letter, length)| unclosed.get(letter).is_none_or(|none| length < none));
            let until = mark.and_then(|mark| closing_fence(text, end, mark));
            if let Some(until) = until {
                spans.push(Span {
                    range: at..until,
                    fenced: true,
                });
                at = until;
                continue;
            }
            if let Some((letter, length)) = mark {
                unclosed.insert(letter, length);
            }
            inline(&text[at..end], at, &mut spans);
            at = end;
        }
        Self(spans)
    }

    /// Whether the byte at `at` is code.
    pub(crate) fn hold(&self, at: usize) -> bool {
        self.span(at).is_some()
    }

    /// Whether the byte at `at` is code between backticks within a line.
    pub(crate) fn hold_inline(&self, at: usize) -> bool {
        self.span(at).is_some_and(|span| !span.fenced)
    }

    fn span(&self, at: usize) -> Option<&Span> {
        let behind = self.0.partition_point(|span| span.range.start <= at);
        let span = self.0.get(behind.checked_sub(1)?)?;
        span.range.contains(&at).then_some(span)
    }
}

/// The byte behind the line that `at` lies in.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The mark of a line that opens or closes a block: its letter, and how often it stands there.
fn fence(line: &str) -> Option<(u8, usize)> {
    let line = line.trim_start().as_bytes();
    let letter = *line
        .first()
        .filter(|letter| matches!(letter, b'`' | b'~'))?;
    let length = line.iter().take_while(|byte| **byte == letter).count();
    (length >= 3).then_some((letter, length))
}

fn closing_fence(text: &str, from: usize, (letter, length): (u8, usize)) -> Option<usize> {
    let mut at = from;
    while at < text.len() {
        let end = line_end(text, at);
        let line = text[at..end].trim();
        let is_mark = line.bytes().all(|byte| byte == letter);
        if is_mark && line.len() >= length {
            return Some(end);
        }
        at = end;
    }
    None
}

fn inline(line: &str, offset: usize, spans: &mut Vec<Span>) {
    let runs = runs(line.as_bytes());
    let mut next = 0;
    while let Some((start, length)) = runs.get(next).copied() {
        let later = &runs[next + 1..];
        match later.iter().position(|(_, other)| *other == length) {
            Some(found) => {
                let (end, _) = later[found];
                spans.push(Span {
                    range: offset + start..offset + end + length,
                    fenced: false,
                });
                next += found + 2;
            }
            None => next += 1,
        }
    }
}

/// The runs of backticks in a line: where, and how long.
fn runs(line: &[u8]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in line.iter().enumerate().filter(|(_, byte)| **byte == b'`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_between_like_marks() {
        let text = "a `b` c ``d ` e`` ` f\n```rust\ng\n```\nh\n~~~\ni";
        let spans = CodeSpans::of(text);
        let code: String = text
            .char_indices()
            .filter(|(at, _)| spans.hold(*at))
            .map(|(_, letter)| letter)
            .filter(char::is_ascii_lowercase)
            .collect();
        assert_eq!(code, "bderustg");
        let inline = |letter| spans.hold_inline(text.find(letter).expect("letter"));
        assert!(inline("b") && !inline("g") && !inline("a"));
    }
}
