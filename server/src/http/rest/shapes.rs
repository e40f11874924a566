//! Shapes of bodies that are read or written by hand, for the document alone.

use app::model::provider::Provider;
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use super::body::AmountText;

/// A name to look for: its text, or an object where its place in a text matters.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what `analysis` reads")]
pub(super) enum Keyword {
    /// Its text.
    Text(String),
    /// Its text and what its place must be like.
    Placed(PlacedKeyword),
}

/// A name that counts only in some places.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what `analysis` reads")]
pub(super) struct PlacedKeyword {
    text: String,
    /// Only these capitals count.
    match_case: Option<bool>,
    /// Inside longer words it does not count.
    whole_word: Option<bool>,
    /// Inside one of these phrases it does not count.
    not: Option<Vec<String>>,
    /// It counts only in answers that have one of these words.
    needs: Option<Vec<String>>,
}

/// One server-sent event about a run.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `events` sends")]
pub(super) struct RunEvent {
    /// `message`, or `end` for the last one.
    event: Option<String>,
    /// The run as JSON, as the screen has it; `{}` for the last one.
    data: String,
}

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
