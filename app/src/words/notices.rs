//! The words of notices, the same on the screen and in mails.
//!
//! Invariant: pure; numbers and days are written by language here, not by a browser.

use super::dates::long_day;
use super::numbers::{dollars, price, whole};
use super::runs::failures_in_words;
use crate::model::ids::ProjectId;
use crate::model::language::Language;
use crate::model::money::Money;
use crate::model::notices::{Notice, NoticeKind, PricedModel};
use crate::texts::{Text, home, keys, notices};

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeWords {
    /// What it is about, in a few words.
    pub title: String,
    /// The same without a word that a user typed: what stands in a list of mails is ours.
    pub subject: String,
    /// What happened, and what to do.
    pub message: String,
    /// Where that is done, and what the link there says.
    pub link: (String, &'static str),
    /// Whether something does not work any more, not only soon.
    pub is_grave: bool,
}

/// Where a notice sends its reader: an address, what the link says, whether it is grave.
struct Place(String, Text, bool);

/// What notices of a kind are about.
pub const fn kind_label(kind: NoticeKind) -> Text {
    match kind {
        NoticeKind::BudgetThreshold => notices::KIND_BUDGET_THRESHOLD,
        NoticeKind::BudgetEnd => notices::KIND_BUDGET_END,
        NoticeKind::RunIncomplete => notices::KIND_RUN_INCOMPLETE,
        NoticeKind::KeyRejected => notices::KIND_KEY_REJECTED,
        NoticeKind::ModelRetiring => notices::KIND_MODEL_RETIRING,
        NoticeKind::ModelReplaced => notices::KIND_MODEL_REPLACED,
        NoticeKind::ModelSwapped => notices::KIND_MODEL_SWAPPED,
        NoticeKind::ModelsNew => notices::KIND_MODELS_NEW,
        NoticeKind::CostSpike => notices::KIND_COST_SPIKE,
    }
}

/// The words of a notice about a project, or about none.
pub fn words(
    language: Language,
    notice: &Notice,
    project: Option<&(ProjectId, String)>,
) -> NoticeWords {
    let name = project.map_or("", |(_, name)| name.as_str());
    let page = |tail: &str| {
        project.map_or_else(|| "/".to_owned(), |(id, _)| format!("/projects/{id}{tail}"))
    };
    let (title, message, Place(href, label, is_grave)) = match notice {
        Notice::BudgetThreshold { spent, monthly } => (
            notices::BUDGET_THRESHOLD.get(language).to_owned(),
            budget_message(
                language,
                keys::ALERT_THRESHOLD,
                keys::ALERT_PROJECT_THRESHOLD,
                name,
                (*spent, *monthly),
            ),
            budget_place(project, false),
        ),
        Notice::BudgetEnd { spent, monthly } => (
            notices::BUDGET_END.get(language).to_owned(),
            budget_message(
                language,
                keys::ALERT_END,
                keys::ALERT_PROJECT_END,
                name,
                (*spent, *monthly),
            ),
            budget_place(project, true),
        ),
        Notice::RunIncomplete { run, .. } => (
            notices::RUN_INCOMPLETE.fill(language, &[("name", &name)]),
            incomplete_message(language, notice).unwrap_or_default(),
            Place(page(&format!("/runs/{run}")), notices::TO_RUN, false),
        ),
        Notice::ModelSwapped {
            name: model,
            asked,
            served,
            day,
        } => (
            notices::MODEL_SWAPPED.fill(language, &[("model", model)]),
            swapped_message(language, asked, served, &long_day(language, *day)),
            match project {
                Some(_) => Place(page(""), notices::TO_PROJECT, false),
                // Those who look after the instance.
                None => Place("/admin/models".to_owned(), notices::TO_MODELS, false),
            },
        ),
        Notice::KeyRejected {
            provider,
            no_credit,
        } => {
            let (title, message) = rejected_words(language, provider.label(), *no_credit);
            let place = Place("/keys".to_owned(), notices::TO_KEYS, true);
            (title, message, place)
        }
        Notice::ModelRetiring {
            name,
            on,
            days,
            projects,
            ..
        } => (
            notices::MODEL_RETIRING.fill(language, &[("name", name)]),
            retiring_message(language, name, (*days, &long_day(language, *on)), projects),
            Place("/".to_owned(), notices::TO_PROJECTS, *days <= 1),
        ),
        Notice::ModelReplaced { old, new } => (
            notices::MODEL_REPLACED.fill(language, &[("name", &name), ("new", &new.name)]),
            replaced_message(language, name, old, new),
            Place(page("/settings"), notices::TO_PROJECT, false),
        ),
        Notice::ModelsNew { names, count } => (
            match *count {
                1 => home::REVIEW_ONE.get(language).to_owned(),
                count => home::REVIEW_MANY.fill(language, &[("count", &whole(language, count))]),
            },
            notices::MODELS_NEW_MESSAGE.fill(language, &[("names", &names.join(", "))]),
            Place("/admin/models".to_owned(), notices::TO_MODELS, false),
        ),
        Notice::CostSpike { day, spent, mean } => (
            notices::COST_SPIKE.get(language).to_owned(),
            notices::COST_SPIKE_MESSAGE.fill(
                language,
                &[
                    ("day", &long_day(language, *day)),
                    ("spent", &dollars(language, *spent)),
                    ("mean", &dollars(language, *mean)),
                ],
            ),
            Place("/keys".to_owned(), notices::TO_SPEND, false),
        ),
    };
    NoticeWords {
        subject: subject(language, notice, &title),
        title,
        message,
        link: (href, label.get(language)),
        is_grave,
    }
}

/// The title without names that people gave, because others can read the subject of a mail.
fn subject(language: Language, notice: &Notice, title: &str) -> String {
    match notice {
        Notice::RunIncomplete { .. } => notices::RUN_INCOMPLETE_SUBJECT.get(language).to_owned(),
        Notice::ModelReplaced { new, .. } => {
            notices::MODEL_REPLACED_SUBJECT.fill(language, &[("new", &new.name)])
        }
        _ => title.to_owned(),
    }
}

fn budget_place(project: Option<&(ProjectId, String)>, is_grave: bool) -> Place {
    match project {
        Some((id, _)) => Place(
            format!("/projects/{id}/settings"),
            notices::TO_PROJECT,
            is_grave,
        ),
        None => Place("/keys".to_owned(), notices::TO_KEYS, is_grave),
    }
}

fn budget_message(
    language: Language,
    of_workspace: Text,
    of_project: Text,
    name: &str,
    (spent, monthly): (Money, Money),
) -> String {
    let text = if name.is_empty() {
        of_workspace
    } else {
        of_project
    };
    let percent = spent.percent_of(monthly).unwrap_or(100.0).floor();
    text.fill(
        language,
        &[
            ("percent", &percent),
            ("spent", &dollars(language, spent)),
            ("monthly", &dollars(language, monthly)),
            ("name", &name),
        ],
    )
}

fn swapped_message(language: Language, asked: &str, served: &str, day: &str) -> String {
    notices::MODEL_SWAPPED_MESSAGE.fill(
        language,
        &[("asked", &asked), ("served", &served), ("day", &day)],
    )
}

fn rejected_words(language: Language, provider: &str, no_credit: bool) -> (String, String) {
    let (title, message) = if no_credit {
        (notices::NO_CREDIT, notices::NO_CREDIT_MESSAGE)
    } else {
        (notices::KEY_REJECTED, notices::KEY_REJECTED_MESSAGE)
    };
    let values: &[(&str, &dyn std::fmt::Display)] = &[("provider", &provider)];
    (title.fill(language, values), message.fill(language, values))
}

/// Of a run that has not all its answers: how many it has, and why.
fn incomplete_message(language: Language, notice: &Notice) -> Option<String> {
    let Notice::RunIncomplete {
        answered,
        total,
        without_text,
        models,
        failures,
        ..
    } = notice
    else {
        return None;
    };
    let reasons: Vec<String> = failures
        .iter()
        .filter_map(|(model, failures)| {
            let reasons = failures_in_words(failures, language)?;
            Some(format!("{model}: {reasons}"))
        })
        .collect();
    // Of a run that stopped at its budget nothing failed.
    let text = if reasons.is_empty() {
        notices::RUN_INCOMPLETE_MESSAGE
    } else {
        notices::RUN_INCOMPLETE_WHY
    };
    let told = text.fill(
        language,
        &[
            ("answered", &whole(language, *answered)),
            ("total", &whole(language, *total)),
            ("failures", &reasons.join("; ")),
        ],
    );
    if models.is_empty() {
        return Some(told);
    }
    let limit = notices::RUN_WITHOUT_TEXT.fill(
        language,
        &[
            ("count", &whole(language, *without_text)),
            ("models", &models.join(", ")),
        ],
    );
    Some(format!("{told} {limit}"))
}

fn retiring_message(
    language: Language,
    name: &str,
    (days, on): (i64, &str),
    projects: &[String],
) -> String {
    let text = match (days, projects.is_empty()) {
        (..=0, _) => notices::MODEL_RETIRED_USED,
        (1, true) => notices::MODEL_RETIRING_TOMORROW,
        (1, false) => notices::MODEL_RETIRING_TOMORROW_USED,
        (_, true) => notices::MODEL_RETIRING_MESSAGE,
        (_, false) => notices::MODEL_RETIRING_USED,
    };
    let projects = projects.join(", ");
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("name", &name),
        ("on", &on),
        ("days", &days),
        ("projects", &projects),
    ];
    text.fill(language, &values)
}

