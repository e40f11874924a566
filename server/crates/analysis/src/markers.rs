//! List markers that stand in visible text: `1.`, `1)`, `1 -`, `#1`, `[1]`, keycaps, Roman and
//! CJK numerals, medals, ordinal words, all of them behind any ornament.
//!
//! Invariant: looks at one line only. Whether a number belongs to a list, `lists` decides
//! from its neighbours.

use super::decoration::{self, is_ornament, is_star};
use super::fold::KEYCAP;
use super::numerals::{after_place, cjk_number, numeral, placed};
use super::ordinals;
use super::worded::worded;

/// How an item is marked; items of one list are marked alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// `1.`
    Dot,
    /// `1)`
    Paren,
    /// `(1)`
    Parens,
    /// `[1]`, which marks sources too.
    Square,
    /// `1 -`
    Dash,
    /// `1-` and a letter, as some names begin.
    Tight,
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
    /// 🏆, which is a first place where medals follow.
    Cup,
    /// `IV.`
    Roman,
    /// `三、`
    Cjk,
    /// "Third:"
    Ordinal,
    /// `1` and a space, in a heading or behind an ornament.
    Bare,
    /// `•`
    Bullet,
}

impl Style {
    /// Whether the number has a sign of its own that no word and no name has.
    pub(crate) const fn has_sign(self) -> bool {
        !matches!(
            self,
            Self::Bare
                | Self::Bullet
                | Self::Cup
                | Self::Ordinal
                | Self::Roman
                | Self::Square
                | Self::Tight
        )
    }
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
    let mut text = line.trim_start_matches([' ', '"', '*']);
    if text.starts_with(KEYCAP) {
        // The star is an emoji's.
        text = line.trim_start();
    }
    let indent = line.len() - text.len();
    let (number, style, length) = marker(text, is_heading)?;
    (number <= HIGHEST).then_some(Marker {
        number,
        style,
        length: indent + length,
    })
}

/// Number, style and length of a marker.
pub(crate) type Parsed = Option<(u32, Style, usize)>;

fn marker(text: &str, is_heading: bool) -> Parsed {
    let ornament = decoration::length(text);
    let after = text.get(ornament..)?;
    let medal = medal(text);
    let counted = counted(after, is_heading || ornament > 0)
        // "🥇 3 users" counts users.
        .filter(|(number, style, _)| {
            *style != Style::Bare || medal.is_none_or(|place| place == *number)
        });
    let Some((number, style, length)) = counted else {
        return symbol(text, medal);
    };
    let length = ornament + length;
    Some((
        number,
        style,
        length + repeated(text.get(length..)?, number),
    ))
}

/// Bytes of the same number once more, as in "1️⃣ 1. Kipu" and "#1 🏆 1) Kipu". Words and
/// numbers without a sign may begin a name.
fn repeated(text: &str, number: u32) -> usize {
    let ornament = decoration::length(text);
    let again = text
        .get(ornament..)
        .filter(|rest| !rest.starts_with(char::is_alphabetic))
        .and_then(|rest| counted(rest, false))
        .filter(|(again, style, _)| *again == number && style.has_sign());
    again.map_or(0, |(_, _, length)| ornament + length)
}

/// A number, in whatever way it is written. `may_be_bare`: a space is sign enough behind it.
fn counted(text: &str, may_be_bare: bool) -> Parsed {
    let first = text.chars().next()?;
    match first {
        '0'..='9' => digits(text, may_be_bare),
        '#' => hash(text),
        '\u{2460}'..='\u{2793}' | '\u{3251}'..='\u{32BF}' | '🔟' => circled(first),
        '(' | '[' | '{' | '【' | '〔' | '〈' | '《' | '「' | '『' => bracketed(text, first),
        _ if first.is_alphabetic() => worded(text).or_else(|| numeral(text)).or_else(|| {
            let (number, length) = ordinals::parse(text)?;
            Some((number, Style::Ordinal, length))
        }),
        _ => None,
    }
}

