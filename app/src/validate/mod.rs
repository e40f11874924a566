//! Limits of every field, the same at the screen, at REST and on the command line.
//!
//! Parse, don't validate: every result is clean, and every wrong field is named. What limits one
//! noun alone stands with it, the other limits stand here.

mod account;
mod filters;
mod keys;
mod lists;
mod note;
mod project;
mod registry;
mod suggestions;
mod views;

use crate::api::error::FieldError;
use crate::model::language::Language;
use crate::model::money::Money;
use crate::texts::{Text, errors};

pub use account::{change_password, email, normal_email, password, sign_up};
pub use filters::{MAX_WORDS, answer_filter, source_query};
pub use keys::{budget, ceiling, key};
pub use note::note;
pub use project::{project, prompt_key, prompts};
pub use registry::{PriceAmounts, TierAmounts, price};
pub use suggestions::suggestion_wish;
pub use views::{saved_view, saved_view_change, viewed_page};

/// Characters of a password; more would only cost time in the hash.
pub const PASSWORD: (usize, usize) = (10, 256);
/// Characters of the shortest password of an admin of the instance.
pub const ADMIN_PASSWORD: usize = 12;
/// Days that a REST token may last, if it ends at all.
pub const TOKEN_DAYS: (i64, i64) = (1, 3_650);
/// Characters of an entity's name or alias.
pub const ENTITY_NAME: (usize, usize) = (2, 100);
/// Characters of an alias, or of a phrase that decides on one.
pub const ALIAS: (usize, usize) = (1, 100);
/// Aliases an entity.
pub const ALIASES: usize = 30;
/// Domains an entity.
pub const DOMAINS: usize = 20;
/// Competitors a project.
pub const COMPETITORS: usize = 50;
/// Characters of a question.
pub const PROMPT: (usize, usize) = (15, 500);
/// Questions a project.
pub const PROMPTS: usize = 5_000;
/// Characters of a note on a chart.
pub const NOTE: (usize, usize) = (1, 200);
/// Models a project.
pub const MODELS: usize = 40;
/// Prices that are accepted at a time.
pub const PRICES: usize = 2_000;
/// Tags a question.
pub const TAGS: usize = 20;
/// Letters of a tag.
pub const TAG: (usize, usize) = (1, 50);
/// Characters of what suggestions are about.
pub const ABOUT: usize = 200;
/// Suggestions that may be wanted at a time.
pub const SUGGESTIONS: (usize, usize) = (1, 20);
/// Characters of an API key.
pub const API_KEY: (usize, usize) = (8, 512);
/// Dollars of a budget.
pub const BUDGET_USD: (i64, i64) = (0, 1_000_000);
/// How often a run may ask each question.
pub const REPEATS: std::ops::RangeInclusive<i64> = 1..=20;
/// Dollars of a price a million tokens, or of a search.
pub const PRICE_USD: (i64, i64) = (0, 100_000);
/// Tokens read above which an ask is a long one.
pub const INPUT_TOKENS: (i64, i64) = (1, 100_000_000);
/// Tokens of an answer.
pub const MAX_TOKENS: (i64, i64) = (16, 1_000_000);
/// Asks at the same time, of a model or a key.
pub const IN_FLIGHT: (i64, i64) = (1, 10_000);
/// Languages that questions can be in.
pub const QUESTION_LANGUAGES: [&str; 12] = [
    "en", "es", "fr", "de", "it", "pt", "nl", "pl", "ca", "gl", "eu", "sv",
];

/// Characters of the shortest password.
pub const fn least_password(is_admin: bool) -> usize {
    if is_admin { ADMIN_PASSWORD } else { PASSWORD.0 }
}

/// What is wrong, in the reader's language.
pub struct Check {
    language: Language,
    errors: Vec<FieldError>,
}

