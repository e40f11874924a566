//! Dollars in the form that programs read, over HTTP and on the command line.
//!
//! Invariant: whatever is called `…_usd` outside of this process is one of these. [`Money`] by
//! itself is written as whole nano-dollars, which is between host and client.

use std::fmt::{self, Display, Formatter};

use app::model::money::Money;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Dollars as a JSON number with exactly the digits that are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usd(pub Money);

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string())
            .map_err(S::Error::custom)?
            .serialize(serializer)
    }
}

impl PartialSchema for Usd {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some(
                "Dollars, exactly as they are stored: up to nine decimals.",
            ))
            .into()
    }
}

impl ToSchema for Usd {}

impl Display for Usd {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_kept() {
        #[derive(Serialize)]
        struct Cost {
            cost_usd: Usd,
            price: Option<Usd>,
        }
        let cost = Cost {
            cost_usd: Usd(Money::from_nanos(123_456_789_012_345_678)),
            price: None,
        };
        assert_eq!(
            serde_json::to_string(&cost).expect("JSON"),
            r#"{"cost_usd":123456789.012345678,"price":null}"#
        );
        assert_eq!(Usd(Money::from_nanos(2_280_000)).to_string(), "0.00228");
    }
}
