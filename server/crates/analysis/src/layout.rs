//! Lays an answer's text out as the Markdown that it is, for people who read it.
//!
//! Invariant: knows no name. Each run says where in the text it stands, and nothing that a
//! provider wrote becomes markup: HTML is shown as text. As many pieces as a page can carry, and
//! no deeper than it can nest; what stands behind them is shown as it came.

use std::collections::HashMap;
use std::ops::Range;

use contract::layout::{Block, BlockKind, Layout, Run, Style};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::depth;

/// Bytes of a text that are laid out.
const MOST_BYTES: usize = 200_000;
/// Blocks and runs of a layout.
const MOST_PIECES: usize = 10_000;
/// Blocks in each other.
const MOST_DEPTH: usize = 16;
/// Levels of headings.
const MOST_LEVELS: usize = 3;
/// Bytes of an address that a link leads to.
const LONGEST_TARGET: usize = 2_048;

/// The layout of a text.
pub fn layout(text: &str) -> Layout {
    let mut rest = end_of_layout(text);
    let source = &*depth::bounded(&text[..rest]);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::new(source);
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        if writer.pieces >= MOST_PIECES && !matches!(event, Event::End(_)) {
            rest = range.start;
            break;
        }
        writer.event(event, &range);
    }
    let mut layout = writer.finish();
    if rest < text.len() {
        layout.blocks.push(Block {
            runs: vec![Run {
                start: rest,
                end: text.len(),
                ..Run::default()
            }],
            ..Block::default()
        });
    }
    layout
}

/// The first characters of what people see of a text, in one line.
pub fn beginning(text: &str, characters: usize) -> String {
    let mut seen = String::with_capacity(text.len());
    write_seen(&layout(text).blocks, text, &mut seen);
    let words: Vec<&str> = seen.split_whitespace().collect();
    words.join(" ").chars().take(characters).collect()
}

fn write_seen(blocks: &[Block], text: &str, seen: &mut String) {
    for block in blocks {
        for run in &block.runs {
            let written = || text.get(run.start..run.end).unwrap_or_default();
            seen.push_str(run.shown.as_deref().unwrap_or_else(written));
        }
        seen.push(' ');
        write_seen(&block.blocks, text, seen);
    }
}

/// Where the part of a text ends that is laid out: at a paragraph, where there is one.
fn end_of_layout(text: &str) -> usize {
    if text.len() <= MOST_BYTES {
        return text.len();
    }
    let mut end = MOST_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].rfind("\n\n").map_or(end, |at| at + 2)
}

struct Writer<'a> {
    source: &'a str,
    root: Block,
    open: Vec<Block>,
    /// Open blocks that stand too deep to be any.
    beyond: usize,
    /// How often each style is open, in the order of [`Style::ALL`].
    styles: [usize; Style::ALL.len()],
    /// The targets of open links.
    links: Vec<Option<usize>>,
    targets: Vec<String>,
    known_targets: HashMap<String, usize>,
    /// The headings that the next one may stand below, as the text has their levels.
    headings: Vec<u8>,
    is_head_row: bool,
    /// What a footnote's text begins with.
    label: Option<String>,
    pieces: usize,
}

