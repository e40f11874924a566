//! Files of rows: CSV for spreadsheets, JSON Lines for programs.
//!
//! Invariant: a text of somebody else never becomes a formula where a spreadsheet reads it.

use std::borrow::Cow;
use std::fmt::Write as _;

use app::model::money::Money;
use app::words::addresses::escaped;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use csv::{QuoteStyle, WriterBuilder};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::http::rest::params::{Value, word};
use crate::spreadsheet;

/// How a file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// With a heading, separated by commas.
    #[default]
    Csv,
    /// One object a line.
    #[serde(rename = "jsonl")]
    JsonLines,
}

impl Value for Format {
    fn parse(text: &str) -> Option<Self> {
        word(text)
    }
}

impl Format {
    const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What it is, and how a browser shall name it: without what an address would have to escape
    /// but letters.
    pub(super) fn headers(self, name: &str) -> HeaderMap {
        let kind = match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/x-ndjson",
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let ending = self.ending();
        // Letters that a header cannot have stand in the second name, which all browsers read.
        let plain = name.replace(|letter: char| !letter.is_ascii(), "_");
        let file = if plain == name {
            format!("attachment; filename=\"{name}.{ending}\"")
        } else {
            let escaped = escaped(name);
            format!(
                "attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{escaped}.{ending}"
            )
        };
        if let Ok(file) = HeaderValue::from_str(&file) {
            headers.insert(CONTENT_DISPOSITION, file);
        }
        headers
    }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Text, perhaps somebody else's.
    Text(String),
    /// Texts, perhaps somebody else's.
    List(Vec<String>),
    /// A whole number.
    Whole(i64),
    /// A rate, a mean.
    Float(f64),
    /// Dollars.
    Usd(Money),
    /// Yes or no.
    Flag(bool),
    /// Nothing is known.
    Nothing,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<String>> for Cell {
    fn from(items: Vec<String>) -> Self {
        Self::List(items)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Money> for Cell {
    fn from(amount: Money) -> Self {
        Self::Usd(amount)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Text(day.to_string())
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(time: DateTime<Utc>) -> Self {
        Self::Text(time.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

/// A row: its columns by name, the same ones in each.
pub(super) type Row = Vec<(Cow<'static, str>, Cell)>;

/// Rows as they stand in the file.
///
/// # Errors
/// A value that cannot be written; there is none.
pub(super) fn write(format: Format, rows: &[Row]) -> Result<Vec<u8>, std::io::Error> {
    match format {
        Format::Csv => write_csv(rows),
        Format::JsonLines => write_json(rows),
    }
}

/// How a file of such rows begins.
pub(super) fn heading(format: Format, row: &Row) -> Result<Vec<u8>, std::io::Error> {
    match format {
        Format::Csv => {
            let mut writer = WriterBuilder::new().from_writer(spreadsheet::MARK.into());
            writer.write_record(row.iter().map(|(name, _)| name.as_ref()))?;
            writer.into_inner().map_err(csv::IntoInnerError::into_error)
        }
        Format::JsonLines => Ok(Vec::new()),
    }
}

fn csv_writer() -> csv::Writer<Vec<u8>> {
    WriterBuilder::new()
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new())
}

fn write_csv(rows: &[Row]) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = csv_writer();
    let mut text = String::new();
    for row in rows {
        for (_, cell) in row {
            text.clear();
            match cell {
                Cell::Text(words) => text.push_str(&spreadsheet::guarded(words)),
                Cell::List(items) => {
                    text.push_str(&spreadsheet::guarded(&spreadsheet::list_cell(items)));
                }
                // Writing to a string cannot fail.
                Cell::Whole(number) => {
                    let _ = write!(text, "{number}");
                }
                Cell::Float(number) => {
                    let _ = write!(text, "{number}");
                }
                Cell::Usd(amount) => {
                    let _ = write!(text, "{amount}");
                }
                Cell::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
                Cell::Nothing => {}
            }
            writer.write_field(&text)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn write_json(rows: &[Row]) -> Result<Vec<u8>, std::io::Error> {
    let mut out = Vec::new();
    for row in rows {
        out.push(b'{');
        for (place, (name, cell)) in row.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            serde_json::to_writer(&mut out, name)?;
            out.push(b':');
            match cell {
                Cell::Text(words) => serde_json::to_writer(&mut out, words)?,
                Cell::List(items) => serde_json::to_writer(&mut out, items)?,
                Cell::Whole(number) => serde_json::to_writer(&mut out, number)?,
                Cell::Float(number) => serde_json::to_writer(&mut out, number)?,
                Cell::Usd(amount) => {
                    let digits = RawValue::from_string(amount.to_string())?;
                    serde_json::to_writer(&mut out, &digits)?;
                }
                Cell::Flag(flag) => serde_json::to_writer(&mut out, flag)?,
                Cell::Nothing => out.extend_from_slice(b"null"),
            }
        }
        out.extend_from_slice(b"}\n");
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv_of(words: &str) -> String {
        let bytes = write(Format::Csv, &[vec![("a".into(), words.into())]]).expect("written");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_made_harmless() {
        for words in ["=1+1", "\t=1", "\r=1", "\n=1", "  =1", "\u{ff1d}1"] {
            let written = csv_of(words);
            assert!(
                written.trim_start_matches('"').starts_with('\''),
                "{words:?}: {written}"
            );
        }
        assert!(!csv_of("Kipu").contains('\''));
        assert_eq!(csv_of("=a,\"b\"\nc"), "\"'=a,\"\"b\"\"\nc\"\n");
        let list: Vec<String> = vec!["=a".to_owned(), "b".to_owned()];
        let row = [vec![("list".into(), list.into())]];
        let csv = write(Format::Csv, &row).expect("written");
        assert_eq!(String::from_utf8(csv).expect("text"), "'=a|b\n");
        let json = write(Format::JsonLines, &row).expect("written");
        assert_eq!(
            String::from_utf8(json).expect("text"),
            "{\"list\":[\"=a\",\"b\"]}\n"
        );
    }

    #[test]
    fn names_keep_letters_that_a_header_cannot_have() {
        let named = |name| {
            let headers = Format::Csv.headers(name);
            headers[CONTENT_DISPOSITION]
                .to_str()
                .expect("ASCII")
                .to_owned()
        };
        assert_eq!(
            named("kipu-answers-2026-11-24"),
            "attachment; filename=\"kipu-answers-2026-11-24.csv\""
        );
        assert_eq!(
            named("año-1"),
            "attachment; filename=\"a_o-1.csv\"; filename*=UTF-8''a%C3%B1o-1.csv"
        );
    }

    #[test]
    fn files_for_spreadsheets_begin_with_a_mark() {
        let row: Row = vec![("a".into(), Cell::Nothing), ("b".into(), Cell::Nothing)];
        let csv = heading(Format::Csv, &row).expect("written");
        assert_eq!(csv, b"\xef\xbb\xbfa,b\n");
        assert!(
            heading(Format::JsonLines, &row)
                .expect("written")
                .is_empty()
        );
    }

    #[test]
    fn numbers_keep_their_digits_and_signs() {
        let row: Row = vec![
            ("n".into(), (-3_i64).into()),
            ("rate".into(), 33.33.into()),
            ("usd".into(), Money::from_nanos(-1_500_000_001).into()),
            ("flag".into(), true.into()),
            ("none".into(), None::<i64>.into()),
            ("text".into(), "=1".into()),
        ];
        let rows = [row];
        let csv = write(Format::Csv, &rows).expect("written");
        assert_eq!(
            String::from_utf8(csv).expect("text"),
            "-3,33.33,-1.500000001,true,,'=1\n"
        );
        let json = write(Format::JsonLines, &rows).expect("written");
        assert_eq!(
            String::from_utf8(json).expect("text"),
            "{\"n\":-3,\"rate\":33.33,\"usd\":-1.500000001,\"flag\":true,\"none\":null,\"text\":\"=1\"}\n"
        );
    }
}
