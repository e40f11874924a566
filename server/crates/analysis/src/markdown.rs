//! Reads an answer as Markdown: what is visible, which links there are, which structure.
//!
//! Invariant: knows no entity. Link targets, titles, image texts, HTML attributes and comments
//! never become visible text.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::address;
use super::depth;
use super::html::{self, HtmlState};
use super::structure::{Builder, Document, LineKind, Table};

/// Reads `source`.
pub(crate) fn read(source: &str) -> Document {
    let source = &*depth::bounded(source);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let mut reader = Reader {
        source,
        builder: Builder::with_capacity(source.len()),
        html: HtmlState::default(),
        links: Vec::new(),
        images: 0,
        table: None,
        in_code: false,
    };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        reader.event(event, &range);
    }
    reader.html.finish(source.len(), &mut reader.builder);
    reader.builder.hard_break(source.len());
    reader.builder.document
}

struct Reader<'a> {
    source: &'a str,
    builder: Builder,
    html: HtmlState,
    /// Open links: where their visible text starts, and whether they are e-mail addresses.
    links: Vec<(usize, bool)>,
    images: usize,
    table: Option<Table>,
    in_code: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => self.code(&code, range),
            Event::Html(html) | Event::InlineHtml(html) if self.images == 0 => {
                self.html.read(&html, range.start, &mut self.builder);
            }
            Event::SoftBreak => self.builder.soft_break(range),
            Event::HardBreak | Event::Rule => self.builder.hard_break(range.start),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        let at = range.start;
        match tag {
            Tag::Heading { level, .. } => {
                self.builder.hard_break(at);
                self.builder.set_kind(Some(LineKind::Heading(level as u8)));
            }
            Tag::CodeBlock(kind) => {
                self.builder.hard_break(at);
                // Indented text is more often prose gone astray than code.
                if matches!(kind, CodeBlockKind::Fenced(_)) {
                    self.builder.set_kind(Some(LineKind::Inert));
                }
                self.in_code = true;
            }
            Tag::FootnoteDefinition(_) => {
                self.builder.hard_break(at);
                self.builder.set_kind(Some(LineKind::Inert));
            }
            Tag::List(start) => self.builder.open_list(start.is_some(), at),
            Tag::Item => self.builder.open_item(self.number_at(at), at),
            Tag::Table(_) => {
                self.builder.hard_break(at);
                self.builder.set_kind(Some(LineKind::Inert));
                self.table = Some(Table {
                    at: self.builder.document.text.len(),
                    rows: Vec::new(),
                });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.start_cell(at),
            Tag::Link {
                dest_url,
                link_type,
                ..
            } => {
                let is_email = link_type == LinkType::Email;
                self.links
                    .push((self.builder.document.text.len(), is_email));
                if !is_email {
                    self.builder.document.targets.push(dest_url.into_string());
                }
            }
            Tag::Image { .. } => self.images += 1,
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::HtmlBlock => self.builder.hard_break(at),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        let at = range.end;
        match tag {
            TagEnd::Heading(_) | TagEnd::FootnoteDefinition | TagEnd::CodeBlock => {
                self.builder.hard_break(at);
                self.builder.set_kind(None);
                self.in_code = false;
            }
            TagEnd::List(_) => self.builder.close_list(at),
            TagEnd::Item => self.builder.close_item(at),
            TagEnd::TableCell => self.end_cell(at),
            TagEnd::Table => {
                self.builder.hard_break(at);
                self.builder.set_kind(None);
                self.builder.document.tables.extend(self.table.take());
            }
            TagEnd::Link => self.end_link(at),
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock => {
                self.builder.hard_break(at);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        if self.images > 0 || self.html.is_silent() {
            return;
        }
        let written = self.source.get(range.clone()).unwrap_or_default();
        if written != text {
            if html::is_reference(written) {
                self.builder.atom(text, range);
            } else {
                self.aligned(text, range);
            }
        } else if self.in_code {
            let mut at = range.start;
            for line in text.split_inclusive('\n') {
                let shown = line.trim_end_matches('\n');
                if !shown.is_empty() {
                    self.builder.text(shown, at);
                }
                at += line.len();
                if shown.len() < line.len() {
                    self.builder.soft_break(&(at - 1..at));
                }
            }
        } else {
            self.builder.text(text, range.start);
        }
    }

    fn code(&mut self, code: &str, range: &Range<usize>) {
        if self.images > 0 || self.html.is_silent() {
            return;
        }
        let written = self.source.get(range.clone()).unwrap_or_default();
        let ticks = written.bytes().take_while(|&b| b == b'`').count();
        match written.get(ticks..ticks + code.len()) {
            Some(inner) if inner == code => self.builder.text(code, range.start + ticks),
            _ => self.aligned(code, range),
        }
    }

    /// Text that the parser changed on the way: line ends, escapes, quote marks taken out.
    /// What is left of it stands in the answer in the same order.
    fn aligned(&mut self, text: &str, range: &Range<usize>) {
        let written = self.source.get(range.clone()).unwrap_or_default();
        let mut characters = written.char_indices();
        for shown in text.chars() {
            let same = |c: char| c == shown || (shown == ' ' && matches!(c, '\n' | '\r'));
            let place = match characters.find(|(_, c)| same(*c)) {
                Some((at, c)) => range.start + at..range.start + at + c.len_utf8(),
                None => range.end..range.end,
            };
            self.builder.atom(shown.encode_utf8(&mut [0; 4]), &place);
        }
    }

    fn start_cell(&mut self, raw: usize) {
        self.builder.hard_break(raw);
        let at = self.builder.document.text.len();
        if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
            row.push(at..at);
        }
    }

    fn end_cell(&mut self, raw: usize) {
        let at = self.builder.document.text.len();
        if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut())
            && let Some(cell) = row.last_mut()
        {
            cell.end = at;
        }
        self.builder.hard_break(raw);
    }

    /// Hides the text of a link that shows an address or a citation's number, not a name.
    fn end_link(&mut self, raw: usize) {
        let Some((start, is_email)) = self.links.pop() else {
            return;
        };
        let shown = self.builder.document.text.text().get(start..);
        let shown = shown.unwrap_or_default().trim();
        if !shown.is_empty() && (is_email || is_mark(shown) || address::is_address(shown)) {
            self.builder.hide_from(start, raw);
        }
    }

    /// The number of the ordered item whose marker stands at `at`.
    fn number_at(&self, at: usize) -> Option<u32> {
        let text = self.source.get(at..)?.trim_start();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        text.get(..digits)?.parse().ok()
    }
}

/// Whether a link's text is only the number of a source.
fn is_mark(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '[' | ']' | '^' | ' ' | ','))
}
