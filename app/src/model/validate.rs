//! Limits of every field, the same at the screen, at REST and on the command line.
//!
//! Parse, don't validate: what comes out of here is clean; what was wrong is named, field by
//! field.

use std::collections::HashMap;

use super::account::{ChangePassword, SignUp};
use super::keys::{BudgetDraft, KeyDraft};
use super::language::Language;
use super::money::Money;
use super::project::{EntityDraft, ProjectDraft};
use super::provider::Provider;
use super::registry::PriceDraft;
use crate::api::error::FieldError;
use crate::texts::{Text, errors};

/// Characters of a password; more would only cost time in the hash.
pub const PASSWORD: (usize, usize) = (10, 256);
/// Characters of a project's name.
pub const PROJECT_NAME: (usize, usize) = (1, 100);
/// Characters of an entity's name or alias.
pub const ENTITY_NAME: (usize, usize) = (2, 100);
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
/// Models a project.
pub const MODELS: usize = 40;
/// Characters of the industry.
pub const INDUSTRY: usize = 100;
/// Characters of an API key.
pub const API_KEY: (usize, usize) = (8, 512);
/// Dollars of a budget.
pub const BUDGET_USD: (i64, i64) = (0, 1_000_000);
/// Dollars of a price a million tokens, or of a search.
pub const PRICE_USD: (i64, i64) = (0, 100_000);
/// Tokens of an answer.
pub const MAX_TOKENS: (i64, i64) = (16, 1_000_000);
/// Languages that questions can be in.
pub const QUESTION_LANGUAGES: [&str; 12] =
    ["en", "es", "fr", "de", "it", "pt", "nl", "pl", "ca", "gl", "eu", "sv"];

/// What is wrong, in the reader's language.
pub struct Check {
    language: Language,
    errors: Vec<FieldError>,
}

impl Check {
    /// Nothing is wrong yet.
    pub const fn new(language: Language) -> Self {
        Self { language, errors: Vec::new() }
    }

    /// Notes a wrong field.
    pub fn wrong(&mut self, field: impl Into<String>, text: Text, values: &[(&str, &dyn std::fmt::Display)]) {
        self.errors.push(FieldError {
            field: field.into(),
            message: text.fill(self.language, values),
        });
    }

    /// The value, where nothing was wrong.
    pub fn done<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
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

    fn amount(&mut self, field: &str, text: &str, (min, max): (i64, i64)) -> Money {
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

/// An e-mail address in the form in which accounts are looked up: trimmed, lower case.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    !local.is_empty()
        && email.len() <= 254
        && !email.chars().any(|character| character.is_whitespace() || character.is_control())
        && !local.contains('@')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.is_empty()
}

/// An e-mail address; gives its normal form.
pub fn email(language: Language, email: &str) -> Result<String, Vec<FieldError>> {
    let mut check = Check::new(language);
    let email = normal_email(email);
    if email.is_empty() {
        check.wrong("email", errors::REQUIRED, &[]);
    } else if !is_email(&email) {
        check.wrong("email", errors::EMAIL, &[]);
    }
    check.done(email)
}

fn check_password(check: &mut Check, field: &str, password: &str) {
    let (min, max) = PASSWORD;
    let count = password.chars().count();
    if count < min {
        check.wrong(field, errors::PASSWORD_SHORT, &[("min", &min)]);
    } else if count > max {
        check.wrong(field, errors::TOO_LONG, &[("max", &max)]);
    }
}

/// A new password, alone.
pub fn password(language: Language, field: &str, password: &str) -> Result<(), Vec<FieldError>> {
    let mut check = Check::new(language);
    check_password(&mut check, field, password);
    check.done(())
}

/// A new account; gives it with a normal address.
pub fn sign_up(language: Language, draft: &SignUp) -> Result<SignUp, Vec<FieldError>> {
    let mut check = Check::new(language);
    let address = normal_email(&draft.email);
    if address.is_empty() {
        check.wrong("email", errors::REQUIRED, &[]);
    } else if !is_email(&address) {
        check.wrong("email", errors::EMAIL, &[]);
    }
    check_password(&mut check, "password", &draft.password);
    check.done(SignUp { email: address, ..draft.clone() })
}

/// A change of password.
pub fn change_password(language: Language, draft: &ChangePassword) -> Result<(), Vec<FieldError>> {
    let mut check = Check::new(language);
    if draft.current.is_empty() {
        check.wrong("current", errors::REQUIRED, &[]);
    }
    check_password(&mut check, "new", &draft.new);
    check.done(())
}

/// A host name from what people type: scheme, path, `www.` and a dot at the end are dropped.
/// `None` where no domain is left.
pub fn domain(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|character| character.is_alphanumeric() || character == '-')
    };
    (labels.len() >= 2 && host.len() <= 253 && labels.iter().all(is_label)).then(|| host.to_owned())
}

