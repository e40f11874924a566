//! The one error that server functions return.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::model::language::Language;
use crate::model::words;
use crate::texts::errors;

words! {
    /// What kind of error it is; the words are stable.
    ErrorCode {
        /// Nobody is signed in.
        Unauthorized = "unauthorized",
        /// The caller may not do this.
        Forbidden = "forbidden",
        /// There is no such thing, or it belongs to somebody else.
        NotFound = "not_found",
        /// Fields are wrong; they are named.
        Invalid = "invalid",
        /// The state of things does not allow it now.
        Conflict = "conflict",
        /// Too often.
        TooManyRequests = "too_many_requests",
        /// The body is too large.
        TooLarge = "too_large",
        /// The request cannot be read.
        BadRequest = "bad_request",
        /// The host is busy or shutting down.
        Unavailable = "unavailable",
        /// An error of the host; the log has the reference.
        Internal = "internal",
        /// The host could not be reached.
        Network = "network",
    }
}

impl ErrorCode {
    /// HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Invalid => 422,
            Self::Conflict => 409,
            Self::TooManyRequests => 429,
            Self::TooLarge => 413,
            Self::BadRequest => 400,
            Self::Unavailable | Self::Network => 503,
            Self::Internal => 500,
        }
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's path: `name`, `competitors.1.domains`.
    pub field: String,
    /// For people, in their language.
    pub message: String,
}

/// An error for people and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What kind.
    pub code: ErrorCode,
    /// For people, in their language.
    pub message: String,
    /// One a wrong field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// What the log has too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Seconds to wait before the next attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
}

impl ApiError {
    /// An error with a message and nothing else.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            reference: None,
            retry_after_seconds: None,
        }
    }

    /// Wrong fields.
    pub fn invalid(language: Language, fields: Vec<FieldError>) -> Self {
        Self {
            fields,
            ..Self::new(ErrorCode::Invalid, errors::INVALID.get(language))
        }
    }

    /// The messages about one field.
    pub fn of_field(&self, field: &str) -> Option<String> {
        let messages: Vec<_> = self
            .fields
            .iter()
            .filter(|error| error.field == field)
            .map(|error| error.message.as_str())
            .collect();
        (!messages.is_empty()).then(|| messages.join(" "))
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// What the framework itself reports: the host is away, or cannot read the arguments. Its
    /// own words are for engineers, so they are not shown.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                Self::new(ErrorCode::Network, "network")
            }
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                Self::new(ErrorCode::BadRequest, "bad request")
            }
            _ => Self::new(ErrorCode::Internal, "internal"),
        }
    }
}
