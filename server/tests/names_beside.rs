//! Names that stand in lists beside the brand: who else an answer recommends.

use analysis::{Alias, Detector, EntitySpec, NameBeside, NamesBeside, name_key};
use proptest::prelude::*;

fn entity(key: usize, name: &str, aliases: &[&str]) -> EntitySpec<usize> {
    EntitySpec {
        key,
        name: name.to_owned(),
        aliases: aliases.iter().copied().map(Alias::from).collect(),
        domains: Vec::new(),
    }
}

/// Kipu is the brand, Quipla a competitor that is known.
fn detector() -> Detector<usize> {
    Detector::new(&[
        entity(0, "Kipu", &["Kipu Books"]),
        entity(1, "Quipla", &["Quipla Ledger"]),
    ])
}

/// What every text answers.
const QUESTION: &str = "Which Invoicing Tools are best for small Agencies? 最好的记账软件";

/// What stands in the text, and who is found beside Kipu.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "an ordered list with bold names",
        "The best tools:\n\n1. **Zoho Books** - cheap and complete\n2. **Kipu** - for Spain\n3. **Quipla**: fast\n4. **FreshBooks**: invoices first",
        &["Zoho Books", "FreshBooks"],
    ),
    (
        "names that are links",
        "1. [Holded](https://holded.example/?a=1) for small firms\n2. [Kipu](https://kipu.example)\n",
        &["Holded"],
    ),
    (
        "names before a colon, a dash, brackets or a comma",
        "1. Xero: worldwide\n2. Kipu\n3. Wave – free\n4. Sage (formerly Peachtree)\n5. Odoo, with many modules",
        &["Xero", "Wave", "Sage", "Odoo"],
    ),
    (
        "a label before the name",
        "- Best overall: Kipu\n- Best for freelancers: Bonsai\n- Budget pick: ZipBooks (free)",
        &["Bonsai", "ZipBooks"],
    ),
    (
        "bullets",
        "Options:\n\n* Kipu\n* QuickBooks Online\n* eBay Seller Hub\n",
        &["QuickBooks Online", "eBay Seller Hub"],
    ),
    (
        "a table with a rank column",
        "| # | Tool | Price |\n|---|---|---|\n| 1 | Kipu | 9 |\n| 2 | Contasol | 0 |\n| 3 | Quipla | 12 |",
        &["Contasol"],
    ),
    (
        "numbered headings",
        "## 1. Kipu\nGood.\n\n## 2. Billin\nAlso good.\n\n## 3. Anfix\nFine.",
        &["Billin", "Anfix"],
    ),
    (
        "in Spanish",
        "Las mejores opciones:\n\n1. **Kipu**: la más sencilla\n2. **Anfix**: para autónomos\n3. **Otras opciones**: hay muchas",
        &["Anfix"],
    ),
    (
        "in scripts without capitals",
        "1. Kipu\n2. 用友畅捷通：功能全面\n3. 金蝶（云版）",
        &["用友畅捷通", "金蝶"],
    ),
    (
        "a list without the brand says nothing",
        "1. **Xero**\n2. **Quipla**\n\nKipu is another one.",
        &[],
    ),
    (
        "prose says nothing",
        "Kipu, Xero and Wave are well known.",
        &[],
    ),
    (
        "sentences, properties and the rest of a list are nobody",
        "- **Kipu**: good\n- Easy to use\n- **Pricing**: from 9 euros\n- Others\n- Honorable mentions\n- it has an app that people love to use every day\n- Consider your needs",
        &[],
    ),
    (
        "a known competitor is nobody's discovery, in any spelling",
        "1. Kipu\n2. QUIPLA\n3. quipla ledger\n4. Quipla's suite\n5. Datev",
        &["Datev"],
    ),
    (
        "a name around a known one is not free",
        "1. Kipu\n2. Super Quipla Pro\n3. Datev",
        &["Datev"],
    ),
    (
        "sentences that begin with a name",
        "- Kipu is fast\n- Quillory gets mixed reviews\n- Bank of Ideas\n- monday.com\n- Xero offers a trial",
        &["Bank of Ideas", "monday.com"],
    ),
    (
        "twice in one answer is once",
        "1. Kipu\n2. Datev\n\nAgain:\n\n1. DATEV\n2. Kipu",
        &["Datev"],
    ),
    (
        "parts of followed names are nobody",
        "1. Kipu\n2. Books\n3. Ledger\n4. Ledger Inc.\n5. Datev",
        &["Datev"],
    ),
    (
        "words of the question are nobody",
        "- Kipu\n- Invoicing Tool\n- Agency Invoicing Hub\n- **Tools for Agencies**: many\n- 记账软件\n- Datev",
        &["Agency Invoicing Hub", "Datev"],
    ),
    (
        "a list of what to avoid recommends nobody",
        "Tools to avoid:\n\n1. Kipu\n2. Datev",
        &[],
    ),
    (
        "ornaments before the numbers",
        "🥇 1. Kipu\n\n🥈 2. Datev\n\n🔹 3. **Xero**: fine",
        &["Datev", "Xero"],
    ),
    (
        "steps are no names",
        "How to choose:\n\n1. Open Kipu\n2. Click Settings\n3. Choose Export",
        &[],
    ),
];

