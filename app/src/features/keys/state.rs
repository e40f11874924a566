//! What the page of keys and budget says, from what the host found.

use chrono::{Datelike, Months, NaiveDate};

use crate::model::ids::ProjectId;
use crate::model::keys::{BudgetView, KeySource, KeyView};
use crate::model::money::{Money, Spend};
use crate::model::outcome::ErrorClass;
use crate::model::provider::Provider;
use crate::model::run::SpendKind;
use crate::model::spend::{BudgetAlert, SpendView};
use crate::texts::{Text, keys};

/// Why a key was not accepted, in plain words; what says nothing of a key is a fault in general.
pub const fn reason(error_class: Option<ErrorClass>) -> Text {
    let Some(class) = error_class else {
        return keys::REASON_OTHER;
    };
    match class {
        ErrorClass::BadKey => keys::REASON_BAD_KEY,
        ErrorClass::Unreadable => keys::REASON_UNREADABLE,
        ErrorClass::NoMoney => keys::REASON_NO_MONEY,
        ErrorClass::Permission => keys::REASON_PERMISSION,
        ErrorClass::ProtocolEnded => keys::REASON_PROTOCOL_ENDED,
        ErrorClass::RateLimited => keys::REASON_RATE_LIMITED,
        ErrorClass::Overloaded | ErrorClass::ProviderFault => keys::REASON_PROVIDER_FAULT,
        ErrorClass::Timeout | ErrorClass::Network => keys::REASON_NETWORK,
        ErrorClass::BadResponse => keys::REASON_BAD_RESPONSE,
        ErrorClass::TooLarge
        | ErrorClass::ContextOverflow
        | ErrorClass::ModelNotFound
        | ErrorClass::BadParameter
        | ErrorClass::ContentBlocked
        | ErrorClass::Refused
        | ErrorClass::Unpriced
        | ErrorClass::Internal
        | ErrorClass::SharedCeiling
        | ErrorClass::StorageFull
        | ErrorClass::SwitchedOff => keys::REASON_OTHER,
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

/// How much of the gauge is set aside, in percent, after what is spent.
pub fn reserved_percent(budget: &BudgetView) -> f64 {
    let spent = fill_percent(budget);
    match budget.reserved.percent_of(budget.monthly) {
        Some(percent) => percent.clamp(0.0, 100.0 - spent),
        None => 0.0,
    }
}

/// The alerts that concern a page: all on the page of the budget, on a project's page the
/// workspace's and its own.
pub fn alerts_for(budget: &BudgetView, project: Option<ProjectId>) -> Vec<BudgetAlert> {
    budget
        .alerts
        .iter()
        .filter(|alert| match (&alert.project, project) {
            (Some((of, _)), Some(project)) => *of == project,
            _ => true,
        })
        .cloned()
        .collect()
}

/// The months to choose from, the newest first; two years at most, and always the last month.
pub fn months(spend: &SpendView) -> Vec<NaiveDate> {
    const MOST: u32 = 24;
    let this_month = spend.today.with_day(1).unwrap_or(spend.today);
    let back = |count: u32| this_month.checked_sub_months(Months::new(count));
    let first = spend.first_month.unwrap_or(this_month);
    (0..MOST)
        .map_while(back)
        .take_while(|month| *month >= first || Some(*month) == back(1))
        .collect()
}

/// Every day of the month with what it cost; `None`: it is yet to come.
pub fn all_days(spend: &SpendView) -> Vec<(NaiveDate, Option<Money>)> {
    let end = spend.month.checked_add_months(Months::new(1));
    spend
        .month
        .iter_days()
        .take_while(|day| Some(*day) < end)
        .map(|day| {
            let of_day = spend.days.iter().find(|(known, _)| *known == day);
            let amount = of_day.map_or(Money::ZERO, |(_, spend)| spend.amount);
            (day, (day <= spend.today).then_some(amount))
        })
        .collect()
}

/// The day that cost most.
pub fn costliest_day(spend: &SpendView) -> Option<(NaiveDate, Spend)> {
    spend
        .days
        .iter()
        .copied()
        .max_by_key(|(_, spend)| spend.amount)
}

/// What a kind of spend is called.
pub const fn kind_name(kind: SpendKind) -> Text {
    match kind {
        SpendKind::Answer => keys::KIND_ANSWER,
        SpendKind::Filtered => keys::KIND_FILTERED,
        SpendKind::Lost => keys::KIND_LOST,
        SpendKind::Judge => keys::KIND_JUDGE,
        SpendKind::Suggest => keys::KIND_SUGGEST,
        SpendKind::Trial => keys::KIND_TRIAL,
        SpendKind::Correction => keys::KIND_CORRECTION,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::spend::AlertKind;

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
    fn what_is_set_aside_stays_within_it_too() {
        for (spent, reserved, percent) in [(25, 10, 10.0), (95, 10, 5.0), (120, 10, 0.0)] {
            let mut view = budget(100, spent);
            view.reserved = Money::from_usd(reserved);
            let shown = reserved_percent(&view);
            assert!(
                (shown - percent).abs() < 1e-9,
                "{spent} {reserved}: {shown}"
            );
        }
    }

    #[test]
    fn alerts_stand_where_they_concern() {
        let alert = |project: Option<i64>| BudgetAlert {
            project: project.map(|id| (ProjectId(id), format!("P{id}"))),
            kind: AlertKind::End,
        };
        let mut view = budget(100, 100);
        view.alerts = vec![alert(None), alert(Some(1)), alert(Some(2))];
        assert_eq!(alerts_for(&view, None).len(), 3);
        assert_eq!(
            alerts_for(&view, Some(ProjectId(2))),
            [alert(None), alert(Some(2))]
        );
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    fn spend(month: &str, today: &str, first: Option<&str>) -> SpendView {
        SpendView {
            month: day(month),
            today: day(today),
            first_month: first.map(day),
            total: Spend::new(Money::from_usd(3), 0),
            kinds: vec![],
            days: vec![
                (day(month), Spend::new(Money::from_usd(1), 0)),
                (
                    day(month) + chrono::Days::new(2),
                    Spend::new(Money::from_usd(2), 0),
                ),
            ],
            models: vec![],
            projects: vec![],
            forecast: None,
        }
    }

    #[test]
    fn months_go_back_to_the_first_spend() {
        let of = |first| months(&spend("2026-03-01", "2026-03-10", first)).len();
        assert_eq!((of(None), of(Some("2026-03-01"))), (2, 2));
        assert_eq!((of(Some("2025-12-01")), of(Some("2001-01-01"))), (4, 24));
    }

    #[test]
    fn a_month_has_all_its_days() {
        let first = all_days(&spend("2026-03-01", "2026-03-01", None));
        assert_eq!(first.len(), 31);
        assert_eq!(first[0], (day("2026-03-01"), Some(Money::from_usd(1))));
        assert_eq!(first[1], (day("2026-03-02"), None));
        let present = all_days(&spend("2026-03-01", "2026-03-10", None));
        assert_eq!(present[1], (day("2026-03-02"), Some(Money::ZERO)));
        assert_eq!(present[10], (day("2026-03-11"), None));
        let past = all_days(&spend("2026-02-01", "2026-03-10", None));
        assert_eq!(past.len(), 28);
        assert!(past.iter().all(|(_, amount)| amount.is_some()));
        let dearest = costliest_day(&spend("2026-03-01", "2026-03-10", None));
        let dearest = dearest.map(|(day, spend)| (day, spend.amount));
        assert_eq!(dearest, Some((day("2026-03-03"), Money::from_usd(2))));
    }

    #[test]
    fn every_class_has_a_reason() {
        assert_eq!(reason(Some(ErrorClass::BadKey)), keys::REASON_BAD_KEY);
        assert_eq!(reason(Some(ErrorClass::BadParameter)), keys::REASON_OTHER);
        assert_eq!(reason(None), keys::REASON_OTHER);
    }
}
