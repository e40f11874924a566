//! Reads verdicts that are no words: ratings ("4.8 out of 5", "2/10", "★★★★☆") and signs (👍).
//!
//! Invariant: looks at a bounded number of bytes from where it is asked.

use super::effect::{Cue, Effect};

/// What stands between a rating and the best there is.
const BETWEEN: [&str; 9] = [
    "/",
    " / ",
    " out of ",
    " of ",
    " sobre ",
    " de cada ",
    " de un maximo de ",
    " de ",
    "-out-of-",
];
/// The names of a star, after a rating out of five.
const STARS: [&str; 4] = [" stars", " star", "-star", " estrellas"];
/// More stars than a row has.
const MOST_STARS: usize = 10;

/// The verdict at the start of `rest` and its length in bytes.
pub(super) fn at(rest: &str) -> Option<(Effect, usize)> {
    let first = rest.chars().next()?;
    if first.is_ascii_digit() {
        number(rest)
    } else {
        sign(first, rest)
    }
}

fn number(rest: &str) -> Option<(Effect, usize)> {
    let (value, length, has_fraction) = decimal(rest)?;
    let after = rest.get(length..)?;
    for between in BETWEEN {
        let Some(after) = after.strip_prefix(between) else {
            continue;
        };
        let (best, more, is_odd) = decimal(after)?;
        let goes_on = after.get(more..)?.starts_with(['/', '-', '%']);
        let is_scale = [5.0, 10.0, 100.0].contains(&best) && !is_odd && !goes_on;
        return (is_scale && value <= best)
            .then(|| (graded(value / best), length + between.len() + more));
    }
    let star = STARS.iter().find(|star| after.starts_with(*star))?;
    let is_rating = value <= 5.0 && (has_fraction || value <= 2.0);
    is_rating.then(|| (graded(value / 5.0), length + star.len()))
}

/// The number at the start of `rest`, its length, and whether it has a fraction.
fn decimal(rest: &str) -> Option<(f32, usize, bool)> {
    let digits = |text: &str| text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    if !(1..=3).contains(&whole) {
        return None;
    }
    let value: f32 = rest.get(..whole)?.parse().ok()?;
    let after = rest.get(whole..)?;
    let Some(fraction) = after.strip_prefix(['.', ',']) else {
        return Some((value, whole, false));
    };
    match digits(fraction) {
        0 => Some((value, whole, false)),
        1 => {
            let tenths: f32 = fraction.get(..1)?.parse().ok()?;
            Some((value + tenths / 10.0, whole + 2, true))
        }
        2 => {
            let hundredths: f32 = fraction.get(..2)?.parse().ok()?;
            Some((value + hundredths / 100.0, whole + 3, true))
        }
        _ => None,
    }
}

fn sign(first: char, rest: &str) -> Option<(Effect, usize)> {
    let stars = |star: char| {
        rest.chars()
            .take(MOST_STARS)
            .take_while(|c| *c == star)
            .count()
    };
    match first {
        '★' | '⭐' => {
            let full = stars(first);
            let length = full * first.len_utf8();
            let empty = rest.get(length..)?;
            let empty = empty
                .chars()
                .take(MOST_STARS)
                .take_while(|c| *c == '☆')
                .count();
            // One star is an ornament.
            let effect = match full {
                1 if empty == 0 => Effect::default(),
                full if full * 5 >= (full + empty).max(5) * 4 => toned(6),
                full if full * 5 > (full + empty).max(5) * 2 => Effect::default(),
                _ => toned(-6),
            };
            Some((effect, length))
        }
        '☆' => Some((Effect::default(), first.len_utf8())),
        '✅' | '✔' | '👍' | '❤' | '💚' => Some((toned(2), first.len_utf8())),
        '❌' | '✖' | '✘' | '👎' | '⚠' | '🚫' => Some((toned(-2), first.len_utf8())),
        _ => None,
    }
}

fn graded(share: f32) -> Effect {
    match share {
        share if share >= 0.8 => toned(6),
        share if share >= 0.7 => toned(1),
        share if share >= 0.55 => toned(-1),
        _ => toned(-6),
    }
}

fn toned(weight: i8) -> Effect {
    Effect {
        cue: Cue::Tone,
        weight,
        ..Effect::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_told_from_other_numbers() {
        for (text, weight, length) in [
            ("4.8 out of 5 stars", 6, 12),
            ("4,7 sobre 5", 6, 11),
            ("9/10.", 6, 4),
            ("1.9 stars", -6, 9),
            ("2/10", -6, 4),
            ("7 de 10", 1, 7),
            ("★★★★★ ", 6, 15),
            ("★★☆☆☆", -6, 6),
            ("👎", -2, 4),
        ] {
            let (effect, read) = at(text).expect(text);
            assert_eq!((effect.weight, read), (weight, length), "{text}");
        }
        for text in [
            "24/7",
            "3/10/2024",
            "12 of 40",
            "5 stars",
            "2019",
            "1,500 of 5",
            "5",
            "x",
        ] {
            assert!(at(text).is_none(), "{text}");
        }
    }
}
