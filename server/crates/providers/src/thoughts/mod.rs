//! Passages of thought in a text, found by one table of tags. They are not part of the answer.
//!
//! Names in thoughts are not mentions, so thoughts are removed before anything is read. Tags around
//! a whole answer are removed too. A text *about* the tags stays whole: tags in code, and tags
//! within an answer that begins without one.

mod reading;
mod tags;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::reading::{Reading, behind_blanks};
use self::tags::wrapper;
use super::Answer;
use super::code_spans::CodeSpans;
use super::effort;

/// No more wrappers are taken off: models write two at most, one in the other.
const MAX_WRAPPERS: usize = 3;

/// Takes what is no answer out of an answer's text. Citations keep their place in what stays; one
/// of which nothing stays is a source that was merely retrieved.
pub(crate) fn take_out(answer: &mut Answer) {
    let gone = RemovedRanges::from(not_answer(&answer.text));
    if gone.ranges.is_empty() {
        return;
    }
    for cited in &mut answer.citations {
        let place = cited.start.zip(cited.end);
        let moved = place.and_then(|(start, end)| gone.moved(start..end));
        if place.is_some() && moved.is_none() {
            cited.cited = false;
        }
        cited.start = moved.as_ref().map(|range| range.start);
        cited.end = moved.map(|range| range.end);
    }
    answer.text = gone.rest_of(&answer.text);
}

/// Pieces that are taken out of a text.
struct RemovedRanges {
    /// Where they stand, in order.
    ranges: Vec<Range<usize>>,
    /// How many bytes are gone before each.
    before: Vec<usize>,
}

impl From<Vec<Range<usize>>> for RemovedRanges {
    fn from(ranges: Vec<Range<usize>>) -> Self {
        let mut sum = 0;
        let mut before = Vec::with_capacity(ranges.len());
        for range in &ranges {
            before.push(sum);
            sum += range.len();
        }
        Self { ranges, before }
    }
}

impl RemovedRanges {
    /// What stays of the text.
    fn rest_of(&self, text: &str) -> String {
        let mut rest = String::with_capacity(text.len());
        let mut at = 0;
        for range in &self.ranges {
            rest.push_str(&text[at..range.start]);
            at = range.end;
        }
        rest.push_str(&text[at..]);
        effort::spend(text.len());
        rest
    }

    /// Where a place is afterwards; `None` if nothing of it stays.
    fn moved(&self, place: Range<usize>) -> Option<Range<usize>> {
        let (start, end) = (self.offset(place.start)?, self.offset(place.end)?);
        (start.place < end.place || (place.is_empty() && !start.is_gone))
            .then_some(start.place..end.place)
    }

    /// Where a byte's place is afterwards; the place of the gap if it is gone.
    fn offset(&self, at: usize) -> Option<Offset> {
        let earlier = self.ranges.partition_point(|range| range.start < at);
        let Some(last) = earlier.checked_sub(1) else {
            return Some(Offset {
                place: at,
                is_gone: false,
            });
        };
        let (range, before) = (self.ranges.get(last)?, self.before.get(last)?);
        let place = range.start.max(at.saturating_sub(range.len())) - before;
        Some(Offset {
            place,
            is_gone: at < range.end,
        })
    }
}

/// A place in what stays of a text.
struct Offset {
    place: usize,
    is_gone: bool,
}

/// What of a text is no answer, in order: the passages of thought and the tags that wrap what
/// stands behind them, the blanks beside each included.
pub(crate) fn not_answer(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut behind = Vec::new();
    let mut thinks_aloud = false;
    let mut part = behind_blanks(text, 0..text.len())..text.len();
    for depth in 0..=MAX_WRAPPERS {
        let Some(at) = Reading::of(text, part.clone()).behind_thoughts() else {
            found.push(part.start..part.end);
            part.start = part.end;
            break;
        };
        if at > part.start {
            thinks_aloud = true;
            found.push(part.start..at);
        }
        part.start = at;
        let end = part.start + text[part.clone()].trim_end().len();
        let wrapped = wrapper(text, part.start..end).filter(|_| depth < MAX_WRAPPERS);
        let Some((open, close)) = wrapped else {
            break;
        };
        let inside = text[open.end..close.start].trim();
        let start = behind_blanks(text, open.end..close.start);
        found.push(open.start..start);
        behind.push(start + inside.len()..part.end);
        part = start..start + inside.len();
    }
    if thinks_aloud {
        found.extend(Reading::of(text, part).later_passages());
    }
    found.extend(behind.into_iter().rev());
    joined(text, found)
}

/// The pieces with the blanks before the first, and one for several that touch.
fn joined(text: &str, pieces: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for mut piece in pieces {
        if found.is_empty() && text[..piece.start].trim().is_empty() {
            piece.start = 0;
        }
        match found.last_mut() {
            Some(last) if last.end == piece.start => last.end = piece.end,
            _ => found.push(piece),
        }
    }
    found
}

/// Where the code of an answer stands: what is code in its first thoughts means nothing behind
/// them, and a mark that they leave open does not reach into it. `gone`: what is no answer.
pub(crate) fn code_of_answer(text: &str, gone: &[Range<usize>]) -> CodeSpans {
    let leading = gone.first().filter(|range| range.start == 0);
    let start = leading.map_or(0, |range| range.end);
    CodeSpans::within(text, start..text.len())
}
