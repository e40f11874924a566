//! The budget as programs send it.

use app::model::keys::BudgetDraft;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::http::rest::body::AmountText;

/// What may be changed; absent fields stay as they are.
#[derive(Default, Deserialize, ToSchema)]
pub(in crate::http::rest) struct BudgetFields {
    pub(in crate::http::rest) monthly_budget_usd: Option<AmountText>,
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 100)]
    pub(in crate::http::rest) spending_alert_threshold: Option<Box<RawValue>>,
    #[serde(default)]
    pub(in crate::http::rest) allow_unpriced: Option<bool>,
}

impl BudgetFields {
    /// As typed, for the use case to check.
    pub(in crate::http::rest) fn draft(self) -> BudgetDraft {
        BudgetDraft {
            monthly: self.monthly_budget_usd.map(|amount| amount.0),
            threshold_percent: self
                .spending_alert_threshold
                .map(|raw| whole_percent(raw.get())),
            allow_unpriced: self.allow_unpriced,
        }
    }
}

/// `80`, `"80"` and `80.0` are 80; anything else is out of range, which the check says.
fn whole_percent(json: &str) -> i64 {
    let text = json.trim_matches('"').trim();
    let whole = text
        .split_once('.')
        .filter(|(_, decimals)| decimals.bytes().all(|digit| digit == b'0'));
    whole.map_or(text, |(whole, _)| whole).parse().unwrap_or(-1)
}

/// The names that REST has for the fields of a budget.
pub(in crate::http::rest) fn field_name(field: &str) -> String {
    match field {
        "monthly" => "monthly_budget_usd".to_owned(),
        "threshold_percent" => "spending_alert_threshold".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_whole() {
        for (json, percent) in [
            ("80", 80),
            ("\"75\"", 75),
            ("80.0", 80),
            ("80.5", -1),
            ("true", -1),
            ("1e2", -1),
        ] {
            assert_eq!(whole_percent(json), percent, "{json}");
        }
    }
}
