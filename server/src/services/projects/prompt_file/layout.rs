//! What a file's columns are, by its first rows.
//!
//! - A first line `sep=;` names the separator. It may be any character, and stand there again
//!   for the empty cells of a file that was saved once more. Blank lines may stand before it.
//! - A row that names a column of questions is a heading. Each row has as many cells or fewer.
//! - Without a heading a file is a table of questions and tags only where its rows look like it:
//!   a question in quotes or with its mark, and something behind it that is no question's end.
//!   Else it is a plain list, and each line is one question with all its commas.

use super::rows::{Cell, Row, Rows};

/// The separators of columns that are tried if no line names one. The last one is the default.
const SEPARATORS: [char; 4] = ['\t', ';', '|', ','];
/// Columns of a file without a heading: the question and its tags.
const PAIR: usize = 2;
/// More words than these are no tag behind words in quotes.
const TAG_WORDS: usize = 2;
const QUESTION_HEADINGS: [&str; 15] = [
    "query_text",
    "query",
    "queries",
    "question",
    "questions",
    "question_text",
    "prompt",
    "prompts",
    "prompt_text",
    "text",
    "pregunta",
    "preguntas",
    "consulta",
    "consultas",
    "texto",
];
const TAG_HEADINGS: [&str; 14] = [
    "tags",
    "tag",
    "topic_cluster",
    "cluster",
    "clusters",
    "topic",
    "topics",
    "label",
    "labels",
    "etiquetas",
    "etiqueta",
    "tema",
    "temas",
    "grupo",
];

/// Why a row gives no question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRow {
    /// It has more cells than the file has columns.
    MoreCells { cells: usize, columns: usize },
    /// Its question seems to go on in the next cell.
    Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One question a line.
    List,
    /// Questions, perhaps with tags.
    Table {
        separator: char,
        question: usize,
        tags: Option<usize>,
        width: usize,
        /// Whether spaces stand behind separators by habit.
        is_spaced: bool,
    },
}

/// What a file's columns are.
#[derive(Clone, Debug)]
pub(super) struct Layout<'a> {
    text: &'a str,
    first_line: u64,
    kind: Kind,
    /// Whether the first row is a heading.
    pub(super) has_heading: bool,
    /// Headings of columns that are not read.
    pub(super) unread: Vec<String>,
}

impl<'a> Layout<'a> {
    /// The layout of a text.
    pub(super) fn of(text: &'a str) -> Self {
        let (declared, text, first_line) = declared(text);
        let candidates: Vec<char> = declared.map_or_else(|| SEPARATORS.to_vec(), |one| vec![one]);
        let layout = Self {
            text,
            first_line,
            kind: Kind::List,
            has_heading: false,
            unread: Vec::new(),
        };
        let headed = candidates
            .iter()
            .filter_map(|separator| layout.headed(*separator))
            .max_by_key(|(width, _)| *width);
        if let Some((_, headed)) = headed {
            return headed;
        }
        let table = declared.or_else(|| layout.separator_of_pairs());
        let kind = table.map_or(Kind::List, |separator| Kind::Table {
            separator,
            question: 0,
            tags: Some(1),
            width: PAIR,
            is_spaced: false,
        });
        Self { kind, ..layout }
    }

    /// The rows, the heading among them.
    pub(super) const fn rows(&self) -> Rows<'a> {
        Rows::new(self.text, self.first_line, self.separator())
    }

    /// What separates the columns, if there are any.
    pub(super) const fn separator(&self) -> Option<char> {
        match self.kind {
            Kind::List => None,
            Kind::Table { separator, .. } => Some(separator),
        }
    }

    /// The question of a row, and its tags where the file has any.
    pub(super) fn question<'r>(
        &self,
        row: &'r Row<'_>,
    ) -> Result<(&'r str, Option<&'r str>), NoRow> {
        let Kind::Table {
            question,
            tags,
            width,
            is_spaced,
            ..
        } = self.kind
        else {
            return Ok((&row.cells[0].text, None));
        };
        if self.has_heading && row.cells.len() > width {
            let (cells, columns) = (row.cells.len(), width);
            return Err(NoRow::MoreCells { cells, columns });
        }
        if !self.has_heading && !is_pair(row) && has_more(row) {
            return Err(NoRow::Cut);
        }
        let next = row.cells.get(question + 1);
        if let (Some(cell), Some(next)) = (row.cells.get(question), next)
            && is_cut(cell, next, is_spaced)
        {
            return Err(NoRow::Cut);
        }
        if asks_later(&row.cells, question) {
            return Err(NoRow::Cut);
        }
        let cell = |place: usize| row.cells.get(place).map_or("", |cell| &*cell.text);
        Ok((cell(question), tags.map(cell)))
    }

    /// The layout by a heading, and how many columns it has.
    fn headed(&self, separator: char) -> Option<(usize, Self)> {
        let mut rows = Rows::new(self.text, self.first_line, Some(separator));
        let cells = rows.find(|row| !row.is_empty())?.cells;
        let names: Vec<String> = cells.iter().map(|cell| plain_name(&cell.text)).collect();
        let find = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        let question = find(&QUESTION_HEADINGS)?;
        let tags = find(&TAG_HEADINGS);
        let unread = cells
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != question && Some(*place) != tags)
            .map(|(_, cell)| cell.text.trim().to_owned())
            .filter(|name| !name.is_empty());
        let kind = Kind::Table {
            separator,
            question,
            tags,
            width: cells.len(),
            is_spaced: cells[1..].iter().any(|cell| cell.text.starts_with(' ')),
        };
        let layout = Self {
            kind,
            has_heading: true,
            unread: unread.collect(),
            ..*self
        };
        Some((cells.len(), layout))
    }

    /// The separator that makes questions and tags of rows without a heading, if one does.
    fn separator_of_pairs(&self) -> Option<char> {
        let mut best = (0, None);
        for separator in SEPARATORS {
            let rows = || {
                Rows::new(self.text, self.first_line, Some(separator)).filter(|row| !row.is_empty())
            };
            let pairs = rows().filter(is_pair).count();
            if pairs > best.0 {
                best = (pairs, Some(separator));
            }
        }
        let may_be_pairs = |separator: &char| {
            let rows = Rows::new(self.text, self.first_line, Some(*separator));
            let mut rows = rows.filter(|row| !row.is_empty()).peekable();
            let looks_so = |row: Row<'_>| row.cells.len() == PAIR && !has_more(&row);
            // Nobody types a tab within a question.
            let has_tab = *separator == '\t' && self.text.contains('\t');
            has_tab || (rows.peek().is_some() && rows.all(looks_so))
        };
        best.1.or_else(|| SEPARATORS.into_iter().find(may_be_pairs))
    }
}

