//! The words and phrases by which providers tell what went wrong.
//!
//! One table for all of them: gateways and compatible servers pass each other's errors on.

use super::ErrorClass;

/// What identifies a class: exact words in the error's code, type, status or reason, and pieces
/// of its message. Lower case. The first row that fits decides.
pub(crate) struct Rule {
    pub(crate) class: ErrorClass,
    pub(crate) words: &'static [&'static str],
    pub(crate) phrases: &'static [&'static str],
}

pub(crate) const RULES: &[Rule] = &[
    Rule {
        class: ErrorClass::ContentBlocked,
        words: &[
            "content_filter",
            "responsibleaipolicyviolation",
            "content_policy_violation",
            "bio_policy",
            "moderation_blocked",
        ],
        phrases: &[
            "content management policy",
            "violating our usage policy",
            "flagged as potentially violating",
            "moderation and your input was flagged",
        ],
    },
    Rule {
        class: ErrorClass::ProtocolEnded,
        words: &["chat_completions_not_available"],
        phrases: &[],
    },
    Rule {
        class: ErrorClass::BadKey,
        words: &[
            "invalid_api_key",
            "api_key_invalid",
            "authentication_error",
            "unauthenticated",
        ],
        phrases: &[
            "incorrect api key",
            "invalid api key",
            "invalid x-api-key",
            "api key not valid",
            "api key is invalid",
            "api key expired",
            "api key was reported as leaked",
            "authentication fails",
            "invalid subscription key",
            "no auth credentials",
            "unregistered callers",
        ],
    },
    Rule {
        class: ErrorClass::NoMoney,
        words: &[
            "insufficient_quota",
            "billing_error",
            "billing_hard_limit_reached",
            "billing_not_active",
            "insufficient_balance",
        ],
        phrases: &[
            "credit balance is too low",
            "insufficient balance",
            "insufficient credits",
            "requires more credits",
            "used all available credits",
            "monthly spending limit",
            "have any credits",
            "credits are depleted",
            "specified api usage limits",
        ],
    },
    Rule {
        class: ErrorClass::TooLarge,
        words: &["request_too_large"],
        phrases: &["request too large"],
    },
    Rule {
        class: ErrorClass::ContextOverflow,
        words: &[
            "context_length_exceeded",
            "exceed_context_size_error",
            "too_many_prompt_tokens",
            "too_many_tokens",
        ],
        phrases: &[
            "prompt is too long",
            "prompt too long",
            "input is too long",
            "maximum context length",
            "max context length",
            "maximum prompt length",
            "maximum number of tokens allowed",
            "exceed context limit",
            "exceeds the context window",
            "exceeds the available context size",
            "input tokens exceeded",
            "length limit exceeded",
            "too many tokens",
        ],
    },
    Rule {
        class: ErrorClass::ModelNotFound,
        words: &[
            "model_not_found",
            "deploymentnotfound",
            "invalid_model",
            "model_decommissioned",
            "unknown_model",
            "1500",
        ],
        phrases: &[
            "model not found",
            "is not a valid model",
            "invalid model",
            "supported api model names",
            "does not exist or you do not have access",
            "is not found for api version",
            "no endpoints found for",
            "has been decommissioned",
            "unknown model",
            "model identifier is invalid",
            "try pulling it first",
        ],
    },
    Rule {
        class: ErrorClass::Permission,
        words: &[
            "permission_error",
            "permission_denied",
            "unsupported_country_region_territory",
        ],
        phrases: &[
            "missing scopes",
            "insufficient permissions",
            "user location is not supported",
            "free tier is not available",
            "organization has been disabled",
        ],
    },
    Rule {
        class: ErrorClass::Overloaded,
        words: &["overloaded_error", "engine_overloaded", "slow_down"],
        phrases: &["model is overloaded", "is at capacity"],
    },
];
