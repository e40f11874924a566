//! Bounds how deep quotes, lists and footnotes stand in each other.
//!
//! A parser of Markdown asks of each line which of the open containers it goes on with, so that
//! a text of half containers and half lines takes the square of its length.
//!
//! Invariant: offsets stay what they are, and no visible letter is touched. What no person and
//! no model writes is all that changes.

use std::borrow::Cow;

/// What the containers that a line may stand in take of its beginning at most, in columns: a
/// quote's mark counts as two, the indentation of a list's item is two and more.
const WIDEST: usize = 128;
/// Columns of a mark, and of a tab.
const MARK: usize = 2;
const TAB: usize = 4;
/// Digits of an item's number; more make no list.
const MOST_DIGITS: usize = 9;
/// Bytes of a footnote's label; a longer one ends no mark here and is text.
const LONGEST_LABEL: usize = 1_000;
/// Text to the parser and a space to whoever reads what it shows.
const STOP: u8 = 0x02;

/// `source` with a stop where a line goes deeper: what stands behind is text.
pub(crate) fn bounded(source: &str) -> Cow<'_, str> {
    let mut stops = Vec::new();
    let mut from = 0;
    // Each kind of line end ends a line.
    for line in source
        .as_bytes()
        .split(|byte| matches!(byte, b'\n' | b'\r'))
    {
        stops.extend(too_deep(line).map(|at| from + at));
        from += line.len() + 1;
    }
    if stops.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut bytes = source.as_bytes().to_vec();
    for stop in stops {
        if let Some(byte) = bytes.get_mut(stop) {
            *byte = STOP;
        }
    }
    // One ASCII character stands for another.
    String::from_utf8(bytes).map_or(Cow::Borrowed(source), Cow::Owned)
}

/// Where a line opens or goes on with more containers than there may be.
fn too_deep(line: &[u8]) -> Option<usize> {
    let mut columns = 0;
    let mut at = 0;
    while columns <= WIDEST {
        let rest = line.get(at..)?;
        let (length, width) = match rest.first()? {
            b' ' => (1, 1),
            b'\t' => (1, TAB),
            _ => (mark(rest)?, MARK),
        };
        at += length;
        columns += width;
    }
    // A blank line opens nothing, and must stay one.
    let rest = line.get(at - 1..)?;
    (!rest.trim_ascii().is_empty()).then_some(at - 1)
}

/// The length of the mark of a container that `rest` begins with.
fn mark(rest: &[u8]) -> Option<usize> {
    let ends_at = |at: usize| rest.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    match rest.first()? {
        b'>' => Some(1),
        b'-' | b'*' | b'+' => ends_at(1).then_some(1),
        b'0'..=b'9' => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let is_mark = digits <= MOST_DIGITS && matches!(rest.get(digits), Some(b'.' | b')'));
            (is_mark && ends_at(digits + 1)).then_some(digits + 1)
        }
        b'[' if rest.get(1) == Some(&b'^') => {
            let near = rest.get(..rest.len().min(LONGEST_LABEL))?;
            let close = near.iter().position(|byte| *byte == b']')?;
            (rest.get(close + 1) == Some(&b':')).then_some(close + 2)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_as_it_is() {
        let deep = (0..20).fold(String::new(), |text, depth| {
            text + &"  ".repeat(depth) + "- Kipu\n"
        });
        let blank = " ".repeat(500);
        for text in [
            "",
            "Kipu\r\n\r\n> > 1. Kipu\n",
            "- - - - - - - -\n",
            &deep,
            &blank,
            &format!("Kipu\n{blank}\nAcme"),
        ] {
            assert!(
                matches!(bounded(text), Cow::Borrowed(same) if same == text),
                "{text}"
            );
        }
    }

    #[test]
    fn only_marks_and_indentation_beyond_the_bound_are_stopped() {
        for unit in [
            ">", "> ", "- ", "-\t", "12. ", "[^a]: ", "> - 1) ", " ", "\t",
        ] {
            for end in ["Kipu", "ñ\n> Kipu\rKipu"] {
                let text = unit.repeat(2_000) + end;
                let bounded = bounded(&text);
                let changed: Vec<(u8, u8)> = text
                    .bytes()
                    .zip(bounded.bytes())
                    .filter(|(before, after)| before != after)
                    .collect();
                assert_eq!(bounded.len(), text.len());
                assert!(matches!(changed[..], [(_, STOP)]), "{unit:?} {changed:?}");
                assert!(bounded.ends_with(end), "{unit:?}");
            }
        }
    }
}