/// The separator of a line `sep=;`, the text behind that line, and the number of its first line.
fn declared(text: &str) -> (Option<char>, &str, u64) {
    let (mut line, mut rest) = first_line(text);
    let mut next_line = 2;
    while line.trim().is_empty() && !rest.is_empty() {
        (line, rest) = first_line(rest);
        next_line += 1;
    }
    let line = line.trim_matches(['"', ' ']);
    let named = line
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("sep="));
    if named.is_none() {
        return (None, text, 1);
    }
    let mut characters = line[4..].chars();
    let separator = characters.next();
    if separator == Some('"') || characters.any(|more| Some(more) != separator) {
        return (None, text, 1);
    }
    (separator, rest, next_line)
}

/// The first line of a text, and what stands behind it.
fn first_line(text: &str) -> (&str, &str) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let (line, rest) = text.split_at(end);
    let rest = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix(['\r', '\n']))
        .unwrap_or(rest);
    (line, rest)
}

/// A heading in one spelling: `Query text` and `query-text` are `query_text`.
fn plain_name(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    let words = lower.split([' ', '_', '-', '\u{a0}']);
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

fn is_asked(text: &str) -> bool {
    text.trim_end().ends_with(['?', '\u{ff1f}', '\u{61f}'])
}

fn ends_sentence(text: &str) -> bool {
    is_asked(text) || text.trim_end().ends_with(['.', '!', '\u{3002}', '…'])
}

/// Whether a row without a heading surely is a question and its tags.
fn is_pair(row: &Row<'_>) -> bool {
    let [question, tags, more @ ..] = row.cells.as_slice() else {
        return false;
    };
    if goes_on_behind_quotes(question, tags) {
        return false;
    }
    let is_whole = question.is_quoted || is_asked(&question.text);
    let is_alone = more.iter().all(|cell| cell.text.trim().is_empty());
    is_whole && is_alone && (tags.is_quoted || !is_asked(&tags.text))
}

/// Whether a row without a heading, which is no pair for sure, goes on behind its question as
/// sentences do.
fn has_more(row: &Row<'_>) -> bool {
    match row.cells.as_slice() {
        [_] => false,
        [question, tags] => {
            let is_nothing = tags.text.trim().is_empty();
            !is_nothing
                && (is_cut(question, tags, false)
                    || goes_on_behind_quotes(question, tags)
                    || ends_sentence(&tags.text))
        }
        _ => true,
    }
}

/// Whether a cell behind a question that has not come to its end asks in its place. Its end may
/// stand any number of separators away.
fn asks_later(cells: &[Cell<'_>], question: usize) -> bool {
    let mut cells = cells.iter().skip(question);
    let is_open = cells
        .next()
        .is_some_and(|cell| !cell.is_quoted && !ends_sentence(&cell.text));
    is_open && cells.any(|cell| !cell.is_quoted && is_asked(&cell.text))
}

/// Whether a row begins with words in quotes and goes on as sentences do: `"Zero trust", or
/// "SASE" for an office`. One or two small words are a tag of somebody who types spaces.
fn goes_on_behind_quotes(question: &Cell<'_>, next: &Cell<'_>) -> bool {
    let is_open = question.is_quoted && !ends_sentence(&question.text) && !next.is_quoted;
    let words = next.text.strip_prefix(' ').unwrap_or_default();
    let is_sentence = words.contains('"') || words.split_whitespace().count() > TAG_WORDS;
    is_open && is_sentence && words.starts_with(char::is_lowercase)
}

/// Whether a question seems to go on in the next cell: it is in no quotes and has not come to
/// its end, and the next one begins with a space or asks; or both are parts of a number.
fn is_cut(question: &Cell<'_>, next: &Cell<'_>, is_spaced: bool) -> bool {
    if question.is_quoted || next.is_quoted || ends_sentence(&question.text) {
        return false;
    }
    let is_in_number = question.text.ends_with(|last: char| last.is_ascii_digit())
        && next.text.starts_with(|first: char| first.is_ascii_digit())
        && next.text.contains(char::is_alphabetic);
    let goes_on = !is_spaced && next.text.starts_with(' ') && !next.text.trim().is_empty();
    goes_on || is_asked(&next.text) || is_in_number
}
