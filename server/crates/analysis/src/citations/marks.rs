//! The signs in a text that stand for a source: `[1]`, `[2][3]`, `【1†source】`, links.
//!
//! Invariant: marks lie on character boundaries, in order, and none overlaps another. Linear in
//! the text and in its sources.

use std::collections::HashMap;

use super::{MAX_URL, page};

/// More text than this is no answer; its marks are not looked for.
const MAX_TEXT: usize = 256 * 1024;
/// Digits of a source's number.
const MAX_DIGITS: usize = 3;
/// Bytes of what `【1†…】` tells behind its number.
const LONGEST_MARK_DETAIL: usize = 200;

/// A source, as far as its marks go.
#[derive(Clone, Copy, Debug)]
pub struct Marked<'a> {
    /// Its address.
    pub url: &'a str,
    /// The title that came with it.
    pub title: Option<&'a str>,
    /// Byte range of what cites it, where the provider says.
    pub range: Option<(usize, usize)>,
}

/// A sign in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Byte offset of its first byte.
    pub start: usize,
    /// Byte offset behind its last.
    pub end: usize,
    /// Which source it stands for: a place in the list of sources.
    pub source: usize,
}

/// The signs in `text` that stand for one of `sources`.
///
/// The source of a number is known from sources whose range is such a sign, and from lines of the
/// text that say so (`[1]: https://…`). Only for `【1†…】` the order of the sources counts as well. A
/// link to the page of a source stands for that source.
pub fn marks(text: &str, sources: &[Marked<'_>]) -> Vec<Mark> {
    if text.len() > MAX_TEXT || sources.is_empty() {
        return Vec::new();
    }
    let mut pages = HashMap::new();
    for (index, source) in sources.iter().enumerate() {
        if let Some(found) = page(source.url, source.title) {
            pages.entry(found.key).or_insert(index);
        }
    }
    let by_address = |url: &str| page(url, None).and_then(|page| pages.get(&page.key).copied());
    let mut ranges = HashMap::new();
    for (index, source) in sources.iter().enumerate() {
        if let Some(range) = source.range {
            ranges.entry(range).or_insert(index);
        }
    }
    let signs = signs(text);
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    for sign in &signs {
        let told = ranges.get(&(sign.start, sign.end)).copied();
        let defined = || defined_at(text, sign).and_then(by_address);
        if let Some(source) = told.or_else(defined) {
            numbers.entry(sign.number).or_insert(source);
        }
    }
    let in_order = |sign: &Sign| {
        let index = usize::try_from(sign.number).ok()?.checked_sub(1)?;
        (sign.is_lenticular && index < sources.len()).then_some(index)
    };
    let mut marks: Vec<Mark> = signs
        .iter()
        .filter_map(|sign| {
            let known = numbers.get(&sign.number).copied();
            Some(Mark {
                start: sign.start,
                end: sign.end,
                source: known.or_else(|| in_order(sign))?,
            })
        })
        .collect();
    marks.extend(links(text).filter_map(|(start, end, url)| {
        let source = by_address(url)?;
        Some(Mark { start, end, source })
    }));
    marks.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
    let mut cut = 0;
    marks.retain(|mark| {
        let is_free = mark.start >= cut;
        if is_free {
            cut = mark.end;
        }
        is_free
    });
    marks
}

/// A number in brackets.
struct Sign {
    start: usize,
    end: usize,
    number: u32,
    is_lenticular: bool,
}

fn signs(text: &str) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(['[', '【']) {
        let start = from + at;
        let found = sign(text, start);
        from = found.as_ref().map_or_else(
            || start + text[start..].chars().next().map_or(1, char::len_utf8),
            |sign| sign.end,
        );
        signs.extend(found);
    }
    signs
}

fn sign(text: &str, start: usize) -> Option<Sign> {
    let is_lenticular = text[start..].starts_with('【');
    let open = if is_lenticular { '【'.len_utf8() } else { 1 };
    let inside = &text[start + open..];
    let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=MAX_DIGITS).contains(&digits) {
        return None;
    }
    let number = inside[..digits].parse().ok()?;
    let rest = &inside[digits..];
    let length = if is_lenticular {
        // `【3:0†name】`: the name is short and has no brackets.
        let near = rest.floor_char_boundary(LONGEST_MARK_DETAIL + '】'.len_utf8());
        let close = rest[..near].find('】')?;
        let told = &rest[..close];
        let is_sign = told.is_empty() || told.starts_with('†') || told.starts_with(':');
        is_sign.then_some(close + '】'.len_utf8())?
    } else {
        rest.starts_with(']').then_some(1)?
    };
    let end = start + open + digits + length;
    // `[1](https://…)` is a link.
    if !is_lenticular && text[end..].starts_with('(') {
        return None;
    }
    Some(Sign {
        start,
        end,
        number,
        is_lenticular,
    })
}

/// The address of a line that says what a number stands for: `[1]: https://…`, `[1] https://…`.
fn defined_at<'a>(text: &'a str, sign: &Sign) -> Option<&'a str> {
    // Only what adorns the start of a line is gone back over: one line may hold many signs.
    let before = text[..sign.start].trim_end_matches([' ', '-', '*', '>']);
    if !(before.is_empty() || before.ends_with('\n')) {
        return None;
    }
    let line = text[sign.end..].lines().next()?;
    let rest = line.strip_prefix(':').unwrap_or(line).trim_start();
    let address = rest.split_whitespace().next()?.trim_matches(['<', '>']);
    (address.starts_with("https://") || address.starts_with("http://")).then_some(address)
}

/// Links with a web address as target: where they stand, and the target.
fn links(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    // The bracket or line end before each, and the end behind it, which later ones may share.
    let (mut seen, mut before, mut end) = (0, None, Next::default());
    text.match_indices("](http").filter_map(move |(middle, _)| {
        let nearer = text[seen..middle].rfind(['[', '\n']);
        before = nearer.map(|at| seen + at).or(before);
        seen = middle;
        let label = before.filter(|at| text[*at..].starts_with('['))?;
        let target = middle + 2;
        // A longer address is none.
        let near = text.floor_char_boundary(target + MAX_URL + 1);
        let length = text[target..near].find([')', ' ', '\n'])?;
        let url = &text[target..target + length];
        let close = end.behind(text, target + length, [')', '\n'])?;
        let is_one_line = text[close..].starts_with(')');
        is_one_line.then_some((label, close + 1, url))
    })
}

/// Finds the next of some characters behind places that ascend, and looks at no byte twice.
#[derive(Default)]
struct Next {
    /// What was found last; the end of the text where there is no more.
    found: Option<usize>,
}

impl Next {
    fn behind(&mut self, text: &str, from: usize, wanted: [char; 2]) -> Option<usize> {
        let known = self.found.filter(|at| *at >= from);
        let at = known.unwrap_or_else(|| {
            let next = text[from..].find(wanted);
            next.map_or(text.len(), |at| from + at)
        });
        self.found = Some(at);
        (at < text.len()).then_some(at)
    }
}
