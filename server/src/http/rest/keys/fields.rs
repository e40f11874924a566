//! Keys and the budget as programs send them: three fields a provider.

use std::collections::BTreeMap;

use app::api::error::FieldError;
use app::model::keys::{BudgetDraft, KeyDraft, KeyView};
use app::model::language::Language;
use app::model::provider::Provider;
use app::texts::errors;
use serde_json::value::RawValue;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::http::rest::body::AmountText;
use crate::http::rest::budget::fields::BudgetFields;

/// Fields of `/api-keys`: three a provider, and the budget.
pub(super) struct KeyFields;

impl PartialSchema for KeyFields {
    fn schema() -> RefOr<Schema> {
        let maybe = |kind: Type| SchemaType::from_iter([kind, Type::Null]);
        let field = |kind: Type, description: &str| {
            ObjectBuilder::new()
                .schema_type(maybe(kind))
                .description(Some(description))
        };
        let mut fields = ObjectBuilder::new()
            .property("monthly_budget_usd", AmountText::schema())
            .property(
                "spending_alert_threshold",
                field(
                    Type::Integer,
                    "Percent of the budget at which to warn, 1 to 100.",
                ),
            );
        for provider in Provider::ALL
            .iter()
            .filter(|provider| **provider != Provider::Simulator)
        {
            let name = |part: &str| format!("{}_{part}", provider.slug());
            fields = fields
                .property(
                    name("api_key"),
                    field(Type::String, "The key; empty: it stays."),
                )
                .property(
                    name("base_url"),
                    field(Type::String, "Another address; empty: the provider's own."),
                )
                .property(
                    name("max_in_flight"),
                    field(
                        Type::Integer,
                        "At most so many asks at a time; null: no limit.",
                    ),
                );
        }
        fields
            .description(Some("Keys and the budget; absent fields stay as they are."))
            .into()
    }
}

impl ToSchema for KeyFields {}

/// Fields by their names, as they stand in the JSON.
pub(in crate::http::rest) type Fields = BTreeMap<String, Box<RawValue>>;

/// Reads the fields that mean something; the others are ignored.
pub(super) struct Reader {
    pub(super) language: Language,
    pub(super) fields: Fields,
    pub(super) errors: Vec<FieldError>,
}

impl Reader {
    /// The text of a field; nothing where it is absent or null.
    fn text(&mut self, name: &str) -> Option<String> {
        let raw = self.fields.get(name)?;
        let text = serde_json::from_str::<Option<String>>(raw.get());
        text.unwrap_or_else(|_| {
            let message = errors::WRONG_TYPE.get(self.language).to_owned();
            self.errors.push(FieldError {
                field: name.to_owned(),
                message,
            });
            None
        })
    }

    /// What changes about the key of a provider. An empty key is an untouched field of a form;
    /// an address that is not mentioned stays, one that is empty is the provider's own again.
    pub(super) fn key(&mut self, present: &KeyView) -> Option<KeyDraft> {
        let slug = present.provider.slug();
        let api_key = self
            .text(&format!("{slug}_api_key"))
            .filter(|key| !key.trim().is_empty());
        let base_url = self.text(&format!("{slug}_base_url"));
        let max_in_flight = self.limit(&format!("{slug}_max_in_flight"));
        if api_key.is_none() && base_url.is_none() && max_in_flight.is_none() {
            return None;
        }
        let max_in_flight = max_in_flight.unwrap_or_else(|| {
            let present = present.max_in_flight.map(|count| count.to_string());
            present.unwrap_or_default()
        });
        let base_url = base_url
            .or_else(|| present.base_url.clone())
            .unwrap_or_default();
        Some(KeyDraft {
            provider: present.provider,
            api_key,
            base_url,
            max_in_flight,
        })
    }

    /// A limit as it stands there, for the use case to check; null is none, absent stays.
    fn limit(&self, name: &str) -> Option<String> {
        let raw = self.fields.get(name)?.get();
        Some(match raw.trim_matches('"') {
            "null" => String::new(),
            typed => typed.to_owned(),
        })
    }

    pub(super) fn budget(&mut self) -> BudgetDraft {
        let raw = |name: &str| {
            self.fields
                .get(name)
                .filter(|raw| raw.get() != "null")
                .cloned()
        };
        let monthly =
            raw("monthly_budget_usd").map(|raw| serde_json::from_str::<AmountText>(raw.get()));
        let fields = BudgetFields {
            // A text with a broken escape is the only one that cannot be read.
            monthly_budget_usd: monthly.map(|amount| amount.unwrap_or(AmountText(String::new()))),
            spending_alert_threshold: raw("spending_alert_threshold"),
            allow_unpriced: None,
        };
        fields.draft()
    }
}

#[cfg(test)]
mod tests {
    use app::model::keys::KeySource;

    use super::*;

    fn reader(json: &str) -> Reader {
        let fields = serde_json::from_str(json).expect("an object");
        Reader {
            language: Language::English,
            fields,
            errors: Vec::new(),
        }
    }

    fn present(base_url: Option<&str>) -> KeyView {
        KeyView {
            provider: Provider::OpenAi,
            source: KeySource::Missing,
            last_four: None,
            base_url: base_url.map(str::to_owned),
            max_in_flight: Some(7),
            updated_at: None,
        }
    }

    #[test]
    fn an_address_that_is_not_mentioned_stays() {
        let draft = reader(r#"{"openai_api_key": "sk-1"}"#)
            .key(&present(Some("http://a")))
            .expect("a change");
        assert_eq!(draft.base_url, "http://a");
        let draft = reader(r#"{"openai_base_url": ""}"#)
            .key(&present(Some("http://a")))
            .expect("a change");
        assert_eq!((draft.base_url.as_str(), draft.api_key), ("", None));
        assert_eq!(draft.max_in_flight, "7");
        for (json, limit) in [("9", "9"), ("\"9\"", "9"), ("null", ""), ("[]", "[]")] {
            let json = format!(r#"{{"openai_max_in_flight": {json}}}"#);
            let draft = reader(&json).key(&present(None)).expect("a change");
            assert_eq!(draft.max_in_flight, limit);
        }
        for untouched in [
            r#"{"openai_api_key": " "}"#,
            r#"{"openai_api_key": null}"#,
            "{}",
        ] {
            assert_eq!(reader(untouched).key(&present(None)), None);
        }
    }

    #[test]
    fn a_key_that_is_no_text_is_named() {
        let mut reader = reader(r#"{"openai_api_key": 5}"#);
        assert_eq!(reader.key(&present(None)), None);
        assert_eq!(reader.errors[0].field, "openai_api_key");
    }
}
