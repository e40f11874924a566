//! Reads numbers in digits, so that their points and commas part no clauses.

/// More digits than a number of a text has.
const MOST_DIGITS: usize = 24;

/// The number at the start of `rest`, whose first word has `word` bytes, and its length.
pub(super) fn at(rest: &str, word: usize) -> Option<(f32, usize)> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let first = rest.get(..word).filter(|first| is_number(first))?;
    let mut value: f32 = first.parse().ok()?;
    let mut length = first.len();
    while let Some(after) = rest.get(length..).filter(|_| length < MOST_DIGITS) {
        let Some(digits) = after.strip_prefix(['.', ',']) else {
            break;
        };
        let count = digits
            .bytes()
            .take(4)
            .take_while(u8::is_ascii_digit)
            .count();
        let Some(part) = digits.get(..count).filter(|part| is_number(part)) else {
            break;
        };
        let part: f32 = part.parse().ok()?;
        // Three digits behind a point or comma are thousands.
        value = match count {
            1 => value + part / 10.0,
            2 => value + part / 100.0,
            3 => value * 1000.0 + part,
            _ => value,
        };
        length += 1 + count;
    }
    Some((value, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_their_points_and_commas() {
        for (text, word, number, length) in [
            ("4,200 pounds", 1, 4200.0, 5),
            ("7.1, then", 1, 7.1, 3),
            ("12. Then", 2, 12.0, 2),
            ("8,75 euros", 1, 8.75, 4),
        ] {
            let (value, read) = at(text, word).expect(text);
            assert!((value - number).abs() < 0.01, "{text}");
            assert_eq!(read, length, "{text}");
        }
        assert!(at("2nd", 3).is_none());
        assert!(at("", 0).is_none());
    }
}
