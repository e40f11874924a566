//! A row of the price book while it is edited.

use crate::api::error::FieldError;
use crate::model::language::Language;
use crate::model::provider::Provider;
use crate::model::registry::{ModelChange, ModelView, PriceDraft, PriceOrigin};
use crate::model::validate;
use crate::order;
use crate::texts::{Text, errors, registry};

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
        }
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

/// Where a price comes from, in words.
pub const fn origin_text(origin: PriceOrigin) -> Text {
    match origin {
        PriceOrigin::Seed => registry::ORIGIN_SEED,
        PriceOrigin::Sync => registry::ORIGIN_SYNC,
        PriceOrigin::User => registry::ORIGIN_USER,
    }
}

/// The providers that have models, in the order of lists, each with its models by name: a row
/// stays where it is, whatever is switched in it.
pub fn by_provider(models: &[ModelView]) -> Vec<(Provider, Vec<ModelView>)> {
    Provider::ALL
        .iter()
        .map(|provider| {
            let mut own: Vec<ModelView> = models
                .iter()
                .filter(|model| model.provider == *provider)
                .cloned()
                .collect();
            order::sort_by_key(&mut own, |model| model.display_name.to_lowercase());
            (*provider, own)
        })
        .filter(|(_, own)| !own.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::money::Money;
    use crate::model::registry::PriceView;

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
            }),
            usable: true,
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
        let groups = by_provider(&[model(9, true), model(1, true)]);
        let names: Vec<_> = groups[0]
            .1
            .iter()
            .map(|model| model.display_name.as_str())
            .collect();
        assert_eq!(names, ["GPT 1", "GPT 9"]);
        assert_eq!(groups.len(), 1);
    }
}
