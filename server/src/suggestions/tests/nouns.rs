//! Every template with many nouns: of any number and gender, proper ones, with articles and
//! without.
//!
//! What is checked are rules of the language, not the sentences: before a noun stands nothing
//! that would have to agree with it, and behind it no verb that would.

use super::*;
use crate::suggestions::templates;

/// As typed, and as it stands behind "which".
const ENGLISH: [(&str, &str); 42] = [
    ("bank", "bank"),
    ("banks", "banks"),
    ("a bank", "bank"),
    ("The best bank", "bank"),
    ("running shoes", "running shoes"),
    ("a running shoe", "running shoe"),
    ("hotel in Lisbon", "hotel in Lisbon"),
    ("hotels in Lisbon", "hotels in Lisbon"),
    (
        "a hotel in the old town of Lisbon",
        "hotel in the old town of Lisbon",
    ),
    ("software", "software"),
    ("accounting software", "accounting software"),
    ("insurance", "insurance"),
    ("an insurance for dogs", "insurance for dogs"),
    ("CRM", "CRM"),
    ("a CRM for small shops", "CRM for small shops"),
    ("A CRM", "CRM"),
    ("some olive oil", "olive oil"),
    ("the news", "news"),
    ("glasses", "glasses"),
    ("bus", "bus"),
    ("boss", "boss"),
    ("children's books", "children's books"),
    ("mice", "mice"),
    ("sheep", "sheep"),
    ("furniture", "furniture"),
    ("advice", "advice"),
    ("travel", "travel"),
    ("hosting", "hosting"),
    ("Kubernetes hosting", "Kubernetes hosting"),
    ("iPhone cases", "iPhone cases"),
    ("The Beatles merchandise", "The Beatles merchandise"),
    ("MBA", "MBA"),
    ("an MBA in Spain", "MBA in Spain"),
    ("hour-long massage", "hour-long massage"),
    ("university", "university"),
    ("electric car", "electric car"),
    ("email marketing", "email marketing"),
    ("3D printer", "3D printer"),
    ("shoes, socks and shirts", "shoes, socks and shirts"),
    (
        "companies that clean windows",
        "companies that clean windows",
    ),
    ("wine.", "wine"),
    ("  B2B SaaS?  ", "B2B SaaS"),
];

const SPANISH: [(&str, &str); 42] = [
    ("banco", "banco"),
    ("bancos", "bancos"),
    ("un banco", "banco"),
    ("El mejor banco", "banco"),
    ("zapatillas", "zapatillas"),
    ("unas zapatillas para correr", "zapatillas para correr"),
    ("zapatilla", "zapatilla"),
    ("hotel en Lisboa", "hotel en Lisboa"),
    ("hoteles en Lisboa", "hoteles en Lisboa"),
    (
        "un hotel en el centro de Lisboa",
        "hotel en el centro de Lisboa",
    ),
    ("seguros", "seguros"),
    ("un seguro para perros", "seguro para perros"),
    ("software", "software"),
    ("software de contabilidad", "software de contabilidad"),
    ("CRM", "CRM"),
    ("un CRM para tiendas pequeñas", "CRM para tiendas pequeñas"),
    ("agua", "agua"),
    ("el agua mineral", "agua mineral"),
    ("gafas", "gafas"),
    ("Las gafas", "gafas"),
    ("La Rioja y sus vinos", "La Rioja y sus vinos"),
    ("aceite de oliva", "aceite de oliva"),
    ("lunes sin carne", "lunes sin carne"),
    ("crisis de reputación", "crisis de reputación"),
    ("muebles", "muebles"),
    ("los muebles de jardín", "muebles de jardín"),
    ("viajes", "viajes"),
    ("alojamiento web", "alojamiento web"),
    ("fundas de iPhone", "fundas de iPhone"),
    ("iPhone", "iPhone"),
    ("máster", "máster"),
    ("un máster en España", "máster en España"),
    ("universidad", "universidad"),
    ("coche eléctrico", "coche eléctrico"),
    ("coches eléctricos", "coches eléctricos"),
    ("educación", "educación"),
    ("mano de obra", "mano de obra"),
    ("ñoquis", "ñoquis"),
    ("éxito escolar", "éxito escolar"),
    (
        "zapatos, calcetines y camisas",
        "zapatos, calcetines y camisas",
    ),
    ("vino.", "vino"),
    ("¿vinos?", "vinos"),
];

/// Whatever stands between "which" and the end of a sentence may follow the noun, if it has no
/// number: these are the same behind "bank" and behind "banks".
const VERBS: [&str; 12] = [
    "would",
    "should",
    "could",
    "can",
    "do",
    "recomendarías",
    "elegirías",
    "pondrías",
    "aconsejan",
    "desaconsejarías",
    "me conviene",
    "se puede",
];

