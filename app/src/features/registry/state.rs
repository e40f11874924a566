//! A row of the price book while it is edited.

use crate::api::error::FieldError;
use crate::letters;
use crate::model::language::Language;
use crate::model::prices::{Flag, ImportRow, Refusal};
use crate::model::registry::{
    ModelChange, ModelView, PriceDraft, PriceOrigin, RegistryAction, Review, TierDraft,
};
use crate::order;
use crate::texts::{Text, errors, registry};
use crate::validate;

/// What is typed into a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowDraft {
    /// Dollars a million tokens read.
    pub input: String,
    /// Dollars a million tokens written.
    pub output: String,
    /// Dollars a million tokens from the cache; empty: as input.
    pub cached_input: String,
    /// Dollars a search; empty: not known.
    pub search_fee: String,
    /// Upper limit of an answer's length, in tokens.
    pub max_tokens: String,
    /// At most so many asks at the same time.
    pub max_in_flight: String,
    /// The day on which a new price begins; empty: now.
    pub starts_on: String,
}

impl RowDraft {
    /// What stands in the registry.
    pub fn of(model: &ModelView) -> Self {
        let price = model.price.as_ref();
        let text = |amount: Option<crate::model::money::Money>| {
            amount.map(|amount| amount.to_string()).unwrap_or_default()
        };
        Self {
            input: text(price.map(|price| price.input)),
            output: text(price.map(|price| price.output)),
            cached_input: text(price.and_then(|price| price.cached_input)),
            search_fee: text(price.and_then(|price| price.search_fee)),
            max_tokens: model.max_tokens.to_string(),
            max_in_flight: model.max_in_flight.to_string(),
            starts_on: String::new(),
        }
    }

    /// Whether an amount is another one than in the registry.
    pub fn has_new_price(&self, model: &ModelView) -> bool {
        let stored = Self::of(model);
        let amounts = |draft: &Self| {
            [
                draft.input.trim().to_owned(),
                draft.output.trim().to_owned(),
                draft.cached_input.trim().to_owned(),
                draft.search_fee.trim().to_owned(),
            ]
        };
        amounts(self) != amounts(&stored)
    }

    /// What has to change so that the registry says what is typed. Prices that were not
    /// touched are left out, so that saving a row does not begin a new price.
    ///
    /// # Errors
    /// Wrong fields, by the paths that the host uses too.
    pub fn change(
        &self,
        language: Language,
        model: &ModelView,
    ) -> Result<ModelChange, Vec<FieldError>> {
        let stored = Self::of(model);
        let touched = |typed: &String, known: &String| {
            (typed.trim() != known.as_str()).then(|| typed.trim().to_owned())
        };
        let draft = PriceDraft {
            input: touched(&self.input, &stored.input),
            output: touched(&self.output, &stored.output),
            cached_input: touched(&self.cached_input, &stored.cached_input),
            search_fee: touched(&self.search_fee, &stored.search_fee),
            // A day without an amount begins nothing.
            starts_on: self
                .has_new_price(model)
                .then(|| self.starts_on.trim().to_owned())
                .filter(|day| !day.is_empty()),
            // Typed nowhere here: it stays.
            tier: TierDraft::default(),
        };
        let mut wrong = validate::price(language, &draft).err().unwrap_or_default();
        let mut missing = |field: &str, typed: &str| {
            if model.price.is_none() && draft != PriceDraft::default() && typed.trim().is_empty() {
                wrong.push(FieldError {
                    field: field.to_owned(),
                    message: errors::REQUIRED.get(language).to_owned(),
                });
            }
        };
        missing("price.input", &self.input);
        missing("price.output", &self.output);
        let mut number = |field: &str, typed: Option<String>, (least, most): (i64, i64)| {
            let parsed = typed.as_ref()?.parse().ok();
            let parsed = parsed.filter(|count| (least..=most).contains(count));
            if parsed.is_none() {
                wrong.push(FieldError {
                    field: field.to_owned(),
                    message: errors::NUMBER_RANGE
                        .fill(language, &[("min", &least), ("max", &most)]),
                });
            }
            parsed
        };
        let typed = touched(&self.max_tokens, &stored.max_tokens);
        let max_tokens = number("max_tokens", typed, validate::MAX_TOKENS);
        let typed = touched(&self.max_in_flight, &stored.max_in_flight);
        let max_in_flight = number("max_in_flight", typed, validate::IN_FLIGHT);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let price = (draft != PriceDraft::default()).then_some(draft);
        Ok(ModelChange {
            max_tokens,
            max_in_flight,
            price,
            ..ModelChange::default()
        })
    }
}

/// The limit of a new model's answers as typed; nothing typed: the usual one.
///
/// # Errors
/// It is no number, or beyond what is allowed.
pub fn answer_limit(language: Language, typed: &str) -> Result<Option<i64>, FieldError> {
    let (least, most) = validate::MAX_TOKENS;
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let limit = typed.parse().ok();
    match limit.filter(|limit| (least..=most).contains(limit)) {
        Some(limit) => Ok(Some(limit)),
        None => Err(FieldError {
            field: "max_tokens".to_owned(),
            message: errors::NUMBER_RANGE.fill(language, &[("min", &least), ("max", &most)]),
        }),
    }
}

