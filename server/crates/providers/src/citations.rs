//! Citations in one shape: clean addresses, byte offsets that lie on character boundaries.

use std::collections::HashSet;

use memchr::memmem;

use super::Citation;

/// More citations than this in one answer are not kept.
pub(crate) const MAX_CITATIONS: usize = 500;
/// Longer addresses are no addresses.
const MAX_URL: usize = 4096;
const MAX_TITLE_CHARS: usize = 300;
/// In a text longer than this no places are looked for: it is no answer, and each citation costs
/// a walk through it.
pub(crate) const MAX_SEARCHED: usize = 256 * 1024;

/// A citation without a position; `None` where the address is no web address.
pub(crate) fn citation(url: &str, title: Option<&str>) -> Option<Citation> {
    let url = url.trim();
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if !is_web || url.len() > MAX_URL {
        return None;
    }
    let title = title
        .map(str::trim)
        .filter(|title| !title.is_empty() && !is_marker(title));
    Some(Citation {
        url: without_tracking(url),
        title: title.map(|title| title.chars().take(MAX_TITLE_CHARS).collect()),
        start: None,
        end: None,
        cited: true,
    })
}

/// Those of `shown`, what a search brought, that `cited` has no citation of yet, each once, as
/// far as there is room.
pub(crate) fn merely_retrieved(
    cited: &[Citation],
    shown: impl Iterator<Item = Citation>,
) -> Vec<Citation> {
    let mut known: HashSet<String> = cited.iter().map(|cited| cited.url.clone()).collect();
    let room = MAX_CITATIONS.saturating_sub(cited.len());
    shown
        .filter(|shown| known.insert(shown.url.clone()))
        .map(|shown| shown.retrieved(None))
        .take(room)
        .collect()
}

/// xAI gives the number of the footnote as title.
fn is_marker(title: &str) -> bool {
    title.len() <= 3 && title.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes away the parameter by which `OpenAI` marks its links.
pub(crate) fn without_tracking(url: &str) -> String {
    const MARK: &str = "utm_source=openai";
    let (rest, fragment) = match url.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (url, None),
    };
    let Some((path, query)) = rest.split_once('?') else {
        return url.to_owned();
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| *pair != MARK).collect();
    let mut clean = path.to_owned();
    if !kept.is_empty() {
        clean.push('?');
        clean.push_str(&kept.join("&"));
    }
    if let Some(fragment) = fragment {
        clean.push('#');
        clean.push_str(fragment);
    }
    clean
}

/// A text in which the places of citations are looked for. An answer may have hundreds of them.
/// What all need of the text is computed once; what each needs for itself takes one short walk.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// Where each character begins, and the end; `None`: each is one byte.
    characters: Option<Vec<usize>>,
}

impl<'a> Places<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let counts = text.len() <= MAX_SEARCHED && !text.is_ascii();
        let characters = counts.then(|| {
            let begins = text.char_indices().map(|(offset, _)| offset);
            begins.chain([text.len()]).collect()
        });
        Self { text, characters }
    }

    /// Byte range for a range counted in characters that cites `url`.
    ///
    /// The claim is believed if the passage holds the address; otherwise the nearest link to the
    /// address counts; if the text has none, the claim stands as long as it lies within the text.
    pub(crate) fn of_link(
        &self,
        url: &str,
        claimed: Option<(usize, usize)>,
    ) -> Option<(usize, usize)> {
        let text = self.text;
        if text.len() > MAX_SEARCHED {
            return None;
        }
        let claim = claimed.and_then(|(start, end)| {
            let range = (self.byte_offset(start)?, self.byte_offset(end)?);
            (range.0 < range.1).then_some(range)
        });
        if let Some((start, end)) = claim
            && find_url(&text[start..end], url).next().is_some()
        {
            return claim;
        }
        let target = claim.map_or(0, |(start, _)| start);
        find_url(text, url)
            .min_by_key(|found| found.abs_diff(target))
            .map(|found| link_around(text, found, found + url.len()))
            .or(claim)
    }

    /// Byte offset of the character with this number; the one behind the last is the length.
    fn byte_offset(&self, character: usize) -> Option<usize> {
        match &self.characters {
            Some(offsets) => offsets.get(character).copied(),
            None => (character <= self.text.len()).then_some(character),
        }
    }
}

