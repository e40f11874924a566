//! Changes of a model, its price among them.

use app::api::registry::RegistryPort;
use app::model::ids::ModelId;
use app::model::registry::{ModelChange, PriceDraft, TierDraft};
use serde::Deserialize;
use utoipa::ToSchema;

use super::shapes::{ModelReply, field_name};
use crate::http::path::Ids;
use crate::http::rest::body::{AmountText, Body};
use crate::http::rest::reply::{Reply, Success, success, with_fields};
use crate::services::Services;

/// What may be changed; absent fields stay as they are.
#[derive(Deserialize, ToSchema)]
pub(in crate::http::rest) struct ModelFields {
    model_display_name: Option<String>,
    cost_per_1m_input_tokens: Option<AmountText>,
    cost_per_1m_output_tokens: Option<AmountText>,
    cost_per_1m_cached_input_tokens: Option<AmountText>,
    cost_per_search: Option<AmountText>,
    /// The day on which the price begins, at 0:00 UTC; today, or absent: the moment of saving. It
    /// holds for what is asked from then on, in runs under way too.
    price_starts_on: Option<String>,
    /// What an ask costs as a whole where it reads more tokens than so many; nothing of it
    /// changes where it is missing.
    price_above: Option<PriceAboveFields>,
    /// Upper limit of an answer, in tokens, thoughts included.
    max_tokens: Option<i64>,
    max_in_flight: Option<i64>,
    web_search: Option<bool>,
    is_current: Option<bool>,
    is_available: Option<bool>,
}

/// The price of long asks; absent fields stay as they are.
#[expect(
    clippy::struct_field_names,
    reason = "fields are named as REST names those of a model"
)]
#[derive(Deserialize, ToSchema)]
struct PriceAboveFields {
    /// Tokens read; 0: long asks cost as others do.
    input_tokens: Option<i64>,
    cost_per_1m_input_tokens: Option<AmountText>,
    cost_per_1m_output_tokens: Option<AmountText>,
    cost_per_1m_cached_input_tokens: Option<AmountText>,
}

impl PriceAboveFields {
    fn draft(self) -> TierDraft {
        let text = |amount: Option<AmountText>| amount.map(|amount| amount.0);
        let above_tokens = self.input_tokens.map(|tokens| match tokens {
            0 => String::new(),
            tokens => tokens.to_string(),
        });
        TierDraft {
            above_tokens,
            input: text(self.cost_per_1m_input_tokens),
            output: text(self.cost_per_1m_output_tokens),
            cached_input: text(self.cost_per_1m_cached_input_tokens),
        }
    }
}

impl ModelFields {
    fn change(self) -> ModelChange {
        let text = |amount: Option<AmountText>| amount.map(|amount| amount.0);
        let price = PriceDraft {
            input: text(self.cost_per_1m_input_tokens),
            output: text(self.cost_per_1m_output_tokens),
            cached_input: text(self.cost_per_1m_cached_input_tokens),
            search_fee: text(self.cost_per_search),
            starts_on: self.price_starts_on,
            tier: self
                .price_above
                .map(PriceAboveFields::draft)
                .unwrap_or_default(),
        };
        ModelChange {
            display_name: self.model_display_name,
            web_search: self.web_search,
            is_current: self.is_current,
            is_available: self.is_available,
            max_tokens: self.max_tokens,
            max_in_flight: self.max_in_flight,
            price: (price != PriceDraft::default()).then_some(price),
        }
    }
}

/// Changes a model (admins)
///
/// A new price holds for what is asked from now on, in runs under way too; past costs stay.
#[utoipa::path(
    put,
    path = "/models/{id}",
    operation_id = "change_model",
    tag = "models",
    params(
        ("id" = ModelId, Path, description = "Model"),
    ),
    request_body = ModelFields,
    responses((status = 200, description = "The model as it is now", body = Success<ModelReply>)),
)]
pub(in crate::http::rest) async fn change(
    services: Services,
    Ids(model_id): Ids<ModelId>,
    Body(fields): Body<ModelFields>,
) -> Reply<ModelReply> {
    let changed = services.change_model(model_id, fields.change()).await;
    let model = changed.map_err(|error| with_fields(error, field_name))?;
    Ok(success(model.into()))
}
