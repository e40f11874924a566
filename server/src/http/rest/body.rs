//! JSON bodies, read so that the field that is wrong can be named.

use app::api::error::{ApiError, ErrorCode, FieldError};
use app::model::language::Language;
use app::texts::errors;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_json::value::RawValue;
use serde_path_to_error::{Path, Segment};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::http::bodies::{BODY_LIMIT, too_large};
use crate::http::problem::Problem;
use crate::http::session::language_of;

/// A JSON object. Unknown fields are ignored; the content type is not asked for.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let language = language_of(request.headers());
        let bytes = whole(request, state, BODY_LIMIT).await?;
        read_object(language, &bytes).map(Self)
    }
}

/// All of a body, which may have `limit` bytes: so says the layer that ends it.
pub(super) async fn whole<S: Send + Sync>(
    request: Request,
    state: &S,
    limit: usize,
) -> Result<Bytes, Problem> {
    let language = language_of(request.headers());
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(language, limit),
            _ => Problem::plain(ErrorCode::BadRequest, language),
        })
}

fn read_object<T: DeserializeOwned>(language: Language, bytes: &[u8]) -> Result<T, Problem> {
    let unreadable = || Problem::plain(ErrorCode::BadRequest, language);
    // serde would take a list for a struct, its values in the order of the fields.
    let is_object = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if !is_object {
        return Err(unreadable());
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = dotted(error.path());
        if error.inner().classify() != Category::Data || field.is_empty() {
            return unreadable();
        }
        let message = errors::WRONG_TYPE.get(language).to_owned();
        Problem(ApiError::invalid(
            language,
            vec![FieldError { field, message }],
        ))
    })?;
    json.end().map_err(|_| unreadable())?;
    Ok(value)
}

/// `competitors.1.name`
fn dotted(path: &Path) -> String {
    let parts: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect();
    parts.join(".")
}

/// An amount as it stands in the JSON, number or text, so that no float ever holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AmountText(pub(super) String);

impl PartialSchema for AmountText {
    fn schema() -> RefOr<Schema> {
        let of = |kind: Type| ObjectBuilder::new().schema_type(kind);
        OneOfBuilder::new()
            .item(of(Type::Number))
            .item(of(Type::String))
            .description(Some(
                "Dollars, as a number or as text; no float ever holds them.",
            ))
            .into()
    }
}

impl ToSchema for AmountText {
    fn name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }
}

impl<'de> Deserialize<'de> for AmountText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('"') {
            return serde_json::from_str(raw.get())
                .map(Self)
                .map_err(D::Error::custom);
        }
        Ok(Self(raw.get().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only its type matters")]
        names: Vec<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Outer {
        amount: Option<AmountText>,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    fn read(text: &str) -> Result<Outer, ApiError> {
        read_object(Language::English, text.as_bytes()).map_err(|Problem(error)| error)
    }

    #[test]
    fn amounts_are_taken_from_their_text() {
        for (json, amount) in [
            (
                r#"{"amount": 0.1234567890123456789}"#,
                Some("0.1234567890123456789"),
            ),
            (r#"{"amount": "1.25"}"#, Some("1.25")),
            (r#"{"amount": 3e-6}"#, Some("3e-6")),
            (r#"{"amount": true}"#, Some("true")),
            (r#"{"amount": null}"#, None),
            ("{}", None),
        ] {
            let outer = read(json).expect(json);
            assert_eq!(outer.amount.map(|text| text.0).as_deref(), amount, "{json}");
            assert!(outer.inner.is_empty());
        }
    }

    #[test]
    fn the_field_of_the_wrong_type_is_named() {
        let error =
            read(r#"{"inner": [{"names": []}, {"names": ["a", 1]}]}"#).expect_err("refused");
        assert_eq!(error.code, ErrorCode::Invalid);
        assert_eq!(error.fields[0].field, "inner.1.names.1");
    }

    #[test]
    fn what_is_no_object_cannot_be_read() {
        for text in ["", "[]", "null", "{", "{}x", "\"a\"", "{\"amount\":}"] {
            assert_eq!(
                read(text).expect_err(text).code,
                ErrorCode::BadRequest,
                "{text}"
            );
        }
    }
}
