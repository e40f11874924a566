//! Any bytes as an answer with sources: marks lie in the text in order, and hosts are stable.
#![no_main]

use analysis::citations::{Marked, Owners, marks, page, read_sources};
use contract::answer::CitationView;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    // The first lines are addresses with a range behind the first byte's places; all is the text.
    let citations: Vec<CitationView> = text
        .lines()
        .take(8)
        .enumerate()
        .map(|(at, line)| CitationView {
            url: line.to_owned(),
            title: line.get(..line.len().min(20)).map(str::to_owned),
            start: Some(at * 5),
            end: Some(at * 5 + 3),
            cited: at % 2 == 0,
        })
        .collect();
    for citation in &citations {
        if let Some(found) = page(&citation.url, None) {
            let again = page(&found.url, None).map(|again| again.host);
            assert_eq!(again, Some(found.host));
        }
    }
    let marked: Vec<Marked<'_>> = citations
        .iter()
        .map(|citation| Marked {
            url: &citation.url,
            title: citation.title.as_deref(),
            range: citation.start.zip(citation.end),
        })
        .collect();
    let mut before = 0;
    for mark in marks(&text, &marked) {
        assert!(before <= mark.start && text.get(mark.start..mark.end).is_some());
        assert!(mark.source < marked.len());
        before = mark.end;
    }
    let own = ["kipu.example".to_owned()];
    let owners = Owners::new([("Kipu", true, &own[..])]);
    assert!(read_sources(&text, &citations, &owners).len() <= citations.len());
});
