//! What the form of a project knows: its questions line by line, its models by provider.

use std::collections::HashSet;

use crate::api::error::FieldError;
use crate::model::ids::ModelId;
use crate::model::language::Language;
use crate::model::metrics::{Interval, wilson_share};
use crate::model::money::Money;
use crate::model::project::{ProjectDraft, ProjectView};
use crate::model::provider::Provider;
use crate::model::registry::ModelView;
use crate::model::spend::{self, AskCost};
use crate::order;
use crate::validate::{self, REPEATS, prompt_key};

/// Countries by ISO 3166-1 alpha-2 code.
pub const COUNTRIES: &str = "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW";

/// Suggestions that are asked for at once.
pub const SUGGESTED: usize = 15;

/// The questions in a text, one a line; one that stands there again is left out.
pub fn questions(text: &str) -> Vec<String> {
    let first = |(_, line, is_again): (usize, &str, bool)| (!is_again).then(|| line.to_owned());
    lines(text).filter_map(first).collect()
}

/// The lines that are left out because their question stands above them already, with their
/// numbers from 1.
pub fn duplicates(text: &str) -> Vec<(usize, String)> {
    let again =
        |(line, words, is_again): (usize, &str, bool)| is_again.then(|| (line, words.to_owned()));
    lines(text).filter_map(again).collect()
}

/// The lines that have words, with their numbers from 1, and whether each says what one above says.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let mut seen = HashSet::new();
    let numbered = (1..).zip(text.lines().map(str::trim));
    numbered
        .filter(|(_, line)| !line.is_empty())
        .map(move |(number, line)| (number, line, !seen.insert(prompt_key(line))))
}

/// A line that is no good question yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The lines that the host would refuse, at most `most` of them.
pub fn wrong_lines(language: Language, text: &str, most: usize) -> Vec<WrongLine> {
    let wrong = |(line, words, is_again): (usize, &str, bool)| {
        if is_again {
            return None;
        }
        let found = validate::prompts(language, "prompts", &[words.to_owned()]).err()?;
        let message = found.into_iter().next()?.message;
        Some(WrongLine { line, message })
    };
    lines(text).filter_map(wrong).take(most).collect()
}

/// The questions in `text` with more of them below; what is there already stays once.
pub fn with_questions(text: &str, more: &[String]) -> String {
    let mut lines = questions(text);
    let mut seen: HashSet<String> = lines.iter().map(|line| prompt_key(line)).collect();
    for question in more {
        if seen.insert(prompt_key(question)) {
            lines.push(question.clone());
        }
    }
    lines.join("\n")
}

/// About what a run costs that asks each model of `chosen` this many times. The second number is
/// how many of them have no price; their cost is not included.
pub fn run_cost(costs: &[AskCost], chosen: &[ModelId], asks: usize) -> (Money, usize) {
    let known = |id: &ModelId| costs.iter().find(|cost| cost.model_id == *id)?.cost;
    let priced: Vec<Money> = chosen.iter().filter_map(known).collect();
    let one: Money = priced.iter().copied().sum();
    let asks = i64::try_from(asks).unwrap_or(i64::MAX);
    (one.times(asks), chosen.len() - priced.len())
}

/// The models that a new project begins with: the current models of all providers with a key, or
/// the simulator's if there is no key.
pub fn first_choice(models: &[ModelView]) -> Vec<ModelId> {
    let ids = |wanted: &dyn Fn(&&ModelView) -> bool| -> Vec<ModelId> {
        models
            .iter()
            .filter(|model| model.is_offered())
            .filter(wanted)
            .map(|model| model.id)
            .collect()
    };
    let real = ids(&|model| model.is_current && model.usable && model.provider.needs_key());
    if real.is_empty() {
        ids(&|model| model.provider == Provider::Simulator)
    } else {
        real
    }
}

/// The models to choose from, by provider and with the current one first: available ones, and
/// those that the project has already.
pub fn offered(models: &[ModelView], chosen: &[ModelId]) -> Vec<(Provider, Vec<ModelView>)> {
    let offered: Vec<ModelView> = models
        .iter()
        .filter(|model| model.is_offered() || chosen.contains(&model.id))
        .cloned()
        .collect();
    let mut groups = order::by_provider(&offered, true);
    for (_, own) in &mut groups {
        order::sort_by_key(own, |model| !model.is_current);
    }
    groups
}

