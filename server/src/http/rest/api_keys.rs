//! `/api-keys`: which providers have a key; new keys and the budget, all of them or none.

use std::collections::BTreeMap;

use app::api::error::{ApiError, FieldError};
use app::api::keys::KeysPort;
use app::model::keys::{BudgetDraft, KeyDraft, KeySource, KeyView};
use app::model::language::Language;
use app::model::provider::Provider;
use app::texts::errors;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::body::{AmountText, Body};
use super::budget::{self, Budget, BudgetFields};
use super::params::Params;
use super::reply::{Reply, Success, success, with_fields};
use super::shapes::KeyFields;
use crate::http::problem::Problem;
use crate::services::Services;

/// Fields by their names, as they stand in the JSON.
type Fields = BTreeMap<String, Box<RawValue>>;

/// An answer of `/api-keys`. Keys are never in it.
#[derive(Serialize, ToSchema)]
pub(super) struct KeysReply {
    /// Whether there is a key at all.
    configured: bool,
    api_keys: BTreeMap<Provider, bool>,
    budget: Budget,
}

/// Which providers have a key
#[utoipa::path(
    get,
    path = "/api-keys",
    operation_id = "show_api_keys",
    tag = "keys and budget",
    responses((status = 200, description = "Never the keys themselves", body = Success<KeysReply>)),
)]
pub(super) async fn show(services: Services) -> Reply<KeysReply> {
    reply(&services).await
}

async fn reply(services: &Services) -> Reply<KeysReply> {
    let keys = services.list_keys().await?;
    let api_keys: BTreeMap<Provider, bool> = keys
        .iter()
        .map(|key| (key.provider, key.source != KeySource::Missing))
        .collect();
    Ok(success(KeysReply {
        configured: api_keys.values().any(|is_there| *is_there),
        api_keys,
        budget: services.budget().await?.into(),
    }))
}

/// Stores keys and the budget (owners)
///
/// All or none of them. Absent fields, and empty keys, stay as they are.
#[utoipa::path(
    put,
    path = "/api-keys",
    operation_id = "save_api_keys",
    tag = "keys and budget",
    request_body = KeyFields,
    responses((status = 200, description = "Which providers have a key now", body = Success<KeysReply>)),
)]
pub(super) async fn save(services: Services, Body(fields): Body<Fields>) -> Reply<KeysReply> {
    store(services, fields).await
}

/// Stores keys and the budget (owners)
///
/// The same as `PUT`.
#[utoipa::path(
    post,
    path = "/api-keys",
    operation_id = "add_api_keys",
    tag = "keys and budget",
    request_body = KeyFields,
    responses((status = 200, description = "Which providers have a key now", body = Success<KeysReply>)),
)]
pub(super) async fn add(services: Services, Body(fields): Body<Fields>) -> Reply<KeysReply> {
    store(services, fields).await
}

/// Forgets a provider's key (owners)
#[utoipa::path(
    delete,
    path = "/api-keys",
    operation_id = "remove_api_key",
    tag = "keys and budget",
    params(("provider" = Provider, Query, description = "Whose key")),
    responses((status = 200, description = "Which providers have a key now", body = Success<KeysReply>)),
)]
pub(super) async fn remove(services: Services, mut params: Params) -> Reply<KeysReply> {
    let provider = params.needed("provider", Params::provider);
    params.done()?;
    if let Some(provider) = provider {
        services.delete_key(provider).await?;
    }
    reply(&services).await
}

/// Whose key is to be tried.
#[derive(Deserialize, ToSchema)]
pub(super) struct KeyTestFields {
    provider: Provider,
}

/// What a provider said to its key.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyTestReply {
    provider: Provider,
    /// Whether it took the key.
    accepted: bool,
    /// Models that it lists.
    models: i64,
    error_class: Option<String>,
    /// Its words.
    message: Option<String>,
}

/// Tries a stored key (owners)
///
/// It asks the provider for its models, which costs nothing.
#[utoipa::path(
    post,
    path = "/api-keys/test",
    operation_id = "test_api_key",
    tag = "keys and budget",
    request_body = KeyTestFields,
    responses((status = 200, description = "What the provider said", body = Success<KeyTestReply>)),
)]
pub(super) async fn test(
    services: Services,
    Body(fields): Body<KeyTestFields>,
) -> Reply<KeyTestReply> {
    let test = services.test_key(fields.provider).await?;
    Ok(success(KeyTestReply {
        provider: fields.provider,
        accepted: test.accepted,
        models: test.models,
        error_class: test.error_class,
        message: test.message,
    }))
}

async fn store(services: Services, fields: Fields) -> Reply<KeysReply> {
    let present = services.list_keys().await?;
    let mut reader = Reader {
        language: services.language(),
        fields,
        errors: Vec::new(),
    };
    let drafts = present.iter().filter_map(|key| reader.key(key)).collect();
    let budget = reader.budget();
    if !reader.errors.is_empty() {
        return Err(Problem(ApiError::invalid(reader.language, reader.errors)));
    }
    let saved = services.save_keys_and_budget(drafts, budget).await;
    saved.map_err(|error| with_fields(error, budget::field_name))?;
    reply(&services).await
}

/// Reads the fields that mean something; the others are ignored.
struct Reader {
    language: Language,
    fields: Fields,
    errors: Vec<FieldError>,
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
    fn key(&mut self, present: &KeyView) -> Option<KeyDraft> {
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

    fn budget(&mut self) -> BudgetDraft {
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
