//! What the states and failures of runs are called.

use crate::model::language::Language;
use crate::model::outcome::ErrorClass;
use crate::model::run::{AskFailures, RunStatus};
use crate::texts::{Text, runs as texts};
use crate::words::numbers;

/// What a status is called.
pub const fn status_name(status: RunStatus) -> Text {
    match status {
        RunStatus::Queued => texts::QUEUED,
        RunStatus::Running => texts::RUNNING,
        RunStatus::Finished => texts::FINISHED,
        RunStatus::FinishedWithFailures => texts::FINISHED_WITH_FAILURES,
        RunStatus::OverBudget => texts::OVER_BUDGET,
        RunStatus::Cancelled => texts::CANCELLED,
        RunStatus::Failed => texts::FAILED,
    }
}

/// What went wrong, in a few words.
pub const fn error_name(class: ErrorClass) -> Text {
    match class {
        ErrorClass::BadKey => texts::REASON_BAD_KEY,
        ErrorClass::NoMoney => texts::REASON_NO_MONEY,
        ErrorClass::Permission => texts::REASON_PERMISSION,
        ErrorClass::ProtocolEnded => texts::REASON_PROTOCOL_ENDED,
        ErrorClass::RateLimited => texts::REASON_RATE_LIMITED,
        ErrorClass::TooLarge => texts::REASON_TOO_LARGE,
        ErrorClass::ContextOverflow => texts::REASON_CONTEXT_OVERFLOW,
        ErrorClass::ModelNotFound => texts::REASON_MODEL_NOT_FOUND,
        ErrorClass::BadParameter => texts::REASON_BAD_PARAMETER,
        ErrorClass::ContentBlocked => texts::REASON_CONTENT_BLOCKED,
        ErrorClass::Refused => texts::REASON_REFUSED,
        ErrorClass::Overloaded => texts::REASON_OVERLOADED,
        ErrorClass::ProviderFault => texts::REASON_PROVIDER_FAULT,
        ErrorClass::Timeout => texts::REASON_TIMEOUT,
        ErrorClass::Network => texts::REASON_NETWORK,
        ErrorClass::BadResponse => texts::REASON_BAD_RESPONSE,
        ErrorClass::Unpriced => texts::REASON_UNPRICED,
        ErrorClass::Internal => texts::REASON_INTERNAL,
        ErrorClass::SharedCeiling => texts::REASON_SHARED_CEILING,
        ErrorClass::StorageFull => texts::REASON_STORAGE_FULL,
        ErrorClass::SwitchedOff => texts::REASON_SWITCHED_OFF,
        ErrorClass::Unreadable => texts::REASON_UNREADABLE,
    }
}

/// `key rejected (12), no answer in time (3)`; `None`: nothing failed.
pub fn failures_in_words(failures: &[AskFailures], language: Language) -> Option<String> {
    let said = |of: &AskFailures| {
        let count = numbers::whole(language, of.asks);
        format!("{} ({count})", error_name(of.class).get(language))
    };
    let reasons: Vec<String> = failures.iter().map(said).collect();
    (!reasons.is_empty()).then(|| reasons.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::common;

    #[test]
    fn a_state_has_one_name_and_begins_with_a_capital() {
        for language in Language::ALL {
            let states = RunStatus::ALL.iter().map(|status| status_name(*status));
            let states = states.chain([common::PAUSED, common::SIMULATED]);
            let mut names: Vec<&str> = states.map(|name| name.get(language)).collect();
            for name in &names {
                assert!(name.starts_with(char::is_uppercase), "{name}");
            }
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        }
    }

    #[test]
    fn failures_are_said_with_their_reasons() {
        let failures = |class, asks| AskFailures { class, asks };
        let of = [
            failures(ErrorClass::BadKey, 12),
            failures(ErrorClass::Timeout, 3),
        ];
        assert_eq!(
            failures_in_words(&of, Language::English).as_deref(),
            Some("key rejected (12), no answer in time (3)")
        );
        assert_eq!(
            failures_in_words(&of[..1], Language::Spanish).as_deref(),
            Some("clave rechazada (12)")
        );
        assert_eq!(failures_in_words(&[], Language::English), None);
    }
}
