//! The kinds of columns that tables have, and their cells as JSON: the same from both databases.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::{DbErr, QueryResult, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What stands in a column.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Number,
    Text,
    Flag,
    /// UTC, microseconds.
    Moment,
    Day,
    /// Base64 in the file.
    Bytes,
}

impl Kind {
    /// The kind that a database means by a type's name.
    pub(super) fn of_type(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "bigint" | "integer" => Self::Number,
            "text" => Self::Text,
            "boolean" => Self::Flag,
            "timestamp with time zone" | "timestamp_with_timezone_text" => Self::Moment,
            "date" | "date_text" => Self::Day,
            "bytea" | "blob" => Self::Bytes,
            _ => return None,
        })
    }

    /// The cell of a row that was read.
    pub(super) fn read(self, row: &QueryResult, index: usize) -> Result<Json, DbErr> {
        Ok(match self {
            Self::Number => row.try_get_by_index::<Option<i64>>(index)?.into(),
            Self::Text => row.try_get_by_index::<Option<String>>(index)?.into(),
            Self::Flag => row.try_get_by_index::<Option<bool>>(index)?.into(),
            Self::Moment => row
                .try_get_by_index::<Option<DateTime<Utc>>>(index)?
                .map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true))
                .into(),
            Self::Day => row
                .try_get_by_index::<Option<NaiveDate>>(index)?
                .map(|day| day.to_string())
                .into(),
            Self::Bytes => row
                .try_get_by_index::<Option<Vec<u8>>>(index)?
                .map(|bytes| STANDARD.encode(bytes))
                .into(),
        })
    }

    /// The value to write for a cell; `None`: it is of another kind.
    pub(super) fn value(self, cell: Json) -> Option<Value> {
        let is_null = cell.is_null();
        let text = || cell.as_str();
        Some(match self {
            Self::Number if is_null => Value::BigInt(None),
            Self::Number => cell.as_i64()?.into(),
            Self::Text => match cell {
                Json::Null => Value::String(None),
                Json::String(text) => text.into(),
                _ => return None,
            },
            Self::Flag if is_null => Value::Bool(None),
            Self::Flag => cell.as_bool()?.into(),
            Self::Moment if is_null => Value::ChronoDateTimeUtc(None),
            Self::Moment => text()?.parse::<DateTime<Utc>>().ok()?.into(),
            Self::Day if is_null => Value::ChronoDate(None),
            Self::Day => text()?.parse::<NaiveDate>().ok()?.into(),
            Self::Bytes if is_null => Value::Bytes(None),
            Self::Bytes => STANDARD.decode(text()?).ok()?.into(),
        })
    }
}