fn circled(character: char) -> Parsed {
    const FIRST: [(char, char, u32); 7] = [
        ('①', '⑳', 1),
        ('⓫', '⓴', 11),
        ('⓵', '⓾', 1),
        ('❶', '❿', 1),
        ('➀', '➉', 1),
        ('➊', '➓', 1),
        ('㉑', '㉟', 21),
    ];
    if character == '🔟' {
        return Some((10, Style::Keycap, character.len_utf8()));
    }
    let (from, _, number) = FIRST
        .iter()
        .find(|(from, to, _)| (from..=to).contains(&&character))?;
    let number = u32::from(character) - u32::from(*from) + number;
    Some((number, Style::Circled, character.len_utf8()))
}

fn hash(text: &str) -> Parsed {
    let after = text.get(1..)?.trim_start_matches(' ');
    let (number, length) = number(after)?;
    let rest = after.get(length..)?;
    let stands_apart = rest
        .chars()
        .next()
        .is_none_or(|next| !next.is_alphanumeric());
    let width = delimiter(rest).map_or(0, |(_, width)| width);
    stands_apart.then_some((number, Style::Hash, text.len() - rest.len() + width))
}

fn bracketed(text: &str, open: char) -> Parsed {
    /// Longer brackets hold words.
    const LONGEST: usize = 12;
    let close = match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '【' => '】',
        '〔' => '〕',
        '〈' => '〉',
        '《' => '》',
        '「' => '」',
        _ => '』',
    };
    let inner = text.get(open.len_utf8()..)?;
    let end = inner
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| *c == close)?
        .0;
    let inside = inner.get(..end)?.trim_matches([' ', '#', '.']);
    let number = number(inside)
        .filter(|(_, length)| *length == inside.len())
        .map(|(number, _)| number)
        .or_else(|| cjk_number(inside))?;
    let style = if open == '[' {
        Style::Square
    } else {
        Style::Parens
    };
    Some((number, style, open.len_utf8() + end + close.len_utf8()))
}

fn medal(text: &str) -> Option<u32> {
    match text.chars().next()? {
        '🥇' => Some(1),
        '🥈' => Some(2),
        '🥉' => Some(3),
        _ => None,
    }
}

/// An ornament that is a marker by itself.
fn symbol(text: &str, medal: Option<u32>) -> Parsed {
    let first = text.chars().next()?;
    if let Some(place) = medal {
        return Some((place, Style::Medal, first.len_utf8()));
    }
    match first {
        '•' | '●' | '▪' | '◦' | '‣' | '·' | '►' | '▶' | '✓' | '✔' | '✅' => {
            Some((0, Style::Bullet, first.len_utf8()))
        }
        '🏆' | '👑' => Some((1, Style::Cup, first.len_utf8())),
        // A dash that Markdown does not take for a bullet.
        '-' if text.get(1..)?.starts_with(' ') => Some((0, Style::Bullet, 1)),
        _ => None,
    }
}

/// The number of up to three digits that a text starts with, and its length.
pub(crate) fn number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3)
        .contains(&length)
        .then(|| text.get(..length)?.parse().ok())
        .flatten()
        .map(|number| (number, length))
}

fn digits(text: &str, may_be_bare: bool) -> Parsed {
    if let Some(keycap) = keycap(text) {
        return Some(keycap);
    }
    let (number, length) = number(text)?;
    let rest = text.get(length..)?;
    if let Some(after) = after_place(rest) {
        return placed(number, text.len() - after.len(), after);
    }
    if let Some((number, length)) = ordinals::parse_figure(text) {
        return Some((number, Style::Ordinal, length));
    }
    if let Some((style, width)) = delimiter(rest) {
        return Some((number, style, length + width));
    }
    let is_bare = may_be_bare && rest.starts_with(' ') && starts_name(rest);
    is_bare.then_some((number, Style::Bare, length))
}

