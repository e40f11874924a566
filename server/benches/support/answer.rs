//! The answer that the analysis is measured by.

use std::fmt::Write as _;

use analysis::EntitySpec;

const ANSWER_BYTES: usize = 4_096;
const COMPETITORS: i64 = 20;

fn name(number: i64) -> String {
    format!("Nombre{number} Cloud")
}

/// A brand and its competitors.
pub(crate) fn entities() -> Vec<EntitySpec<i64>> {
    (0..=COMPETITORS)
        .map(|number| EntitySpec {
            key: number,
            name: name(number),
            aliases: vec![format!("N{number}C").into()],
            domains: vec![format!("nombre{number}.example")],
        })
        .collect()
}

/// 4 kB that name all of them, in a list, with links.
pub(crate) fn text() -> String {
    let mut text = String::new();
    for number in 0.. {
        let named = number % (COMPETITORS + 1);
        let _ = writeln!(
            text,
            "{}. **{}** is a sound choice for teams that want [a quick start](https://nombre{named}.example/tour).",
            number % 10 + 1,
            name(named),
        );
        if text.len() >= ANSWER_BYTES {
            break;
        }
    }
    text
}