impl Check {
    /// Nothing is wrong yet.
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            errors: Vec::new(),
        }
    }

    /// Notes a wrong field.
    pub fn wrong(
        &mut self,
        field: impl Into<String>,
        text: Text,
        values: &[(&str, &dyn std::fmt::Display)],
    ) {
        self.errors.push(FieldError {
            field: field.into(),
            message: text.fill(self.language, values),
        });
    }

    /// The value, where nothing was wrong.
    pub fn done<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(self.errors)
        }
    }

    /// A line of text within its limits, without space around it.
    pub fn line(&mut self, field: &str, value: &str, (min, max): (usize, usize)) -> String {
        let value = value.trim();
        let count = value.chars().count();
        if value.is_empty() && min > 0 {
            self.wrong(field, errors::REQUIRED, &[]);
        } else if count < min {
            self.wrong(field, errors::TOO_SHORT, &[("min", &min)]);
        } else if count > max {
            self.wrong(field, errors::TOO_LONG, &[("max", &max)]);
        } else if value.chars().any(char::is_control) {
            self.wrong(field, errors::CONTROL_CHARACTERS, &[]);
        }
        value.to_owned()
    }

    /// A whole number as typed; `None` where nothing is typed.
    pub(super) fn whole(&mut self, field: &str, text: &str, (min, max): (i64, i64)) -> Option<i64> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let number = text
            .parse()
            .ok()
            .filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.wrong(field, errors::NUMBER_RANGE, &[("min", &min), ("max", &max)]);
        }
        number
    }

    pub(super) fn amount(&mut self, field: &str, text: &str, (min, max): (i64, i64)) -> Money {
        let Ok(amount) = text.parse::<Money>() else {
            self.wrong(field, errors::AMOUNT, &[]);
            return Money::ZERO;
        };
        if amount < Money::from_usd(min) || amount > Money::from_usd(max) {
            self.wrong(field, errors::AMOUNT_RANGE, &[("min", &min), ("max", &max)]);
        }
        amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::keys::KeyDraft;
    use crate::model::project::{EntityDraft, ProjectDraft};
    use crate::model::provider::Provider;

    fn draft() -> ProjectDraft {
        ProjectDraft {
            name: " Kipu ".to_owned(),
            brand: EntityDraft {
                name: "Kipu".to_owned(),
                domains: vec!["https://www.kipu.io/".to_owned()],
                ..EntityDraft::default()
            },
            language: "en".to_owned(),
            model_ids: vec![2.into(), 1.into(), 2.into()],
            prompts: Some(vec![
                "Which accounting tool is best?".to_owned(),
                String::new(),
            ]),
            is_active: true,
            ..ProjectDraft::default()
        }
    }

    fn fields(result: Result<ProjectDraft, Vec<FieldError>>) -> Vec<String> {
        result
            .expect_err("refused")
            .into_iter()
            .map(|error| error.field)
            .collect()
    }

    #[test]
    fn a_good_project_comes_out_clean() {
        let clean = project(Language::English, &draft()).expect("accepted");
        assert_eq!(clean.name, "Kipu");
        assert_eq!(clean.brand.domains, ["kipu.io"]);
        assert_eq!(clean.model_ids, [1.into(), 2.into()]);
        assert_eq!(clean.prompts.map(|prompts| prompts.len()), Some(1));
    }

    #[test]
    fn each_wrong_field_is_named() {
        let wrong = ProjectDraft {
            name: String::new(),
            language: "xx".to_owned(),
            country: "Spain".to_owned(),
            model_ids: vec![],
            prompts: Some(vec!["too short".to_owned()]),
            competitors: vec![EntityDraft {
                name: "kipu".to_owned(),
                ..EntityDraft::default()
            }],
            ..draft()
        };
        assert_eq!(
            fields(project(Language::English, &wrong)),
            [
                "name",
                "competitors.0.name",
                "language",
                "country",
                "model_ids",
                "prompts"
            ]
        );
    }

    #[test]
    fn the_same_question_twice_is_refused_in_the_readers_language() {
        let twice = ProjectDraft {
            prompts: Some(vec![
                "Which accounting tool is best?".to_owned(),
                "which  Accounting tool is BEST?".to_owned(),
            ]),
            ..draft()
        };
        let errors = project(Language::Spanish, &twice).expect_err("refused");
        assert!(
            errors[0]
                .message
                .starts_with("Esta pregunta está dos veces")
        );
    }

    #[test]
    fn a_page_is_refused_with_what_to_leave_out() {
        let with_page = |brand: &str, competitor: &str| {
            let mut draft = draft();
            draft.brand.domains = vec![brand.to_owned()];
            draft.competitors = vec![EntityDraft {
                name: "Acme".to_owned(),
                domains: vec![competitor.to_owned()],
                ..EntityDraft::default()
            }];
            project(Language::English, &draft)
        };
        let errors =
            with_page("social.example/kipu", "https://social.example/acme/").expect_err("refused");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["brand.domains", "competitors.0.domains"]);
        assert!(
            errors[0].message.contains("leave out “/kipu”"),
            "{errors:?}"
        );
        assert!(
            errors[1].message.contains("leave out “/acme/”"),
            "{errors:?}"
        );
        let clean = with_page("https://www.Kipu.example/", "xn--espaa-rta.es").expect("fine");
        assert_eq!(clean.brand.domains, ["kipu.example"]);
        assert_eq!(clean.competitors[0].domains, ["españa.es"]);
        let twice = with_page("España.es", "xn--espaa-rta.es").expect_err("one domain for two");
        assert_eq!(twice[0].field, "competitors.0.name");
    }

    #[test]
    fn e_mail_addresses() {
        assert_eq!(
            email(Language::English, " Ana@Example.com "),
            Ok("ana@example.com".to_owned())
        );
        for wrong in ["", "a", "@b.c", "a@", "a b@c.d", "a@@b.c", "a@.c"] {
            assert!(email(Language::English, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_and_addresses() {
        let draft = |key: &str, url: &str| KeyDraft {
            provider: Provider::OpenAi,
            api_key: Some(key.to_owned()),
            base_url: url.to_owned(),
            max_in_flight: String::new(),
        };
        assert!(
            key(
                Language::English,
                &draft("sk-12345678", "http://127.0.0.1:9/v1/")
            )
            .is_ok()
        );
        for (bad_key, bad_url) in [
            ("short", ""),
            ("has space in it", ""),
            ("\"sk-12345678\"", ""),
            ("sk-12345678", "ftp://x"),
            ("sk-12345678", "https://user:pw@host"),
        ] {
            assert!(
                key(Language::English, &draft(bad_key, bad_url)).is_err(),
                "{bad_key} {bad_url}"
            );
        }
    }
}