/// Where `url` stands in `text` as a whole, not as the beginning of a longer address.
fn find_url<'a>(text: &'a str, url: &'a str) -> impl Iterator<Item = usize> + 'a {
    let found = if url.is_empty() { "\0" } else { url };
    memmem::find_iter(text.as_bytes(), found.as_bytes()).filter(move |at| {
        let next = text[at + found.len()..].chars().next();
        !next.is_some_and(|letter| letter.is_alphanumeric() || "/-_?=&%#~+".contains(letter))
    })
}

/// Widens the span of an address to the Markdown link that it is the target of.
fn link_around(text: &str, start: usize, end: usize) -> (usize, usize) {
    let closed = text[end..].starts_with(')');
    match text[..start]
        .strip_suffix("](")
        .and_then(|label| label.rfind('['))
    {
        Some(open) if closed => (open, end + 1),
        _ => (start, end),
    }
}

/// Byte range of `passage` in `text`: the claimed one if it holds, else the nearest occurrence.
/// Without a passage to compare, the claim stands if it lies on character boundaries.
pub(crate) fn locate_passage(
    text: &str,
    passage: Option<&str>,
    claimed: (usize, usize),
) -> Option<(usize, usize)> {
    if text.len() > MAX_SEARCHED {
        return None;
    }
    let (start, end) = claimed;
    let slice = text.get(start..end).filter(|slice| !slice.is_empty());
    let Some(passage) = passage.filter(|passage| !passage.is_empty()) else {
        return slice.map(|_| claimed);
    };
    if slice == Some(passage) {
        return Some(claimed);
    }
    memmem::find_iter(text.as_bytes(), passage.as_bytes())
        .min_by_key(|at| at.abs_diff(start))
        .map(|at| (at, at + passage.len()))
        .or_else(|| slice.map(|_| claimed))
}

impl Citation {
    /// The same citation at a place in the text.
    pub(crate) fn at(mut self, range: Option<(usize, usize)>) -> Self {
        self.start = range.map(|(start, _)| start);
        self.end = range.map(|(_, end)| end);
        self
    }

    /// The same as a source that was found; it is cited where it has a place in the text.
    pub(crate) fn retrieved(mut self, place: Option<(usize, usize)>) -> Self {
        self.cited = place.is_some();
        self.at(place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tracking_goes_and_everything_else_stays() {
        for (url, clean) in [
            ("https://a.org/?utm_source=openai", "https://a.org/"),
            (
                "https://a.org/x?b=1&utm_source=openai&c=2#d",
                "https://a.org/x?b=1&c=2#d",
            ),
            ("https://a.org/x?b=1", "https://a.org/x?b=1"),
            (
                "https://a.org/x#f?utm_source=openai",
                "https://a.org/x#f?utm_source=openai",
            ),
        ] {
            assert_eq!(without_tracking(url), clean);
        }
    }

    #[test]
    fn claims_count_characters_and_are_checked() {
        let text = "Größe 🙂 ([a](https://a.org/x)) und https://a.org/xy.";
        let link = text.find("[a]").expect("link");
        let characters = text[..link].chars().count();
        let span = Some((link, link + "[a](https://a.org/x)".len()));
        let places = Places::of(text);
        let claims = [Some((characters, characters + 20)), Some((0, 2)), None];
        for claim in claims {
            assert_eq!(places.of_link("https://a.org/x", claim), span, "{claim:?}");
        }
        let elsewhere = |claim| places.of_link("https://b.org", Some(claim));
        assert_eq!(elsewhere((0, 5)), Some((0, 7)));
        assert_eq!(elsewhere((0, 500)), None);
    }

    #[test]
    fn a_passage_that_drifted_is_found() {
        let text = "uno dos tres dos";
        assert_eq!(locate_passage(text, Some("dos"), (4, 7)), Some((4, 7)));
        assert_eq!(locate_passage(text, Some("dos"), (12, 15)), Some((13, 16)));
        assert_eq!(locate_passage(text, Some("seis"), (0, 99)), None);
    }

    proptest! {
        #[test]
        fn ranges_lie_on_boundaries(text in "\\PC{0,60}", url in "\\PC{0,6}", start in 0_usize..80, end in 0_usize..80) {
            if let Some((from, until)) = Places::of(&text).of_link(&url, Some((start, end))) {
                prop_assert!(text.get(from..until).is_some());
            }
            if let Some((from, until)) = locate_passage(&text, Some(&url), (start, end)) {
                prop_assert!(text.get(from..until).is_some());
            }
        }
    }
}
