//! The visible text of raw HTML: a tokenizer that is content with anything.
//!
//! Invariant: attributes and comments never become text; of attributes only `href` and
//! `start` are read.

use pulldown_cmark::{Event, Parser};

use super::structure::{Builder, LineKind, Table};

/// A tag longer than this is taken for text, which keeps broken HTML linear.
const LONGEST_TAG: usize = 1_024;

/// Longer than every named character reference.
const LONGEST_REFERENCE: usize = 34;

/// What raw HTML has opened and not closed yet.
#[derive(Debug, Default)]
pub(crate) struct HtmlState {
    /// The `script` or `style` whose content is not text.
    silent: Option<&'static str>,
    /// Lists opened by tags, with the number of the next item of ordered ones.
    lists: Vec<Option<u32>>,
    items_open: Vec<bool>,
    /// The table that is open, and whether one of its cells is.
    table: Option<Table>,
    cell_open: bool,
    /// Tables within it, which are part of their cell.
    inner_tables: usize,
}

impl HtmlState {
    /// Whether text is hidden by an open `script` or `style`.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent.is_some()
    }

    /// Reads raw HTML that stands in the answer at `raw`.
    pub(crate) fn read(&mut self, html: &str, raw: usize, builder: &mut Builder) {
        let mut at = 0;
        while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
            let open = rest.find('<').unwrap_or(rest.len());
            if open > 0 {
                self.text(rest.get(..open).unwrap_or_default(), raw + at, builder);
                at += open;
                continue;
            }
            let length = if rest.starts_with("<!--") {
                rest.find("-->").map_or(rest.len(), |end| end + 3)
            } else if let Some(length) = tag_length(rest) {
                self.tag(
                    rest.get(1..length - 1).unwrap_or_default(),
                    raw + at,
                    builder,
                );
                length
            } else {
                self.text("<", raw + at, builder);
                1
            };
            at += length;
        }
    }

    /// Closes what the answer left open.
    pub(crate) fn finish(&mut self, raw: usize, builder: &mut Builder) {
        while !self.lists.is_empty() {
            self.close_list(raw, builder);
        }
        self.close_table(raw, builder);
    }

    fn text(&self, text: &str, raw: usize, builder: &mut Builder) {
        if self.is_silent() {
            return;
        }
        let mut at = 0;
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                builder.soft_break(&(raw + at - 1..raw + at));
            }
            if !line.trim().is_empty() {
                let indent = if index > 0 {
                    line.len() - line.trim_start().len()
                } else {
                    0
                };
                references(
                    line.get(indent..).unwrap_or_default(),
                    raw + at + indent,
                    builder,
                );
            } else if !line.is_empty() {
                builder.soft_break(&(raw + at..raw + at + line.len()));
            }
            at += line.len() + 1;
        }
    }

    fn tag(&mut self, inside: &str, raw: usize, builder: &mut Builder) {
        let closing = inside.starts_with('/');
        let body = inside.trim_start_matches('/');
        let end = body
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(body.len());
        let (name, attributes) = body.split_at(end);
        let name = name.to_ascii_lowercase();
        if let Some(silent) = self.silent {
            if closing && name == silent {
                self.silent = None;
            }
            return;
        }
        match (name.as_str(), closing) {
            ("script", false) => self.silent = Some("script"),
            ("style", false) => self.silent = Some("style"),
            ("a", false) => {
                if let Some(target) = attribute(attributes, "href") {
                    builder.document.targets.push(target);
                }
            }
            ("ol", false) => {
                let start = attribute(attributes, "start").and_then(|value| value.parse().ok());
                self.open_list(Some(start.unwrap_or(1)), raw, builder);
            }
            ("ul", false) => self.open_list(None, raw, builder),
            ("ol" | "ul", true) => self.close_list(raw, builder),
            ("li", false) => self.open_item(raw, builder),
            ("li", true) => self.close_item(raw, builder),
            ("table" | "tr" | "td" | "th", _) => self.table_tag(&name, closing, raw, builder),
            (name, _) if is_block(name) => builder.hard_break(raw),
            _ => {}
        }
    }

    fn table_tag(&mut self, name: &str, closing: bool, raw: usize, builder: &mut Builder) {
        if name == "table" && !closing && self.table.is_some() {
            self.inner_tables += 1;
        }
        if self.inner_tables > 0 {
            self.inner_tables -= usize::from(name == "table" && closing);
            builder.hard_break(raw);
            return;
        }
        self.close_cell(builder);
        builder.hard_break(raw);
        let at = builder.document.text.len();
        match (name, closing, &mut self.table) {
            ("table", false, table) => {
                builder.set_kind(Some(LineKind::Inert));
                *table = Some(Table {
                    at,
                    rows: Vec::new(),
                });
            }
            ("table", true, _) => self.close_table(raw, builder),
            ("tr", false, Some(table)) => table.rows.push(Vec::new()),
            ("td" | "th", false, Some(table)) => {
                if let Some(row) = table.rows.last_mut() {
                    row.push(at..at);
                    self.cell_open = true;
                }
            }
            _ => {}
        }
    }

    fn close_cell(&mut self, builder: &Builder) {
        let cell = self
            .table
            .as_mut()
            .and_then(|table| table.rows.last_mut()?.last_mut());
        if let Some(cell) = cell.filter(|_| self.cell_open) {
            cell.end = builder.document.text.len();
        }
        self.cell_open = false;
    }

    fn close_table(&mut self, raw: usize, builder: &mut Builder) {
        if let Some(table) = self.table.take() {
            builder.hard_break(raw);
            builder.set_kind(None);
            builder.document.tables.push(table);
        }
    }

    fn open_list(&mut self, next: Option<u32>, raw: usize, builder: &mut Builder) {
        builder.open_list(next.is_some(), raw);
        self.lists.push(next);
        self.items_open.push(false);
    }

    fn close_list(&mut self, raw: usize, builder: &mut Builder) {
        if self.lists.is_empty() {
            return;
        }
        self.close_item(raw, builder);
        builder.close_list(raw);
        self.lists.pop();
        self.items_open.pop();
    }

    fn open_item(&mut self, raw: usize, builder: &mut Builder) {
        self.close_item(raw, builder);
        let Some(next) = self.lists.last_mut() else {
            builder.hard_break(raw);
            return;
        };
        let number = *next;
        *next = next.map(|value| value.saturating_add(1));
        builder.open_item(number, raw);
        if let Some(open) = self.items_open.last_mut() {
            *open = true;
        }
    }

    fn close_item(&mut self, raw: usize, builder: &mut Builder) {
        match self.items_open.last_mut() {
            Some(open) if *open => {
                *open = false;
                builder.close_item(raw);
            }
            _ => builder.hard_break(raw),
        }
    }
}

