//! What can go wrong in a use case, and what people are told about it.

use app::api::error::{ApiError, ErrorCode, FieldError};
use app::model::account::TokenScope;
use app::model::language::Language;
use app::model::provider::Provider;
use app::texts::{Text, errors};

use crate::auth::NotAllowed;
use crate::auth::passwords::{BUSY_SECONDS, HashError};
use crate::store::StoreError;
use crate::store::projects::QuotaPassed;
use crate::vault::VaultError;

/// Result of a use case.
pub type ServiceResult<T> = Result<T, ServiceError>;

/// An error of a use case.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServiceError {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Unauthorized,
    /// Address and password do not match.
    #[error("sign-in failed")]
    SignInFailed,
    /// A token that does not work any more, with its text.
    #[error("the token does not work any more")]
    Token(Text),
    /// The caller's role does not reach.
    #[error("forbidden")]
    Forbidden,
    /// The token's scope does not reach; it takes this one.
    #[error("forbidden: it takes the scope {}", .0.word())]
    Scope(TokenScope),
    /// Nobody's role would help, with the text that says what would.
    #[error("refused")]
    Refused(Text),
    /// Only admins may.
    #[error("admins only")]
    AdminOnly,
    /// No such thing, or somebody else's.
    #[error("not found")]
    NotFound,
    /// Wrong fields.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    /// One wrong field, with its text.
    #[error("invalid field {0}")]
    Field(&'static str, Text),
    /// The state of things does not allow it.
    #[error("conflict")]
    Conflict(Text),
    /// The state of things does not allow it; the message is complete.
    #[error("conflict: {0}")]
    ConflictMessage(String),
    /// A stored key cannot be opened.
    #[error(transparent)]
    Key(#[from] UnreadableKey),
    /// The workspace has as much as it may.
    #[error("the quota is reached: {0:?}")]
    Quota(QuotaPassed),
    /// Too many attempts; seconds until the next one.
    #[error("too many sign-ins")]
    TooManySignIns(u64),
    /// The host has too much to do; seconds until the next attempt.
    #[error("the host is busy")]
    Overloaded(u64),
    /// Too much at a time; seconds until the next attempt.
    #[error("too much at a time")]
    Busy(u64),
    /// A provider did not do what it was asked for; the message is complete.
    #[error("a provider failed: {0}")]
    Provider(String),
    /// Anything that is our fault.
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Outdated => Self::Conflict(errors::CONFLICT),
            other => Self::Internal(other.to_string()),
        }
    }
}

/// A stored key that nobody here can open; the next attempt ends the same way. In words for the
/// log and for the asks that fail by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableKey {
    /// The master key at hand is not the one that seals by now.
    #[error(
        "the stored keys were sealed with another master key than this process has; start it again with the new ENCRYPTION_KEY or key file"
    )]
    MasterKey,
    /// The master key is right, the stored key is not.
    #[error(
        "the stored key for {} cannot be opened: it is damaged, or was stored for another workspace or address; enter it again under Keys and budget",
        .0.label()
    )]
    Damaged(Provider),
}

impl UnreadableKey {
    /// The same for people.
    pub fn message(self, language: Language) -> String {
        match self {
            Self::MasterKey => errors::MASTER_KEY_CHANGED.get(language).to_owned(),
            Self::Damaged(provider) => {
                errors::KEY_UNREADABLE.fill(language, &[("provider", &provider.label())])
            }
        }
    }
}

/// Why a workspace's way to a provider could not be found.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is a key, and nobody here can open it.
    #[error(transparent)]
    Unreadable(#[from] UnreadableKey),
    /// The database, or the disk, did not give what is needed; a later attempt may find it.
    #[error("{0}")]
    Unreachable(String),
}

impl From<StoreError> for AccessError {
    fn from(error: StoreError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl From<AccessError> for ServiceError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Unreadable(key) => Self::Key(key),
            AccessError::Unreachable(cause) => Self::Internal(cause),
        }
    }
}

impl From<NotAllowed> for ServiceError {
    fn from(refusal: NotAllowed) -> Self {
        match refusal {
            NotAllowed::Role => Self::Forbidden,
            NotAllowed::Scope(needed) => Self::Scope(needed),
        }
    }
}