/// Where a price comes from, in words.
pub const fn origin_text(origin: PriceOrigin) -> Text {
    match origin {
        PriceOrigin::Seed => registry::ORIGIN_SEED,
        PriceOrigin::Sync => registry::ORIGIN_SYNC,
        PriceOrigin::User => registry::ORIGIN_USER,
    }
}

/// What was done to a model, in words.
pub const fn action_text(action: RegistryAction) -> Text {
    match action {
        RegistryAction::Found => registry::ACTION_FOUND,
        RegistryAction::Added => registry::ACTION_ADDED,
        RegistryAction::Approved => registry::ACTION_APPROVED,
        RegistryAction::Rejected => registry::ACTION_REJECTED,
        RegistryAction::Price => registry::ACTION_PRICE,
        RegistryAction::Current => registry::ACTION_CURRENT,
        RegistryAction::Available => registry::ACTION_AVAILABLE,
        RegistryAction::WebSearch => registry::ACTION_WEB_SEARCH,
        RegistryAction::Name => registry::ACTION_NAME,
        RegistryAction::MaxTokens => registry::ACTION_MAX_TOKENS,
        RegistryAction::MaxInFlight => registry::ACTION_MAX_IN_FLIGHT,
        RegistryAction::Retires => registry::ACTION_RETIRES,
    }
}

/// A value of the audit log, in words where it is yes or no.
pub fn value_text(value: Option<String>, language: Language) -> String {
    match value.as_deref() {
        Some("true") => registry::YES.get(language).to_owned(),
        Some("false") => registry::NO.get(language).to_owned(),
        _ => value.unwrap_or_default(),
    }
}

/// What is to be said of a row of a file, the reason why it is refused first.
pub fn notes(row: &ImportRow, language: Language) -> Vec<String> {
    let refusal = row.refusal.map(|refusal| match refusal {
        Refusal::Negative => registry::REFUSAL_NEGATIVE.get(language).to_owned(),
        Refusal::TooHigh => registry::REFUSAL_TOO_HIGH.get(language).to_owned(),
        Refusal::Unreadable => registry::REFUSAL_UNREADABLE.get(language).to_owned(),
        Refusal::Duplicate => {
            registry::REFUSAL_DUPLICATE.fill(language, &[("keys", &row.keys.join(", "))])
        }
        Refusal::Incomplete => registry::REFUSAL_INCOMPLETE.get(language).to_owned(),
    });
    let flags = row.flags.iter().map(|flag| {
        let text = match flag {
            Flag::Resold => registry::FLAG_RESOLD,
            Flag::HandEdited => registry::FLAG_HAND_EDITED,
            Flag::BecomesZero => registry::FLAG_BECOMES_ZERO,
            Flag::Tenfold => registry::FLAG_TENFOLD,
            Flag::InputAboveOutput => registry::FLAG_INPUT_ABOVE_OUTPUT,
            Flag::LongAsks => registry::FLAG_LONG_ASKS,
        };
        text.get(language).to_owned()
    });
    // The table has no columns of it.
    let tier = row.new.tier.filter(|_| row.new.tier != row.old.tier);
    let long_asks = tier.map(|tier| {
        let (input, output) = (format!("${}", tier.input), format!("${}", tier.output));
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("tokens", &tier.above_tokens),
            ("input", &input),
            ("output", &output),
        ];
        registry::IMPORT_LONG_ASKS.fill(language, &values)
    });
    refusal.into_iter().chain(flags).chain(long_asks).collect()
}

/// The models that wait for a review, by provider and name.
pub fn waiting(models: &[ModelView]) -> Vec<ModelView> {
    let is_new = |model: &&ModelView| model.review == Review::New;
    let mut waiting: Vec<ModelView> = models.iter().filter(is_new).cloned().collect();
    order::sort_by_key(&mut waiting, |model| {
        (model.provider, letters::small(&model.display_name))
    });
    waiting
}

