//! How asks end, and what kinds of failure there are.

use crate::words;

words! {
    /// How an ask ended.
    #[derive(Default)]
    Outcome {
        /// A whole answer.
        #[default]
        Answered = "answered",
        /// Cut off before its end; what came is kept. Always has text.
        Truncated = "truncated",
        /// The model declined, in words.
        Refused = "refused",
        /// A filter of the provider stopped prompt or answer, or the model declined without a word.
        Blocked = "blocked",
        /// It was paid for and has no visible text: the limit went to thoughts, or a tool was
        /// called.
        Empty = "empty",
        /// There is no answer; the error class says why.
        Failed = "failed",
    }
}

words! {
    /// The kinds of failure, the same for every provider, and what else ends lanes, judges' work
    /// and tests of keys early.
    ErrorClass {
        /// The key is not accepted.
        BadKey = "bad_key",
        /// The account has no money or its quota is used up.
        NoMoney = "no_money",
        /// The key may not do this.
        Permission = "permission",
        /// The provider no longer speaks this protocol with anybody.
        ProtocolEnded = "protocol_ended",
        /// Too many requests or tokens a minute.
        RateLimited = "rate_limited",
        /// This request alone is larger than a limit.
        TooLarge = "too_large",
        /// The prompt does not fit the model's context.
        ContextOverflow = "context_overflow",
        /// The provider knows no such model.
        ModelNotFound = "model_not_found",
        /// A parameter is refused.
        BadParameter = "bad_parameter",
        /// A filter stopped it.
        ContentBlocked = "content_blocked",
        /// The model declined.
        Refused = "refused",
        /// The provider is overloaded.
        Overloaded = "overloaded",
        /// An error on the provider's side.
        ProviderFault = "provider_fault",
        /// No answer in time.
        Timeout = "timeout",
        /// No connection, or it broke.
        Network = "network",
        /// A response that is no answer and no known error.
        BadResponse = "bad_response",
        /// Our own: the model has no price, and the workspace's budget asks for one.
        Unpriced = "unpriced",
        /// Our own: the lane could not be gone on with, again and again.
        Internal = "internal",
        /// Our own: what the workspace may spend on the operator's keys is used up.
        SharedCeiling = "shared_ceiling",
        /// Our own: the workspace has stored what it may.
        StorageFull = "storage_full",
        /// Our own: the workspace has another judge by now, or none.
        SwitchedOff = "switched_off",
        /// Our own: the key that is stored cannot be read.
        Unreadable = "unreadable",
    }
}

impl ErrorClass {
    /// Whether no further ask with the same key and model can succeed: the lane ends.
    pub const fn ends_lane(self) -> bool {
        matches!(
            self,
            Self::BadKey
                | Self::NoMoney
                | Self::Permission
                | Self::ProtocolEnded
                | Self::ModelNotFound
                | Self::Unpriced
        )
    }
}
