//! The signs in a text that stand for a source: `[1]`, `[2][3]`, `【1†source】`, links.
//!
//! Invariant: marks lie on character boundaries, in order, and none overlaps another.

use std::collections::HashMap;

use super::page;

/// More text than this is no answer; its marks are not looked for.
const MAX_TEXT: usize = 256 * 1024;
/// Digits of a source's number.
const MAX_DIGITS: usize = 3;

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
/// What number stands for which source is told by the sources whose range is such a sign; by
/// lines of the text that say so (`[1]: https://…`); and, for `【1†…】` alone, by the sources'
/// order. A link whose target is the page of a source stands for it.
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
    let signs = signs(text);
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    for sign in &signs {
        let told = sources
            .iter()
            .position(|source| source.range == Some((sign.start, sign.end)));
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
        let close = rest.find('】').filter(|at| *at <= 200)?;
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
    let before = text[..sign.start].rsplit('\n').next().unwrap_or_default();
    if !before.trim_matches([' ', '-', '*', '>']).is_empty() {
        return None;
    }
    let line = text[sign.end..].lines().next()?;
    let rest = line.strip_prefix(':').unwrap_or(line).trim_start();
    let address = rest.split_whitespace().next()?.trim_matches(['<', '>']);
    (address.starts_with("https://") || address.starts_with("http://")).then_some(address)
}

/// Links with a web address as target: where they stand, and the target.
fn links(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    text.match_indices("](http").filter_map(|(middle, _)| {
        let label = text[..middle].rfind(['[', '\n'])?;
        if !text[label..].starts_with('[') {
            return None;
        }
        let target = middle + 2;
        let length = text[target..].find([')', ' ', '\n'])?;
        let url = &text[target..target + length];
        let close = text[target + length..].find(')')?;
        let is_one_line = !text[target + length..target + length + close].contains('\n');
        is_one_line.then_some((label, target + length + close + 1, url))
    })
}
