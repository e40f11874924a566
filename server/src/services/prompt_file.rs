//! A file of questions: CSV as spreadsheets write it.
//!
//! The separator is a comma, a semicolon or a tab, whichever the first line has most of. A first
//! line that names a column of questions is a heading; else the first column holds the
//! questions, and the second their tags. Tags are separated by `|`, or by what does not separate
//! columns.
//!
//! Invariant: pure; what is wrong is told with the number of its line.

use std::collections::HashMap;

use app::api::error::FieldError;
use app::model::language::Language;
use app::model::validate::{self, prompt_key};
use app::texts::{Text, errors};
use csv::{ByteRecord, ReaderBuilder};

use super::NewPrompt;
use super::prompts::clean_tags;

/// Lines that are named; more help nobody.
const NAMED: usize = 100;
const BOM: &[u8] = b"\xef\xbb\xbf";
const QUESTION_HEADINGS: [&str; 8] = [
    "query_text",
    "query",
    "question",
    "prompt",
    "text",
    "pregunta",
    "consulta",
    "texto",
];
const TAG_HEADINGS: [&str; 6] = [
    "tags",
    "tag",
    "topic_cluster",
    "cluster",
    "etiquetas",
    "etiqueta",
];

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
    /// What separates its columns.
    pub separator: char,
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

/// Where the columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    question: usize,
    tags: Option<usize>,
}

/// Reads a file.
pub(super) fn read(language: Language, bytes: &[u8]) -> PromptFile {
    let mut file = PromptFile {
        language,
        separator: ',',
        ..PromptFile::default()
    };
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text,
        Ok(text) => {
            let before = text.split('\0').next().unwrap_or_default();
            file.say(line_of(before.as_bytes()), errors::CSV_ENCODING);
            return file;
        }
        Err(error) => {
            let line = line_of(&bytes[..error.valid_up_to()]);
            file.say(line, errors::CSV_ENCODING);
            return file;
        }
    };
    file.separator = separator(text);
    read_rows(&mut file, text);
    if file.rows == 0 && file.wrong.is_empty() {
        file.say(1, errors::CSV_EMPTY);
    }
    file
}

/// The number of the line behind these bytes.
fn line_of(before: &[u8]) -> u64 {
    let lines = before.split(|byte| *byte == b'\n').count();
    u64::try_from(lines).unwrap_or(u64::MAX)
}

/// What separates columns, by the first line that is not empty.
fn separator(text: &str) -> char {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let mut is_quoted = false;
    let mut counts = [(';', 0), ('\t', 0), (',', 0)];
    for character in first.chars() {
        if character == '"' {
            is_quoted = !is_quoted;
        }
        if let Some((_, count)) = counts
            .iter_mut()
            .find(|(known, _)| !is_quoted && *known == character)
        {
            *count += 1;
        }
    }
    let most = counts.iter().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 0)
        .map_or(',', |(separator, _)| *separator)
}

fn read_rows(file: &mut PromptFile, text: &str) {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(file.separator).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut columns: Option<Columns> = None;
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(_) => {
                let line = reader.position().line();
                return file.say(line, errors::CSV_UNREADABLE);
            }
        }
        let line = first_line(text, &record);
        let cell = |index: usize| {
            let cell = record.get(index).unwrap_or_default();
            std::str::from_utf8(cell).unwrap_or_default().trim()
        };
        if (0..record.len()).all(|index| cell(index).is_empty()) {
            continue;
        }
        let Some(place) = columns else {
            let cells: Vec<&str> = (0..record.len()).map(cell).collect();
            let heading = heading(&cells);
            columns = Some(heading.unwrap_or(Columns {
                question: 0,
                tags: (cells.len() > 1).then_some(1),
            }));
            if heading.is_none() {
                let tags = (cells.len() > 1).then(|| cell(1).to_owned());
                let question = cell(0).to_owned();
                read_row(file, &mut seen, line, (&question, tags.as_deref()));
            }
            continue;
        };
        let question = cell(place.question).to_owned();
        let tags = place.tags.map(|index| cell(index).to_owned());
        read_row(file, &mut seen, line, (&question, tags.as_deref()));
    }
}