fn unique(values: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if !value.is_empty() && !kept.iter().any(|known| known.to_lowercase() == value.to_lowercase()) {
            kept.push(value);
        }
    }
    kept
}

fn entity(check: &mut Check, path: &str, draft: &EntityDraft) -> EntityDraft {
    let name = check.line(&format!("{path}.name"), &draft.name, ENTITY_NAME);
    let aliases_field = format!("{path}.aliases");
    let aliases = unique(
        draft
            .aliases
            .iter()
            .map(|alias| alias.trim())
            .filter(|alias| !alias.is_empty())
            .map(|alias| check.line(&aliases_field, alias, ENTITY_NAME)),
    );
    let aliases: Vec<String> =
        aliases.into_iter().filter(|alias| alias.to_lowercase() != name.to_lowercase()).collect();
    if aliases.len() > ALIASES {
        check.wrong(&aliases_field, errors::TOO_MANY, &[("max", &ALIASES)]);
    }
    let domains_field = format!("{path}.domains");
    let mut domains = Vec::new();
    for typed in draft.domains.iter().map(|typed| typed.trim()).filter(|typed| !typed.is_empty()) {
        match domain(typed) {
            Some(domain) => domains.push(domain),
            None => check.wrong(&domains_field, errors::DOMAIN, &[("domain", &typed)]),
        }
    }
    let domains = unique(domains);
    if domains.len() > DOMAINS {
        check.wrong(&domains_field, errors::TOO_MANY, &[("max", &DOMAINS)]);
    }
    EntityDraft { id: draft.id, name, aliases, domains }
}

/// The same name or alias for two entities cannot be told apart in an answer.
fn check_names_apart(check: &mut Check, brand: &EntityDraft, competitors: &[EntityDraft]) {
    let mut owners: HashMap<String, (usize, &str)> = HashMap::new();
    for (index, entity) in std::iter::once(brand).chain(competitors).enumerate() {
        let names = std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.domains);
        for name in names.filter(|name| !name.is_empty()) {
            let (owner_index, owner) =
                *owners.entry(name.to_lowercase()).or_insert((index, entity.name.as_str()));
            if owner_index != index {
                let field = if index == 0 {
                    "brand.name".to_owned()
                } else {
                    format!("competitors.{}.name", index - 1)
                };
                check.wrong(
                    field,
                    errors::NAME_TWICE,
                    &[("name", name), ("first", &owner), ("second", &entity.name)],
                );
            }
        }
    }
}

