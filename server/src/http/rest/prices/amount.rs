//! An amount as it was typed.

use app::api::error::{ApiError, FieldError};
use app::model::money::Money;
use app::texts::errors;

use crate::http::problem::Problem;
use crate::http::rest::body::AmountText;
use crate::services::Services;

pub(in crate::http::rest) fn money(
    services: &Services,
    field: &str,
    typed: &AmountText,
) -> Result<Money, Problem> {
    typed.0.parse().map_err(|_| {
        let language = services.language();
        let message = errors::AMOUNT.get(language).to_owned();
        let field = field.to_owned();
        Problem(ApiError::invalid(
            language,
            vec![FieldError { field, message }],
        ))
    })
}
