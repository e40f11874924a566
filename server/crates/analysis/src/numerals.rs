//! Numbers that are written in letters: Roman ones, and those of China, Japan and Korea with
//! their words for a place.
//!
//! Invariant: looks at the start of one line only.

use super::markers::{Parsed, Style, delimiter, number};
use super::ordinals;

/// "Place" behind a number, in Chinese, Japanese and Korean; the longer before the shorter.
const PLACES: [&str; 11] = [
    "번째", "番目", "つ目", "순위", "名", "位", "위", "등", "번", "番", "个",
];

/// What follows such a word.
pub(crate) fn after_place(text: &str) -> Option<&str> {
    PLACES.iter().find_map(|place| text.strip_prefix(place))
}

/// A Roman numeral of 1 to 20, folded.
pub(crate) fn roman(word: &str) -> Option<u32> {
    const ROMAN: &[&str] = &[
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv",
        "xv", "xvi", "xvii", "xviii", "xix", "xx",
    ];
    let place = ROMAN.iter().position(|known| *known == word)?;
    u32::try_from(place + 1).ok()
}

/// A number of 1 to 99 in Chinese characters, also those of banks.
pub(crate) fn cjk_number(word: &str) -> Option<u32> {
    let digit = |c: char| {
        let digits = [
            "一壹壱",
            "二贰弐",
            "三叁参",
            "四肆",
            "五伍",
            "六陆",
            "七柒",
            "八捌",
            "九玖",
        ];
        (1..)
            .zip(digits)
            .find(|(_, ways)| ways.contains(c))
            .map(|(number, _)| number)
    };
    let is_ten = |c: &char| matches!(c, '十' | '拾');
    let mut characters = word.chars();
    let (first, second, third) = (characters.next()?, characters.next(), characters.next());
    if characters.next().is_some() {
        return None;
    }
    match (first, second, third) {
        (ten, None, None) if is_ten(&ten) => Some(10),
        (one, None, None) => digit(one),
        (ten, Some(one), None) if is_ten(&ten) => Some(10 + digit(one)?),
        (tens, Some(ten), None) if is_ten(&ten) => Some(10 * digit(tens)?),
        (tens, Some(ten), Some(one)) if is_ten(&ten) => Some(10 * digit(tens)? + digit(one)?),
        _ => None,
    }
}

/// The marker of a place that ends at `length`, if what follows is apart from it.
pub(crate) fn placed(number: u32, length: usize, rest: &str) -> Parsed {
    let width = match delimiter(rest) {
        Some((_, width)) => width,
        None if rest.is_empty() || rest.starts_with(' ') => 0,
        None => return None,
    };
    Some((number, Style::Cjk, length + width))
}

/// A Roman numeral, or one of Chinese, Japanese or Korean, that a text starts with.
pub(crate) fn numeral(text: &str) -> Parsed {
    if let Some(after) = text.strip_prefix(['第', '제'])
        && let Some((number, length)) = number(after)
    {
        let rest = after.get(length..)?;
        let rest = after_place(rest).unwrap_or(rest);
        return placed(number, text.len() - rest.len(), rest);
    }
    let (text_after, prefix) = match text.strip_prefix('第') {
        Some(rest) => (rest, '第'.len_utf8()),
        None => (text, 0),
    };
    let length = text_after
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text_after.len());
    // Longer words are no numerals, nor are Latin ones of other letters.
    let word = text_after.get(..length).filter(|word| word.len() <= 24)?;
    if word.starts_with(|c: char| c.is_ascii_lowercase() && !matches!(c, 'i' | 'v' | 'x')) {
        return None;
    }
    if prefix == 0
        && let Some(number) = roman(word)
    {
        let rest = text_after.get(length..)?;
        // "II miejsce"
        let width = ordinals::place_phrase(rest).or_else(|| end_of_word(rest))?;
        return Some((number, Style::Roman, length + width));
    }
    let figure = PLACES.iter().find_map(|place| word.strip_suffix(place));
    let number = cjk_number(figure.unwrap_or(word))?;
    let width = end_of_word(text_after.get(length..)?)?;
    Some((number, Style::Cjk, prefix + length + width))
}

/// The length of the sign behind a word that is a number; none is needed at the end.
fn end_of_word(rest: &str) -> Option<usize> {
    if rest.is_empty() {
        return Some(0);
    }
    Some(delimiter(rest)?.1)
}
