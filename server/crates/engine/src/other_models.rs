//! What an answer costs if another model gave it than the one that was asked. Providers bill at the
//! price of the model that answers.
//!
//! Invariant: pure.

use chrono::{DateTime, Utc};
use contract::served::{is_other_model, is_same_model};

use super::cost::{self, Price};

/// Another model of the same provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherModel {
    /// The provider's own id.
    pub model_id: String,
    /// All its prices, in the order in which they start.
    pub prices: Vec<Price>,
}

/// The price at `at` of the model that answered under the name `served`, where it is another one
/// than was `asked`, and the registry knows what it costs.
pub fn price_of_other(
    others: &[OtherModel],
    asked: &str,
    served: Option<&str>,
    at: DateTime<Utc>,
) -> Option<Price> {
    let served = served.filter(|served| is_other_model(asked, Some(served)))?;
    let named = others.iter().find(|other| other.model_id == served);
    let other = named.or_else(|| {
        let mut known = others.iter();
        known.find(|other| is_same_model(&other.model_id, served))
    })?;
    cost::price_at(&other.prices, at)
}

#[cfg(test)]
mod tests {
    use contract::ids::PriceId;
    use contract::money::Money;

    use super::*;

    fn other(id: i64, model_id: &str) -> OtherModel {
        OtherModel {
            model_id: model_id.to_owned(),
            prices: vec![Price {
                id: PriceId(id),
                starts_at: DateTime::UNIX_EPOCH,
                input: Money::from_usd(id),
                output: Money::from_usd(10 * id),
                cached_input: None,
                search_fee: None,
                tier: None,
            }],
        }
    }

    #[test]
    fn who_answers_is_paid() {
        let others = [
            other(1, "gemini-3.8-flash"),
            other(2, "gemini-3.8-flash-001"),
            other(3, "gemini-3.5-flash-lite"),
        ];
        let now = Utc::now();
        let price = |served: Option<&str>| {
            price_of_other(&others, "gemini-2.5-pro", served, now).map(|price| price.id.0)
        };
        assert_eq!(price(Some("gemini-3.8-flash")), Some(1));
        // The very name before one that it is a date of.
        assert_eq!(price(Some("gemini-3.8-flash-001")), Some(2));
        assert_eq!(
            price(Some("models/gemini-3.5-flash-lite-2026-09-01")),
            Some(3)
        );
        // The one that was asked, nobody's name, and one that nobody knows.
        assert_eq!(price(Some("gemini-2.5-pro-001")), None);
        assert_eq!(price(None), None);
        assert_eq!(price(Some("gemini-4-argon")), None);
        let before = price_of_other(
            &others,
            "gemini-2.5-pro",
            Some("gemini-3.8-flash"),
            DateTime::UNIX_EPOCH - chrono::TimeDelta::days(1),
        );
        assert_eq!(before, None);
    }
}
