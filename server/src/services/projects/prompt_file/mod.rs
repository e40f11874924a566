//! A file of questions: CSV as spreadsheets write it, or a plain list with one in each line.
//!
//! [`encoding`] makes text of it, [`layout`] finds out what its columns are, [`rows`] reads its
//! cells. Tags are separated by `|`, or by a separator that is not the one of the columns.
//!
//! Invariant: pure; each error has the number of its line. A question is taken whole or its line is
//! wrong: what was cut at a separator never becomes a shorter one, or a tag.

mod encoding;
mod layout;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use app::api::error::FieldError;
use app::model::language::Language;
use app::texts::{Text, errors};
use app::validate::{self, PROMPT, prompt_key};

use self::layout::{Layout, NoRow};
use self::rows::Row;
use super::NewPrompt;
use super::prompts::clean_tags;
use crate::spreadsheet;

/// Lines that are named; more help nobody.
const NAMED: usize = 100;
/// Characters of a text that a message shows.
const SHOWN: usize = 40;

/// A line that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong, for people.
    pub message: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptFile {
    /// The questions that are right.
    pub prompts: Vec<NewPrompt>,
    /// The first lines that are wrong.
    pub wrong: Vec<WrongLine>,
    /// Lines that are wrong in all.
    pub wrong_total: usize,
    /// Rows with something in them, the heading apart.
    pub rows: usize,
    /// What separates its columns; `None`: it is a plain list.
    pub separator: Option<char>,
    /// Headings of columns that are not read.
    pub unread: Vec<String>,
    language: Language,
}

impl PromptFile {
    /// Notes a wrong line.
    pub(super) fn note(&mut self, wrong: WrongLine) {
        self.wrong_total += 1;
        if self.wrong.len() < NAMED {
            self.wrong.push(wrong);
        }
    }

    /// The wrong lines, as a refusal names them.
    pub(super) fn field_errors(&self) -> Vec<FieldError> {
        let field_error = |wrong: &WrongLine| FieldError {
            field: format!("line {}", wrong.line),
            message: errors::LINE.fill(
                self.language,
                &[("line", &wrong.line), ("message", &wrong.message)],
            ),
        };
        self.wrong.iter().map(field_error).collect()
    }

    fn say(&mut self, line: u64, text: Text) {
        let message = text.get(self.language).to_owned();
        self.note(WrongLine { line, message });
    }
}

/// Reads a file.
pub(super) fn read(language: Language, bytes: &[u8]) -> PromptFile {
    let mut file = PromptFile {
        language,
        ..PromptFile::default()
    };
    let text = match encoding::text(bytes) {
        Ok(text) => text,
        Err(line) => {
            file.say(line, errors::CSV_ENCODING);
            return file;
        }
    };
    let layout = Layout::of(&text);
    file.separator = layout.separator();
    file.unread.clone_from(&layout.unread);
    read_rows(&mut file, &layout);
    if file.rows == 0 && file.wrong.is_empty() {
        file.say(1, errors::CSV_EMPTY);
    }
    file
}

fn read_rows(file: &mut PromptFile, layout: &Layout<'_>) {
    let mut seen: HashMap<String, u64> = HashMap::new();
    let rows = layout.rows().filter(|row| !row.is_empty());
    for (place, row) in rows.enumerate() {
        if place == 0 && layout.has_heading {
            continue;
        }
        file.rows += 1;
        if place == 0 && looks_like_heading(&row) {
            let (min, max) = PROMPT;
            let start = shown(row.cells[0].text.trim());
            let message = errors::CSV_HEADING.fill(
                file.language,
                &[("start", &start), ("min", &min), ("max", &max)],
            );
            let line = row.line;
            file.note(WrongLine { line, message });
            continue;
        }
        match layout.question(&row) {
            Ok(cells) => read_row(file, &mut seen, row.line, cells),
            Err(no_row) => {
                let message = no_row_message(file.language, no_row);
                let line = row.line;
                file.note(WrongLine { line, message });
            }
        }
    }
}

/// Whether a first row that is no heading was meant as one: each cell is too short to be a
/// question, and asks nothing.
fn looks_like_heading(row: &Row<'_>) -> bool {
    let (min, _) = PROMPT;
    let mut cells = row.cells.iter().map(|cell| cell.text.trim());
    cells.all(|cell| cell.chars().count() < min && !cell.contains('?'))
}

fn no_row_message(language: Language, no_row: NoRow) -> String {
    match no_row {
        NoRow::MoreCells { cells, columns } => {
            errors::CSV_MORE_CELLS.fill(language, &[("cells", &cells), ("columns", &columns)])
        }
        NoRow::Cut => errors::CSV_CUT.get(language).to_owned(),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

fn read_row(
    file: &mut PromptFile,
    seen: &mut HashMap<String, u64>,
    line: u64,
    (question, tags): (&str, Option<&str>),
) {
    let typed = [spreadsheet::unguarded(question.trim()).to_owned()];
    let text = match validate::prompts(file.language, "query_text", &typed) {
        Ok(texts) => texts.into_iter().next(),
        Err(wrong) => return note_all(file, line, wrong),
    };
    let Some(text) = text else {
        return file.say(line, errors::REQUIRED);
    };
    let tags = match tags.map(|cell| split_tags(file, cell)).transpose() {
        Ok(tags) => tags,
        Err(wrong) => return note_all(file, line, wrong),
    };
    if seen.insert(prompt_key(&text), line).is_some() {
        let start = shown(&text);
        let message = errors::PROMPT_TWICE.fill(file.language, &[("start", &start)]);
        return file.note(WrongLine { line, message });
    }
    file.prompts.push(NewPrompt { text, tags });
}

fn note_all(file: &mut PromptFile, line: u64, wrong: Vec<FieldError>) {
    let messages: Vec<String> = wrong.into_iter().map(|error| error.message).collect();
    let message = messages.join(" ");
    file.note(WrongLine { line, message });
}

fn split_tags(file: &PromptFile, cell: &str) -> Result<Vec<String>, Vec<FieldError>> {
    let separates =
        |character: char| matches!(character, ',' | ';') && Some(character) != file.separator;
    let typed = spreadsheet::read_list(spreadsheet::unguarded(cell.trim()), separates);
    clean_tags(file.language, "tags", &typed)
}
