//! List markers that stand in visible text: `1.`, `1)`, `1 -`, `#1`, keycaps, Roman and CJK
//! numerals, medals, ordinal words.
//!
//! Invariant: looks at one line only. Whether a number belongs to a list, `lists` decides
//! from its neighbours.

use super::fold::KEYCAP;
use super::ordinals;

/// How an item is marked; items of one list are marked alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// `1.`
    Dot,
    /// `1)`
    Paren,
    /// `(1)`
    Parens,
    /// `1 -`
    Dash,
    /// `1:`
    Colon,
    /// `#1`
    Hash,
    /// `No. 1`
    Worded,
    /// An emoji digit.
    Keycap,
    /// ①
    Circled,
    /// 🥇
    Medal,
    /// `IV.`
    Roman,
    /// `三、`
    Cjk,
    /// "Third:"
    Ordinal,
    /// `1` and a space, in a heading.
    Bare,
    /// `•`
    Bullet,
}

/// A marker at a line's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) number: u32,
    pub(crate) style: Style,
    /// Its length in the line.
    pub(crate) length: usize,
}

/// Numbers beyond this are years, prices or scores.
pub(crate) const HIGHEST: u32 = 500;

/// The marker that a folded line starts with.
pub(crate) fn parse(line: &str, is_heading: bool) -> Option<Marker> {
    let text = line.trim_start_matches([' ', '"', '*']);
    let indent = line.len() - text.len();
    let (number, style, length) = symbol(text)
        .or_else(|| digits(text, is_heading))
        .or_else(|| worded(text))
        .or_else(|| numeral(text))
        .or_else(|| {
            let (number, length) = ordinals::parse(text)?;
            Some((number, Style::Ordinal, length))
        })?;
    (number <= HIGHEST).then_some(Marker {
        number,
        style,
        length: indent + length,
    })
}

type Parsed = Option<(u32, Style, usize)>;

fn symbol(text: &str) -> Parsed {
    let first = text.chars().next()?;
    let length = first.len_utf8();
    let circled = |from: char| u32::from(first) - u32::from(from) + 1;
    match first {
        '🥇' => Some((1, Style::Medal, length)),
        '🥈' => Some((2, Style::Medal, length)),
        '🥉' => Some((3, Style::Medal, length)),
        '🔟' => Some((10, Style::Keycap, length)),
        '①'..='⑳' => Some((circled('①'), Style::Circled, length)),
        '❶'..='❿' => Some((circled('❶'), Style::Circled, length)),
        '➀'..='➉' => Some((circled('➀'), Style::Circled, length)),
        '•' | '●' | '▪' | '◦' | '‣' | '·' | '►' | '▶' | '✓' | '✔' | '✅' => {
            Some((0, Style::Bullet, length))
        }
        '#' => {
            let (number, length) = number(text.get(1..)?)?;
            let after = text.get(1 + length..)?.chars().next()?;
            (!after.is_alphanumeric()).then_some((number, Style::Hash, 1 + length))
        }
        '(' => {
            let inside = text.get(1..text.find(')')?)?;
            let number = number(inside)
                .filter(|(_, length)| *length == inside.len())
                .map(|(number, _)| number)
                .or_else(|| position_in(CJK, inside))?;
            Some((number, Style::Parens, inside.len() + 2))
        }
        // A dash that Markdown does not take for a bullet.
        '-' if text.get(1..)?.starts_with(' ') => Some((0, Style::Bullet, 1)),
        _ => None,
    }
}

fn number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3)
        .contains(&length)
        .then(|| text.get(..length)?.parse().ok())
        .flatten()
        .map(|number| (number, length))
}

fn digits(text: &str, is_heading: bool) -> Parsed {
    if let Some(keycap) = keycap(text) {
        return Some(keycap);
    }
    let (number, length) = number(text)?;
    let rest = text.get(length..)?;
    if let Some(after) = rest.strip_prefix(PLACES) {
        return placed(number, text.len() - after.len(), after);
    }
    if let Some((style, width)) = delimiter(rest) {
        return Some((number, style, length + width));
    }
    let is_bare =
        is_heading && rest.starts_with(' ') && rest.trim_start().starts_with(char::is_alphabetic);
    is_bare.then_some((number, Style::Bare, length))
}

/// What makes a list marker of the number before it, and its length.
fn delimiter(rest: &str) -> Option<(Style, usize)> {
    let mut characters = rest.chars();
    let first = characters.next()?;
    let next = characters.next();
    let is_open = next.is_none_or(|c| !c.is_ascii_digit() && !matches!(c, '.' | '/'));
    let is_spaced = next.is_none_or(|c| c == ' ');
    match first {
        '.' | '、' | '。' if is_open => Some((Style::Dot, first.len_utf8())),
        ')' if is_open => Some((Style::Paren, 1)),
        ':' if is_open => Some((Style::Colon, 1)),
        '-' | '—' | '|' if is_spaced => Some((Style::Dash, first.len_utf8())),
        ' ' if matches!(next, Some('-' | '—' | '|')) && characters.next() == Some(' ') => {
            Some((Style::Dash, 1 + next.map_or(0, char::len_utf8)))
        }
        _ => None,
    }
}