fn sentences(language: &str, about: &str) -> Vec<Suggestion> {
    let wish = wish(language, &["Acme", "Globex"], about);
    templates::candidates(&wish).expect("templates")
}

/// The text before and behind the noun, and the noun as it stands there.
fn around<'a>(text: &'a str, typed: &str, noun: &str) -> Option<(&'a str, &'a str)> {
    let typed = typed.trim().trim_matches(['.', '?', '¿']);
    let mut spellings: Vec<String> = vec![typed.to_owned(), noun.to_owned()];
    let first = typed.chars().next()?;
    spellings.push(first.to_uppercase().chain(typed.chars().skip(1)).collect());
    spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    spellings
        .iter()
        .find_map(|spelling| text.split_once(spelling.as_str()))
}

fn check_sentence(text: &str, typed: &str, noun: &str) {
    assert!(
        !text.contains("  ") && !text.contains(" ,") && !text.contains(".."),
        "{text}"
    );
    assert!(!text.contains(['{', '}']), "{text}");
    let start = text
        .trim_start_matches('¿')
        .chars()
        .next()
        .expect("a character");
    assert!(
        start.is_uppercase() || start.is_numeric() || text.starts_with("iPhone"),
        "{text}"
    );
    assert!(text.ends_with(['?', '.']), "{text}");
    let (before, behind) = around(text, typed, noun).expect(text);
    let asked = ["Which ", "¿Qué ", "¿En qué ", "hich ", "qué "];
    if before.is_empty() {
        assert!(behind.starts_with(": "), "a topic: {text}");
    } else if before.ends_with('(') {
        assert!(behind.starts_with(')'), "in brackets: {text}");
    } else {
        assert!(asked.iter().any(|word| before.ends_with(word)), "{text}");
        let has_verb = |verb: &&str| behind.starts_with(&format!(" {verb} "));
        assert!(
            VERBS.iter().any(has_verb),
            "a verb without a number: {text}"
        );
        let article = format!("{before}{}", typed.trim());
        let stands_bare = noun == typed.trim().trim_matches(['.', '?', '¿']);
        assert!(
            stands_bare || !text.starts_with(&article),
            "an article: {text}"
        );
    }
}

#[test]
fn every_template_reads_right_with_any_noun() {
    for (language, nouns) in [("en", &ENGLISH), ("es", &SPANISH)] {
        let mut count = 0;
        for (typed, noun) in nouns {
            for Suggestion { text, .. } in sentences(language, typed) {
                let leans_on_names = around(&text, typed, noun).is_none();
                if leans_on_names {
                    assert!(
                        ["Kipu", "Acme", "Globex"]
                            .iter()
                            .any(|name| text.contains(name)),
                        "{text}"
                    );
                } else {
                    check_sentence(&text, typed, noun);
                    count += 1;
                }
            }
        }
        // All of them: 28 sentences without names, 40 with an audience, 4 for each competitor.
        assert_eq!(count, nouns.len() * (28 + 40 + 8), "{language}");
    }
}

#[test]
fn a_name_with_a_point_ends_a_sentence_once() {
    let wish = SuggestionWish {
        brand: "Kipu Inc.".to_owned(),
        ..wish("en", &["Acme Ltd."], "soap")
    };
    let texts: Vec<String> = templates::candidates(&wish)
        .expect("templates")
        .into_iter()
        .map(|suggestion| suggestion.text)
        .collect();
    assert!(texts.contains(&"List the best alternatives to Acme Ltd.".to_owned()));
    assert!(texts.iter().all(|text| !text.contains("..")));
}

#[test]
fn spanish_words_between_names_go_by_their_sound() {
    for (first, second, expected) in [
        ("Kipu", "Acme", "Kipu o Acme"),
        ("Kipu", "Orbita", "Kipu u Orbita"),
        ("Kipu", "Óptima", "Kipu u Óptima"),
        ("Kipu", "Holded", "Kipu u Holded"),
        ("Iberia", "Acme", "Acme e Iberia"),
        ("Hilti", "Acme", "Acme e Hilti"),
        ("Hielo", "Acme", "Acme y Hielo"),
        ("iCloud", "Acme", "Acme y iCloud"),
        ("Kipu", "Acme", "Acme y Kipu"),
    ] {
        let wish = SuggestionWish {
            brand: first.to_owned(),
            ..wish("es", &[second], "jabón")
        };
        let made = templates::candidates(&wish).expect("templates");
        assert!(
            made.iter().any(|one| one.text.contains(expected)),
            "{expected}"
        );
    }
}