/// The first characters of a long text, for a message.
fn start_of(text: &str) -> String {
    let mut start: String = text.chars().take(40).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// The form in which two questions count as the same: lower case, single spaces.
pub fn prompt_key(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_prompts(check: &mut Check, field: &str, texts: &[String], refuse_doubles: bool) -> Vec<String> {
    let mut seen: HashMap<String, ()> = HashMap::new();
    let mut clean = Vec::new();
    for typed in texts {
        let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let count = text.chars().count();
        let (min, max) = PROMPT;
        if !(min..=max).contains(&count) {
            check.wrong(
                field,
                errors::PROMPT_LENGTH,
                &[("min", &min), ("max", &max), ("count", &count), ("start", &start_of(&text))],
            );
        } else if text.chars().any(char::is_control) {
            check.wrong(field, errors::CONTROL_CHARACTERS, &[]);
        } else if seen.insert(prompt_key(&text), ()).is_none() {
            clean.push(text);
        } else if refuse_doubles {
            check.wrong(field, errors::PROMPT_TWICE, &[("start", &start_of(&text))]);
        }
        // One message for each of 5,000 wrong lines helps nobody.
        if check.errors.len() >= 20 {
            break;
        }
    }
    if clean.len() > PROMPTS {
        check.wrong(field, errors::TOO_MANY, &[("max", &PROMPTS)]);
    }
    clean
}

/// Questions, one each: trimmed, without empty ones; those that stand there twice are refused.
pub fn prompts(language: Language, field: &str, texts: &[String]) -> Result<Vec<String>, Vec<FieldError>> {
    let mut check = Check::new(language);
    let texts = check_prompts(&mut check, field, texts, true);
    check.done(texts)
}

/// A project; gives it clean.
pub fn project(language: Language, draft: &ProjectDraft) -> Result<ProjectDraft, Vec<FieldError>> {
    let mut check = Check::new(language);
    let name = check.line("name", &draft.name, PROJECT_NAME);
    let brand = entity(&mut check, "brand", &draft.brand);
    if draft.competitors.len() > COMPETITORS {
        check.wrong("competitors", errors::TOO_MANY, &[("max", &COMPETITORS)]);
    }
    let competitors: Vec<EntityDraft> = draft
        .competitors
        .iter()
        .take(COMPETITORS)
        .enumerate()
        .map(|(index, competitor)| entity(&mut check, &format!("competitors.{index}"), competitor))
        .collect();
    check_names_apart(&mut check, &brand, &competitors);
    let industry = check.line("industry", &draft.industry, (0, INDUSTRY));
    let question_language = draft.language.trim().to_lowercase();
    if !QUESTION_LANGUAGES.contains(&question_language.as_str()) {
        check.wrong("language", errors::LANGUAGE, &[]);
    }
    let country = draft.country.trim().to_uppercase();
    if !country.is_empty() && !(country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase())) {
        check.wrong("country", errors::COUNTRY, &[]);
    }
    let mut model_ids = draft.model_ids.clone();
    model_ids.sort_unstable();
    model_ids.dedup();
    if model_ids.is_empty() {
        check.wrong("model_ids", errors::MODELS, &[]);
    } else if model_ids.len() > MODELS {
        check.wrong("model_ids", errors::TOO_MANY, &[("max", &MODELS)]);
    }
    let prompts = draft.prompts.as_ref().map(|texts| check_prompts(&mut check, "prompts", texts, true));
    check.done(ProjectDraft {
        name,
        brand,
        competitors,
        industry,
        language: question_language,
        country,
        model_ids,
        prompts,
        is_active: draft.is_active,
    })
}

/// A key; gives it clean. The host refuses addresses that it must not reach; here only the
/// form is looked at.
pub fn key(language: Language, draft: &KeyDraft) -> Result<KeyDraft, Vec<FieldError>> {
    let mut check = Check::new(language);
    let api_key = draft.api_key.as_ref().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    let (min, max) = API_KEY;
    if let Some(key) = &api_key {
        let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        if !(min..=max).contains(&key.len()) || !is_visible {
            check.wrong("api_key", errors::KEY, &[("min", &min), ("max", &max)]);
        }
    }
    let base_url = draft.base_url.trim().trim_end_matches('/').to_owned();
    let address = base_url.strip_prefix("https://").or_else(|| base_url.strip_prefix("http://"));
    match address {
        _ if base_url.is_empty() => {
            if matches!(draft.provider, Provider::Compatible | Provider::Azure) {
                check.wrong("base_url", errors::BASE_URL_NEEDED, &[]);
            }
        }
        Some(rest)
            if !rest.is_empty()
                && rest.len() <= 500
                && !rest.contains(['@', '?', '#', '\\'])
                && rest.bytes().all(|byte| byte.is_ascii_graphic()) => {}
        _ => check.wrong("base_url", errors::BASE_URL, &[]),
    }
    check.done(KeyDraft { provider: draft.provider, api_key, base_url })
}

/// A budget; gives its two values, `None` for one that stays as it is.
pub fn budget(language: Language, draft: &BudgetDraft) -> Result<(Option<Money>, Option<i64>), Vec<FieldError>> {
    let mut check = Check::new(language);
    let monthly = draft.monthly.as_ref().map(|text| check.amount("monthly", text, BUDGET_USD));
    if draft.threshold_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
        check.wrong("threshold_percent", errors::PERCENT, &[("min", &1), ("max", &100)]);
    }
    check.done((monthly, draft.threshold_percent))
}

