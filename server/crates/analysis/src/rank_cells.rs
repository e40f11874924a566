//! The rank that a cell of a table says, whatever stands around its number.
//!
//! Invariant: looks at one cell. Whether its column holds ranks, `rank_table` decides.

use std::ops::Range;

use super::decoration;
use super::markers::{self, HIGHEST};
use super::ordinals::place_phrase;

/// The rank in a cell: "1", "1.", "#1", "1st", "1. Platz", "1 (↑2)", "1 of 3", a medal or
/// keycap, among ornaments.
pub(crate) fn cell_number(text: &str, cell: &Range<usize>) -> Option<u32> {
    let shown = text.get(cell.clone())?.trim();
    // "=1" is shared with others.
    let shown = shown.strip_prefix('=').unwrap_or(shown);
    let number = plain_number(shown).or_else(|| {
        let marker = markers::parse(shown, false)?;
        let adds = shown.get(marker.length..)?;
        adds_nothing(adds).then_some(marker.number)
    })?;
    (1..=HIGHEST).contains(&number).then_some(number)
}

/// "1", "1.", "#1)", "🥇 1".
fn plain_number(shown: &str) -> Option<u32> {
    let figure = shown.get(decoration::length(shown)..)?;
    let figure = figure.trim_start_matches('#');
    let (number, length) = markers::number(figure)?;
    let rest = figure.get(length..)?;
    let rest = rest.trim_start_matches(['.', ')', ':', '=']);
    adds_nothing(rest).then_some(number)
}

/// Whether what stands behind a rank in its cell leaves it one: ornaments, a word for a place,
/// a remark in brackets, how far it moved, out of how many.
fn adds_nothing(rest: &str) -> bool {
    let rest = rest
        .get(place_phrase(rest).unwrap_or(0)..)
        .unwrap_or_default();
    let is_arrow = |c: char| {
        matches!(
            c,
            '↑' | '↓' | '⬆' | '⬇' | '▲' | '▼' | '△' | '▽' | '🔺' | '🔻' | '🔼' | '🔽'
        )
    };
    let moved = rest.trim_start().strip_prefix(is_arrow);
    let is_move = moved.is_some_and(|by| by.trim().bytes().all(|byte| byte.is_ascii_digit()));
    let remark = rest.get(decoration::length(rest)..).unwrap_or_default();
    let is_remark = remark.starts_with(['(', '[']) && remark.ends_with([')', ']']);
    remark.is_empty() || is_move || is_remark || says_total(rest)
}

/// "of 3", "von 3".
fn says_total(rest: &str) -> bool {
    const OF: &[&str] = &["of", "de", "sur", "von", "di", "su", "van", "z", "av", "из"];
    let mut words = rest.split_whitespace();
    let is_of = rest.starts_with(' ') && words.next().is_some_and(|word| OF.contains(&word));
    let total = words.next().and_then(|word| word.parse::<u32>().ok());
    is_of && total.is_some() && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn ranks_of_cells() {
        for (cell, expected) in [
            ("1", Some(1)),
            ("1.", Some(1)),
            ("#1", Some(1)),
            ("1st", Some(1)),
            ("🥇", Some(1)),
            ("🥇 1", Some(1)),
            ("1 🥇", Some(1)),
            ("🔹 2.", Some(2)),
            ("2️⃣", Some(2)),
            ("②", Some(2)),
            ("(2)", Some(2)),
            ("[2]", Some(2)),
            ("№ 2", Some(2)),
            ("2º", Some(2)),
            ("2 ▲", Some(2)),
            ("2 ▲3", Some(2)),
            ("2 (↑2)", Some(2)),
            ("2 (best)", Some(2)),
            ("2. (new)", Some(2)),
            ("2*", Some(2)),
            ("=2", Some(2)),
            ("2=", Some(2)),
            ("2 of 3", Some(2)),
            ("2 von 3", Some(2)),
            ("2 / 3", None),
            ("2 days", None),
            ("2-3", None),
            ("2. Platz", Some(2)),
            ("2. miejsce", Some(2)),
            ("2nd place", Some(2)),
            ("2 место", Some(2)),
            ("Platz 2", Some(2)),
            ("II miejsce", Some(2)),
            ("II", Some(2)),
            ("Second", Some(2)),
            ("第二", Some(2)),
            ("٢", Some(2)),
            ("२", Some(2)),
            ("๒", Some(2)),
            ("2-е", Some(2)),
            ("", None),
            ("5 €", None),
            ("4.5", None),
            ("5/5", None),
            ("-", None),
            ("9999", None),
            ("🏆", Some(1)),
        ] {
            let folded = fold(cell);
            assert_eq!(cell_number(&folded, &(0..folded.len())), expected, "{cell}");
        }
    }
}
