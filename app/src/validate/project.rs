//! Limits of projects, their entities and prompts.

use std::collections::{HashMap, HashSet};

use super::{
    ALIAS, ALIASES, BUDGET_USD, COMPETITORS, Check, DOMAINS, ENTITY_NAME, MODELS, PROMPT, PROMPTS,
    QUESTION_LANGUAGES, REPEATS,
};
use crate::api::error::FieldError;
use crate::letters;
use crate::model::domain::{self, DomainError, Letters};
use crate::model::language::Language;
use crate::model::project::{EntityDraft, NameRule, ProjectDraft};
use crate::texts::errors;

/// Domains are read in the browser as well.
const LETTERS: Letters = Letters {
    small: letters::small,
    is_alphanumeric: letters::is_alphanumeric,
};
/// Characters of a project's name.
const NAME: (usize, usize) = (1, 100);
/// Characters of the industry.
const INDUSTRY: (usize, usize) = (0, 100);
/// Characters of a schedule.
const SCHEDULE: (usize, usize) = (0, 100);
/// Phrases that decide on one name.
const RULE_PHRASES: usize = 20;

fn unique(values: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if !value.is_empty()
            && !kept
                .iter()
                .any(|known| letters::small(known) == letters::small(&value))
        {
            kept.push(value);
        }
    }
    kept
}

fn entity(check: &mut Check, path: &str, draft: &EntityDraft) -> EntityDraft {
    let name_field = format!("{path}.name");
    let name = check.line(&name_field, &draft.name, ENTITY_NAME);
    check_letters(check, &name_field, &name);
    let aliases_field = format!("{path}.aliases");
    let mut aliases = Vec::new();
    for alias in check.list(&aliases_field, &draft.aliases, ALIASES) {
        let alias = check.line(&aliases_field, alias, ALIAS);
        check_letters(check, &aliases_field, &alias);
        aliases.push(alias);
    }
    let aliases = unique(aliases);
    let aliases: Vec<String> = aliases
        .into_iter()
        .filter(|alias| letters::small(alias) != letters::small(&name))
        .collect();
    let domains_field = format!("{path}.domains");
    let mut domains = Vec::new();
    for typed in check.filled(&domains_field, &draft.domains, DOMAINS) {
        match domain::parse_by(LETTERS, typed) {
            Ok(domain) => domains.push(domain),
            Err(DomainError::NoDomain) => {
                check.wrong(&domains_field, errors::DOMAIN, &[("domain", &typed)]);
            }
            Err(DomainError::Page(page)) => {
                let values: &[(&str, &dyn std::fmt::Display)] =
                    &[("domain", &typed), ("page", &page)];
                check.wrong(&domains_field, errors::DOMAIN_PAGE, values);
            }
        }
    }
    let domains = unique(domains);
    let rules = rules(check, path, draft, &name, &aliases);
    EntityDraft {
        id: draft.id,
        name,
        aliases,
        domains,
        rules,
    }
}

/// A name of signs alone cannot be looked for.
fn check_letters(check: &mut Check, field: &str, name: &str) {
    if !name.is_empty() && !name.chars().any(letters::is_alphanumeric) {
        check.wrong(field, errors::NAME_LETTERS, &[("name", &name)]);
    }
}

/// How names are matched: each rule is for one of the names, and says something.
fn rules(
    check: &mut Check,
    path: &str,
    draft: &EntityDraft,
    name: &str,
    aliases: &[String],
) -> Vec<NameRule> {
    let names: HashSet<String> = std::iter::once(name)
        .chain(aliases.iter().map(String::as_str))
        .map(letters::small)
        .collect();
    let mut seen = HashSet::new();
    let mut clean = Vec::new();
    let listed = check.list(&format!("{path}.rules"), &draft.rules, ALIASES + 1);
    for (index, rule) in listed.iter().enumerate() {
        let field = |part: &str| format!("{path}.rules.{index}.{part}");
        let text = check.line(&field("text"), &rule.text, ALIAS);
        if !text.is_empty() && !names.contains(&letters::small(&text)) {
            check.wrong(field("text"), errors::RULE_NAME, &[("name", &text)]);
        }
        let rule = NameRule {
            not: phrases(check, &field("not"), &rule.not),
            needs: phrases(check, &field("needs"), &rule.needs),
            ..rule.clone()
        };
        if rule.has_effect() && seen.insert(letters::small(&text)) {
            clean.push(NameRule { text, ..rule });
        }
    }
    clean
}