/// Whether letters follow, at most behind ornaments, of which stars would be a score.
pub(crate) fn starts_name(text: &str) -> bool {
    if text.trim_start_matches(' ').starts_with(is_star) {
        return false;
    }
    let after = text.get(decoration::length(text)..).unwrap_or_default();
    after.starts_with(char::is_alphabetic)
}

/// What makes a list marker of the number before it, and its length.
pub(crate) fn delimiter(rest: &str) -> Option<(Style, usize)> {
    let after_space = rest.trim_start_matches(' ');
    let space = rest.len() - after_space.len();
    let first = after_space.chars().next()?;
    let width = width_of_sign(after_space, first);
    let next = after_space.get(width..)?.chars().next();
    let is_open = next.is_none_or(|c| !c.is_ascii_digit() && !matches!(c, '.' | '/'));
    let is_spaced = next.is_none_or(|c| c == ' ');
    // "1 .5" is half, and brackets behind a space hold remarks.
    if space > 1 || (space == 1 && !is_spaced && first.is_ascii()) {
        return None;
    }
    let style = match first {
        '.' | '、' | '。' | '।' | '،' if is_open => Style::Dot,
        ')' | ']' | '}' | '】' | '〉' | '》' if is_open => Style::Paren,
        ':' if is_open => Style::Colon,
        // "»" is folded to a quote.
        '-' | '—' | '―' | '|' | '/' | '>' | '=' | '~' | '"' if is_spaced => Style::Dash,
        '-' | '—' if next.is_some_and(char::is_alphabetic) && space == 0 => Style::Tight,
        // A thread's "2/", an arrow or a dot; stars would be a score.
        _ if !is_star(first) && is_ornament(first) && starts_name(after_space) => Style::Dash,
        _ => return None,
    };
    Some((style, space + width))
}

