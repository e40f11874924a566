//! Markers like `[2]` in a text, and the numbered sources that they name.

use std::collections::HashMap;

use super::Citation;
use super::citations::{MAX_CITATIONS, MAX_SEARCHED};
use super::thoughts::{code_of_answer, not_answer};

/// No marker is longer, in bytes between its brackets.
const LONGEST: usize = 64;

/// Each of `sources`, by its number, with the place of the first marker that names it. A source
/// that no marker names, or that has no number, was found and not used. Of several with one address the first stays, and
/// is cited if any of them is.
pub(crate) fn placed(
    text: &str,
    sources: impl Iterator<Item = (Option<u64>, Citation)>,
) -> Vec<Citation> {
    let markers = markers(text);
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<Citation> = Vec::new();
    for (number, source) in sources {
        let source = source.retrieved(number.and_then(|number| markers.get(&number).copied()));
        match known.get(&source.url) {
            Some(&at) if !found[at].cited && source.cited => found[at] = source,
            None if found.len() < MAX_CITATIONS => {
                known.insert(source.url.clone(), found.len());
                found.push(source);
            }
            Some(_) | None => {}
        }
    }
    found
}

/// Where each number is named first: `[1]`, `[1][3]`, `[1, 3]`, `[web:3]`. Code names nothing, and
/// neither do thoughts.
fn markers(text: &str) -> HashMap<u64, (usize, usize)> {
    let mut found = HashMap::new();
    if text.len() > MAX_SEARCHED {
        return found;
    }
    let gone = not_answer(text);
    let code = code_of_answer(text, &gone);
    for (open, _) in text.match_indices('[') {
        let inside = &text.as_bytes()[open + 1..];
        let near = &inside[..inside.len().min(LONGEST + 1)];
        let Some(length) = near.iter().position(|byte| *byte == b']') else {
            continue;
        };
        let named = numbers(&text[open + 1..open + 1 + length]);
        let is_hidden = || {
            let earlier = gone.partition_point(|range| range.end <= open);
            gone.get(earlier).is_some_and(|range| range.contains(&open))
        };
        if named.is_empty() || code.hold(open) || is_hidden() {
            continue;
        }
        for number in named {
            found.entry(number).or_insert((open, open + length + 2));
        }
    }
    found
}

/// The numbers between two brackets; none if anything else stands there.
fn numbers(inside: &str) -> Vec<u64> {
    let number = |piece: &str| {
        let piece = piece.trim();
        let digits = match piece.get(..4) {
            Some(start) if start.eq_ignore_ascii_case("web:") => piece[4..].trim_start(),
            _ => piece,
        };
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten()
    };
    let numbers: Option<Vec<u64>> = inside.split([',', ';']).map(number).collect();
    numbers.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::citations::citation;
    use super::*;

    #[test]
    fn markers_are_read_in_every_form() {
        let text = "A[1][3], B [2, 5] and C [web:7][Web: 8; web:9]. `x[4]` [6a] [] [1]";
        let found = markers(text);
        let place = |number| found.get(&number).map(|&(start, end)| &text[start..end]);
        assert_eq!(place(1), Some("[1]"));
        assert_eq!(found[&1].0, 1, "the first place counts");
        assert_eq!(
            (place(3), place(2), place(5)),
            (Some("[3]"), Some("[2, 5]"), Some("[2, 5]"))
        );
        assert_eq!(
            (place(7), place(9)),
            (Some("[web:7]"), Some("[Web: 8; web:9]"))
        );
        assert_eq!((place(4), place(6)), (None, None));
        let thought = markers("<think>A [1] B [2]</think>C [2].");
        assert_eq!((thought.get(&1), thought[&2].0 > 20), (None, true));
        assert!(markers("[99999999999999999999] [ 1 2 ] [ñ").is_empty());
    }

    #[test]
    fn sources_are_joined_by_their_number() {
        let source = |number: u64, page: &str| {
            (
                Some(number),
                citation(&format!("https://{page}.example/"), None).expect("a source"),
            )
        };
        let sources = [
            source(11, "a"),
            source(12, "b"),
            source(12, "c"),
            source(3, "a"),
            source(4, "d"),
        ];
        let found = placed("One [3] two [12].", sources.into_iter());
        let told: Vec<(&str, bool, Option<usize>)> = found
            .iter()
            .map(|cited| (cited.url.as_str(), cited.cited, cited.start))
            .collect();
        assert_eq!(
            told,
            [
                ("https://a.example/", true, Some(4)),
                ("https://b.example/", true, Some(12)),
                ("https://c.example/", true, Some(12)),
                ("https://d.example/", false, None),
            ]
        );
        assert!(
            placed("None.", [source(1, "a")].into_iter())
                .iter()
                .all(|found| !found.cited)
        );
    }
}
