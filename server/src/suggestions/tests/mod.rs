//! Templates that fill, replies that lie, and what counts as said before.

use app::model::suggestions::{PromptClass, Suggestion, SuggestionWish};
use app::validate::PROMPT;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

mod nouns;
mod replies;

fn wish(language: &str, competitors: &[&str], about: &str) -> SuggestionWish {
    SuggestionWish {
        brand: "Kipu".to_owned(),
        aliases: vec!["Kipu Suite".to_owned()],
        competitors: competitors.iter().map(|name| (*name).to_owned()).collect(),
        about: about.to_owned(),
        language: language.to_owned(),
        country: "ES".to_owned(),
        count: 10,
        ..SuggestionWish::default()
    }
}

fn plain() -> SuggestionWish {
    wish("en", &["Acme", "Globex"], "accounting software")
}

/// What the templates give in a language that has some.
fn by_templates(wish: &SuggestionWish) -> Chosen {
    from_templates(wish).expect("templates")
}

fn near(one: &str, other: &str, about: &str) -> bool {
    let measure = Measure::new("en", about);
    measure.words(one).is_near(&measure.words(other))
}

fn of_class(suggestions: &[Suggestion], class: PromptClass) -> usize {
    suggestions
        .iter()
        .filter(|suggestion| suggestion.class == class)
        .count()
}

fn entry(class: &str, question: &str) -> Value {
    json!({"class": class, "question": question})
}

fn reply(entries: &[Value]) -> String {
    json!({ "questions": entries }).to_string()
}

fn texts(chosen: &Chosen) -> Vec<&str> {
    chosen
        .suggestions
        .iter()
        .map(|suggestion| suggestion.text.as_str())
        .collect()
}

#[test]
fn questions_that_say_the_same_are_near() {
    let near_ones = [
        (
            "What is the best CRM for startups?",
            "Which CRM is best for startups?",
        ),
        (
            "Which accounting software do experts recommend?",
            "which ACCOUNTING software do the experts recommend",
        ),
        (
            "Best running shoe for beginners?",
            "best running shoes for beginners",
        ),
        ("¿Qué café es mejor aquí?", "que cafe es mejor aqui"),
    ];
    for (one, other) in near_ones {
        assert!(near(one, other, ""), "{one} / {other}");
    }
    let other_ones = [
        (
            "Which CRM is best for small companies?",
            "Which CRM is best for large companies?",
        ),
        (
            "Kipu or Acme: which one is better?",
            "Kipu or Globex: which one is better?",
        ),
        (
            "What is the best invoicing tool?",
            "What is the best payroll tool?",
        ),
    ];
    for (one, other) in other_ones {
        assert!(!near(one, other, ""), "{one} / {other}");
    }
}

#[test]
fn a_long_subject_makes_no_questions_near() {
    let about = "cloud accounting software with invoicing and payroll for Spanish freelancers";
    let one = format!("What are the ten best options for {about}?");
    let other = format!("Which {about} would you recommend, and why?");
    assert!(!near(&one, &other, about));
    assert!(near(&one, &format!("The ten best options: {about}"), about));
    // Parts of a subject tell questions apart.
    let (invoicing, payroll) = (
        "What is the best invoicing tool?",
        "What is the best payroll tool?",
    );
    assert!(!near(invoicing, payroll, about));
}

#[test]
fn texts_in_another_language_are_known_by_their_small_words() {
    use super::similar::is_in_other_language as foreign;
    let english = "What are the best options for accounting software?";
    let spanish = "¿Cuáles son las mejores opciones de software de contabilidad?";
    assert!(foreign("es", english) && foreign("fr", english) && !foreign("en", english));
    assert!(foreign("en", spanish) && !foreign("es", spanish));
    // Few small words say nothing.
    assert!(!foreign("es", "Kipu Acme Globex ranking 2026"));
}

#[test]
fn templates_give_all_classes_in_equal_parts() {
    for language in ["en", "es"] {
        for count in [5, 10, 20] {
            let wish = SuggestionWish {
                count,
                ..wish(language, &["Acme", "Globex"], "accounting software")
            };
            let chosen = by_templates(&wish);
            assert_eq!(chosen.suggestions.len(), count);
            for &class in PromptClass::ALL {
                assert_eq!(of_class(&chosen.suggestions, class), count / 5, "{class:?}");
            }
        }
    }
}

#[test]
fn templates_do_without_competitors_and_without_a_subject() {
    for language in ["en", "es"] {
        for (competitors, about) in [
            (vec![], "accounting software"),
            (vec!["Acme"], ""),
            (vec![], ""),
            (vec![], "?!"),
        ] {
            let wish = SuggestionWish {
                count: 20,
                ..wish(language, &competitors, about)
            };
            let chosen = by_templates(&wish);
            assert_eq!(
                chosen.suggestions.len(),
                20,
                "{language} {competitors:?} {about:?}"
            );
            let versus = of_class(&chosen.suggestions, PromptClass::BrandVsCompetitor);
            assert_eq!(versus, if competitors.is_empty() { 0 } else { 4 });
            for text in texts(&chosen) {
                assert!(!text.contains(['{', '}']) && !text.contains("  "), "{text}");
                assert!(about.len() > 2 || text.contains("Kipu") || text.contains("Acme"));
            }
        }
    }
}

#[test]
fn where_there_are_no_templates_none_are_offered() {
    for language in ["fr", "de", "eu", ""] {
        assert!(!has_templates(language));
        let wish = wish(language, &["Acme"], "accounting software");
        assert_eq!(from_templates(&wish), None, "{language}");
    }
}

