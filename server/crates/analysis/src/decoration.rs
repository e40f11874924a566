//! Ornaments around a list's number: emoji, ticks, arrows, bullets, stars, boxes.
//!
//! Invariant: what tells what a number is (a currency, a sign, a per cent) is no ornament.

use super::fold::KEYCAP;

/// A short name of an emoji, in colons, is at most so long.
const LONGEST_SHORT_NAME: usize = 40;

/// Bytes of the ornaments and spaces that a folded line starts with.
pub(crate) fn length(text: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let length = match rest.bytes().next() {
            None => break,
            Some(b' ') => 1,
            Some(byte) if byte.is_ascii_alphanumeric() => break,
            Some(byte) if byte.is_ascii() => ascii(rest),
            Some(_) => symbol(rest),
        };
        if length == 0 {
            break;
        }
        at += length;
    }
    at
}

/// Bytes of the ornament, if one, that is no ASCII character.
fn symbol(text: &str) -> usize {
    let first = text.chars().next();
    first.filter(|c| is_ornament(*c)).map_or(0, char::len_utf8)
}

/// Bytes of an ornament made of ASCII: arrows, lines, quotes, exclamation marks, boxes to tick,
/// names of emoji.
fn ascii(text: &str) -> usize {
    // "‼" and "⁉" are folded to these.
    let is_exclaimed = |byte: &u8| matches!(byte, b'!' | b'?');
    let is_drawn = |byte: &u8| {
        matches!(byte, b'*' | b'"' | b'\'' | b'_' | b'|' | b'>' | b'^') || is_exclaimed(byte)
    };
    let is_sign = |byte: &u8| matches!(byte, b'-' | b'+' | b'=' | b'~');
    let bytes = text.as_bytes();
    if text
        .strip_prefix(['#', '*'])
        .is_some_and(|rest| rest.starts_with(KEYCAP))
    {
        return 1 + KEYCAP.len_utf8();
    }
    match bytes {
        [b'[', b' ' | b'x' | b'*', b']', ..] => 3,
        [b'[', ..] => {
            let inside = text.get(1..).map_or(0, symbol);
            let is_box = inside > 0 && bytes.get(1 + inside) == Some(&b']');
            if is_box { inside + 2 } else { 0 }
        }
        [b':', ..] => short_name(bytes),
        // "…", where one dot before a figure makes a fraction of it.
        [b'.', b'.', ..] => bytes.iter().take_while(|byte| **byte == b'.').count(),
        _ => {
            let run = bytes
                .iter()
                .take_while(|byte| is_drawn(byte) || is_sign(byte))
                .count();
            let drawn = bytes.get(..run).unwrap_or_default();
            // "-5" and "~5" are numbers.
            let stands_apart = matches!(bytes.get(run), None | Some(b' '));
            let is_number = !drawn.contains(&b'>') && drawn.iter().any(is_sign);
            if stands_apart || !is_number { run } else { 0 }
        }
    }
}

/// Bytes of `:trophy:`.
fn short_name(bytes: &[u8]) -> usize {
    let name = bytes.iter().skip(1).take(LONGEST_SHORT_NAME);
    let length = name
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'))
        .count();
    let is_name = length > 1
        && bytes.get(1 + length) == Some(&b':')
        && bytes.get(1).is_some_and(u8::is_ascii_alphabetic);
    if is_name { length + 2 } else { 0 }
}

/// Whether a folded character beyond ASCII only adorns.
pub(crate) fn is_ornament(character: char) -> bool {
    // Circled numbers and brackets, which are counted with; per mille; a dollar.
    let is_sign = matches!(
        character,
        '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3008}'..='\u{3011}'
        | '\u{3014}'..='\u{301B}' | '‰' | '‱' | '💲'
    );
    let is_picture = matches!(character,
        '·' | '¦' | '¶' | '§' | '¡' | '¿' | '・' | '๏' | '٭' | '۞' | '√'
        | '\u{2010}'..='\u{206F}'
        | '\u{2190}'..='\u{21FF}' // arrows
        | '∎' | '∗' | '∘' | '∙' | '⊕'..='⊡' | '⊳' | '⊲' | '⋄'..='⋆' | '≫'
        | '\u{2300}'..='\u{243F}' // clocks, keys
        | '\u{2500}'..='\u{2BFF}' // boxes, shapes, stars, ticks, more arrows
        | '\u{2E00}'..='\u{2E7F}' | '\u{3003}'..='\u{303F}'
        | '\u{E000}'..='\u{F8FF}' // letters of icons
        | '\u{FFFC}' | '\u{FFFD}'
        | '\u{1F000}'..='\u{1FBFF}'
    );
    is_picture && !is_sign && !character.is_alphanumeric()
}

/// Stars behind a number are a score.
pub(crate) const fn is_star(character: char) -> bool {
    matches!(character, '⭐' | '🌟' | '★' | '☆' | '✩'..='✰' | '⚝' | '⋆')
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn ornaments_end_where_the_number_begins() {
        for ornament in [
            "🔹",
            "❤️",
            "👨‍👩‍👧‍👦",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "🇪🇸",
            "👍🏽",
            "✅",
            "✔️",
            "☑",
            "➡️",
            "→",
            "⇒",
            "►",
            "•",
            "◦",
            "★",
            "☆",
            "■",
            "◆",
            "▶",
            "❖",
            "✿",
            "➤",
            "※",
            "│",
            "⠿",
            "‼️",
            "⁉️",
            "!",
            "！",
            "!!!",
            "…",
            "...",
            "§",
            "・",
            "･",
            "√",
            "๏",
            "#️⃣",
            "*️⃣",
            "ℹ️",
            "㊙️",
            "🈁",
            "🅰️",
            "🆕",
            "💯",
            "🔝",
            "->",
            "=>",
            ">>",
            "~",
            "+",
            "[x]",
            "[✓]",
            ":trophy:",
            "🥇🥇",
            "✨ 🏆",
            "\u{F0A7}",
        ] {
            for gap in ["", " "] {
                let line = fold(&format!("{ornament}{gap}1. Kipu"));
                let at = length(&line);
                let is_sign = matches!(ornament, "+" | "~");
                let expected = if is_sign && gap.is_empty() {
                    &line
                } else {
                    "1. kipu"
                };
                assert_eq!(&line[at..], expected, "{ornament}");
            }
        }
    }

    #[test]
    fn what_says_what_a_number_is_is_none() {
        for line in [
            "$1", "€ 1", "-1", "~1", "+1", "±1", "≈1", "%1", "<1", ".1", "(1)", "[1]", "#1", "💲1",
            "@1",
        ] {
            assert_eq!(length(&fold(line)), 0, "{line}");
        }
    }
}