/// Length of the tag that `text` starts with, angle brackets included.
fn tag_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = bytes.get(1)?;
    if !(first.is_ascii_alphabetic() || matches!(first, b'/' | b'!' | b'?')) {
        return None;
    }
    let mut quote = None;
    for (index, &byte) in bytes.iter().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(index + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute, references decoded.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..).and_then(|rest| rest.find(name)) {
        let at = from + found;
        from = at + name.len();
        let stands_apart = lower.get(..at).is_some_and(|before| {
            before.ends_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/'))
        });
        let value = attributes.get(from..).map(str::trim_start);
        if let Some(value) = value.and_then(|rest| rest.strip_prefix('='))
            && stands_apart
        {
            let value = value.trim_start();
            let quoted = ['"', '\''].iter().find_map(|quote| {
                let inner = value.strip_prefix(*quote)?;
                inner.split(*quote).next()
            });
            let plain = quoted.or_else(|| value.split_whitespace().next())?;
            return Some(plain.replace("&amp;", "&"));
        }
    }
    None
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "br"
            | "caption"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "main"
            | "nav"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "tbody"
            | "tfoot"
            | "thead"
    )
}

/// Adds text with its character references decoded.
fn references(text: &str, raw: usize, builder: &mut Builder) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('&').unwrap_or(rest.len());
        if plain > 0 {
            builder.text(rest.get(..plain).unwrap_or_default(), raw + at);
            at += plain;
            continue;
        }
        let end = rest
            .bytes()
            .take(LONGEST_REFERENCE)
            .position(|byte| byte == b';')
            .map_or(1, |semicolon| semicolon + 1);
        let reference = rest.get(..end).unwrap_or("&");
        match decode(reference) {
            Some(decoded) => builder.atom(&decoded, &(raw + at..raw + at + end)),
            None => builder.text(reference, raw + at),
        }
        at += reference.len();
    }
}

/// What a character reference stands for, by the table that the Markdown parser has anyway.
fn decode(reference: &str) -> Option<String> {
    if !is_reference(reference) {
        return None;
    }
    Parser::new(reference).find_map(|event| match event {
        Event::Text(text) if *text != *reference => Some(text.into_string()),
        _ => None,
    })
}

/// Whether `text` has the form of one character reference.
pub(crate) fn is_reference(text: &str) -> bool {
    text.strip_prefix('&')
        .and_then(|rest| rest.strip_suffix(';'))
        .is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
        })
}
