use proptest::prelude::*;

use super::*;

fn spans(text: &str, name: &str) -> Vec<(usize, usize)> {
    text.match_indices(name)
        .map(|(at, name)| (at, at + name.len()))
        .collect()
}

fn sentiments(text: &str, names: &[&str]) -> Vec<Sentiment> {
    let spans: Vec<_> = names.iter().map(|name| spans(text, name)).collect();
    attitudes(text, None, &spans)
        .into_iter()
        .map(|attitude| attitude.unwrap().sentiment)
        .collect()
}

#[test]
fn a_clause_counts_for_the_entity_it_names() {
    use Sentiment::{Negative, Positive};
    for text in [
        "Acme is reliable and Bolt is slow.",
        "While Acme is reliable, Bolt is terribly slow.",
        "- Acme: reliable\n- Bolt: slow",
        "## Acme\nIt is reliable.\n## Bolt\nIt is slow.",
        "| Acme | reliable |\n| Bolt | slow |",
        "Acme is more reliable than Bolt.",
        "Unlike Bolt, Acme is reliable.",
        "Acme outperforms Bolt.",
        "La web de Acme es fiable y la de Bolt es lenta y cara.",
        "Acme es más fiable que Bolt.",
        "A diferencia de Bolt, Acme es fiable.",
    ] {
        assert_eq!(
            sentiments(text, &["Acme", "Bolt"]),
            [Positive, Negative],
            "{text}"
        );
    }
}

#[test]
fn negation_turns_and_words_of_its_look_do_not() {
    for (text, expected) in [
        ("Acme is not reliable.", Sentiment::Negative),
        (
            "Acme is not only fast but also reliable.",
            Sentiment::Positive,
        ),
        ("Acme has no hidden fees.", Sentiment::Positive),
        ("Acme no es nada fiable.", Sentiment::Negative),
        (
            "Acme no solo es rápida, sino también fiable.",
            Sentiment::Positive,
        ),
        ("Acme costs $12 a month.", Sentiment::Neutral),
        ("Acme cuesta 12 euros al mes.", Sentiment::Neutral),
    ] {
        assert_eq!(sentiments(text, &["Acme"]), [expected], "{text}");
    }
}

#[test]
fn labels_decide_for_the_items_under_them() {
    let text = "**Acme**\n\nCons:\n- integrations\n- three plans\n- web";
    assert_eq!(sentiments(text, &["Acme"]), [Sentiment::Negative]);
    let text = "**Acme**\n- Ventajas: mapas, rutas\n- Desventajas: publicidad, tamaño";
    assert_eq!(sentiments(text, &["Acme"]), [Sentiment::Neutral]);
}

#[test]
fn a_line_advises_those_that_head_the_lines_under_it() {
    let recommended = |text: &str| -> Vec<Option<bool>> {
        let spans = [spans(text, "Acme"), spans(text, "Bolt")];
        attitudes(text, None, &spans)
            .into_iter()
            .map(|attitude| attitude.unwrap().recommended)
            .collect()
    };
    for (text, expected) in [
        (
            "## Top picks\n\n### 1. **Acme**\nGood.\n\n### 2. Bolt\nFine.",
            [Some(true); 2],
        ),
        ("**Our picks**\n\n1. **Acme**\n2. **Bolt**", [Some(true); 2]),
        (
            "We recommend:\n\n- Acme, which is cheaper than Bolt\n- Zed",
            [Some(true), None],
        ),
        ("Tools to avoid:\n1. Acme\n2. Bolt", [Some(false); 2]),
        ("Mistakes to avoid:\n1. Acme\n2. Bolt", [None; 2]),
        ("## Why Acme\n\nOur pick is Bolt.", [None, Some(true)]),
    ] {
        assert_eq!(recommended(text), expected, "{text}");
    }
}

#[test]
fn nothing_is_said_of_what_is_not_named_or_not_understood() {
    assert_eq!(attitude("Acme is good.", None, &[]), None);
    assert_eq!(attitude("Acme is good.", None, &[(3, 99), (4, 4)]), None);
    let polish =
        "Acme jest dobrym narzędziem które lubią małe zespoły bo działa szybko dobrze tanio";
    assert_eq!(attitude(polish, None, &[(0, 4)]), None);
}

/// The shortest of some readings of `text`, in seconds.
fn seconds(text: &str) -> f64 {
    let names = [spans(text, "Acme"), spans(text, "Bolt")];
    let once = || {
        let start = std::time::Instant::now();
        for language in [Language::English, Language::Spanish] {
            std::hint::black_box(attitudes(text, Some(language), &names));
        }
        start.elapsed().as_secs_f64()
    };
    (0..7).map(|_| once()).fold(f64::INFINITY, f64::min)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_text_four_times_as_long_takes_about_four_times_as_long(
        piece in "([-#*|:,. \n★4/]|Acme|Bolt|Foo |but |pero |and |no |than |que |although |aunque |while |less |price |with |it depends |de |good |4.8 out of 5 ){1,12}",
    ) {
        let of = |bytes: usize| piece.repeat(bytes / piece.len() + 1);
        let (short, long) = (seconds(&of(6_000)), seconds(&of(24_000)));
        // Four times for linear, sixteen for quadratic; the rest is the machine's noise.
        prop_assert!(long < short * 10.0 + 0.002, "{short} {long} {piece:?}");
    }
}

proptest! {
    #[test]
    fn any_text_with_any_spans_is_read(
        text in "(?s).{0,200}|([-#*|:. \n]|Acme|not|than|Pros:|que|é|https://a){0,60}",
        raw in prop::collection::vec(prop::collection::vec((0..220_usize, 0..220_usize), 0..6), 0..4),
    ) {
        for language in [None, Some(Language::English), Some(Language::Spanish)] {
            for found in attitudes(&text, language, &raw).into_iter().flatten() {
                prop_assert!((-1000..=1000).contains(&found.score.thousandths()));
            }
        }
    }
}