impl<'a> Writer<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            root: Block::default(),
            open: Vec::new(),
            beyond: 0,
            styles: [0; Style::ALL.len()],
            links: Vec::new(),
            targets: Vec::new(),
            known_targets: HashMap::new(),
            headings: Vec::new(),
            is_head_row: false,
            label: None,
            pieces: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag, range.end),
            Event::Html(html) | Event::InlineHtml(html) if is_line_break(&html) => {
                self.write(range, "\n");
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.write(range, &text);
            }
            Event::Code(code) => self.code(&code, range),
            Event::SoftBreak | Event::HardBreak => self.write(range, "\n"),
            Event::Rule => {
                self.open(BlockKind::Rule, None);
                self.close(range.end);
            }
            Event::FootnoteReference(label) => self.write(range, &format!("[{label}]")),
            Event::TaskListMarker(is_done) => {
                self.write(range, if is_done { "☑ " } else { "☐ " });
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            // Indented text is more often prose gone astray than code.
            Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.open(BlockKind::Paragraph, None);
            }
            Tag::Heading { level, .. } => {
                let level = self.level(level);
                self.open(BlockKind::Heading, Some(level));
            }
            Tag::BlockQuote(_) => self.open(BlockKind::Quote, None),
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.open(BlockKind::Code, None),
            Tag::List(None) => self.open(BlockKind::Bullets, None),
            Tag::List(first) => self.open(BlockKind::Numbers, first),
            Tag::Item => self.open(BlockKind::Item, None),
            Tag::FootnoteDefinition(label) => self.label = Some(format!("[{label}] ")),
            Tag::Table(_) => self.open(BlockKind::Table, None),
            Tag::TableHead => {
                self.is_head_row = true;
                self.open(BlockKind::Row, None);
            }
            Tag::TableRow => self.open(BlockKind::Row, None),
            Tag::TableCell if self.is_head_row => self.open(BlockKind::HeadCell, None),
            Tag::TableCell => self.open(BlockKind::Cell, None),
            Tag::Strong => self.styles[Style::Strong as usize] += 1,
            Tag::Emphasis => self.styles[Style::Emphasis as usize] += 1,
            Tag::Strikethrough => self.styles[Style::Struck as usize] += 1,
            Tag::Link { dest_url, .. } => {
                let target = self.target(dest_url);
                self.links.push(target);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, at: usize) {
        match tag {
            TagEnd::TableHead => {
                self.is_head_row = false;
                self.close(at);
            }
            TagEnd::Paragraph
            | TagEnd::HtmlBlock
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::TableRow
            | TagEnd::TableCell => self.close(at),
            TagEnd::Strong => self.styles[Style::Strong as usize] -= 1,
            TagEnd::Emphasis => self.styles[Style::Emphasis as usize] -= 1,
            TagEnd::Strikethrough => self.styles[Style::Struck as usize] -= 1,
            TagEnd::Link => {
                self.links.pop();
            }
            _ => {}
        }
    }

    /// The target of a link; `None`: it leads nowhere, or the address is too long for one.
    fn target(&mut self, url: CowStr<'_>) -> Option<usize> {
        if url.is_empty() || url.len() > LONGEST_TARGET {
            return None;
        }
        if let Some(known) = self.known_targets.get(&*url) {
            return Some(*known);
        }
        let target = self.targets.len();
        self.targets.push(url.to_string());
        self.known_targets.insert(url.into_string(), target);
        Some(target)
    }

    /// The level that a heading is shown at: below those that it stands under, and never two below
    /// the one before, whatever the text skips.
    fn level(&mut self, level: HeadingLevel) -> u64 {
        let level = level as u8;
        while self.headings.last().is_some_and(|above| *above >= level) {
            self.headings.pop();
        }
        self.headings.push(level);
        self.headings.len().min(MOST_LEVELS) as u64
    }

    fn open(&mut self, kind: BlockKind, number: Option<u64>) {
        self.pieces += 1;
        if self.open.len() >= MOST_DEPTH {
            self.beyond += 1;
            return;
        }
        self.open.push(Block {
            kind,
            number,
            ..Block::default()
        });
    }

    fn close(&mut self, at: usize) {
        if self.beyond > 0 {
            self.beyond -= 1;
            self.write(&(at..at), "\n");
            return;
        }
        let Some(block) = self.open.pop() else {
            return;
        };
        let is_empty = block.runs.is_empty() && block.blocks.is_empty();
        if !(is_empty && block.kind == BlockKind::Paragraph) {
            let around = self.open.last_mut().unwrap_or(&mut self.root);
            around.blocks.push(block);
        }
    }

    fn code(&mut self, code: &str, range: &Range<usize>) {
        let written = self.source.get(range.clone()).unwrap_or_default();
        let place = written.find(code).map_or_else(
            || range.clone(),
            |at| range.start + at..range.start + at + code.len(),
        );
        self.styles[Style::Code as usize] += 1;
        self.write(&place, code);
        self.styles[Style::Code as usize] -= 1;
    }

    /// Adds what is shown of a place.
    fn write(&mut self, place: &Range<usize>, shown: &str) {
        if let Some(label) = self.label.take() {
            self.write(&(place.start..place.start), &label);
        }
        let written = self.source.get(place.clone()).unwrap_or_default();
        let run = Run {
            start: place.start,
            end: place.end,
            shown: (written != shown).then(|| shown.to_owned()),
            styles: self.open_styles(),
            target: self.links.last().copied().flatten(),
        };
        let runs = self.runs();
        if let Some(before) = runs.last_mut()
            && goes_on(before, &run)
        {
            before.end = run.end;
            return;
        }
        runs.push(run);
        self.pieces += 1;
    }

    fn open_styles(&self) -> Vec<Style> {
        let all = Style::ALL.iter().zip(self.styles);
        all.filter(|(_, count)| *count > 0)
            .map(|(style, _)| *style)
            .collect()
    }

    /// Where text goes that comes now: to the block that is open, and behind blocks in it to a
    /// paragraph of its own.
    fn runs(&mut self) -> &mut Vec<Run> {
        let is_root = self.open.is_empty();
        let block = self.open.last_mut().unwrap_or(&mut self.root);
        if block.blocks.is_empty() && !is_root {
            return &mut block.runs;
        }
        let inner = &mut block.blocks;
        if inner
            .last()
            .is_none_or(|last| last.kind != BlockKind::Paragraph)
        {
            inner.push(Block::default());
        }
        let last = inner.len() - 1;
        &mut inner[last].runs
    }

    fn finish(mut self) -> Layout {
        self.beyond = 0;
        while !self.open.is_empty() {
            self.close(self.source.len());
        }
        Layout {
            blocks: self.root.blocks,
            targets: self.targets,
        }
    }
}

/// Whether a run says on what the one before says, right behind it.
fn goes_on(before: &Run, run: &Run) -> bool {
    let is_as_written = before.shown.is_none() && run.shown.is_none();
    is_as_written
        && before.end == run.start
        && before.styles == run.styles
        && before.target == run.target
}

fn is_line_break(html: &str) -> bool {
    let name = html.trim().trim_start_matches('<').trim_end_matches('>');
    name.trim_end_matches('/')
        .trim_end()
        .eq_ignore_ascii_case("br")
}

#[cfg(test)]
mod tests;