#[test]
fn every_case_is_read_as_a_person_reads_it() {
    let detector = detector();
    let failures: Vec<String> = CASES
        .iter()
        .filter_map(|(what, text, expected)| {
            let seen = detector.names_beside(&0, QUESTION, text);
            (seen != *expected).then(|| format!("{what}\n  expected {expected:?}\n  seen {seen:?}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A word of a question and one of a name: the same in another number, or not.
const NUMBERS: &[(&str, &str, bool)] = &[
    ("agencies", "Agency", true),
    ("agency", "Agencies", true),
    ("movies", "Movie", true),
    ("buses", "Bus", true),
    ("houses", "House", true),
    ("boxes", "Box", true),
    ("tool", "Tools", true),
    ("hoteles", "Hotel", true),
    ("hotel", "Hoteles", true),
    ("camiones", "Camión", true),
    ("luz", "Luces", true),
    ("bancos", "Banco", true),
    ("agencias", "Agencia", true),
    ("not", "Notes", false),
    ("them", "Themes", false),
    ("gas", "Ga", false),
    ("agent", "Agency", false),
    ("banco", "Bank", false),
];

#[test]
fn a_word_of_the_question_is_nobody_in_any_number() {
    let detector = detector();
    for (asked, name, is_asked) in NUMBERS {
        let question = format!("Which {asked} suit us?");
        let text = format!("- Kipu\n- {name}\n- Datev");
        let seen = detector.names_beside(&0, &question, &text);
        assert_eq!(
            !seen.iter().any(|seen| seen == name),
            *is_asked,
            "{asked}, {name}: {seen:?}"
        );
        assert!(seen.iter().any(|seen| seen == "Datev"), "{seen:?}");
    }
    let question = "Which invoicing tools suit agencies?";
    let seen = detector.names_beside(&0, question, "- Kipu\n- Agency Tools\n- Agency Hub");
    assert_eq!(seen, ["Agency Hub"]);
}

#[test]
fn counts_say_in_how_many_answers_and_which() {
    let mut names = NamesBeside::default();
    names.count(1, vec!["Datev".to_owned(), "Xero".to_owned()]);
    names.count(2, vec!["DATEV".to_owned()]);
    names.count(3, vec!["Datev".to_owned(), "Wave".to_owned()]);
    let found = names.finish();
    let expected = [
        NameBeside {
            name: "Datev".to_owned(),
            answers: 3,
            examples: vec![1, 2, 3],
        },
        NameBeside {
            name: "Wave".to_owned(),
            answers: 1,
            examples: vec![3],
        },
        NameBeside {
            name: "Xero".to_owned(),
            answers: 1,
            examples: vec![1],
        },
    ];
    assert_eq!(found, expected);
}

fn listing() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "1. ", "2. ", "- ", "* ", "## 1. ", "| 1 | ", "Kipu", "Quipla", "**", "[", "](x)", ": ",
            " - ", " (", ")", "\n", "\n\n", "Datev", "eBay", "金蝶", "Best overall: ", "<li>", "<ol>",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn names_stand_in_the_text_and_are_nobodys(text in listing()) {
        let detector = detector();
        let names = detector.names_beside(&0, QUESTION, &text);
        let mut keys: Vec<String> = names.iter().map(|name| name_key(name)).collect();
        for name in &names {
            prop_assert!(text.contains(name.as_str()), "{name:?}");
            prop_assert!(name.chars().count() <= 48 && !name.contains(char::is_control));
            let owner = detector.analyze(name, &[], None).into_iter().find(|found| found.text_count > 0);
            prop_assert!(owner.is_none(), "{name:?} is {owner:?}");
        }
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), names.len());
    }

    #[test]
    fn an_entity_that_is_not_named_has_nobody_beside_it(text in listing()) {
        let stranger = Detector::new(&[entity(7, "Zzyzx", &[])]);
        let named = stranger.analyze(&text, &[], None).iter().any(|found| found.text_count > 0);
        prop_assume!(!named);
        prop_assert!(stranger.names_beside(&7, QUESTION, &text).is_empty());
    }
}
