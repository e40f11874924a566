//! The rows of a file: cells, some of them in double quotes, which may hold separators, line
//! ends and, doubled, quotes.
//!
//! A cell that begins with a quote and does not end with one is read as it stands, to the end of
//! its line: questions may begin with a quoted word, and a forgotten quote must not swallow the
//! lines behind it.

use std::borrow::Cow;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    /// What it holds, with the space around it.
    pub(super) text: Cow<'a, str>,
    /// Whether it stands in quotes.
    pub(super) is_quoted: bool,
}

/// A row, perhaps of several lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    /// The number of its first line, from 1.
    pub(super) line: u64,
    /// Its cells, one at least.
    pub(super) cells: Vec<Cell<'a>>,
}

impl Row<'_> {
    /// Whether there is nothing in it but what separates cells.
    pub(super) fn is_empty(&self) -> bool {
        let separates = |character: char| {
            character.is_whitespace() || matches!(character, ',' | ';' | '|' | '"')
        };
        let mut cells = self.cells.iter();
        cells.all(|cell| cell.text.chars().all(separates))
    }
}

/// The rows of a text; without a separator each has one cell.
pub(super) struct Rows<'a> {
    rest: &'a str,
    line: u64,
    separator: Option<char>,
}

impl<'a> Rows<'a> {
    /// The rows of a text whose first line has this number.
    pub(super) const fn new(text: &'a str, line: u64, separator: Option<char>) -> Self {
        Self {
            rest: text,
            line,
            separator,
        }
    }

    fn ends_cell(&self, character: char) -> bool {
        Some(character) == self.separator || matches!(character, '\n' | '\r')
    }

    fn cell(&mut self) -> Cell<'a> {
        if let Some((cell, rest)) = self.quoted() {
            self.rest = rest;
            return cell;
        }
        let end = self.rest.find(|character| self.ends_cell(character));
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Cell {
            text: text.into(),
            is_quoted: false,
        }
    }

    /// A cell in quotes and what stands behind it; `None`: here is none, or it does not end.
    fn quoted(&self) -> Option<(Cell<'a>, &'a str)> {
        let is_blank = |character: char| character == ' ' && Some(character) != self.separator;
        let inner = self.rest.trim_start_matches(is_blank).strip_prefix('"')?;
        let mut text = Cow::Borrowed("");
        let mut rest = inner;
        loop {
            let (before, behind) = rest.split_once('"')?;
            if text.is_empty() {
                text = before.into();
            } else {
                text.to_mut().push_str(before);
            }
            if let Some(more) = behind.strip_prefix('"') {
                text.to_mut().push('"');
                rest = more;
                continue;
            }
            let behind = behind.trim_start_matches(is_blank);
            let is_end = behind.is_empty() || behind.starts_with(|next| self.ends_cell(next));
            let is_quoted = true;
            return is_end.then_some((Cell { text, is_quoted }, behind));
        }
    }

    /// Goes over the end of a line, if it stands here.
    fn end_line(&mut self) -> bool {
        let rest = self.rest;
        let behind = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix(['\n', '\r']));
        self.rest = behind.unwrap_or(rest);
        behind.is_some()
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, start) = (self.line, self.rest);
        let mut cells = vec![self.cell()];
        while !self.end_line() && !self.rest.is_empty() {
            let mut behind = self.rest.chars();
            behind.next();
            self.rest = behind.as_str();
            cells.push(self.cell());
        }
        let read = &start[..start.len() - self.rest.len()];
        self.line += line_ends(read);
        Some(Row { line, cells })
    }
}

/// How many lines end in a text.
pub(super) fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let is_end = |(place, byte): &(usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(place + 1) != Some(&b'\n'),
        _ => false,
    };
    let count = bytes.iter().enumerate().filter(is_end).count();
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use csv::ReaderBuilder;
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str, separator: char) -> Vec<(u64, Vec<String>)> {
        Rows::new(text, 1, Some(separator))
            .map(|row| {
                let cells = row.cells.into_iter().map(|cell| cell.text.into_owned());
                (row.line, cells.collect())
            })
            .collect()
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn quotes_hold_separators_line_ends_and_quotes() {
        assert_eq!(
            texts("a,\"b, \"\"c\"\"\r\nd\", e\r\n\r\nf\r\"g\" , \"h\"", ','),
            [
                row(1, &["a", "b, \"c\"\r\nd", " e"]),
                row(3, &[""]),
                row(4, &["f"]),
                row(5, &["g", "h"]),
            ]
        );
    }

    #[test]
    fn quotes_that_do_not_end_are_text() {
        assert_eq!(
            texts("\"Best\" ledger, and why?\n\"open, b\nc\n", ','),
            [
                row(1, &["\"Best\" ledger", " and why?"]),
                row(2, &["\"open", " b"]),
                row(3, &["c"]),
            ]
        );
    }

    #[test]
    fn hostile_quotes_take_time_that_grows_with_their_length() {
        for unit in [
            "\"\n",
            "\"\"\n",
            "\"\"\"\n",
            "\"x\"\"\n",
            "a,\"",
            "\"a\"b,",
            "\"\"\"\"x\n\"",
        ] {
            let text = unit.repeat(4_000_000 / unit.len());
            let start = Instant::now();
            assert!(Rows::new(&text, 1, Some(',')).count() > 0);
            assert!(start.elapsed() < Duration::from_secs(20), "{unit:?}");
        }
    }

    proptest! {
        /// What is written by the rules is read as another reader reads it.
        #[test]
        fn files_by_the_rules_are_read_as_others_read_them(
            rows in prop::collection::vec(prop::collection::vec("[a\",;\n\r'é]{0,6}", 1..4), 0..8),
            separator in prop::sample::select(vec![',', ';', '\t', '|']),
            end in prop::sample::select(vec![csv::Terminator::CRLF, csv::Terminator::Any(b'\n')]),
        ) {
            let delimiter = u8::try_from(separator).expect("one byte");
            let mut writer = csv::WriterBuilder::new()
                .flexible(true)
                .delimiter(delimiter)
                .terminator(end)
                .from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).expect("written");
            }
            let text = String::from_utf8(writer.into_inner().expect("whole")).expect("text");
            let read: Vec<Vec<String>> =
                texts(&text, separator).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(&read, &rows);
            let mut reader = ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .from_reader(text.as_bytes());
            let others: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.expect("a row").iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(read, others);
        }

        #[test]
        fn any_text_is_read_to_its_end_with_true_line_numbers(text in "[a\",\n\r ]{0,40}") {
            let mut last = 0;
            for row in Rows::new(&text, 1, Some(',')) {
                prop_assert!(row.line > last && row.line <= line_ends(&text) + 1);
                last = row.line;
            }
            let lines = Rows::new(&text, 1, None).map(|row| row.cells.len());
            prop_assert!(lines.into_iter().all(|cells| cells == 1));
        }
    }
}