fn phrases(check: &mut Check, field: &str, typed: &[String]) -> Vec<String> {
    let mut clean = Vec::new();
    for phrase in check.list(field, typed, RULE_PHRASES) {
        let phrase = check.line(field, phrase, ALIAS);
        check_letters(check, field, &phrase);
        clean.push(phrase);
    }
    unique(clean)
}

/// The same name or alias for two entities cannot be told apart in an answer.
fn check_names_apart(check: &mut Check, brand: &EntityDraft, competitors: &[EntityDraft]) {
    let mut owners: HashMap<String, (usize, &str)> = HashMap::new();
    for (index, entity) in std::iter::once(brand).chain(competitors).enumerate() {
        let names = std::iter::once(&entity.name)
            .chain(&entity.aliases)
            .chain(&entity.domains);
        for name in names.filter(|name| !name.is_empty()) {
            let (owner_index, owner) = *owners
                .entry(letters::small(name))
                .or_insert((index, entity.name.as_str()));
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
    letters::small(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn check_prompts(check: &mut Check, field: &str, texts: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut clean = Vec::new();
    for typed in check.filled(field, texts, PROMPTS) {
        let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let count = text.chars().count();
        let (min, max) = PROMPT;
        if !(min..=max).contains(&count) {
            check.wrong(
                field,
                errors::PROMPT_LENGTH,
                &[
                    ("min", &min),
                    ("max", &max),
                    ("count", &count),
                    ("start", &start_of(&text)),
                ],
            );
        } else if text.chars().any(char::is_control) {
            check.wrong(field, errors::CONTROL_CHARACTERS, &[]);
        } else if seen.insert(prompt_key(&text)) {
            clean.push(text);
        } else {
            check.wrong(field, errors::PROMPT_TWICE, &[("start", &start_of(&text))]);
        }
        // One message for each of 5,000 wrong lines helps nobody.
        if check.errors.len() >= 20 {
            break;
        }
    }
    clean
}

/// Questions, one each: trimmed, without empty ones; those that stand there twice are refused.
pub fn prompts(
    language: Language,
    field: &str,
    texts: &[String],
) -> Result<Vec<String>, Vec<FieldError>> {
    let mut check = Check::new(language);
    let texts = check_prompts(&mut check, field, texts);
    check.done(texts)
}

/// A project; gives it clean.
pub fn project(language: Language, draft: &ProjectDraft) -> Result<ProjectDraft, Vec<FieldError>> {
    let mut check = Check::new(language);
    let name = check.line("name", &draft.name, NAME);
    let brand = entity(&mut check, "brand", &draft.brand);
    let competitors: Vec<EntityDraft> = check
        .list("competitors", &draft.competitors, COMPETITORS)
        .iter()
        .enumerate()
        .map(|(index, competitor)| entity(&mut check, &format!("competitors.{index}"), competitor))
        .collect();
    check_names_apart(&mut check, &brand, &competitors);
    let industry = check.line("industry", &draft.industry, INDUSTRY);
    let question_language = draft.language.trim().to_ascii_lowercase();
    if !QUESTION_LANGUAGES.contains(&question_language.as_str()) {
        check.wrong("language", errors::LANGUAGE, &[]);
    }
    let country = draft.country.trim().to_ascii_uppercase();
    let is_country = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !country.is_empty() && !is_country {
        check.wrong("country", errors::COUNTRY, &[]);
    }
    let model_ids = check.ids("model_ids", &draft.model_ids, MODELS);
    if model_ids.is_empty() {
        check.wrong("model_ids", errors::MODELS, &[]);
    }
    let prompts = draft
        .prompts
        .as_ref()
        .map(|texts| check_prompts(&mut check, "prompts", texts));
    let monthly_budget = draft.monthly_budget.trim();
    let monthly_budget = if monthly_budget.is_empty() {
        String::new()
    } else {
        check
            .amount("monthly_budget", monthly_budget, BUDGET_USD)
            .to_string()
    };
    let repeats = draft.repeats.trim();
    let is_repeats = |typed: &str| typed.parse().is_ok_and(|typed| REPEATS.contains(&typed));
    if !repeats.is_empty() && !is_repeats(repeats) {
        let (min, max) = (REPEATS.start(), REPEATS.end());
        check.wrong("repeats", errors::REPEATS, &[("min", min), ("max", max)]);
    }
    // Whether it ever falls due, only the host can say.
    let schedule = check.line("schedule", &draft.schedule, SCHEDULE);
    check.done(ProjectDraft {
        name,
        brand,
        competitors,
        industry,
        language: question_language,
        country,
        model_ids,
        prompts,
        monthly_budget,
        repeats: repeats.to_owned(),
        schedule: schedule.split_whitespace().collect::<Vec<_>>().join(" "),
        is_active: draft.is_active,
    })
}
