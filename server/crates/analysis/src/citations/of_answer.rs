//! The sources of one answer, as its reader sees them.

use std::collections::HashMap;

use contract::answer::CitationView;
use contract::sources::{AnswerSource, SourceKind};

use super::{Marked, Owners, marks, page};

/// Each page of `citations` once, in their order, with whose it is and where `text` refers to
/// it. An address that is none of a page stays in the list as it came.
pub fn read_sources(text: &str, citations: &[CitationView], owners: &Owners) -> Vec<AnswerSource> {
    let mut sources: Vec<AnswerSource> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    // Which source each citation belongs to.
    let mut of_citation = Vec::with_capacity(citations.len());
    for citation in citations {
        let page = page(&citation.url, citation.title.as_deref());
        let key = page
            .as_ref()
            .map_or(&citation.url, |page| &page.key)
            .clone();
        let place = *places.entry(key).or_insert(sources.len());
        of_citation.push(place);
        if let Some(known) = sources.get_mut(place) {
            known.cited |= citation.cited;
            continue;
        }
        let (kind, entity) = page
            .as_ref()
            .map_or((SourceKind::Other, None), |page| owners.of(&page.host));
        sources.push(AnswerSource {
            // Google's redirect leads to the page itself, which nothing else here does.
            url: match &page {
                Some(page) if !page.site_only => page.url.clone(),
                _ => citation.url.clone(),
            },
            title: citation.title.clone(),
            domain: page.map(|page| page.domain),
            kind,
            entity,
            cited: citation.cited,
            marks: Vec::new(),
        });
    }
    let marked: Vec<Marked<'_>> = citations
        .iter()
        .map(|citation| Marked {
            url: &citation.url,
            title: citation.title.as_deref(),
            range: citation.start.zip(citation.end),
        })
        .collect();
    for mark in marks(text, &marked) {
        sources[of_citation[mark.source]]
            .marks
            .push((mark.start, mark.end));
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_cited_twice_is_one_source_with_all_its_marks() {
        let text = "Kipu[1] and Andes[2], see [Kipu](https://kipu.io/a/).";
        let citation = |url: &str, start: usize, cited| CitationView {
            url: url.to_owned(),
            title: None,
            start: Some(start),
            end: Some(start + 3),
            cited,
        };
        let citations = [
            citation("https://kipu.io/a?utm_source=openai", 4, true),
            citation("https://andes.io", 17, true),
            citation("http://www.kipu.io/a", 60, false),
            citation("nowhere", 60, false),
        ];
        let own = ["kipu.io".to_owned()];
        let found = read_sources(text, &citations, &Owners::new([("Kipu", true, &own[..])]));
        let seen: Vec<_> = found
            .iter()
            .map(|source| {
                (
                    source.url.as_str(),
                    source.kind,
                    source.cited,
                    source.marks.len(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("https://kipu.io/a", SourceKind::Own, true, 2),
                ("https://andes.io/", SourceKind::Other, true, 1),
                ("nowhere", SourceKind::Other, false, 0),
            ]
        );
        assert_eq!(
            &text[found[0].marks[1].0..found[0].marks[1].1],
            "[Kipu](https://kipu.io/a/)"
        );
    }
}
