//! Any text with any spans: the classifier must answer within its range for each entity.
#![no_main]

use analysis::sentiment::{Language, attitudes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (head, rest) = data.split_at(data.len().min(16));
    let text = String::from_utf8_lossy(rest);
    let mut spans: Vec<Vec<(usize, usize)>> = vec![Vec::new(); 3];
    for (index, pair) in head.chunks_exact(2).enumerate() {
        let start = usize::from(pair[0]);
        spans[index % 3].push((start, start + usize::from(pair[1] % 16)));
    }
    for (index, name) in ["Kipu", "Acme"].iter().enumerate() {
        spans[index].extend(
            text.match_indices(name)
                .map(|(at, name)| (at, at + name.len())),
        );
    }
    for language in [None, Some(Language::English), Some(Language::Spanish)] {
        let found = attitudes(&text, language, &spans);
        assert_eq!(found.len(), spans.len());
        for attitude in found.into_iter().flatten() {
            assert!((-1000..=1000).contains(&attitude.score.thousandths()));
        }
    }
});