/// How many models are rejected.
pub fn rejected(models: &[ModelView]) -> usize {
    let is_rejected = |model: &&ModelView| model.review == Review::Rejected;
    models.iter().filter(is_rejected).count()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::money::Money;
    use crate::model::provider::Provider;
    use crate::model::registry::PriceView;
    use crate::order::by_provider;

    fn model(id: i64, price: bool) -> ModelView {
        ModelView {
            id: id.into(),
            provider: Provider::OpenAi,
            model_id: format!("gpt-{id}"),
            display_name: format!("GPT {id}"),
            web_search: true,
            is_current: false,
            is_available: true,
            max_tokens: 2048,
            max_in_flight: 64,
            price: price.then(|| PriceView {
                id: 1.into(),
                input: "1.25".parse().unwrap_or(Money::ZERO),
                output: Money::from_usd(10),
                cached_input: None,
                search_fee: None,
                starts_at: DateTime::UNIX_EPOCH,
                origin: PriceOrigin::Seed,
                tier: None,
            }),
            coming_prices: Vec::new(),
            usable: true,
            review: Review::Approved,
            first_seen_at: None,
            last_seen_at: None,
            retires_at: None,
            has_ended: false,
        }
    }

    #[test]
    fn only_what_was_touched_changes() {
        let stored = model(1, true);
        let untouched = RowDraft::of(&stored);
        assert_eq!(
            untouched.change(Language::English, &stored),
            Ok(ModelChange::default())
        );
        let touched = RowDraft {
            output: "12.5".to_owned(),
            ..untouched
        };
        let change = touched
            .change(Language::English, &stored)
            .expect("accepted");
        let price = change.price.expect("a price");
        assert_eq!((price.input, price.output.as_deref()), (None, Some("12.5")));
        assert_eq!(change.max_tokens, None);
    }

    #[test]
    fn wrong_fields_are_named() {
        let stored = model(1, false);
        let draft = RowDraft {
            output: "ten".to_owned(),
            max_tokens: "1".to_owned(),
            max_in_flight: "many".to_owned(),
            ..RowDraft::of(&stored)
        };
        let fields: Vec<String> = draft
            .change(Language::English, &stored)
            .expect_err("refused")
            .into_iter()
            .map(|error| error.field)
            .collect();
        assert_eq!(
            fields,
            ["price.output", "price.input", "max_tokens", "max_in_flight"]
        );
    }

    #[test]
    fn a_provider_without_models_is_left_out() {
        let groups = by_provider(&[model(9, true), model(1, true)], false);
        let names: Vec<_> = groups[0]
            .1
            .iter()
            .map(|model| model.display_name.as_str())
            .collect();
        assert_eq!(names, ["GPT 1", "GPT 9"]);
        assert_eq!(groups.len(), 1);
    }

    #[test]
    fn rejected_models_are_shown_on_demand_and_new_ones_wait() {
        let of = |id, review| ModelView {
            review,
            ..model(id, false)
        };
        let models = [
            of(3, Review::Rejected),
            of(2, Review::New),
            of(1, Review::Approved),
            of(4, Review::New),
        ];
        let shown = |with_rejected| by_provider(&models, with_rejected)[0].1.len();
        assert_eq!((shown(false), shown(true), rejected(&models)), (3, 4, 1));
        let waiting: Vec<i64> = waiting(&models).iter().map(|model| model.id.0).collect();
        assert_eq!(waiting, [2, 4]);
    }

    #[test]
    fn a_day_begins_a_price_and_nothing_else() {
        let stored = model(1, true);
        let dated = RowDraft {
            starts_on: "2027-01-01".to_owned(),
            ..RowDraft::of(&stored)
        };
        let nothing = dated.change(Language::English, &stored);
        assert_eq!(nothing, Ok(ModelChange::default()));
        let price = RowDraft {
            output: "12".to_owned(),
            ..dated.clone()
        };
        let change = price.change(Language::English, &stored).expect("accepted");
        let day = change.price.and_then(|price| price.starts_on);
        assert_eq!(day.as_deref(), Some("2027-01-01"));
        let wrong = RowDraft {
            starts_on: "soon".to_owned(),
            ..price
        };
        let errors = wrong
            .change(Language::English, &stored)
            .expect_err("refused");
        assert_eq!(errors[0].field, "price.starts_on");
    }

    #[test]
    fn a_limit_is_a_number_within_its_bounds_or_left_out() {
        let read = |typed| answer_limit(Language::English, typed).map_err(|wrong| wrong.field);
        assert_eq!(read(" "), Ok(None));
        assert_eq!(read(" 128000 "), Ok(Some(128_000)));
        for wrong in ["15", "1000001", "16k", "-1"] {
            assert_eq!(read(wrong), Err("max_tokens".to_owned()));
        }
    }

    #[test]
    fn notes_say_what_is_wrong_before_what_to_look_at() {
        let row = ImportRow {
            model_id: 1.into(),
            provider: Provider::OpenAi,
            slug: "gpt-5".to_owned(),
            name: "GPT-5".to_owned(),
            keys: vec!["gpt-5".to_owned(), "openai/gpt-5".to_owned()],
            price_id: None,
            old: crate::model::prices::OfferedPrice::default(),
            new: crate::model::prices::OfferedPrice::default(),
            flags: vec![Flag::HandEdited],
            refusal: Some(Refusal::Duplicate),
        };
        assert_eq!(
            notes(&row, Language::English),
            ["Several prices: gpt-5, openai/gpt-5", "Edited by hand"]
        );
        let long = crate::model::registry::PriceTier {
            above_tokens: 200_000,
            input: crate::model::money::Money::from_usd(10),
            output: crate::model::money::Money::from_usd(30),
            cached_input: None,
        };
        let with_tier = ImportRow {
            new: crate::model::prices::OfferedPrice {
                tier: Some(long),
                ..row.new
            },
            flags: Vec::new(),
            refusal: None,
            ..row
        };
        let told = notes(&with_tier, Language::English);
        assert!(told.len() == 1 && told[0].contains("200000"), "{told:?}");
    }
}