impl From<HashError> for ServiceError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Overloaded(BUSY_SECONDS),
            failed @ HashError::Failed(_) => Self::Internal(failed.to_string()),
        }
    }
}

impl From<VaultError> for ServiceError {
    fn from(error: VaultError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<Vec<FieldError>> for ServiceError {
    fn from(fields: Vec<FieldError>) -> Self {
        Self::Invalid(fields)
    }
}

impl ServiceError {
    /// For people and programs. Internal errors are logged here, once, with the reference that
    /// people are shown.
    pub fn into_api_error(self, language: Language) -> ApiError {
        let say = |code, text: Text| ApiError::new(code, text.get(language));
        match self {
            Self::Unauthorized => say(ErrorCode::Unauthorized, errors::UNAUTHORIZED),
            Self::SignInFailed => say(ErrorCode::Unauthorized, errors::SIGN_IN_FAILED),
            Self::Token(text) => say(ErrorCode::Unauthorized, text),
            Self::Forbidden => say(ErrorCode::Forbidden, errors::FORBIDDEN),
            Self::Refused(text) => say(ErrorCode::Forbidden, text),
            Self::Scope(needed) => ApiError::new(
                ErrorCode::Forbidden,
                errors::SCOPE.fill(language, &[("scope", &needed.word())]),
            ),
            Self::AdminOnly => say(ErrorCode::Forbidden, errors::ADMIN_ONLY),
            Self::NotFound => say(ErrorCode::NotFound, errors::NOT_FOUND),
            Self::Invalid(fields) => ApiError::invalid(language, fields),
            Self::Field(field, text) => {
                let error = FieldError {
                    field: field.to_owned(),
                    message: text.get(language).to_owned(),
                };
                ApiError::invalid(language, vec![error])
            }
            Self::Conflict(text) => say(ErrorCode::Conflict, text),
            Self::ConflictMessage(message) => ApiError::new(ErrorCode::Conflict, message),
            Self::Key(key) => ApiError::new(ErrorCode::Conflict, key.message(language)),
            Self::Quota(passed) => {
                let (text, most) = match passed {
                    QuotaPassed::Projects(most) => (errors::QUOTA_PROJECTS, most),
                    QuotaPassed::Prompts(most) => (errors::QUOTA_PROMPTS, most),
                    QuotaPassed::KeptProjects(most) => (errors::QUOTA_KEPT_PROJECTS, most),
                    QuotaPassed::KeptPrompts(most) => (errors::QUOTA_KEPT_PROMPTS, most),
                    QuotaPassed::StoredBytes(most) => (errors::QUOTA_STORED, most / 1_000_000),
                };
                ApiError::new(ErrorCode::Conflict, text.fill(language, &[("max", &most)]))
            }
            Self::TooManySignIns(seconds) => {
                let minutes = seconds.div_ceil(60);
                ApiError {
                    retry_after_seconds: Some(seconds),
                    ..ApiError::new(
                        ErrorCode::TooManyRequests,
                        errors::TOO_MANY_SIGN_INS.fill(language, &[("minutes", &minutes)]),
                    )
                }
            }
            Self::Busy(seconds) => ApiError {
                retry_after_seconds: Some(seconds),
                ..ApiError::new(
                    ErrorCode::TooManyRequests,
                    errors::TOO_MANY_REQUESTS.fill(language, &[("seconds", &seconds)]),
                )
            },
            Self::Overloaded(seconds) => ApiError {
                retry_after_seconds: Some(seconds),
                ..say(ErrorCode::Unavailable, errors::BUSY)
            },
            Self::Provider(message) => ApiError::new(ErrorCode::Unavailable, message),
            Self::Internal(cause) => internal(language, &cause),
        }
    }
}

/// An error that is ours: logged with a reference that the user sees too.
pub fn internal(language: Language, cause: &str) -> ApiError {
    let reference = format!("{:08x}", rand::random::<u32>());
    tracing::error!(error.reference = %reference, error.cause = %cause, "request failed");
    ApiError {
        reference: Some(reference.clone()),
        ..ApiError::new(
            ErrorCode::Internal,
            errors::INTERNAL.fill(language, &[("reference", &reference)]),
        )
    }
}
