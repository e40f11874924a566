//! Limits of what suggestions are wanted for.

use super::{
    ABOUT, ALIAS, ALIASES, COMPETITORS, Check, ENTITY_NAME, PROMPT, PROMPTS, QUESTION_LANGUAGES,
    SUGGESTIONS,
};
use crate::api::error::FieldError;
use crate::model::language::Language;
use crate::model::suggestions::SuggestionWish;
use crate::texts::errors;

/// A wish; gives it clean. Lines that are left empty in a form are dropped.
pub fn suggestion_wish(
    language: Language,
    wish: &SuggestionWish,
) -> Result<SuggestionWish, Vec<FieldError>> {
    let mut check = Check::new(language);
    let brand = check.line("brand", &wish.brand, ENTITY_NAME);
    let aliases = lines(&mut check, "aliases", &wish.aliases, ALIASES, ALIAS);
    let competitors = &wish.competitors;
    let competitors = lines(
        &mut check,
        "competitors",
        competitors,
        COMPETITORS,
        (1, ENTITY_NAME.1),
    );
    let about = check.line("about", &one_line(&wish.about), (0, ABOUT));
    let question_language = wish.language.trim().to_ascii_lowercase();
    if !QUESTION_LANGUAGES.contains(&question_language.as_str()) {
        check.wrong("language", errors::LANGUAGE, &[]);
    }
    let country = wish.country.trim().to_ascii_uppercase();
    let is_country = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !country.is_empty() && !is_country {
        check.wrong("country", errors::COUNTRY, &[]);
    }
    // A question that is being typed may still be short.
    let limit = (1, PROMPT.1);
    let existing = lines(&mut check, "existing", &wish.existing, PROMPTS, limit);
    let (min, max) = SUGGESTIONS;
    if !(min..=max).contains(&wish.count) {
        check.wrong(
            "count",
            errors::NUMBER_RANGE,
            &[("min", &min), ("max", &max)],
        );
    }
    check.done(SuggestionWish {
        project_id: wish.project_id,
        brand,
        aliases,
        competitors,
        about,
        language: question_language,
        country,
        existing,
        count: wish.count,
        by_model: wish.by_model,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each field is named once, however many of its lines are wrong.
fn lines(
    check: &mut Check,
    field: &str,
    typed: &[String],
    most: usize,
    limit: (usize, usize),
) -> Vec<String> {
    let known = check.errors.len();
    let mut clean = Vec::new();
    for line in check.filled(field, typed, most) {
        if check.errors.len() > known {
            break;
        }
        clean.push(check.line(field, line, limit));
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> SuggestionWish {
        SuggestionWish {
            brand: " Kipu ".to_owned(),
            competitors: vec![String::new(), "Acme".to_owned()],
            about: "accounting\n software ".to_owned(),
            language: "ES".to_owned(),
            count: 10,
            ..SuggestionWish::default()
        }
    }

    #[test]
    fn a_good_wish_comes_out_clean() {
        let clean = suggestion_wish(Language::English, &wish()).expect("accepted");
        assert_eq!(
            (
                clean.brand.as_str(),
                clean.about.as_str(),
                clean.language.as_str()
            ),
            ("Kipu", "accounting software", "es")
        );
        assert_eq!(clean.competitors, ["Acme"]);
    }

    #[test]
    fn each_limit_is_named_once() {
        let long = "x".repeat(501);
        let wrong = SuggestionWish {
            brand: String::new(),
            aliases: vec!["a".to_owned(); 31],
            competitors: vec!["y".repeat(101), "z".repeat(101)],
            about: "a".repeat(201),
            language: "tlh".to_owned(),
            country: "Spain".to_owned(),
            existing: vec![long.clone(), long],
            count: 21,
            ..wish()
        };
        let errors = suggestion_wish(Language::English, &wrong).expect_err("refused");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "brand",
                "aliases",
                "competitors",
                "about",
                "language",
                "country",
                "existing",
                "count"
            ]
        );
        for count in [0, usize::MAX] {
            let wrong = SuggestionWish { count, ..wish() };
            assert!(suggestion_wish(Language::English, &wrong).is_err());
        }
        let many = SuggestionWish {
            existing: vec!["A question".to_owned(); PROMPTS + 1],
            ..wish()
        };
        assert!(suggestion_wish(Language::English, &many).is_err());
    }
}