/// A price as typed: each amount, `None` for one that is absent, `Some(None)` for one that is
/// left empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceAmounts {
    /// A million tokens read.
    pub input: Option<Money>,
    /// A million tokens written.
    pub output: Option<Money>,
    /// A million tokens from the cache.
    pub cached_input: Option<Option<Money>>,
    /// One search.
    pub search_fee: Option<Option<Money>>,
}

/// A price; gives its amounts.
pub fn price(language: Language, draft: &PriceDraft) -> Result<PriceAmounts, Vec<FieldError>> {
    let mut check = Check::new(language);
    let input = draft.input.as_ref().map(|text| check.amount("price.input", text, PRICE_USD));
    let output = draft.output.as_ref().map(|text| check.amount("price.output", text, PRICE_USD));
    let mut optional = |field: &str, text: &Option<String>| {
        text.as_ref().map(|text| {
            (!text.trim().is_empty()).then(|| check.amount(field, text, PRICE_USD))
        })
    };
    let cached_input = optional("price.cached_input", &draft.cached_input);
    let search_fee = optional("price.search_fee", &draft.search_fee);
    check.done(PriceAmounts { input, output, cached_input, search_fee })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> ProjectDraft {
        ProjectDraft {
            name: " Kipu ".to_owned(),
            brand: EntityDraft {
                name: "Kipu".to_owned(),
                domains: vec!["https://www.kipu.io/pricing".to_owned()],
                ..EntityDraft::default()
            },
            language: "en".to_owned(),
            model_ids: vec![2.into(), 1.into(), 2.into()],
            prompts: Some(vec!["Which accounting tool is best?".to_owned(), String::new()]),
            is_active: true,
            ..ProjectDraft::default()
        }
    }

    fn fields(result: Result<ProjectDraft, Vec<FieldError>>) -> Vec<String> {
        result.expect_err("refused").into_iter().map(|error| error.field).collect()
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
            competitors: vec![EntityDraft { name: "kipu".to_owned(), ..EntityDraft::default() }],
            ..draft()
        };
        assert_eq!(
            fields(project(Language::English, &wrong)),
            ["name", "competitors.0.name", "language", "country", "model_ids", "prompts"]
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
        assert!(errors[0].message.starts_with("Esta pregunta aparece dos veces"));
    }

    #[test]
    fn domains_are_read_from_what_people_type() {
        for (typed, expected) in [
            ("https://www.Example.com/a?b", Some("example.com")),
            ("example.com.", Some("example.com")),
            ("sub.example.co.uk:8080", Some("sub.example.co.uk")),
            ("exa mple.com", None),
            ("localhost", None),
            ("-a.com", None),
            ("", None),
        ] {
            assert_eq!(domain(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn e_mail_addresses() {
        assert_eq!(email(Language::English, " Ana@Example.com "), Ok("ana@example.com".to_owned()));
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
        };
        assert!(key(Language::English, &draft("sk-12345678", "http://127.0.0.1:9/v1/")).is_ok());
        for (bad_key, bad_url) in [
            ("short", ""),
            ("has space in it", ""),
            ("sk-12345678", "ftp://x"),
            ("sk-12345678", "https://user:pw@host"),
        ] {
            assert!(key(Language::English, &draft(bad_key, bad_url)).is_err(), "{bad_key} {bad_url}");
        }
    }
}
