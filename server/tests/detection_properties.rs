//! What holds of the analysis for every text.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use analysis::{Alias, Detector, EntitySpec, Finding, fold, spellings};
use proptest::prelude::*;

fn entities(names: &[&str]) -> Vec<EntitySpec<usize>> {
    names
        .iter()
        .enumerate()
        .map(|(key, name)| EntitySpec {
            key,
            name: (*name).to_owned(),
            aliases: Vec::new(),
            domains: vec![format!("{}.example", fold(name).replace(' ', ""))],
        })
        .collect()
}

const NAMES: [&str; 8] = [
    "Kipu",
    "Coca-Cola",
    "AT&T",
    "L'Oréal",
    "C++",
    "小米",
    "Acme Cloud",
    "Müller",
];

/// What most of the tests read with.
static WATCHING: LazyLock<Detector<usize>> = LazyLock::new(|| Detector::new(&entities(&NAMES)));

/// Text with many names in it, and much that disturbs them.
fn noisy_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "kipu's", "COCA COLA", "cocacola", "AT&amp;T", "l’oreal", "Acme", "Mueller", "Kipus",
            " ", "\n", "\n\n", "- ", "1. ", "2) ", "#", "## ", "**", "_", "`", "[", "](", ")",
            "https://kipu.example/x", "| ", "|---|", "<ol><li>", "</li>", "<!--", "-->", "&", ";",
            "\u{200B}", "\u{301}", "\u{AD}", "１", "①", "1️⃣", "@", ".", ":", "> ", "```", "~~",
            "🔹 ", "🥇", "✅ 2. ", "[1]", ":star:", "#️⃣", "第一", "٣", "№ 2", "1-й", "1:a", "Avoid:", ", Inc.",
            "-> ", "| 1 | ", "### ", "十二、", "㊙", "\n4294967295. ", "\n🔹 3. ", "\n2) ", "Brands to avoid:\n\n", "En primer lugar, ", "1º ",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Options that narrow a name down, for any name.
