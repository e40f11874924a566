//! Any bytes as an answer, and any names to look for in it: what is found must be sound.
#![no_main]

use analysis::{Alias, Detector, EntitySpec, Finding};
use libfuzzer_sys::fuzz_target;

/// The first line is a list of names, those with a mark have options; the rest is the answer.
fn split(text: &str) -> (Vec<EntitySpec<usize>>, &str) {
    let (names, answer) = text
        .split_once('\n')
        .unwrap_or(("Kipu;Acme Cloud;C++", text));
    let entities = names.split(';').take(8).enumerate().map(|(key, name)| {
        let mut alias = Alias::from(name.trim_start_matches('!'));
        if name.starts_with('!') {
            alias.match_case = name.len() % 2 == 0;
            alias.whole_word = name.len() % 3 == 0;
            alias.not = vec![format!("{name} pie"), "acme".to_owned()];
            alias.needs = vec!["kipu".to_owned(), "小米".to_owned()];
        }
        EntitySpec {
            key,
            name: format!("Kipu {key}"),
            aliases: vec![alias],
            domains: vec![name.to_owned(), format!("kipu{key}.example")],
        }
    });
    (entities.collect(), answer)
}

fn assert_sound(text: &str, findings: &[Finding<usize>]) {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for finding in findings {
        assert_eq!(finding.spans.len(), finding.text_count as usize);
        assert_eq!(
            finding.first_offset,
            finding.spans.first().map(|span| span.0)
        );
        assert_eq!(finding.rank.is_some(), finding.list_total.is_some());
        assert!(finding.rank.unwrap_or(0) <= finding.list_total.unwrap_or(0));
        assert_eq!(
            finding.sentiment.is_some(),
            finding.sentiment_score.is_some()
        );
        assert!(finding.sentiment.is_none() || finding.text_count > 0);
        for &(start, end) in &finding.spans {
            assert!(start < end && text.get(start..end).is_some());
        }
        all.extend(&finding.spans);
    }
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0].1 <= pair[1].0));
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (entities, answer) = split(&text);
    let detector = Detector::new(&entities);
    let findings = detector.analyze(answer, &[], None);
    assert_sound(answer, &findings);
    for name in detector.names_beside(&0, "Which tool?", answer) {
        assert!(answer.contains(&name));
    }
    let folded = analysis::fold(answer);
    assert_eq!(analysis::fold(&folded), folded);
});