/// The draft that changes nothing about a project.
pub fn draft_of(project: &ProjectView) -> ProjectDraft {
    let questions = project.prompts.iter().filter(|prompt| prompt.is_active);
    ProjectDraft {
        prompts: Some(questions.map(|prompt| prompt.text.clone()).collect()),
        ..project.record.draft()
    }
}

/// What is sent: a project without a name is called like its brand, and questions that nobody
/// touched stay as they are.
pub fn ready(mut draft: ProjectDraft, stored: Option<&ProjectDraft>) -> ProjectDraft {
    if draft.name.trim().is_empty() {
        draft.name = draft.brand.name.trim().to_owned();
    }
    if stored.is_some_and(|stored| stored.prompts == draft.prompts) {
        draft.prompts = None;
    }
    draft
}

/// Whether a project that is wanted has a budget that stops all its runs, and the stored one has
/// not.
pub fn stops_all(stored: Option<&ProjectDraft>, wanted: &ProjectDraft) -> bool {
    let budget = |draft: &ProjectDraft| draft.monthly_budget.parse::<Money>().ok();
    spend::stops_all(stored.and_then(budget), budget(wanted))
}

/// Wrong fields without what is said about a name that nobody typed: it is the brand's, and
/// said there.
pub fn without_borrowed_name(mut wrong: Vec<FieldError>, typed: &str) -> Vec<FieldError> {
    if typed.trim().is_empty() && wrong.iter().any(|error| error.field == "brand.name") {
        wrong.retain(|error| error.field != "name");
    }
    wrong
}

/// How often each question is asked, as far as what is typed says so.
pub fn repeats(typed: &str) -> usize {
    typed
        .trim()
        .parse()
        .ok()
        .filter(|repeats| REPEATS.contains(repeats))
        .and_then(|repeats| usize::try_from(repeats).ok())
        .unwrap_or(1)
}

