//! What the page of keys and budget says, from what the host found.

use crate::model::keys::{BudgetView, KeySource, KeyView};
use crate::model::provider::Provider;
use crate::texts::{Text, keys};

/// Why a key was not accepted, in plain words; unknown classes are a fault in general.
pub fn reason(error_class: Option<&str>) -> Text {
    match error_class {
        Some("bad_key") => keys::REASON_BAD_KEY,
        Some("no_money") => keys::REASON_NO_MONEY,
        Some("permission") => keys::REASON_PERMISSION,
        Some("rate_limited") => keys::REASON_RATE_LIMITED,
        Some("overloaded" | "provider_fault") => keys::REASON_PROVIDER_FAULT,
        Some("timeout" | "network") => keys::REASON_NETWORK,
        Some("bad_response") => keys::REASON_BAD_RESPONSE,
        _ => keys::REASON_OTHER,
    }
}

/// Whether a provider needs an address of its own.
pub const fn needs_base_url(provider: Provider) -> bool {
    matches!(provider, Provider::Azure | Provider::Compatible)
}

/// Whether there is something to test.
pub fn can_test(key: &KeyView) -> bool {
    key.source != KeySource::Missing
}

/// How full the budget is, in percent from 0 to 100, for the gauge.
pub fn fill_percent(budget: &BudgetView) -> f64 {
    match budget.spent.percent_of(budget.monthly) {
        Some(percent) => percent.clamp(0.0, 100.0),
        None => 100.0,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::money::Money;

    fn budget(monthly: i64, spent: i64) -> BudgetView {
        BudgetView {
            monthly: Money::from_usd(monthly),
            spent: Money::from_usd(spent),
            reserved: Money::ZERO,
            threshold_percent: 80,
            allow_unpriced: false,
            alerts: Vec::new(),
            month_started_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_gauge_stays_within_its_frame() {
        for (monthly, spent, percent) in [(100, 25, 25.0), (100, 150, 100.0), (0, 0, 100.0)] {
            let shown = fill_percent(&budget(monthly, spent));
            assert!((shown - percent).abs() < 1e-9, "{monthly} {spent}: {shown}");
        }
    }

    #[test]
    fn every_class_has_a_reason() {
        assert_eq!(reason(Some("bad_key")), keys::REASON_BAD_KEY);
        assert_eq!(reason(Some("something_new")), keys::REASON_OTHER);
        assert_eq!(reason(None), keys::REASON_OTHER);
    }
}