fn replaced_message(
    language: Language,
    project: &str,
    old: &[PricedModel],
    new: &PricedModel,
) -> String {
    let names: Vec<&str> = old.iter().map(|model| model.name.as_str()).collect();
    let names = names.join(", ");
    let both = old.iter().chain([new]);
    let prices: Vec<String> = both.map(|model| price_words(language, model)).collect();
    let prices = prices.join("; ");
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("old", &names),
        ("new", &new.name),
        ("name", &project),
        ("prices", &prices),
    ];
    notices::MODEL_REPLACED_MESSAGE.fill(language, &values)
}

/// `Sonar $1 / $1, $0.005 per search`
fn price_words(language: Language, model: &PricedModel) -> String {
    let Some((input, output, search_fee)) = model.price else {
        return notices::PRICE_UNKNOWN.fill(language, &[("name", &model.name)]);
    };
    let amount = |amount: Money| price(language, amount);
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("name", &model.name),
        ("input", &amount(input)),
        ("output", &amount(output)),
        ("search", &search_fee.map(amount).unwrap_or_default()),
    ];
    let text = if search_fee.is_some() {
        notices::PRICE_WITH_SEARCH
    } else {
        notices::PRICE
    };
    text.fill(language, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::outcome::ErrorClass;
    use crate::model::provider::Provider;
    use crate::model::run::AskFailures;

    fn priced(name: &str, search: Option<&str>) -> PricedModel {
        let amount = |text: &str| text.parse().expect("an amount");
        PricedModel {
            name: name.to_owned(),
            price: Some((amount("0.25"), amount("2.5"), search.map(amount))),
        }
    }

    fn examples() -> Vec<Notice> {
        let (spent, monthly) = (Money::from_usd(81), Money::from_usd(100));
        let day = "2026-11-21".parse().expect("a day");
        vec![
            Notice::BudgetThreshold { spent, monthly },
            Notice::BudgetEnd { spent, monthly },
            Notice::RunIncomplete {
                run: 3.into(),
                answered: 58,
                total: 60,
                without_text: 0,
                models: Vec::new(),
                failures: Vec::new(),
            },
            Notice::RunIncomplete {
                run: 3.into(),
                answered: 40,
                total: 60,
                without_text: 20,
                models: vec!["GPT-6".to_owned()],
                failures: Vec::new(),
            },
            Notice::ModelSwapped {
                name: "GPT-6".to_owned(),
                asked: "gpt-6".to_owned(),
                served: "gpt-6-mini".to_owned(),
                day,
            },
            Notice::KeyRejected {
                provider: Provider::OpenAi,
                no_credit: false,
            },
            Notice::KeyRejected {
                provider: Provider::OpenAi,
                no_credit: true,
            },
            Notice::ModelRetiring {
                model: 4.into(),
                name: "GPT-5".to_owned(),
                on: day,
                days: 7,
                projects: vec!["Kipu".to_owned()],
                project_ids: Vec::new(),
            },
            Notice::ModelRetiring {
                model: 4.into(),
                name: "GPT-5".to_owned(),
                on: day,
                days: 1,
                projects: Vec::new(),
                project_ids: Vec::new(),
            },
            Notice::ModelRetiring {
                model: 4.into(),
                name: "GPT-5".to_owned(),
                on: day,
                days: -2,
                projects: vec!["Kipu".to_owned()],
                project_ids: Vec::new(),
            },
            Notice::ModelReplaced {
                old: vec![
                    priced("Sonar", Some("0.005")),
                    PricedModel {
                        name: "Sonar Large".to_owned(),
                        price: None,
                    },
                ],
                new: priced("Perplexity Sonar", None),
            },
            Notice::ModelsNew {
                names: vec!["GPT-6".to_owned()],
                count: 1,
            },
            Notice::CostSpike {
                day,
                spent,
                mean: Money::from_usd(9),
            },
        ]
    }

    #[test]
    fn every_notice_has_words_in_both_languages_with_all_values_filled_in() {
        for language in [Language::English, Language::Spanish] {
            for project in [None, Some((ProjectId(7), "Kipu".to_owned()))] {
                for notice in examples() {
                    let words = words(language, &notice, project.as_ref());
                    for text in [&words.title, &words.message] {
                        assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
                    }
                    assert!(words.link.0.starts_with('/') && !words.link.1.is_empty());
                }
            }
        }
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        for notice in examples() {
            let json = serde_json::to_string(&notice).expect("written");
            assert!(
                json.starts_with(&format!("{{\"{}\"", notice.kind())),
                "{json}"
            );
            assert_eq!(serde_json::from_str::<Notice>(&json).expect("read"), notice);
        }
    }

    /// Runs of before say nothing of texts.
    #[test]
    fn a_notice_of_before_is_still_read() {
        let old = r#"{"run_incomplete":{"run":3,"answered":58,"total":60}}"#;
        assert_eq!(
            serde_json::from_str::<Notice>(old).expect("read"),
            examples()[2]
        );
    }

    #[test]
    fn an_incomplete_run_leads_to_its_page() {
        let project = (7.into(), "Kipu".to_owned());
        let words = words(Language::English, &examples()[2], Some(&project));
        assert_eq!(words.link.0, "/projects/7/runs/3");
    }

    #[test]
    fn a_run_without_texts_names_model_and_limit() {
        let words = words(Language::English, &examples()[3], None);
        assert!(
            words.message.contains("20 answers of GPT-6"),
            "{}",
            words.message
        );
        assert!(words.message.contains("Answer limit"), "{}", words.message);
    }

    #[test]
    fn an_incomplete_run_names_models_and_reasons() {
        let failures = |class, asks| AskFailures { class, asks };
        let notice = Notice::RunIncomplete {
            run: 3.into(),
            answered: 46,
            total: 60,
            without_text: 0,
            models: Vec::new(),
            failures: vec![
                (
                    "Gemini 3".to_owned(),
                    vec![failures(ErrorClass::ModelNotFound, 12)],
                ),
                (
                    "GPT-6".to_owned(),
                    vec![
                        failures(ErrorClass::Timeout, 1),
                        failures(ErrorClass::BadKey, 1),
                    ],
                ),
            ],
        };
        let said = words(Language::English, &notice, None).message;
        let why = "Gemini 3: model unknown (12); GPT-6: no answer in time (1), key rejected (1).";
        assert!(said.contains(why), "{said}");
        let json = serde_json::to_string(&notice).expect("written");
        assert_eq!(serde_json::from_str::<Notice>(&json).expect("read"), notice);
    }

    #[test]
    fn a_replaced_model_is_told_with_both_prices() {
        let notice = Notice::ModelReplaced {
            old: vec![priced("Sonar", Some("0.005"))],
            new: priced("Perplexity Sonar", Some("0.0025")),
        };
        let project = (ProjectId(7), "Kipu".to_owned());
        let words = |language| words(language, &notice, Some(&project)).message;
        let english = words(Language::English);
        for part in ["Kipu", "$0.005", "$0.0025", "$0.25", "$2.50"] {
            assert!(english.contains(part), "{part}: {english}");
        }
        assert!(words(Language::Spanish).contains("0,0025\u{a0}$"));
    }

    #[test]
    fn a_budget_is_told_with_its_figures() {
        let words = words(Language::Spanish, &examples()[0], None);
        assert!(words.message.contains("81\u{a0}%"), "{}", words.message);
    }
}