/// Half of the 95 % interval to expect of a share near one half, over so many answers that do
/// not resemble each other. Answers to one question do: the truth lies between the figure for
/// all answers and the one for the questions alone.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub fn half_width(answers: usize) -> f64 {
    wilson_share(0.5, answers as f64).map_or(0.5, Interval::half_width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::project::EntityDraft;
    use crate::model::registry::Review;

    fn model(id: i64, provider: Provider, is_current: bool, usable: bool) -> ModelView {
        ModelView {
            id: id.into(),
            provider,
            model_id: id.to_string(),
            display_name: id.to_string(),
            web_search: false,
            is_current,
            is_available: true,
            max_tokens: 2048,
            coming_prices: Vec::new(),
            has_ended: false,
            max_in_flight: 64,
            price: None,
            usable,
            review: Review::Approved,
            first_seen_at: None,
            last_seen_at: None,
            retires_at: None,
        }
    }

    #[test]
    fn wrong_lines_are_counted_as_an_editor_counts() {
        let text = "Which accounting tool is best?\n\nshort\nwhich accounting  tool is best?";
        let lines: Vec<usize> = wrong_lines(Language::English, text, 10)
            .into_iter()
            .map(|wrong| wrong.line)
            .collect();
        assert_eq!(lines, [3]);
        assert_eq!(wrong_lines(Language::Spanish, text, 1).len(), 1);
        assert_eq!(wrong_lines(Language::English, "", 10), []);
    }

    #[test]
    fn a_question_that_stands_there_again_is_left_out() {
        let text = "Which one is best?\n\n which one  is BEST?\nIs Kipu any good?";
        assert_eq!(questions(text), ["Which one is best?", "Is Kipu any good?"]);
        assert_eq!(duplicates(text), [(3, "which one  is BEST?".to_owned())]);
        let kept = questions(text).join("\n");
        assert_eq!(duplicates(&kept), []);
        let draft = ProjectDraft {
            prompts: Some(questions(text)),
            ..ProjectDraft::default()
        };
        let wrong = validate::project(Language::English, &draft).expect_err("no name");
        assert!(wrong.iter().all(|error| error.field != "prompts"));
    }

    #[test]
    fn suggestions_keep_what_is_there() {
        let more = ["is Kipu any good for  bakeries?", "Which one is best?"].map(str::to_owned);
        let text = with_questions("Is Kipu any good for bakeries?\n", &more);
        assert_eq!(text, "Is Kipu any good for bakeries?\nWhich one is best?");
    }

    #[test]
    fn a_run_costs_what_its_priced_models_cost() {
        let cost = |id: i64, nanos: Option<i64>| AskCost {
            model_id: id.into(),
            cost: nanos.map(Money::from_nanos),
        };
        let costs = [cost(1, Some(10)), cost(2, Some(5)), cost(3, None)];
        let chosen = [1, 3, 4].map(ModelId::from);
        assert_eq!(run_cost(&costs, &chosen, 20), (Money::from_nanos(200), 2));
        assert_eq!(run_cost(&costs, &[], 20), (Money::ZERO, 0));
    }

    #[test]
    fn a_project_begins_with_what_can_be_asked() {
        let simulator = model(1, Provider::Simulator, true, true);
        let with_key = model(2, Provider::OpenAi, true, true);
        let older = model(3, Provider::OpenAi, false, true);
        let without_key = model(4, Provider::Google, true, false);
        let all = [simulator.clone(), with_key, older, without_key.clone()];
        assert_eq!(first_choice(&all), [2.into()]);
        assert_eq!(first_choice(&[simulator, without_key]), [1.into()]);
    }

    #[test]
    fn what_is_chosen_stays_on_offer() {
        let mut retired = model(3, Provider::OpenAi, false, true);
        retired.has_ended = true;
        let all = [
            model(1, Provider::OpenAi, false, true),
            model(2, Provider::OpenAi, true, true),
            retired,
        ];
        let ids = |chosen: &[ModelId]| -> Vec<i64> {
            offered(&all, chosen)[0]
                .1
                .iter()
                .map(|model| model.id.0)
                .collect()
        };
        assert_eq!(ids(&[]), [2, 1]);
        assert_eq!(ids(&[3.into()]), [2, 1, 3]);
    }

    #[test]
    fn untouched_questions_are_not_sent() {
        let stored = ProjectDraft {
            brand: EntityDraft {
                name: "Kipu".to_owned(),
                ..EntityDraft::default()
            },
            prompts: Some(vec!["a".to_owned()]),
            ..ProjectDraft::default()
        };
        let sent = ready(stored.clone(), Some(&stored));
        assert_eq!((sent.name.as_str(), sent.prompts), ("Kipu", None));
        let sent = ready(stored.clone(), None);
        assert_eq!(sent.prompts, stored.prompts);
    }

    #[test]
    fn a_budget_of_nothing_stops_a_project() {
        let of = |monthly_budget: &str| ProjectDraft {
            monthly_budget: monthly_budget.to_owned(),
            ..ProjectDraft::default()
        };
        for (stored, wanted, is_asked) in [
            (None, "0", true),
            (Some("5"), " 0.00 ", true),
            // As much as the workspace has.
            (Some(""), "0", true),
            (Some("0"), "0", false),
            (Some("0"), "", false),
            (Some("5"), "", false),
            (Some("5"), "0.01", false),
            (None, "", false),
        ] {
            let stored = stored.map(of);
            let stops = stops_all(stored.as_ref(), &of(wanted));
            assert_eq!(stops, is_asked, "{stored:?} {wanted}");
        }
    }

    #[test]
    fn country_codes_are_sorted_pairs_of_letters() {
        let codes: Vec<&str> = COUNTRIES.split(' ').collect();
        assert!(codes.is_sorted() && codes.iter().all(|code| code.len() == 2));
    }

    #[test]
    fn a_missing_brand_is_said_once() {
        let wrong = |typed: &str| {
            let draft = ProjectDraft {
                name: typed.to_owned(),
                language: "en".to_owned(),
                ..ProjectDraft::default()
            };
            let wrong = validate::project(Language::English, &draft).expect_err("wrong");
            let wrong = without_borrowed_name(wrong, typed);
            wrong
                .into_iter()
                .map(|error| error.field)
                .collect::<Vec<_>>()
        };
        assert!(wrong("").contains(&"brand.name".to_owned()));
        assert!(!wrong(" ").contains(&"name".to_owned()));
        assert!(wrong(&"x".repeat(101)).contains(&"name".to_owned()));
    }
}