fn options() -> impl Strategy<Value = Alias> {
    let phrase = prop::sample::select(vec!["kipu's", "the Kipu", "Acme", "小米 x", "is", "cola"]);
    let phrases = prop::collection::vec(phrase.prop_map(str::to_owned), 0..3);
    (any::<bool>(), phrases.clone(), phrases).prop_map(|(match_case, not, needs)| Alias {
        match_case,
        not,
        needs,
        ..Alias::from("")
    })
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
        assert!(finding.rank.is_none_or(|rank| rank >= 1));
        assert_eq!(
            finding.sentiment.is_some(),
            finding.sentiment_score.is_some()
        );
        assert!(finding.sentiment.is_none() || finding.text_count > 0);
        assert!(finding.recommended.is_none() || finding.sentiment.is_some());
        for &(start, end) in &finding.spans {
            assert!(
                start < end && text.get(start..end).is_some(),
                "{start}..{end}"
            );
        }
        all.extend(&finding.spans);
    }
    all.sort_unstable();
    assert!(
        all.windows(2).all(|pair| pair[0].1 <= pair[1].0),
        "overlap: {all:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        assert_sound(&text, &WATCHING.analyze(&text, &[], None));
    }

    #[test]
    fn noisy_text_gives_sound_findings(text in noisy_text()) {
        assert_sound(&text, &WATCHING.analyze(&text, &[], None));
    }

    #[test]
    fn any_names_are_taken(names in prop::collection::vec(any::<String>(), 0..6), text in noisy_text()) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_sound(&text, &Detector::new(&entities(&names)).analyze(&text, &[], None));
    }

    #[test]
    fn a_name_is_found_where_it_stands_in_plain_text(
        name in "[A-Z][a-zé]{4,9}( [A-Z][a-z]{4,9})?",
        before in "[a-z ,]{0,20}",
        after in "[a-z ,]{0,20}",
    ) {
        let text = format!("{before} {name} {after}");
        let findings = Detector::new(&entities(&[&name])).analyze(&text, &[], None);
        let forms = spellings(&name);
        prop_assert!(findings[0].text_count >= 1);
        for &(start, end) in &findings[0].spans {
            prop_assert!(forms.contains(&fold(&text[start..end])), "{}", &text[start..end]);
        }
    }

    #[test]
    fn any_options_are_taken_and_only_take_mentions_away(
        options in prop::collection::vec(options(), 1..4),
        text in noisy_text(),
    ) {
        let mut with_options = entities(&NAMES);
        for (entity, mut alias) in with_options.iter_mut().zip(options) {
            alias.text.clone_from(&entity.name);
            entity.aliases.push(alias);
        }
        let before = WATCHING.analyze(&text, &[], None);
        let after = Detector::new(&with_options).analyze(&text, &[], None);
        assert_sound(&text, &after);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after.spans.iter().all(|span| before.spans.contains(span)));
        }
    }

    #[test]
    fn a_legal_form_is_an_optional_part_of_a_name(
        name in "[A-Z][a-z]{5,9}",
        form in prop::sample::select(vec![
            " Inc.", ", Inc.", " Inc", " LLC", ", LLC", " Ltd.", " GmbH", " AG", " S.L.", ", S.L.U.", " S.A.",
            " S.p.A.", " B.V.", " Oy", " AB", " A/S", " Sp. z o.o.", " GmbH & Co. KG", " Pty Ltd", " Limited",
        ]),
    ) {
        let bare = Detector::new(&entities(&[&name]));
        let whole = Detector::new(&entities(&[&format!("{name}{form}")]));
        for text in [
            format!("We like {name}."), format!("We like {name}{form} most."), format!("{name}'s prices"),
            format!("1. Otherix\n2. {name}{form}: good\n"), format!("1. Otherix\n2. **{name}** – good\n"),
        ] {
            let is_listed = text.starts_with("1.");
            for detector in [&bare, &whole] {
                let found = &detector.analyze(&text, &[], None)[0];
                prop_assert_eq!(found.text_count, 1, "{} in {}", name, text);
                prop_assert_eq!(found.rank, is_listed.then_some(2), "{} in {}", name, text);
                let (start, end) = found.spans[0];
                prop_assert!(text[start..end].starts_with(&name));
            }
        }
    }

    #[test]
    fn and_is_one_word_in_all_languages(
        first in "[A-Z][a-z]{3,8}",
        second in "[A-Z][a-z]{3,8}",
        of_name in 0..11_usize,
        of_text in 0..11_usize,
    ) {
        let and = ["&", "and", "y", "und", "et", "en", "och", "og", "e", "i", "ja"];
        let name = format!("{first} {} {second}", and[of_name]);
        let text = format!("We like {first} {} {second} most.", and[of_text]);
        let found = Detector::new(&entities(&[&name])).analyze(&text, &[], None);
        prop_assert_eq!(found[0].text_count, 1, "{} in {}", name, text);
    }

    #[test]
    fn folding_twice_is_folding_once(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn case_and_zero_width_make_no_difference(text in "[a-zA-ZáéíñüÁÉ ]{0,40}") {
        let disturbed: String = text.chars().flat_map(|c| [c, '\u{200B}']).collect();
        prop_assert_eq!(fold(&disturbed), fold(&text));
        prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
    }

    #[test]
    fn another_entity_changes_only_names_that_it_contains(
        added in prop::sample::select(vec!["Kipu Cloud", "Acme", "Big Acme", "Cloud Nine", "Cola", "Lynx"]),
        text in prop::collection::vec(prop::sample::select(vec![
            "Kipu", "Cloud", "Acme", "Big", "Nine", "Coca", "Cola", "Lynx", "is", ".", "\n\n", "\n1. ",
        ]), 0..30).prop_map(|words| words.join(" ")),
    ) {
        let known = ["Kipu", "Acme Cloud", "Coca-Cola"];
        let mut more = known.to_vec();
        more.push(added);
        let before = Detector::new(&entities(&known)).analyze(&text, &[], None);
        let after = Detector::new(&entities(&more)).analyze(&text, &[], None);
        for (index, name) in known.iter().enumerate() {
            if !fold(added).contains(&fold(name)) {
                prop_assert_eq!(&before[index], &after[index], "{} in {}", name, text);
            }
        }
    }
}

// Two tests, so that they share the processors.
#[test]
fn the_largest_answers_are_read() {
    every_second_of_the_largest_is_read(0);
}

#[test]
fn the_other_largest_answers_are_read() {
    every_second_of_the_largest_is_read(1);
}