#[test]
fn a_project_gets_as_many_as_it_wants_and_most_name_nobody() {
    for language in ["en", "es"] {
        for count in [5, 15, 50] {
            let wish = SuggestionWish {
                count,
                ..wish(language, &["Acme", "Globex"], "accounting software")
            };
            let chosen = by_templates(&wish);
            assert_eq!(chosen.suggestions.len(), count, "{language}");
            let named = texts(&chosen)
                .into_iter()
                .filter(|text| {
                    ["Kipu", "Acme", "Globex"]
                        .iter()
                        .any(|name| text.contains(name))
                })
                .count();
            assert!(named * 3 <= count, "{named} of {count}");
        }
    }
}

#[test]
fn unbranded_templates_name_nobody() {
    let chosen = by_templates(&SuggestionWish {
        count: 20,
        ..plain()
    });
    for Suggestion { class, text } in &chosen.suggestions {
        let is_versus = *class == PromptClass::BrandVsCompetitor;
        assert_eq!(text.contains("Kipu"), is_versus, "{text}");
    }
}

#[test]
fn each_competitor_has_its_turn() {
    let wish = wish("en", &["Acme", "Globex", "Initech", "Hooli"], "soap");
    let chosen = by_templates(&SuggestionWish { count: 20, ..wish });
    for name in ["Acme", "Globex", "Initech", "Hooli"] {
        let named = texts(&chosen)
            .iter()
            .filter(|text| text.contains(name))
            .count();
        assert_eq!(named, 1, "{name}");
    }
}

#[test]
fn what_is_there_already_is_not_suggested() {
    let first = by_templates(&plain());
    let existing: Vec<String> = texts(&first)
        .iter()
        .map(|text| text.to_uppercase())
        .collect();
    let second = by_templates(&SuggestionWish {
        existing,
        ..plain()
    });
    assert_eq!(second.suggestions.len(), 10);
    let measure = Measure::new("en", "accounting software");
    for one in texts(&first) {
        for other in texts(&second) {
            assert!(
                !measure.words(one).is_near(&measure.words(other)),
                "{one} / {other}"
            );
        }
    }
}

#[test]
fn names_that_look_like_places_are_not_filled() {
    let wish = SuggestionWish {
        brand: "{c} {i}".to_owned(),
        ..wish("en", &["{b}"], "{c}{b}")
    };
    let chosen = by_templates(&wish);
    let expected = "{c}{b}: is {c} {i} or {b} the better choice?";
    assert!(texts(&chosen).contains(&expected), "{chosen:?}");
}

fn words() -> impl Strategy<Value = String> {
    "[a-zA-ZñéÁ¿? ]{0,60}"
}

proptest! {
    #[test]
    fn being_near_is_mutual_and_begins_at_home(one in words(), other in words(), about in words()) {
        let measure = Measure::new("es", &about);
        let (a, b) = (measure.words(&one), measure.words(&other));
        prop_assert!(a.is_near(&a));
        prop_assert_eq!(a.is_near(&b), b.is_near(&a));
    }

    #[test]
    fn order_case_and_punctuation_do_not_matter(one in words(), about in words()) {
        let measure = Measure::new("en", &about);
        let turned: Vec<&str> = one.split(' ').rev().collect();
        let turned = format!("¡{}!!", turned.join(", ").to_uppercase());
        prop_assert!(measure.words(&one).is_near(&measure.words(&turned)));
    }

    #[test]
    fn no_wish_gives_a_template_out_of_limits_or_twice(
        brand in "\\PC{2,100}", about in "\\PC{0,200}",
        competitors in prop::collection::vec("\\PC{1,100}", 0..4),
        language in prop::sample::select(vec!["en", "es"]),
        count in 1_usize..=20,
    ) {
        let wish = SuggestionWish {
            brand, about, competitors, language: language.to_owned(), count,
            ..SuggestionWish::default()
        };
        let chosen = by_templates(&wish);
        check(&wish, &chosen)?;
        prop_assert_eq!(by_templates(&wish), chosen, "the same again");
    }

    #[test]
    fn no_reply_makes_a_panic_or_gets_through_unclean(
        replied in "\\PC{0,400}",
        entries in prop::collection::vec(
            (prop::sample::select(vec!["comparison", "top_list", "brand_vs_competitor", "x"]),
             "(\\PC|[\u{0}-\u{20}\u{200B}\u{202E}]|Kipu |Acme |which |the ){0,60}"),
            0..30,
        ),
        count in 1_usize..=20,
    ) {
        let wish = SuggestionWish { count, ..plain() };
        check(&wish, &from_reply(&wish, &replied))?;
        let entries: Vec<Value> = entries.iter().map(|(class, text)| entry(class, text)).collect();
        let replied = reply(&entries);
        let chosen = from_reply(&wish, &replied);
        check(&wish, &chosen)?;
        for text in texts(&chosen) {
            prop_assert!(!text.contains(char::is_control) && !text.contains("  "));
        }
    }
}

fn check(wish: &SuggestionWish, chosen: &Chosen) -> Result<(), TestCaseError> {
    prop_assert!(chosen.suggestions.len() <= wish.count);
    let measure = Measure::new(&wish.language, &wish.about);
    let (min, max) = PROMPT;
    for (place, suggestion) in chosen.suggestions.iter().enumerate() {
        prop_assert!((min..=max).contains(&suggestion.text.chars().count()));
        let words = measure.words(&suggestion.text);
        for other in &chosen.suggestions[..place] {
            prop_assert!(!measure.words(&other.text).is_near(&words));
        }
    }
    Ok(())
}
