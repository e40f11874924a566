//! The shape of an answer: its visible lines, lists and tables.
//!
//! Invariant: offsets are offsets in the folded text.

use std::ops::Range;

use super::fold::Folded;

/// An answer as people see it.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// Visible text, folded, blocks apart.
    pub(crate) text: Folded,
    /// Targets of links, as they were written.
    pub(crate) targets: Vec<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) lists: Vec<List>,
    pub(crate) tables: Vec<Table>,
}

/// One visible line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) span: Range<usize>,
    pub(crate) kind: LineKind,
    /// The innermost list item around it.
    pub(crate) item: Option<ItemId>,
    /// The innermost ordered item around it.
    pub(crate) owner: Option<ItemId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LineKind {
    /// Prose, also in a list item.
    Prose,
    /// A heading and its level.
    Heading(u8),
    /// A line that starts nothing: code, footnotes, cells.
    Inert,
}

/// A list and one of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ItemId {
    pub(crate) list: usize,
    pub(crate) item: usize,
}

/// A list as Markdown or HTML marks it up.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) ordered: bool,
    /// The innermost ordered item around it.
    pub(crate) owner: Option<ItemId>,
    /// How many lines stand before it.
    pub(crate) lines_before: usize,
    /// Where it starts.
    pub(crate) at: usize,
    pub(crate) items: Vec<Item>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Item {
    /// The number that was written.
    pub(crate) number: Option<u32>,
    /// Its first line; `None` where it begins with another list.
    pub(crate) line: Option<usize>,
}

/// A table: rows of cells, the header first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) at: usize,
    pub(crate) rows: Vec<Vec<Range<usize>>>,
}

/// Puts a [`Document`] together from the events of a parser.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pub(crate) document: Document,
    kind: Option<LineKind>,
    open_line: bool,
    frames: Vec<Frame>,
    /// The item whose first line has not come yet.
    pending: Option<ItemId>,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    list: usize,
    item: Option<usize>,
    owner: Option<ItemId>,
}

impl Builder {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            document: Document {
                text: Folded::with_capacity(bytes),
                ..Document::default()
            },
            ..Self::default()
        }
    }

    /// Text that stands in the answer byte for byte.
    pub(crate) fn text(&mut self, text: &str, raw: usize) {
        self.ensure_line();
        self.document.text.push(text, raw);
    }

    /// Text that something else in the answer stands for.
    pub(crate) fn atom(&mut self, text: &str, raw: &Range<usize>) {
        self.ensure_line();
        self.document.text.push_atom(text, raw);
    }

    /// A line ends within its paragraph; a name may go on in the next one.
    pub(crate) fn soft_break(&mut self, raw: &Range<usize>) {
        if self.open_line {
            self.close_line();
            self.document.text.push_atom(" ", raw);
        }
    }

    /// A block, or a line of its own, ends.
    pub(crate) fn hard_break(&mut self, raw: usize) {
        self.close_line();
        self.document.text.push_break(raw);
    }

    /// What the lines from here on are.
    pub(crate) fn set_kind(&mut self, kind: Option<LineKind>) {
        self.kind = kind;
    }

    /// Takes visible text back to `length`, leaving a space.
    pub(crate) fn hide_from(&mut self, length: usize, raw: usize) {
        self.document.text.truncate(length);
        self.document.text.push_atom(" ", &(raw..raw));
    }

    pub(crate) fn open_list(&mut self, ordered: bool, raw: usize) {
        self.hard_break(raw);
        self.pending = None;
        let owner = self.owner();
        self.frames.push(Frame {
            list: self.document.lists.len(),
            item: None,
            owner,
        });
        self.document.lists.push(List {
            ordered,
            owner,
            lines_before: self.document.lines.len(),
            at: self.document.text.len(),
            items: Vec::new(),
        });
    }

    pub(crate) fn open_item(&mut self, number: Option<u32>, raw: usize) {
        self.hard_break(raw);
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let Some(list) = self.document.lists.get_mut(frame.list) else {
            return;
        };
        let id = ItemId {
            list: frame.list,
            item: list.items.len(),
        };
        list.items.push(Item { number, line: None });
        frame.item = Some(id.item);
        self.pending = Some(id);
    }

    pub(crate) fn close_item(&mut self, raw: usize) {
        self.hard_break(raw);
        self.pending = None;
        if let Some(frame) = self.frames.last_mut() {
            frame.item = None;
        }
    }

    pub(crate) fn close_list(&mut self, raw: usize) {
        self.hard_break(raw);
        self.pending = None;
        self.frames.pop();
    }

    /// The innermost ordered item that is open.
    fn owner(&self) -> Option<ItemId> {
        let frame = self.frames.last()?;
        match frame.item {
            Some(item) if self.is_ordered(frame.list) => Some(ItemId {
                list: frame.list,
                item,
            }),
            _ => frame.owner,
        }
    }

    fn is_ordered(&self, list: usize) -> bool {
        self.document.lists.get(list).is_some_and(|l| l.ordered)
    }

    fn ensure_line(&mut self) {
        if self.open_line {
            return;
        }
        self.open_line = true;
        if let Some(id) = self.pending.take()
            && let Some(list) = self.document.lists.get_mut(id.list)
            && let Some(item) = list.items.get_mut(id.item)
        {
            item.line = Some(self.document.lines.len());
        }
        let at = self.document.text.len();
        let item = self.frames.last().and_then(|frame| {
            Some(ItemId {
                list: frame.list,
                item: frame.item?,
            })
        });
        let line = Line {
            span: at..at,
            kind: self.kind.unwrap_or(LineKind::Prose),
            item,
            owner: self.owner(),
        };
        self.document.lines.push(line);
    }

    fn close_line(&mut self) {
        if self.open_line
            && let Some(line) = self.document.lines.last_mut()
        {
            line.span.end = self.document.text.len();
        }
        self.open_line = false;
    }
}
