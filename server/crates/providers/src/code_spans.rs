//! Where a Markdown text shows code: what stands there is quoted, and means nothing.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::effort;

/// The pieces of a text that are code, in order: fenced blocks that are closed, and spans between
/// backticks on one line.
pub(crate) struct CodeSpans(Vec<Span>);

/// A piece of code.
pub(crate) struct Span {
    /// Its bytes, the marks around it included.
    pub(crate) range: Range<usize>,
    /// Whether it is a block of lines.
    pub(crate) fenced: bool,
    /// Whether a mark like its own has no partner, on the line or among the blocks: then any of
    /// them may be the odd one, and this piece may be no code.
    pub(crate) is_doubtful: bool,
}

impl CodeSpans {
    /// Those of a part of `text`, which is read as if nothing stood around it.
    pub(crate) fn within(text: &str, part: Range<usize>) -> Self {
        let text = &text[..part.end];
        let closing = ClosingFences::of(text, part.start);
        let mut spans = Vec::new();
        let mut fenced: Vec<(usize, u8)> = Vec::new();
        let mut unclosed: HashSet<u8> = HashSet::new();
        let mut at = part.start;
        while at < text.len() {
            let end = line_end(text, at);
            let mark = fence(&text[at..end]);
            if let Some((mark, until)) = mark.zip(mark.and_then(|mark| closing.behind(end, mark))) {
                fenced.push((spans.len(), mark.0));
                spans.push(Span {
                    range: at..until,
                    fenced: true,
                    is_doubtful: false,
                });
                at = until;
                continue;
            }
            unclosed.extend(mark.map(|(letter, _)| letter));
            inline(&text[at..end], at, &mut spans);
            at = end;
        }
        for (place, letter) in fenced {
            spans[place].is_doubtful = unclosed.contains(&letter);
        }
        Self(spans)
    }

    /// Whether the byte at `at` is code.
    pub(crate) fn hold(&self, at: usize) -> bool {
        self.span(at).is_some()
    }

    /// The piece of code that the byte at `at` lies in.
    pub(crate) fn span(&self, at: usize) -> Option<&Span> {
        let behind = self.0.partition_point(|span| span.range.start <= at);
        let span = self.0.get(behind.checked_sub(1)?)?;
        span.range.contains(&at).then_some(span)
    }
}

/// The lines of a text that may close a block, by the letter of their mark.
struct ClosingFences(HashMap<u8, Vec<ClosingFence>>);

struct ClosingFence {
    at: usize,
    end: usize,
    length: usize,
    /// The longest mark from here on: whether to look for one at all.
    longest: usize,
}

impl ClosingFences {
    fn of(text: &str, from: usize) -> Self {
        let mut found: HashMap<u8, Vec<ClosingFence>> = HashMap::new();
        let mut at = from;
        while at < text.len() {
            let end = line_end(text, at);
            let line = text[at..end].trim();
            let mark = fence(line).filter(|(_, length)| *length == line.len());
            if let Some((letter, length)) = mark {
                found.entry(letter).or_default().push(ClosingFence {
                    at,
                    end,
                    length,
                    longest: length,
                });
            }
            at = end;
        }
        for fences in found.values_mut() {
            let mut longest = 0;
            for fence in fences.iter_mut().rev() {
                longest = longest.max(fence.length);
                fence.longest = longest;
            }
        }
        Self(found)
    }

    /// The byte behind the line that closes a block with this mark.
    fn behind(&self, from: usize, (letter, length): (u8, usize)) -> Option<usize> {
        let fences = self.0.get(&letter)?;
        let later = &fences[fences.partition_point(|fence| fence.at < from)..];
        later.first().filter(|fence| fence.longest >= length)?;
        let place = later.iter().position(|fence| fence.length >= length)?;
        effort::spend(place + 1);
        Some(later[place].end)
    }
}

/// The byte behind the line that `at` lies in.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    effort::spend(end - at);
    end
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

fn inline(line: &str, offset: usize, spans: &mut Vec<Span>) {
    let runs = runs(line.as_bytes());
    let numbered = runs.iter().enumerate();
    let last: HashMap<usize, usize> = numbered.map(|(at, (_, length))| (*length, at)).collect();
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    let mut odd: HashSet<usize> = HashSet::new();
    let mut next = 0;
    while let Some((start, length)) = runs.get(next).copied() {
        // Without a partner there is nothing to look for: long lines hold many marks.
        let later = &runs[next + 1..];
        let has_partner = last.get(&length).is_some_and(|last| *last > next);
        let partner = has_partner.then(|| later.iter().position(|(_, other)| *other == length));
        if let Some(between) = partner.flatten() {
            let (end, _) = later[between];
            found.push((offset + start..offset + end + length, length));
            next += between + 2;
            effort::spend(between + 2);
        } else {
            odd.insert(length);
            next += 1;
        }
    }
    spans.extend(found.into_iter().map(|(range, length)| Span {
        range,
        fenced: false,
        is_doubtful: odd.contains(&length),
    }));
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

    fn code_of(text: &str) -> CodeSpans {
        CodeSpans::within(text, 0..text.len())
    }

    #[test]
    fn code_is_between_like_marks() {
        let text = "a `b` c ``d ` e`` ` f\n```rust\ng\n```\nh\n~~~\ni";
        let spans = code_of(text);
        let code: String = text
            .char_indices()
            .filter(|(at, _)| spans.hold(*at))
            .map(|(_, letter)| letter)
            .filter(char::is_ascii_lowercase)
            .collect();
        assert_eq!(code, "bderustg");
        let fenced = |letter| spans.span(text.find(letter)?).map(|span| span.fenced);
        assert_eq!(["b", "g", "a"].map(fenced), [Some(false), Some(true), None]);
    }

    #[test]
    fn an_odd_mark_makes_those_like_it_doubtful() {
        let is_doubtful = |text: &str, letter| {
            let spans = code_of(text);
            let span = spans.span(text.find(letter).expect("letter"));
            span.map(|span| span.is_doubtful)
        };
        let line = "`b` or `c or ``d``\n`e`";
        assert_eq!(
            ["b", "c", "d", "e"].map(|letter| is_doubtful(line, letter)),
            [Some(true), None, Some(false), Some(false)]
        );
        let blocks = "```\nx\n```\n~~~\ny\n~~~\n```\nz";
        assert_eq!(
            ["x", "y", "z"].map(|letter| is_doubtful(blocks, letter)),
            [Some(true), Some(false), None]
        );
    }

    #[test]
    fn a_part_is_read_as_if_nothing_stood_around_it() {
        let text = "a ` b ` c ` d";
        let from = text.find('b').expect("b");
        let spans = CodeSpans::within(text, from..text.len());
        assert!(spans.hold(text.find('c').expect("c")) && !spans.hold(from));
        assert!(code_of(text).hold(from));
    }

    #[test]
    fn the_effort_follows_the_length() {
        // Each of many marks without a partner, before a text that would be walked through.
        let falling = |mark: &str, behind: &str, many: usize| -> String {
            let marks = (4..many).rev().map(|length| mark.repeat(length) + behind);
            marks.collect()
        };
        for many in [100, 200, 400] {
            let line = falling("`", " ", many) + &"`a` ".repeat(many * many);
            let blocks = falling("~", "x\n", many) + &"a\n~~~\n".repeat(many * many);
            for text in [line, blocks] {
                let spent = effort::of(|| drop(code_of(&text)));
                assert!(spent < 8 * text.len(), "{many}: {spent} for {}", text.len());
            }
        }
    }
}