fn every_second_of_the_largest_is_read(first: usize) {
    let mebibyte = 1 << 20;
    let repeat = |piece: &str| piece.repeat(mebibyte / piece.len());
    let list = (1..=10_000).fold(String::new(), |mut list, n| {
        writeln!(list, "{n}. Kipu {n} and Acme Cloud").expect("a string takes everything");
        list
    });
    let texts = [
        ("nested quotes", ">".repeat(10_000) + " Kipu"),
        ("nested lists", "- ".repeat(10_000) + "Kipu"),
        (
            "nested brackets",
            "[".repeat(10_000) + "Kipu" + &"]".repeat(10_000),
        ),
        (
            "nested emphasis",
            "*".repeat(10_000) + "Kipu" + &"*".repeat(10_000),
        ),
        ("nested html lists", "<ol><li>".repeat(10_000) + "Kipu"),
        ("long list", list),
        ("prose", repeat("Kipu and Coca-Cola are fine. ")),
        ("names only", repeat("kipu ")),
        ("one word", repeat("a")),
        ("no spaces", repeat("小米")),
        ("dots", repeat("a.b+")),
        ("addresses", repeat("a@b.com ")),
        ("schemes", repeat("://")),
        ("open brackets", repeat("[")),
        ("open tags", repeat("<a ")),
        ("open comments", repeat("<!--")),
        ("open html", "<div>\n".to_owned() + &repeat("<b '")),
        ("ampersands", repeat("&amp")),
        ("html entities", "<div>\n".to_owned() + &repeat("&amp;")),
        ("backticks", repeat("`` ` ")),
        (
            "tables",
            "|a|b|\n|-|-|\n".to_owned() + &repeat("|1|Kipu|\n"),
        ),
        ("markers", repeat("#1 Kipu\n")),
        ("headings", repeat("# 1. Kipu\n")),
        ("labels", "1. ".to_owned() + &repeat("Kipu: ")),
        ("advice", repeat("Kipu recommended and ")),
        ("advised names", repeat("recommend Kipu, ")),
        ("choices", repeat("the best choice Kipu is ")),
        ("tables of html", repeat("<table><tr><td>Kipu")),
        (
            "rows of html",
            "<table>".to_owned() + &repeat("<tr><td>1<td>Kipu"),
        ),
        ("dashes", repeat("– Kipu\n")),
        ("particles", repeat("카카오는")),
        ("phrases", repeat("Kipu cord ")),
        ("conditions", repeat("if not but ")),
        ("a long host", "Kipu http://".to_owned() + &repeat("a.")),
        (
            "a long host in a link",
            "Kipu [see](https://".to_owned() + &repeat("www.") + "example/x).",
        ),
        (
            "a long host in other letters",
            "Kipu http://".to_owned() + &repeat("ñ."),
        ),
        ("a long domain", "Kipu ".to_owned() + &repeat("a.") + "com"),
        ("ornaments", repeat("🔹")),
        ("ornaments and numbers", repeat("🔹 1. Kipu\n")),
        ("ornaments in headings", repeat("## 🔹 1. Kipu\n\n")),
        ("lists apart", repeat("1. Kipu\n\ntext\n\n🔹 2. Acme\n\n")),
        ("brackets and colons", repeat("[( :a")),
        ("what to avoid", repeat("Brands to avoid:\n\n1. Kipu\n\n")),
        (
            "headings over headings",
            repeat("# Avoid\n## x\n### 1. Kipu\n"),
        ),
        ("bullets without an end", repeat("- x\n🔹 1. Kipu\n")),
        ("accents", "e".to_owned() + &repeat("\u{301}")),
        ("voicing", "か".to_owned() + &repeat("\u{3099}")),
    ];
    let mut watched = entities(&NAMES);
    if let Some(kipu) = watched.first_mut() {
        kipu.aliases.push(Alias {
            not: vec!["kipu cord".to_owned()],
            needs: vec!["kipu".to_owned()],
            ..Alias::from("Kipu")
        });
    }
    let detector = Detector::new(&watched);
    for (name, text) in texts.into_iter().skip(first).step_by(2) {
        println!("{name}: {} bytes", text.len());
        let started = Instant::now();
        assert_sound(&text, &detector.analyze(&text, &[], None));
        // Seconds without optimisation; what grows with the square takes minutes.
        assert!(started.elapsed() < Duration::from_mins(1), "{name}");
        let part = text.get(..text.floor_char_boundary(mebibyte / 4));
        detector.names_beside(&0, "Which tool?", part.unwrap_or_default());
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "{name}, names beside"
        );
    }
}