/// The number of a record's first line; the reader counts the empty lines before it to it.
fn first_line(text: &str, record: &ByteRecord) -> u64 {
    let Some(position) = record.position() else {
        return 0;
    };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let empty = text
        .as_bytes()
        .get(start..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n');
    position.line() + u64::try_from(empty.count()).unwrap_or_default()
}

/// The columns that a heading names; nothing where the row is none.
fn heading(cells: &[&str]) -> Option<Columns> {
    let find = |names: &[&str]| {
        cells
            .iter()
            .position(|cell| names.contains(&cell.to_lowercase().as_str()))
    };
    Some(Columns {
        question: find(&QUESTION_HEADINGS)?,
        tags: find(&TAG_HEADINGS),
    })
}

fn read_row(
    file: &mut PromptFile,
    seen: &mut HashMap<String, u64>,
    line: u64,
    (question, tags): (&str, Option<&str>),
) {
    file.rows += 1;
    let typed = [question.to_owned()];
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
        let start: String = text.chars().take(40).collect();
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
    let separates = |character: char| {
        character == '|' || (matches!(character, ',' | ';') && character != file.separator)
    };
    let typed: Vec<String> = cell
        .split(separates)
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect();
    clean_tags(file.language, "tags", &typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: &str = "Which ledger is best for bakers?";

    fn of(bytes: &[u8]) -> PromptFile {
        read(Language::English, bytes)
    }

    fn texts(file: &PromptFile) -> Vec<(&str, Option<Vec<&str>>)> {
        file.prompts
            .iter()
            .map(|prompt| {
                let tags = prompt.tags.as_ref();
                (
                    prompt.text.as_str(),
                    tags.map(|tags| tags.iter().map(String::as_str).collect()),
                )
            })
            .collect()
    }

    #[test]
    fn files_of_spreadsheets_are_read_however_they_are_written() {
        for file in [
            format!("query_text,tags\n\"{QUESTION}\",\"food|money\"\n"),
            format!("\u{feff}Pregunta;Etiquetas\r\n{QUESTION};food, money\r\n"),
            format!("tags\tid\tquestion\nfood|money\t7\t{QUESTION}"),
            format!("\n\n{QUESTION};food|money\n;;\n"),
        ] {
            let read = of(file.as_bytes());
            assert_eq!(read.wrong, [], "{file:?}");
            assert_eq!(
                texts(&read),
                [(QUESTION, Some(vec!["food", "money"]))],
                "{file:?}"
            );
        }
        let read = of(QUESTION.as_bytes());
        assert_eq!(texts(&read), [(QUESTION, None)]);
        let quoted = of(format!(
            "question\n\"Is it true, \"\"that\"\"\nledgers rise?\"\n{QUESTION}"
        )
        .as_bytes());
        assert_eq!(quoted.prompts[0].text, "Is it true, \"that\" ledgers rise?");
        assert_eq!(quoted.prompts.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        let text = format!(
            "question,tags\n{QUESTION},a\nshort,\n\n{QUESTION},\n,only tags\n{},x\n",
            "x".repeat(501)
        );
        let file = of(text.as_bytes());
        let lines: Vec<u64> = file.wrong.iter().map(|wrong| wrong.line).collect();
        assert_eq!(lines, [3, 5, 6, 7]);
        assert_eq!((file.rows, file.wrong_total, file.prompts.len()), (5, 4, 1));
        assert!(file.wrong[1].message.contains("twice"), "{:?}", file.wrong);
        assert_eq!(file.field_errors()[0].field, "line 3");
        // Behind a question of two lines.
        let file = of(b"question\n\"Which ledger is\nthe best one?\"\nshort\n");
        assert_eq!(file.wrong[0].line, 4);
    }

    #[test]
    fn other_encodings_are_told_where_they_begin() {
        let latin = of(b"question\nWhich ledger is best for bakers?\n\xbfCu\xe1l es el mejor?\n");
        assert_eq!(latin.wrong[0].line, 3);
        assert!(latin.prompts.is_empty());
        let utf16: Vec<u8> = "question\nWhich one?\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(of(&utf16).wrong[0].line, 1);
        let marked = [&b"\xff\xfe"[..], &utf16].concat();
        assert_eq!(of(&marked).wrong[0].line, 1);
        assert_eq!(
            of(b"").wrong[0].message,
            errors::CSV_EMPTY.get(Language::English)
        );
        assert_eq!(of(b"question\n\n").wrong.len(), 1);
    }

    #[test]
    fn a_hundred_thousand_lines_are_read_and_a_hundred_wrong_ones_named() {
        let lines: Vec<String> = (0..100_000)
            .map(|number| {
                if number % 2 == 0 {
                    format!("Which ledger is number {number}?")
                } else {
                    "short".to_owned()
                }
            })
            .collect();
        let file = of(lines.join("\n").as_bytes());
        assert_eq!((file.rows, file.prompts.len()), (100_000, 50_000));
        assert_eq!((file.wrong.len(), file.wrong_total), (NAMED, 50_000));
        assert_eq!(file.wrong[NAMED - 1].line, 200);
    }
}