/// Bytes of the sign that begins with `first`: dashes and arrows may be drawn of several.
fn width_of_sign(text: &str, first: char) -> usize {
    match first {
        '-' | '=' | '~' | '>' => text
            .bytes()
            .take_while(|byte| matches!(byte, b'-' | b'=' | b'~' | b'>'))
            .count(),
        // "1)." and "1):"
        ')' | ']' => {
            let more = text
                .get(1..)
                .is_some_and(|rest| rest.starts_with(['.', ':']));
            1 + usize::from(more)
        }
        _ => first.len_utf8(),
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

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn markers_and_what_only_looks_like_one() {
        for (line, expected) in [
            ("1. Kipu", Some((1, Style::Dot))),
            ("1.Kipu", Some((1, Style::Dot))),
            ("1．Kipu", Some((1, Style::Dot))),
            ("1、Kipu", Some((1, Style::Dot))),
            ("12) Kipu", Some((12, Style::Paren))),
            ("(3) Kipu", Some((3, Style::Parens))),
            ("【3】Kipu", Some((3, Style::Parens))),
            ("[3] Kipu", Some((3, Style::Square))),
            ("1 - Kipu", Some((1, Style::Dash))),
            ("1- Kipu", Some((1, Style::Dash))),
            ("1— Kipu", Some((1, Style::Dash))),
            ("1–Kipu", Some((1, Style::Tight))),
            ("🏆 Kipu", Some((1, Style::Cup))),
            ("1-800 Kipu", None),
            ("1 → Kipu", Some((1, Style::Dash))),
            ("1/ Kipu", Some((1, Style::Dash))),
            ("1). Kipu", Some((1, Style::Paren))),
            ("1): Kipu", Some((1, Style::Paren))),
            ("1 -- Kipu", Some((1, Style::Dash))),
            ("1 --- Kipu", Some((1, Style::Dash))),
            ("1 -> Kipu", Some((1, Style::Dash))),
            ("1» Kipu", Some((1, Style::Dash))),
            ("1 » Kipu", Some((1, Style::Dash))),
            ("1・Kipu", Some((1, Style::Dash))),
            ("1 \"Kipu\"", None),
            ("1 --5", None),
            ("‼️ 1. Kipu", Some((1, Style::Dot))),
            ("… 1. Kipu", Some((1, Style::Dot))),
            ("§ 1. Kipu", Some((1, Style::Dot))),
            ("Auf Platz 1: Kipu", Some((1, Style::Worded))),
            ("Number one: Kipu", Some((1, Style::Worded))),
            ("II miejsce: Kipu", Some((2, Style::Roman))),
            ("꧑. Kipu", Some((1, Style::Dot))),
            ("2: Kipu", Some((2, Style::Colon))),
            ("2 : Kipu", Some((2, Style::Colon))),
            ("#4 Kipu", Some((4, Style::Hash))),
            ("No. 5: Kipu", Some((5, Style::Worded))),
            ("Nº 5 Kipu", Some((5, Style::Worded))),
            ("№5 Kipu", Some((5, Style::Worded))),
            ("Место 5: Kipu", Some((5, Style::Worded))),
            ("3️⃣ Kipu", Some((3, Style::Keycap))),
            ("1️⃣0️⃣ Kipu", Some((10, Style::Keycap))),
            ("② Kipu", Some((2, Style::Circled))),
            ("➋ Kipu", Some((2, Style::Circled))),
            ("㉒ Kipu", Some((22, Style::Circled))),
            ("⒉ Kipu", Some((2, Style::Dot))),
            ("⑵ Kipu", Some((2, Style::Parens))),
            ("🥉 Kipu", Some((3, Style::Medal))),
            ("🥉 3. Kipu", Some((3, Style::Dot))),
            ("🥇 3. Kipu", Some((3, Style::Dot))),
            ("🥇 3 users", Some((1, Style::Medal))),
            ("IV. Kipu", Some((4, Style::Roman))),
            ("二、Kipu", Some((2, Style::Cjk))),
            ("二十三、Kipu", Some((23, Style::Cjk))),
            ("第一名:Kipu", Some((1, Style::Cjk))),
            ("第一名: Kipu", Some((1, Style::Cjk))),
            ("1番目: Kipu", Some((1, Style::Cjk))),
            ("third, Kipu", Some((3, Style::Ordinal))),
            ("1º Kipu", Some((1, Style::Ordinal))),
            ("1-й Kipu", Some((1, Style::Ordinal))),
            ("١. Kipu", Some((1, Style::Dot))),
            ("१) Kipu", Some((1, Style::Paren))),
            ("✅ 5 Kipu", Some((5, Style::Bare))),
            ("✅ Kipu", Some((0, Style::Bullet))),
            ("2025. Kipu", None),
            ("(2025) Kipu", None),
            ("4.5 Kipu", None),
            ("9/10 Kipu", None),
            ("1.2.0 - Kipu", None),
            ("$5 - Kipu", None),
            ("🔹 $5 - Kipu", None),
            ("🔹 4.5 Kipu", None),
            ("🔹 5 € - Kipu", None),
            ("🔹 5% - Kipu", None),
            ("5 ⭐ Kipu", None),
            ("🔹 5 ⭐ Kipu", None),
            ("10:30 Kipu", None),
            ("5 Kipu", None),
            ("Nombre5 Kipu", None),
            ("Kipu", None),
            ("", None),
        ] {
            let found = parse(&fold(line), false).map(|marker| (marker.number, marker.style));
            assert_eq!(found, expected, "{line}");
        }
        assert_eq!(parse("5 kipu", true).map(|m| m.style), Some(Style::Bare));
    }

    #[test]
    fn a_number_that_is_said_twice_is_one_marker() {
        for line in ["1️⃣ 1. Kipu", "🥇 #1: 1) Kipu", "#1 🏆 1) Kipu"] {
            let line = fold(line);
            let marker = parse(&line, false).expect("a marker");
            assert_eq!(marker.number, 1);
            assert_eq!(line[marker.length..].trim(), "kipu", "{line}");
        }
        let other = parse("1. 7) kipu", false).expect("a marker");
        assert_eq!(other.length, 2);
    }
}