fn keycap(text: &str) -> Parsed {
    let mut number = 0_u32;
    let mut length = 0;
    let mut characters = text.chars();
    while let Some(digit) = characters.next().and_then(|c| c.to_digit(10)) {
        if characters.next() != Some(KEYCAP) || number > HIGHEST {
            break;
        }
        number = number * 10 + digit;
        length += 1 + KEYCAP.len_utf8();
    }
    (length > 0).then_some((number, Style::Keycap, length))
}

fn worded(text: &str) -> Parsed {
    const WORDS: &[&str] = &[
        "no.", "no", "n.o", "nr.", "nr", "num.", "number", "numero", "nummer", "top", "rank",
        "puesto", "platz", "place", "position", "posicion", "posto", "option", "opcion", "pick",
    ];
    let after = WORDS.iter().find_map(|word| {
        let rest = text.strip_prefix(word)?;
        let trimmed = rest.trim_start_matches([' ', '#']);
        trimmed
            .starts_with(|c: char| c.is_ascii_digit())
            .then_some(trimmed)
    })?;
    let (number, length) = number(after)?;
    let rest = after.get(length..)?;
    let width = delimiter(rest)?.1;
    Some((number, Style::Worded, text.len() - rest.len() + width))
}

/// "Place" behind a number, in Chinese, Japanese and Korean.
const PLACES: [char; 4] = ['名', '位', '위', '등'];

const CJK: &[&str] = &["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// The marker of a place that ends at `length`, if what follows is apart from it.
fn placed(number: u32, length: usize, rest: &str) -> Parsed {
    let width = match delimiter(rest) {
        Some((_, width)) => width,
        None if rest.starts_with(' ') => 0,
        None => return None,
    };
    Some((number, Style::Cjk, length + width))
}

fn position_in(list: &[&str], word: &str) -> Option<u32> {
    let index = list.iter().position(|known| *known == word)?;
    u32::try_from(index + 1).ok()
}

fn numeral(text: &str) -> Parsed {
    const ROMAN: &[&str] = &[
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv",
        "xv", "xvi", "xvii", "xviii", "xix", "xx",
    ];
    if let Some(after) = text.strip_prefix('第')
        && let Some((number, length)) = number(after)
    {
        let rest = after.get(length..)?;
        let rest = rest.strip_prefix(PLACES).unwrap_or(rest);
        return placed(number, text.len() - rest.len(), rest);
    }
    let (text_after, prefix) = match text.strip_prefix('第') {
        Some(rest) => (rest, '第'.len_utf8()),
        None => (text, 0),
    };
    let length = text_after
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text_after.len());
    let word = text_after.get(..length)?;
    let word = word.strip_suffix(PLACES).unwrap_or(word);
    let style_and_number = position_in(ROMAN, word)
        .filter(|_| prefix == 0)
        .map(|n| (Style::Roman, n))
        .or_else(|| position_in(CJK, word).map(|n| (Style::Cjk, n)))?;
    let (_, width) = delimiter(text_after.get(length..)?)?;
    Some((
        style_and_number.1,
        style_and_number.0,
        prefix + length + width,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_and_what_only_looks_like_one() {
        for (line, expected) in [
            ("1. kipu", Some((1, Style::Dot))),
            ("1.kipu", Some((1, Style::Dot))),
            ("12) kipu", Some((12, Style::Paren))),
            ("(3) kipu", Some((3, Style::Parens))),
            ("1 - kipu", Some((1, Style::Dash))),
            ("1- kipu", Some((1, Style::Dash))),
            ("2: kipu", Some((2, Style::Colon))),
            ("#4 kipu", Some((4, Style::Hash))),
            ("no. 5: kipu", Some((5, Style::Worded))),
            ("3\u{20E3} kipu", Some((3, Style::Keycap))),
            ("1\u{20E3}0\u{20E3} kipu", Some((10, Style::Keycap))),
            ("② kipu", Some((2, Style::Circled))),
            ("🥉 kipu", Some((3, Style::Medal))),
            ("iv. kipu", Some((4, Style::Roman))),
            ("二、kipu", Some((2, Style::Cjk))),
            ("第一名:kipu", Some((1, Style::Cjk))),
            ("第一名: kipu", Some((1, Style::Cjk))),
            ("third, kipu", Some((3, Style::Ordinal))),
            ("2025. kipu", None),
            ("(2025) kipu", None),
            ("[1] kipu", None),
            ("4.5 kipu", None),
            ("9/10 kipu", None),
            ("1.2.0 - kipu", None),
            ("$5 - kipu", None),
            ("10:30 kipu", None),
            ("5 kipu", None),
            ("kipu", None),
            ("", None),
        ] {
            let found = parse(line, false).map(|marker| (marker.number, marker.style));
            assert_eq!(found, expected, "{line}");
        }
        assert_eq!(parse("5 kipu", true).map(|m| m.style), Some(Style::Bare));
    }
}
